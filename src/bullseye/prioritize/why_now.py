"""Why now, in words: the event behind an account's strongest live signal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bullseye.definitions.evaluate import folded
from bullseye.definitions.signal import Signal


@dataclass(frozen=True)
class Event:
    """One dated event at an account, as the state's signals table holds it."""

    type: str
    occurred_on: date
    known_on: date
    subject: str | None = None
    detail: str | None = None
    url: str | None = None
    value: float | None = None
    source: str | None = None


@dataclass(frozen=True)
class WhyNow:
    """The reason to call today: a sentence, the day of the event, and how fresh it is.

    `strength` is in points; `expires_on` is the last day it counts.
    """

    signal: str
    sentence: str
    occurred_on: date
    age_days: int
    strength: float
    expires_on: date
    event: Event

    @property
    def freshness(self) -> str:
        """The age in words."""
        if self.age_days == 0:
            return "today"
        return "yesterday" if self.age_days == 1 else f"{self.age_days} days ago"

    def __str__(self) -> str:
        return f"{self.sentence} ({self.occurred_on.isoformat()}, {self.freshness})"


def means(signal: Signal, event: Event) -> bool:
    """Whether `event` is one that `signal` reads."""
    if event.type != signal.type:
        return False
    if signal.subject is None:
        return True
    if event.subject is None:
        return False
    subject = folded(event.subject)
    return any(subject == folded(text) for text in signal.subject.any_of) or any(
        folded(text) in subject for text in signal.subject.contains
    )


def strength(signal: Signal, age: int) -> float:
    """Return the points of `signal` at an age in days; 0 outside its window."""
    return signal.points * 0.5 ** (age / signal.half_life) if 0 <= age <= signal.window else 0.0


def why_now(event: Event, signals: Sequence[Signal], as_of: date) -> WhyNow | None:
    """Return what makes `event` a reason to call, by the strongest signal that reads it."""
    arguing = [each for each in live(event, signals, as_of) if each.strength > 0]
    return max(arguing, key=lambda each: (each.strength, each.signal), default=None)


def live(event: Event, signals: Sequence[Signal], as_of: date) -> list[WhyNow]:
    """Return `event` as each of the signals that read it and still count, for or against."""
    age = (as_of - event.occurred_on).days
    return [
        WhyNow(
            signal.name,
            sentence(signal, event),
            event.occurred_on,
            age,
            strength(signal, age),
            event.occurred_on + timedelta(days=signal.window),
            event,
        )
        for signal in signals
        if means(signal, event) and strength(signal, age)
    ]


def sentence(signal: Signal, event: Event) -> str:
    """Return the signal's sentence with its slots filled from `event`."""
    slots = {
        "subject": event.subject or "",
        "detail": event.detail or "",
        "date": event.occurred_on.isoformat(),
        "value": "" if event.value is None else f"{event.value:g}",
        "type": event.type,
    }
    filled = re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]], signal.why_now)
    return " ".join(filled.split())
