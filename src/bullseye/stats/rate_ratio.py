"""How many times the others' rate one rate is: score bounds, for many segments at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Ratio(NamedTuple):
    """How many times the others' rate the rate of one segment is, with its interval.

    `n` and `others` are cases; None where nobody, or nothing that happened, is there to compare.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    yes: int
    others: int
    others_yes: int


def ratio_bound(x: Floats, n: Floats, x0: Floats, n0: Floats, z: Floats) -> Floats:
    """Return the ratio of rates (x of n to x0 of n0) that lies `z` deviations below the seen one.

    A negative `z` gives the upper bound. All arrays (m,), counts above zero somewhere.

    >>> bound = ratio_bound(*(np.array([v], float) for v in (32, 100, 8, 100, 1.96)))
    >>> round(float(bound[0]), 2)
    1.99
    """
    low, high = np.full(len(x), -12.0), np.full(len(x), 12.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = _ratio_z(np.exp(middle), x, n, x0, n0) > z
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(np.exp((low + high) / 2), dtype=np.float64)


def _ratio_z(ratio: Floats, x: Floats, n: Floats, x0: Floats, n0: Floats) -> Floats:
    a = (n + n0) * ratio
    b = n * ratio + x + n0 + x0 * ratio
    p0 = (b - np.sqrt(np.maximum(b * b - 4 * a * (x + x0), 0))) / (2 * a)
    p = np.minimum(ratio * p0, 1.0)
    total = n + n0
    spread = (p * (1 - p) / n + ratio**2 * p0 * (1 - p0) / n0) * total / (total - 1)
    gap = x / n - ratio * x0 / n0
    return np.asarray(gap / np.sqrt(np.maximum(spread, 1e-300)), dtype=np.float64)


def rate_ratio(
    yes: Bools, known: Bools, happened: Bools, account: Ints, *, confidence: float = 0.95
) -> Ratio:
    """Return the ratio of one segment that was named beforehand, with its two-sided interval.

    Shapes (n,). The score interval (Koopman 1984), wider where accounts have several cases, by
    the clustered variance of the score.
    """
    inside, outside = yes & known, known & ~yes
    x, n = int((inside & happened).sum()), int(inside.sum())
    x0, n0 = int((outside & happened).sum()), int(outside.sum())
    if not n or not n0 or x + x0 == 0:
        return Ratio(None, None, None, n, x, n0, x0)
    reach = float(ndtri(0.5 + confidence / 2)) * _design(inside, known, happened, account)
    low = _one_bound(x, n, x0, n0, reach) if x else 0.0
    high = _one_bound(x, n, x0, n0, -reach) if x0 else None
    value = (x / n) / (x0 / n0) if x0 else None
    return Ratio(value, low, high, n, x, n0, x0)


def _design(inside: Bools, known: Bools, happened: Bools, account: Ints) -> float:
    """Return by how much the ratio scatters more because accounts have several cases."""
    share, rate = inside[known].mean(), happened[known].mean()
    scores = (inside[known] - share) * (happened[known] - rate)
    by_account = np.bincount(np.unique(account[known], return_inverse=True)[1], weights=scores)
    alone = float((scores**2).sum())
    return max(1.0, float(np.sqrt((by_account**2).sum() / alone))) if alone > 0 else 1.0


def _one_bound(x: int, n: int, x0: int, n0: int, z: float) -> float:
    a, b, c, d, e = (np.array([float(each)]) for each in (x, n, x0, n0, z))
    return float(ratio_bound(a, b, c, d, e)[0])
