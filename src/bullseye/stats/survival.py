"""Time until something happens, where much has not happened yet and something else may come first.

A case ends in *yes* (it happened, as in won), in the *other* way (it can no longer happen, as in
lost), or is still open on the last day it was seen. Averages over ended cases alone are too short
because the slow ones are still open; these estimates count the open ones for as long as they were
seen.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

OPEN, YES, OTHER = 0, 1, 2
"""How a case ended: not yet, as asked, or in the other way."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class LifeTable:
    """What happened on each distinct day since the beginning, over the cases of one segment.

    `days` (k,) ascending; `at_risk` (k,) cases still open just before that day; `yes` and `other`
    (k,) cases that ended on it. The rest of those seen last on that day stayed open.
    """

    days: Floats
    at_risk: Counts
    yes: Counts
    other: Counts

    @property
    def n(self) -> int:
        """The number of cases."""
        return int(self.at_risk[0]) if len(self.at_risk) else 0

    @property
    def any_end(self) -> "LifeTable":
        """The same cases, where ending in either way counts as yes."""
        return LifeTable(self.days, self.at_risk, self.yes + self.other, np.zeros_like(self.other))

    @property
    def other_as_open(self) -> "LifeTable":
        """The same cases, where the other end counts as not seen any longer."""
        return LifeTable(self.days, self.at_risk, self.yes, np.zeros_like(self.other))


@dataclass(frozen=True)
class Curve:
    """A share, 0-1, after each of `days`, with its pointwise interval; all arrays (k,)."""

    days: Floats
    share: Floats
    low: Floats
    high: Floats
    at_risk: Counts


class ShareBy(NamedTuple):
    """The share, 0-1, that ended by a day; None where nobody was watched for that long.

    `n` cases at the beginning, `at_risk` of them still open and watched on that day.
    """

    day: float
    share: float | None
    low: float | None
    high: float | None
    n: int
    at_risk: int


class MedianDays(NamedTuple):
    """The day by which half have ended, with its interval; None where that is not reached."""

    days: float | None
    low: float | None
    high: float | None
    n: int


def life_table(days: NDArray[np.generic], state: NDArray[np.generic]) -> LifeTable:
    """Return the life table of cases seen for `days` (n,) that ended in `state` (n,).

    Days are numbers from 0; states are `OPEN`, `YES` or `OTHER`. Cases without a day are no cases.

    >>> table = life_table(np.array([3, 5, 5, 8]), np.array([1, 2, 0, 1]))
    >>> table.days.tolist(), table.at_risk.tolist(), table.yes.tolist(), table.other.tolist()
    ([3.0, 5.0, 8.0], [4, 3, 1], [1, 0, 1], [0, 1, 0])
    """
    seen = np.asarray(days, dtype=np.float64)
    distinct, place = np.unique(seen, return_inverse=True)
    size = len(distinct)
    ended = np.asarray(state)
    counted = np.bincount(place, minlength=size)
    return LifeTable(
        distinct,
        np.cumsum(counted[::-1])[::-1].astype(np.int64),
        np.bincount(place[ended == YES], minlength=size).astype(np.int64),
        np.bincount(place[ended == OTHER], minlength=size).astype(np.int64),
    )


def still_open(table: LifeTable) -> Floats:
    """Return the Kaplan-Meier share (k,) that has ended in neither way after each day."""
    if not table.n:
        return np.zeros(0)
    left = np.cumprod(1 - (table.yes + table.other) / table.at_risk)
    return np.asarray(left, dtype=np.float64)


def kaplan_meier(table: LifeTable, *, confidence: float = 0.95) -> Curve:
    """Return the share still open after each day: yes ends a case, the other end only hides it.

    Where nothing else can come first. Greenwood's variance, interval on the log(-log) scale.

    Notes
    -----
    Kaplan and Meier (1958), JASA 53, 457-481; Kalbfleisch and Prentice (2002), The statistical
    analysis of failure time data, section 1.4.

    >>> kaplan_meier(life_table(np.array([3, 5, 5, 8]), np.array([1, 1, 0, 0]))).share.tolist()
    [0.75, 0.5, 0.5]
    """
    share = still_open(table.other_as_open)
    left = table.at_risk - table.yes
    terms = np.divide(table.yes, table.at_risk * left, out=np.zeros(len(share)), where=left > 0)
    variance = share**2 * np.cumsum(terms)
    return _curve(table, share, variance, confidence)


def aalen_johansen(table: LifeTable, *, confidence: float = 0.95) -> Curve:
    """Return the share that ended in yes by each day, where the other end may come first.

    Notes
    -----
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150. Variance of the
    Greenwood type and interval on the log(-log) scale: Collett (2014), Modelling survival data in
    medical research, 3rd edition, chapter 12; Marubini and Valsecchi (1995), page 341.

    >>> table = life_table(np.array([3, 5, 5, 8]), np.array([1, 2, 0, 1]))
    >>> aalen_johansen(table).share.round(4).tolist()
    [0.25, 0.25, 0.75]
    """
    if not table.n:
        return _curve(table, np.zeros(0), np.zeros(0), confidence)
    ended, risk = table.yes + table.other, table.at_risk.astype(np.float64)
    before = np.concatenate([[1.0], still_open(table)[:-1]])
    share = np.cumsum(before * table.yes / risk)
    left = risk - ended
    first = np.divide(ended, risk * left, out=np.zeros_like(risk), where=left > 0)
    second = before**2 * table.yes * (risk - table.yes) / risk**3
    third = before * table.yes / risk**2
    variance = (
        share**2 * np.cumsum(first)
        - 2 * share * np.cumsum(share * first)
        + np.cumsum(share**2 * first)
        + np.cumsum(second)
        - 2 * (share * np.cumsum(third) - np.cumsum(share * third))
    )
    return _curve(table, share, np.maximum(variance, 0.0), confidence)


def _curve(table: LifeTable, share: Floats, variance: Floats, confidence: float) -> Curve:
    low, high = _bounds(share, variance, table.at_risk, confidence)
    return Curve(table.days, share, low, high, table.at_risk)


def _bounds(
    share: Floats, variance: Floats, at_risk: NDArray[np.generic], confidence: float
) -> tuple[Floats, Floats]:
    """Return the interval on the log(-log) scale; at 0 and 1 the exact one of those at risk."""
    z = float(ndtri(0.5 + confidence / 2))
    inside = (share > 0) & (share < 1)
    held = np.where(inside, share, 0.5)
    width = z * np.sqrt(variance) / (held * np.abs(np.log(held)))
    stretch = np.exp(np.minimum(width, 50.0))
    low, high = held**stretch, held ** (1 / stretch)
    edge = ((1 - confidence) / 2) ** (1 / np.maximum(at_risk, 1))
    low = np.where(inside, low, np.where(share <= 0, 0.0, edge))
    high = np.where(inside, high, np.where(share <= 0, 1 - edge, 1.0))
    return low, high


def share_by(table: LifeTable, day: float, *, confidence: float = 0.95) -> ShareBy:
    """Return the share that ended in yes by `day` (Aalen-Johansen), with its interval.

    It is None where no case was watched until that day and some were still open: the data end
    before the answer.
    """
    curve = aalen_johansen(table, confidence=confidence)
    return _read_off(table, curve, day)


def _read_off(table: LifeTable, curve: Curve, day: float) -> ShareBy:
    place = int(np.searchsorted(table.days, day, side="right")) - 1
    later = int(np.searchsorted(table.days, day, side="left"))
    at_risk = int(table.at_risk[later]) if later < len(table.days) else 0
    if not table.n or (at_risk == 0 and still_open(table)[-1] > 0):
        return ShareBy(day, None, None, None, table.n, at_risk)
    if place < 0:
        edge = 0.025 ** (1 / table.n)
        return ShareBy(day, 0.0, 0.0, 1 - edge, table.n, at_risk)
    share, low, high = (float(each[place]) for each in (curve.share, curve.low, curve.high))
    return ShareBy(day, share, low, high, table.n, at_risk)


def clustered_share_by(
    days: NDArray[np.generic],
    state: NDArray[np.generic],
    cluster: NDArray[np.integer],
    day: float,
    *,
    confidence: float = 0.95,
) -> ShareBy:
    """Return `share_by` with an interval that knows that cases of one account are alike.

    The variance is the infinitesimal jackknife over clusters: each account's pull on the estimate,
    squared and summed (Efron 1982, The jackknife, the bootstrap and other resampling plans,
    chapter 6). `cluster` (n,) numbers the accounts from 0.
    """
    table = life_table(days, state)
    plain = share_by(table, day, confidence=confidence)
    accounts = len(np.unique(cluster))
    if plain.share is None or not 0 < plain.share < 1 or accounts < 2:
        return plain
    pulls = np.bincount(cluster, weights=_pulls(table, days, state, day))
    variance = float(np.sum(pulls**2)) * accounts / (accounts - 1)
    low, high = _bounds(
        np.array([plain.share]), np.array([variance]), np.array([table.n]), confidence
    )
    return plain._replace(low=float(low[0]), high=float(high[0]))


def _pulls(
    table: LifeTable, days: NDArray[np.generic], state: NDArray[np.generic], day: float
) -> Floats:
    """Return how much each case (n,) moves the share by `day`: the derivative by its weight."""
    ended, risk = table.yes + table.other, table.at_risk.astype(np.float64)
    before = np.concatenate([[1.0], still_open(table)[:-1]])
    share = np.cumsum(before * table.yes / risk)
    inside = table.days <= day
    final = float(share[inside][-1]) if inside.any() else 0.0
    left = risk - ended
    hazard = np.divide(ended, risk * left, out=np.zeros_like(risk), where=left > 0)
    slowed = np.cumsum(np.where(inside, hazard * (final - share), 0.0))
    thinned = np.cumsum(np.where(inside, before * table.yes / risk**2, 0.0))
    place = np.searchsorted(table.days, np.asarray(days, dtype=np.float64))
    closed = np.divide(final - share, left, out=np.zeros_like(risk), where=left > 0)
    won = (np.asarray(state) == YES) & inside[place]
    over = (np.asarray(state) != OPEN) & inside[place]
    pulls: Floats = (
        slowed[place]
        - thinned[place]
        - np.where(over, closed[place], 0.0)
        + np.where(won, (before / risk)[place], 0.0)
    )
    return pulls


def median_days(curve: Curve, n: int) -> MedianDays:
    """Return the day by which a rising `curve` passes one half, with its interval.

    The interval holds every day on which the curve's own interval holds one half (Brookmeyer and
    Crowley 1982, Biometrics 38, 29-41).
    """
    return MedianDays(
        _first(curve.days, curve.share),
        _first(curve.days, curve.high),
        _first(curve.days, curve.low),
        n,
    )


def _first(days: Floats, share: Floats) -> float | None:
    reached = np.flatnonzero(share >= 0.5 - 1e-12)
    return float(days[reached[0]]) if len(reached) else None
