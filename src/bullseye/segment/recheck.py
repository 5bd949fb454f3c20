"""Exclusions measured again, to see whether what was once measured still holds."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bullseye.definitions.icp import Figures
from bullseye.definitions.rule import Rule
from bullseye.segment.worse import LEAST_TIMES
from bullseye.stats.rate_ratio import Ratio


class Holds(StrEnum):
    """What the new measurement says of an exclusion."""

    CONFIRMED = "confirmed"  # still worse, and as much so as was said
    WEAKER = "weaker"  # still worse, but surely less than was said
    WITHDRAWN = "no longer true"  # surely not 1.5 times any longer: what it rested on is gone
    UNSURE = "cannot tell"  # too few cases to say either


@dataclass(frozen=True)
class Claim:
    """An exclusion as it stands: of the workspace (`icp` None) or of one ICP.

    `name` is the exclusion's or the criterion's, `place` its file and line.
    """

    icp: str | None
    name: str
    place: str
    rule: Rule
    figures: Figures


@dataclass(frozen=True)
class Rechecked:
    """One exclusion measured again.

    `measure` is what was measured, None where `figures` do not say it in words that are known.
    `ratio` counts as the claim does: below 1 where `times` is below 1. `since` says that only
    cases count that were decided after the claim was measured.
    """

    claim: Claim
    measure: str | None
    ratio: Ratio | None
    since: bool
    holds: Holds
    sentence: str
    measured_on: date


_WORDS = (
    (r"support|service cost|tickets?", "support-cost"),
    (r"discount", "discount"),
    (r"churn\w*|left|cancel\w*|retention", "churned"),
    (r"w[io]n\b|winning|wins|win rate", "won"),
)


def measure_in(text: str, outcomes: Collection[str]) -> str | None:
    """Return the name of the measure that the words of `figures` mean, or None.

    The name of an outcome counts before other words.

    >>> measure_in("churn within a year, against larger customers", ["churned", "won"])
    'churned'
    """
    low = text.lower()
    for name in sorted(outcomes, key=len, reverse=True):
        if re.search(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])", low):
            return name
    return next((name for pattern, name in _WORDS if re.search(rf"\b({pattern})", low)), None)


def rechecked(
    claim: Claim, measure: str, ratio: Ratio, day: date, *, since: bool, is_good: bool
) -> Rechecked:
    """Return what a new measurement says of a claim.

    Parameters
    ----------
    claim
        The exclusion.
    measure, ratio
        What was measured again, and how many times that of others it is.
    day
        The day of the new measurement.
    since
        Whether only cases decided after the claim count.
    is_good
        Whether it is something wanted, as won: then the exclusion says that it is rarer.
    """
    times = claim.figures.times
    rarer = times < 1 if times is not None else is_good
    holds = _judged(_upside_down(ratio) if rarer else ratio, _turned(times, rarer=rarer))
    return Rechecked(claim, measure, ratio, since, holds, _said(holds, measure, ratio, times), day)


def not_understood(claim: Claim, problem: str, day: date) -> Rechecked:
    """Return that a claim cannot be measured again, and why."""
    return Rechecked(claim, None, None, False, Holds.UNSURE, problem, day)


def _turned(times: float | None, *, rarer: bool) -> float | None:
    return None if times is None else 1 / times if rarer else times


def _upside_down(ratio: Ratio) -> Ratio:
    def turned(value: float | None) -> float | None:
        return None if not value else 1 / value

    return ratio._replace(value=turned(ratio.value), low=turned(ratio.high), high=turned(ratio.low))


def _judged(ratio: Ratio, times: float | None) -> Holds:
    if ratio.low is None and ratio.high is None:
        return Holds.UNSURE
    least = 1.0 if times is None else min(LEAST_TIMES, times)
    if ratio.high is not None and ratio.high < least:
        return Holds.WITHDRAWN
    if ratio.low is None or ratio.low <= 1:
        return Holds.UNSURE
    weaker = times is not None and ratio.high is not None and ratio.high < times
    return Holds.WEAKER if weaker else Holds.CONFIRMED


def _said(holds: Holds, measure: str, ratio: Ratio, times: float | None) -> str:
    was = f", it was said to be {times:g}" if times is not None else ""
    return f"{measure} is {ratio_words(ratio)} times that of others{was}: {holds}."


def ratio_words(ratio: Ratio) -> str:
    """Return a ratio with its interval and its n."""
    value = "?" if ratio.value is None else f"{ratio.value:.2f}"
    low = "?" if ratio.low is None else f"{ratio.low:.2f}"
    high = "?" if ratio.high is None else f"{ratio.high:.2f}"
    return f"{value} ({low} to {high}, n = {ratio.n:,})"
