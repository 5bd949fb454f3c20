"""What a part of the proof pages is made of, whatever it proves."""

from dataclasses import dataclass
from typing import Literal

from bullseye.faces.report.charts import Chart
from bullseye.faces.report.proof_reading import Doc, Interval
from bullseye.faces.report.words import counted, percent

Fact = tuple[str, str]


@dataclass(frozen=True)
class Figure:
    """A chart under its question, with a key: classes and what they say."""

    question: str
    chart: Chart
    key: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A table that is read as such; `shown` says how much of a longer list it is.

    It stands before the figures, `beside` them where it is narrow, or `after` them.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shown: str = ""
    place: Literal["before", "beside", "after"] = "before"


@dataclass(frozen=True)
class Body:
    """What one proof says.

    `answer` is its answer in words; `standing` is that in a word or two. `facts` are what it rests
    on: period and n. `cautions` have to stand before every number, `lines` come after them.
    """

    answer: str
    standing: str
    facts: tuple[Fact, ...]
    cautions: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    figures: tuple[Figure, ...] = ()
    lines: tuple[str, ...] = ()


def ends(seen: Interval, low: str, high: str) -> str:
    """Return an interval and its n in words; `low` and `high` are how its ends read."""
    n = "" if seen.n is None else f", n {seen.n:,}"
    return f"{low} to {high}{n}"


def ratio_ends(seen: Interval) -> str:
    """Return the interval and n of a ratio.

    >>> ratio_ends(Interval(2.0, 1.204, 3.1, 1200)), ratio_ends(Interval(None, 1.5, None, 9))
    ('1.20 to 3.10, n 1,200', 'at least 1.50, n 9')
    """
    n = "" if seen.n is None else f", n {seen.n:,}"
    if seen.low is None:
        return f"no interval{n}"
    if seen.high is None:
        return f"at least {_short(seen.low)}{n}"
    return ends(seen, _short(seen.low), _short(seen.high))


def _short(number: float) -> str:
    return (
        f"{number:.2f}"
        if abs(number) < 10
        else f"{number:,.1f}"
        if abs(number) < 100
        else f"{number:,.0f}"
    )


def share_ends(seen: Interval) -> str:
    """Return the interval and n of a share.

    >>> share_ends(Interval(0.2, 0.104, 0.31, 80))
    '10% to 31%, n 80'
    """
    if seen.low is None or seen.high is None:
        return "no interval" + ("" if seen.n is None else f", n {seen.n:,}")
    return ends(seen, percent(seen.low), percent(seen.high))


def share_says(seen: Interval) -> str:
    """Return a share, or that it cannot be told."""
    return "cannot tell yet" if seen.value is None else percent(seen.value)


def left_out(doc: Doc, name: str = "left_out") -> list[str]:
    """Return in words what was left out, and why."""
    if not doc.has(name):
        return []
    return [f"Left out: {n:,}, {reason}." for reason, n in doc.counts(name)]


def refused(doc: Doc, name: str = "refused", most: int = 12) -> list[str]:
    """Return in words which fields the leakage guard refused."""
    named = doc.texts(name) if doc.has(name) else []
    more = (
        [f"Refused too: {counted(len(named) - most, 'more field')}."] if len(named) > most else []
    )
    return [f"Refused: {each.rstrip('.')}." for each in named[:most]] + more


def caution(doc: Doc) -> tuple[str, ...]:
    """Return the warning of a proof, if it has one."""
    said = doc.text("warning") if doc.has("warning") else ""
    return (said,) if said else ()


def days(first: str, last: str) -> str:
    """Return a period in words."""
    return first if first == last else f"{first} to {last}"
