"""Shares of a count, with their intervals."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Share(NamedTuple):
    """A share, 0-1, with the interval it lies in and the n it rests on."""

    share: float
    low: float
    high: float
    n: int


def wilson(count: int, n: int, *, confidence: float = 0.95) -> Share:
    """Return the share `count` of `n` with Wilson's score interval.

    Parameters
    ----------
    count
        How many of the `n` have the property, 0 to `n`.
    n
        How many were looked at; where it is 0 nothing is known and the interval is 0 to 1.
    confidence
        Coverage of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        If `count` is not within 0 and `n`, or `confidence` not between 0 and 1.

    Notes
    -----
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209-212; without continuity correction.

    Examples
    --------
    >>> share = wilson(43, 100)
    >>> [round(each, 3) for each in share]
    [0.43, 0.337, 0.528, 100]
    """
    if not 0 <= count <= n or not 0 < confidence < 1:
        raise ValueError(f"no share: {count} of {n} at confidence {confidence}")
    if n == 0:
        return Share(0.0, 0.0, 1.0, 0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / n
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    middle, scale = share + z * z / (2 * n), 1 + z * z / n
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == n else (middle + spread) / scale
    return Share(share, low, high, n)
