"""How well a score tells two outcomes apart: AUC, lift and rate at the top, with intervals.

Cases of one account resemble each other, so every interval is taken over clusters: what a case
adds to an estimate is summed within its cluster before its spread is taken.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A number with the interval it lies in, the cases and the clusters it rests on."""

    value: float
    low: float
    high: float
    n: int
    clusters: int


def auc(
    scores: ArrayLike,
    outcome: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the chance that a case with the outcome scores above one without; ties count half.

    Parameters
    ----------
    scores
        Shape (n,), finite.
    outcome
        Shape (n,), false or true; both occur.
    clusters
        Shape (n,): the account of each case; each case for itself where absent.
    confidence
        Coverage of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        If one of the outcomes does not occur.

    Notes
    -----
    DeLong, DeLong and Clarke-Pearson (1988); by clusters Obuchowski (1997), Nonparametric
    analysis of clustered ROC curve data. The interval is taken on the logit scale, with
    Student's t for as many clusters as the rarer outcome has; a perfect score gets the bound
    that so many clusters allow.

    Examples
    --------
    >>> found = auc(range(40), [n % 3 > 0 and n > 9 for n in range(40)])
    >>> round(found.value, 3), round(found.low, 2), round(found.high, 2)
    (0.725, 0.52, 0.86)
    """
    value, adds = _placements(scores, outcome)
    groups = _groups(clusters, len(adds))
    y = np.asarray(outcome, dtype=bool)
    fewest = min(len(np.unique(groups[y])), len(np.unique(groups[~y])))
    count = int(groups.max()) + 1
    if value in (0.0, 1.0):
        edge = ((1 - confidence) / 2) ** (1 / fewest)
        low, high = (edge, 1.0) if value else (0.0, 1 - edge)
        return Estimate(value, low, high, len(y), count)
    error = np.sqrt(_variance(adds, groups)) / (value * (1 - value))
    reach = stats.t.ppf(0.5 + confidence / 2, max(fewest - 1, 1)) * error
    middle = np.log(value / (1 - value))
    low, high = (1 / (1 + np.exp(-(middle + sign * reach))) for sign in (-1, 1))
    return Estimate(value, float(low), float(high), len(y), count)


def auc_difference(
    scores: ArrayLike,
    others: ArrayLike,
    outcome: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the AUC of `scores` less that of `others` on the same cases, with its interval.

    Notes
    -----
    DeLong's paired variance, by clusters as in `auc`; a plain interval, since a difference
    is not bounded by 0 and 1.

    Examples
    --------
    >>> outcome = [False, False, True, False, True, True]
    >>> auc_difference([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], outcome).value
    0.0
    """
    one, one_adds = _placements(scores, outcome)
    other, other_adds = _placements(others, outcome)
    groups = _groups(clusters, len(one_adds))
    count = int(groups.max()) + 1
    reach = stats.t.ppf(0.5 + confidence / 2, max(count - 1, 1))
    reach *= np.sqrt(_variance(one_adds - other_adds, groups))
    difference = one - other
    return Estimate(
        difference, float(difference - reach), float(difference + reach), len(one_adds), count
    )


class Top(NamedTuple):
    """The best part of a list: its rate of the outcome, and how many times the base that is."""

    share: float
    rate: Estimate
    lift: Estimate


def top(
    scores: ArrayLike,
    outcome: ArrayLike,
    share: float,
    *,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Top:
    """Return the rate of the outcome in the best `share` of the cases, and its lift.

    Parameters
    ----------
    scores
        Shape (n,), finite.
    outcome
        Shape (n,), false or true.
    share
        Above 0, at most 1. Cases that tie at the cut count in part: as if drawn by lot.
    clusters
        Shape (n,): the account of each case.
    confidence
        Coverage of the intervals, between 0 and 1.

    Notes
    -----
    Both are ratios of sums; their variance by linearisation over clusters. The rate's interval
    is Wilson's for the number of independent cases that the variance is worth, the lift's is
    taken on the log scale.

    Examples
    --------
    >>> best = top(range(100), [n >= 60 for n in range(100)], 0.2)
    >>> best.rate.value, round(best.lift.value, 2)
    (1.0, 2.5)
    """
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    groups = _groups(clusters, len(y))
    weight = _taken(x, share)
    rate, base = float(weight @ y / weight.sum()), float(y.mean())
    count = int(groups.max()) + 1
    of_rate = weight * (y - rate) / weight.sum()
    low, high = _wilson(rate, _worth(rate, of_rate, groups, weight), confidence)
    rated = Estimate(rate, low, high, len(y), count)
    if base == 0:
        return Top(share, rated, Estimate(float("nan"), 0.0, float("inf"), len(y), count))
    lift = rate / base
    if rate == 0:
        return Top(share, rated, Estimate(0.0, 0.0, high / base, len(y), count))
    of_log = of_rate / rate - (y - base) / (len(y) * base)
    reach = stats.norm.ppf(0.5 + confidence / 2) * np.sqrt(_variance(of_log, groups))
    low, high = (float(lift * np.exp(sign * reach)) for sign in (-1, 1))
    return Top(share, rated, Estimate(lift, low, high, len(y), count))


def _placements(scores: ArrayLike, outcome: ArrayLike) -> tuple[float, Floats]:
    """Return the AUC, and what each case adds to it beyond the mean."""
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(outcome, dtype=bool)
    n_yes, n_no = int(y.sum()), int((~y).sum())
    if not n_yes or not n_no:
        raise ValueError("both outcomes must occur.")
    below = _below(x, x[~y]) / n_no
    above = 1 - _below(x, x[y]) / n_yes
    value = float(below[y].mean())
    return value, np.where(y, (below - value) / n_yes, (above - value) / n_no)


def _below(values: Floats, others: Floats) -> Floats:
    """Return how many of `others` lie below each value; equal ones count half."""
    ordered = np.sort(others)
    left = np.searchsorted(ordered, values, side="left")
    return np.asarray((left + np.searchsorted(ordered, values, side="right")) / 2)


def _groups(clusters: ArrayLike | None, n: int) -> NDArray[np.int64]:
    if clusters is None:
        return np.arange(n)
    return np.asarray(np.unique(np.asarray(clusters), return_inverse=True)[1], dtype=np.int64)


def _variance(adds: Floats, groups: NDArray[np.int64]) -> float:
    """Return the variance of a sum whose clusters are independent and of mean zero."""
    sums = np.bincount(groups, adds)
    count = len(sums)
    return float((sums @ sums) * count / max(count - 1, 1))


def _taken(scores: Floats, share: float) -> Floats:
    """Return how much of each case is among the best `share`, 0-1."""
    wanted = share * len(scores)
    cut = np.sort(scores)[::-1][max(int(np.ceil(wanted)) - 1, 0)]
    above, at = scores > cut, scores == cut
    return np.where(above, 1.0, np.where(at, (wanted - above.sum()) / at.sum(), 0.0))


def _worth(rate: float, adds: Floats, groups: NDArray[np.int64], weight: Floats) -> float:
    """Return the independent cases that would give a rate of the same variance."""
    variance = _variance(adds, groups)
    taken = len(np.unique(groups[weight > 0]))
    if variance == 0 or rate in (0.0, 1.0):
        return min(float(weight.sum()), float(taken))
    return min(rate * (1 - rate) / variance, float(weight.sum()))


def _wilson(rate: float, n: float, confidence: float) -> tuple[float, float]:
    z = stats.norm.ppf(0.5 + confidence / 2)
    middle, scale = rate + z * z / (2 * n), 1 + z * z / n
    spread = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return max(float((middle - spread) / scale), 0.0), min(float((middle + spread) / scale), 1.0)
