"""Means and ratios of costs, which are skewed: a few accounts cost most of the money.

Everything is done on the scale of logarithms. There the mean of a cost is the mean of the logs
plus half their variance, its error is nearly normal, and a ratio is a difference.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]

MIN_COSTS = 5
"""Costs above zero below which no mean is given."""

_TELLS_SHAPE = 30
_CHI2_99 = 9.21


class Estimate(NamedTuple):
    """A mean or a ratio with its interval and its n; None where n is too small to tell."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class LogMoments:
    """Sufficient statistics of costs, for one group or, as arrays, for many at once.

    `n` costs are known; `positive` of them are above zero; `mean` and `variance` are those of the
    logarithms of these.
    """

    n: Floats
    positive: Floats
    mean: Floats
    variance: Floats

    @classmethod
    def of_sums(cls, n: Floats, positive: Floats, total: Floats, squares: Floats) -> "LogMoments":
        """Return the moments of groups of which the sums of the logs and their squares are known.

        A group with fewer than two positive costs has no variance: NaN.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / positive
            variance = (squares - positive * mean**2) / (positive - 1)
        return cls(n, positive, mean, np.where(positive > 1, np.maximum(variance, 0.0), np.nan))

    @property
    def log_mean(self) -> Floats:
        """The logarithm of the mean cost: its parts added."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logarithm = np.log(self.positive / self.n) + self.mean + self.variance / 2
        return np.asarray(logarithm, dtype=np.float64)

    @property
    def log_error(self) -> Floats:
        """The variance of `log_mean`."""
        with np.errstate(divide="ignore", invalid="ignore"):
            absent = (1 - self.positive / self.n) / self.positive
            spread = self.variance / self.positive
            tilt = self.variance**2 / (2 * (self.positive - 1))
        return np.asarray(absent + spread + tilt, dtype=np.float64)


def log_moments(costs: NDArray[np.generic]) -> LogMoments:
    """Return the moments of `costs` (n,), money from 0 up; NaN is unknown and does not count."""
    known = np.asarray(costs, dtype=np.float64)
    known = known[np.isfinite(known)]
    logs = np.log(known[known > 0])
    sums = (len(known), len(logs), logs.sum(), (logs**2).sum())
    return LogMoments.of_sums(*(np.asarray(each, dtype=np.float64) for each in sums))


def mean_cost(costs: Floats, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of `costs` (n,) with its interval; NaN is unknown and does not count.

    Notes
    -----
    Cox's method with Student's t: Olsson (2005), Confidence intervals for the mean of a log-normal
    distribution, Journal of Statistics Education 13(1); zeros by the delta method: Zhou and Tu
    (2000), Biometrics 56, 1118-1125. Where the logarithms are clearly not normal (Jarque and Bera
    1987, International Statistical Review 55, 163-172, at 1 %), the plain mean with the interval
    of its logarithm.

    >>> found = mean_cost(np.array([50.0, 80, 120, 200, 900]))
    >>> round(found.value), found.n
    (285, 5)
    """
    known = costs[np.isfinite(costs)]
    if np.count_nonzero(known > 0) < MIN_COSTS:
        return Estimate(None, None, None, len(known))
    middle, error, free = _log_mean(known, lognormal=_is_lognormal(known))
    return _exponential(middle, error, free, confidence, len(known))


def cost_rate(costs: Floats, units: Floats, *, confidence: float = 0.95) -> Estimate:
    """Return the cost per unit: the sum of `costs` (n,) over the sum of `units` (n,).

    One entry per account, so that what belongs together stays together: `n` counts accounts with a
    known cost and units above zero. A mean of each account's own cost per month would let those
    seen for a month only speak as loudly as those seen for years, and where most of the cost comes
    early it would be too high.

    Notes
    -----
    A ratio estimator with its linearised variance on the scale of logarithms: Cochran (1977),
    Sampling techniques, chapter 6. A few accounts carry much of the cost, so the variance itself is
    uncertain: the degrees of freedom of Student's t are 2n / (kurtosis - 1), at least 2 (matching
    the variance of a sample variance, as Satterthwaite 1946, Biometrics Bulletin 2, 110-114).

    >>> found = cost_rate(np.array([50.0, 80, 120, 200, 900]), np.array([10.0, 10, 10, 10, 10]))
    >>> round(found.value, 1), found.n
    (27.0, 5)
    """
    known = np.isfinite(costs) & np.isfinite(units) & (units > 0)
    cost, unit = costs[known], units[known]
    n = len(cost)
    if np.count_nonzero(cost > 0) < MIN_COSTS:
        return Estimate(None, None, None, n)
    rate = float(cost.sum() / unit.sum())
    off = (cost - rate * unit) / cost.mean()
    squares = float((off**2).sum())
    if squares <= 1e-18 * n:  # every account costs the same per unit
        return Estimate(rate, rate, rate, n)
    kurtosis = float((off**4).mean()) / (squares / n) ** 2
    free = min(n - 1.0, max(2.0, 2 * n / max(kurtosis - 1, 1e-9)))
    return _exponential(float(np.log(rate)), squares / (n - 1) / n, free, confidence, n)


def cost_ratio(these: Floats, others: Floats, *, confidence: float = 0.95) -> Estimate:
    """Return how many times the mean cost of `others` the mean cost of `these` is.

    `n` are those of `these`. Method as `mean_cost`; degrees of freedom after Satterthwaite.
    """
    groups = [each[np.isfinite(each)] for each in (these, others)]
    n = len(groups[0])
    if min(np.count_nonzero(each > 0) for each in groups) < MIN_COSTS:
        return Estimate(None, None, None, n)
    lognormal = all(_is_lognormal(each) for each in groups)
    (a, error_a, free_a), (b, error_b, free_b) = (
        _log_mean(each, lognormal=lognormal) for each in groups
    )
    total = error_a + error_b
    free = total**2 / (error_a**2 / free_a + error_b**2 / free_b) if total > 0 else free_a
    return _exponential(a - b, total, free, confidence, n)


def _log_mean(known: Floats, *, lognormal: bool) -> tuple[float, float, float]:
    """Return the logarithm of the mean, its variance and its degrees of freedom."""
    moments = log_moments(known)
    free = float(moments.positive) - 1
    if lognormal:
        return float(moments.log_mean), float(moments.log_error), free
    mean = float(known.mean())
    error = float(known.var(ddof=1)) / len(known) / mean**2
    return float(np.log(mean)), error, free


def _is_lognormal(known: Floats) -> bool:
    logs = np.log(known[known > 0])
    spread = float(logs.std())
    if len(logs) < _TELLS_SHAPE or spread == 0:
        return True
    scaled = (logs - logs.mean()) / spread
    asymmetry, tail = float((scaled**3).mean()), float((scaled**4).mean()) - 3
    return len(logs) / 6 * (asymmetry**2 + tail**2 / 4) < _CHI2_99


def _exponential(
    middle: float, variance: float, free: float, confidence: float, n: int
) -> Estimate:
    reach = float(student.ppf(0.5 + confidence / 2, free)) * float(np.sqrt(variance))
    low, value, high = np.exp(np.clip([middle - reach, middle, middle + reach], -700, 700))
    return Estimate(float(value), float(low), float(high), n)
