"""Why now, in words: the event behind an account's strongest live signal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    subject = (event.subject or "").lower()
    return any(subject == text.lower() for text in signal.subject.any_of) or any(
        text.lower() in subject for text in signal.subject.contains
    )


def strength(signal: Signal, age: int) -> float:
    """Return the points of `signal` at an age in days; 0 outside its window."""
    return signal.points * 0.5 ** (age / signal.half_life) if 0 <= age <= signal.window else 0.0


def why_now(event: Event, signals: Sequence[Signal], as_of: date) -> WhyNow | None:
    """Return what makes `event` a reason to call, by the strongest signal that reads it."""
    age = (as_of - event.occurred_on).days
    reading = [s for s in signals if means(s, event) and strength(s, age) > 0]
    if not reading:
        return None
    best = max(reading, key=lambda s: (strength(s, age), s.name))
    return WhyNow(
        best.name,
        sentence(best, event),
        event.occurred_on,
        age,
        strength(best, age),
        event.occurred_on + timedelta(days=best.window),
        event,
    )


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
