"""Shift of a population: does a field look otherwise now than it did; it explains, never alarms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MAX_BINS = 10
MIN_CASES = 50
"""Cases on either side below which nothing is said."""


@dataclass(frozen=True)
class Shift:
    """How far the shares of a field's bins moved, and how often chance moves them as far.

    `index` is the population stability index; it has no fixed limit: it grows as the number of
    cases falls, which `p` accounts for. `n_before` and `n_now` are cases, one per account.
    """

    index: float
    p: float
    bins: int
    n_before: int
    n_now: int


def shift(before: NDArray[np.int64], now: NDArray[np.int64]) -> Shift | None:
    """Return the shift between two samples counted into the same bins; None if too few.

    Parameters
    ----------
    before, now
        Cases per bin, shape (bins,); independent cases, so one per account.

    Notes
    -----
    Without a shift the index is about chi-squared with bins - 1 degrees, times 1/n_before +
    1/n_now (Yurdakul, B. and Naranjo, J. 2020, Journal of Risk Model Validation 14, 89-100). Half
    a case is added to each bin, so that an empty one is no infinite shift.

    Examples
    --------
    >>> found = shift(np.array([500, 500]), np.array([60, 40]))
    >>> round(found.index, 3), round(found.p, 3)
    (0.04, 0.057)
    """
    there = before + now > 0
    before, now = before[there], now[there]
    n_before, n_now = int(before.sum()), int(now.sum())
    if min(n_before, n_now) < MIN_CASES or len(before) < 2:
        return None
    bins = len(before)
    p = (before + 0.5) / (n_before + 0.5 * bins)
    q = (now + 0.5) / (n_now + 0.5 * bins)
    index = float(((q - p) * np.log(q / p)).sum())
    chance = float(stats.chi2.sf(index / (1 / n_before + 1 / n_now), bins - 1))
    return Shift(index, chance, bins, n_before, n_now)


def binned(
    before: NDArray[np.float64], now: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count numbers into at most ten bins that were equally full before, and one for unknown."""
    known = before[~np.isnan(before)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, MAX_BINS)[1:-1])) if len(known) else known
    codes = [
        np.where(np.isnan(each), len(cuts) + 1, np.searchsorted(cuts, each, side="right"))
        for each in (before, now)
    ]
    return counted(codes[0].astype(np.int64), codes[1].astype(np.int64))


def counted(
    before: NDArray[np.int64], now: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count codes: the commonest levels before each for itself, all others and unknown together.

    A level counts for itself if chance would put at least five cases of each side into it.
    """
    levels = int(max(before.max(initial=-1), now.max(initial=-1))) + 2
    old, new = (np.bincount(each + 1, minlength=levels) for each in (before, now))
    pooled = old + new
    fewest = min(len(before), len(now)) / max(1, len(before) + len(now))
    order = np.argsort(-pooled, kind="stable")[: MAX_BINS - 1]
    own = order[pooled[order] * fewest >= 5]
    rest = np.setdiff1d(np.arange(levels), own)
    return (
        np.append(old[own], old[rest].sum()).astype(np.int64),
        np.append(new[own], new[rest].sum()).astype(np.int64),
    )
