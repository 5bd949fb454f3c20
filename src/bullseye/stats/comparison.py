"""Two rates compared: their difference and ratio with intervals that hold for small numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from math import acos, copysign, cos, inf, pi, sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)
STEPS = 50
"""Halvings of an interval: to 1e-15 of it."""


@dataclass(frozen=True)
class Effect:
    """An estimate with the interval it lies in."""

    estimate: float
    low: float
    high: float


def difference(
    yes_a: float, n_a: float, yes_b: float, n_b: float, *, quantile: float = Z95
) -> Effect:
    """Return rate b minus rate a with Miettinen and Nurminen's score interval.

    Parameters
    ----------
    yes_a, n_a, yes_b, n_b
        How many of how many; they may be fractions, as effective numbers of clustered cases are.
    quantile
        Of the normal law, or of Student's t, that the interval is to cover: 1.96 for 95 %.

    Returns
    -------
    Effect
        Rates 0-1, so the difference is -1 to 1; where a group is empty, -1 to 1.

    Notes
    -----
    Miettinen, O. and Nurminen, M. (1985), Comparative analysis of two rates, Statistics in
    Medicine 4, 213-226; the restricted maximum-likelihood estimate in the closed form of
    Farrington and Manning (1990).

    Examples
    --------
    >>> found = difference(5, 100, 12, 100)
    >>> round(found.low, 5), round(found.high, 5)
    (-0.00817, 0.15505)
    """
    _require(yes_a, n_a, yes_b, n_b)
    if min(n_a, n_b) <= 0:
        return Effect(0.0, -1.0, 1.0)
    a, b = yes_a / n_a, yes_b / n_b
    seen = b - a

    def z(gap: float) -> float:
        at_a = _restricted(yes_a, n_a, yes_b, n_b, gap)
        at_b = min(1.0, max(0.0, at_a + gap))
        variance = (at_a * (1 - at_a) / n_a + at_b * (1 - at_b) / n_b) * _inflation(n_a + n_b)
        return _standardised(seen - gap, variance)

    return Effect(
        seen,
        _root(lambda gap: z(gap) - quantile, -1.0, seen),
        _root(lambda gap: z(gap) + quantile, seen, 1.0),
    )


def ratio(yes_a: float, n_a: float, yes_b: float, n_b: float, *, quantile: float = Z95) -> Effect:
    """Return rate b over rate a with Miettinen and Nurminen's score interval.

    The upper end is infinite where rate a may be 0; the estimate is NaN where both rates are 0.

    >>> found = ratio(10, 100, 20, 100)
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (2.0, 1.01, 4.03)
    """
    _require(yes_a, n_a, yes_b, n_b)
    if min(n_a, n_b) <= 0 or yes_a + yes_b == 0:
        return Effect(float("nan"), 0.0, inf)
    a, b = yes_a / n_a, yes_b / n_b
    seen = b / a if a > 0 else inf

    def z(share: float) -> float:
        """Return the score at the ratio share / (1 - share)."""
        times = share / (1 - share)
        if times == inf:
            return -inf
        at_a = _restricted_ratio(yes_a, n_a, yes_b, n_b, times)
        at_b = min(1.0, times * at_a)
        spread = at_b * (1 - at_b) / n_b + times * times * at_a * (1 - at_a) / n_a
        return _standardised(b - times * a, spread * _inflation(n_a + n_b))

    middle = 1.0 if seen == inf else seen / (1 + seen)
    low = _root(lambda share: z(share) - quantile, 0.0, min(middle, 1 - 1e-12))
    high = _root(lambda share: z(share) + quantile, middle, 1 - 1e-12)
    return Effect(
        seen,
        0.0 if b == 0 else low / (1 - low),
        inf if a == 0 or high >= 1 - 1e-9 else high / (1 - high),
    )


def score(yes_a: float, n_a: float, yes_b: float, n_b: float) -> float:
    """Return the score of rate b less rate a, as if both were equal: about standard normal.

    >>> round(score(5, 100, 12, 100), 2)
    1.77
    """
    _require(yes_a, n_a, yes_b, n_b)
    n, yes = n_a + n_b, yes_a + yes_b
    if min(n_a, n_b) <= 0 or not 0 < yes < n:
        return 0.0
    pooled = yes / n
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b) * _inflation(n)
    return (yes_b / n_b - yes_a / n_a) / sqrt(variance)


def cases_needed(
    rate_a: float, rate_b: float, share_b: float, *, gap: float, inflation: float = 1.0
) -> int:
    """Return about how many cases in all let a 95 % interval tell the rates `gap` apart.

    Parameters
    ----------
    rate_a, rate_b
        The two rates as they are, 0-1; they decide how much the cases scatter.
    share_b
        The share of all cases that is in group b, 0-1.
    gap
        The difference to be told, seen in 80 of 100 tries.
    inflation
        By how much the cases scatter more than independent ones would.

    Notes
    -----
    The textbook formula for two proportions with unpooled variances.

    >>> cases_needed(0.2, 0.3, 0.5, gap=0.1)
    581
    """
    if gap == 0 or not 0 < share_b < 1:
        return 10**9
    reach = Z95 + NormalDist().inv_cdf(0.8)
    floor = 0.01
    spread = sum(
        max(rate * (1 - rate), floor * (1 - floor)) / share
        for rate, share in ((rate_a, 1 - share_b), (rate_b, share_b))
    )
    return min(10**9, round(reach * reach * spread * inflation / (gap * gap)))


def _require(yes_a: float, n_a: float, yes_b: float, n_b: float) -> None:
    if not (0 <= yes_a <= n_a and 0 <= yes_b <= n_b):
        raise ValueError(f"no rates: {yes_a} of {n_a} and {yes_b} of {n_b}")


def _inflation(n: float) -> float:
    return n / (n - 1) if n > 1 else 2.0


def _standardised(seen: float, variance: float) -> float:
    return seen / sqrt(variance) if variance > 0 else copysign(inf, seen) if seen else 0.0


def _restricted(yes_a: float, n_a: float, yes_b: float, n_b: float, gap: float) -> float:
    """Return the likeliest rate a if rate b is `gap` above it: the root of a cubic."""
    a, b, size = yes_a / n_a, yes_b / n_b, n_a / n_b
    cubic = 1 + size
    square = -(cubic + b + size * a + gap * (size + 2))
    line = gap * gap + gap * (2 * b + cubic) + b + size * a
    constant = -b * gap * (1 + gap)
    v = (square / (3 * cubic)) ** 3 - square * line / (6 * cubic**2) + constant / (2 * cubic)
    u = copysign(sqrt(max(0.0, (square / (3 * cubic)) ** 2 - line / (3 * cubic))), v)
    cosine = max(-1.0, min(1.0, v / u**3)) if u else 0.0
    rate_b = 2 * u * cos((pi + acos(cosine)) / 3) - square / (3 * cubic)
    return min(1.0, max(0.0, rate_b - gap))


def _restricted_ratio(yes_a: float, n_a: float, yes_b: float, n_b: float, times: float) -> float:
    """Return the likeliest rate a if rate b is `times` as high."""
    if times == 0:
        return yes_a / n_a
    square = times * (n_a + n_b)
    line = n_a + times * n_b + yes_b + times * yes_a
    root = sqrt(max(0.0, line * line - 4 * square * (yes_a + yes_b)))
    return min(1.0, 1 / times, 2 * (yes_a + yes_b) / (line + root))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero; the end where it does not."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
