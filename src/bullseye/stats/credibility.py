"""Credibility: how far a group's own mean can be believed, and how far the mean of all groups.

A group of three contracts says little about the fourth; a group of three hundred says nearly all.
The weight Z of a group's own mean grows with its n and with how much groups really differ.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WINSORISED = 0.98
"""Amounts above this quantile count as the quantile: one giant contract is no segment's mean."""

MIN_AMOUNTS = 10
"""Amounts below which nothing is said."""


@dataclass(frozen=True, eq=False)
class Credible:
    """Means of k groups, drawn towards the mean of all as far as their own n is small.

    `n` (k,) amounts; `raw` (k,) plain means of the amounts as they are (NaN without amounts);
    `weight` (k,) Z, 0-1, the part of the group's own mean; `mean`, `low` and `high` (k,) the
    expected amount of one more account of the group on average, with its interval. `overall` is
    the mean of all, `cap` the amount that larger ones count as, `capped` how many are larger.
    """

    n: Ints
    raw: Floats
    weight: Floats
    mean: Floats
    low: Floats
    high: Floats
    overall: float
    cap: float
    capped: int


def credible_means(
    amounts: Floats,
    group: Ints,
    groups: int,
    *,
    confidence: float = 0.95,
    winsorised: float = WINSORISED,
) -> Credible | None:
    """Return the credibility-weighted mean of each group; None where amounts are too few.

    Parameters
    ----------
    amounts
        Above 0, in one currency, shape (n,).
    group
        The group of each, 0 to `groups` - 1, shape (n,); -1 where unknown: it counts for the mean
        of all only.
    groups
        How many groups there are.
    confidence
        Coverage of each interval.
    winsorised
        The quantile that larger amounts are set to.

    Notes
    -----
    Buhlmann and Straub (1970), Glaubwuerdigkeit fuer Schadensaetze, Mitteilungen der Vereinigung
    schweizerischer Versicherungsmathematiker 70, 111-133, on the logarithms of the winsorised
    amounts; variance within and between by the unbiased estimators of Buhlmann and Gisler (2005),
    A course in credibility theory, section 4.8. Z = n / (n + within / between). The mean of the
    amounts is that of their logarithms times the factor that all amounts show (Duan 1983, Smearing
    estimate, JASA 78, 605-610). The interval holds the variance of what is expected, that of the
    overall mean, that of the factor, and the doubt about the variance between groups after Morris
    (1983), JASA 78, 47-55, with Student's t.
    """
    if len(amounts) < MIN_AMOUNTS:
        return None
    cap = float(np.quantile(amounts, winsorised))
    logs = np.log(np.minimum(amounts, cap))
    known = group >= 0
    n = np.bincount(group[known], minlength=groups)
    sums = np.bincount(group[known], weights=logs[known], minlength=groups)
    own = np.divide(sums, n, out=np.zeros(groups), where=n > 0)
    within, free = _within(logs[known], own[group[known]], n)
    between, doubt = _between(own, n, within)
    weight = n / (n + within / between) if between > 0 else np.zeros(groups)
    middle = _middle(own, weight, logs)
    shrunk = weight * own + (1 - weight) * middle
    scale, scale_error = _scale(amounts, shrunk, middle, group)
    variance = _variance(n, own, middle, within, max(between, doubt)) + scale_error
    reach = float(student.ppf(0.5 + confidence / 2, free)) * np.sqrt(variance)
    raw = np.bincount(group[known], weights=amounts[known], minlength=groups)
    return Credible(
        n.astype(np.int64),
        np.divide(raw, n, out=np.full(groups, np.nan), where=n > 0),
        np.asarray(weight, dtype=np.float64),
        np.exp(shrunk) * scale,
        np.exp(shrunk - reach) * scale,
        np.exp(shrunk + reach) * scale,
        float(np.exp(middle) * scale),
        cap,
        int((amounts > cap).sum()),
    )


def _within(logs: Floats, own: Floats, n: Ints) -> tuple[float, float]:
    """Return the variance within groups and its degrees of freedom."""
    free = float(np.maximum(n - 1, 0).sum())
    return float(((logs - own) ** 2).sum()) / max(free, 1.0), max(free, 1.0)


def _between(own: Floats, n: Ints, within: float) -> tuple[float, float]:
    """Return the variance between groups, 0 where chance explains it, and its error if it is 0."""
    total, used = float(n.sum()), int((n > 0).sum())
    scale = total - float((n**2).sum()) / total if total else 0.0
    if used < 2 or scale <= 0:
        return 0.0, 0.0
    mean = float((n * own).sum()) / total
    between = (float((n * (own - mean) ** 2).sum()) - (used - 1) * within) / scale
    return max(0.0, between), float(np.sqrt(2 * (used - 1))) * within / scale


def _middle(own: Floats, weight: Floats, logs: Floats) -> float:
    total = float(weight.sum())
    return float((weight * own).sum()) / total if total > 0 else float(logs.mean())


def _variance(n: Ints, own: Floats, middle: float, within: float, between: float) -> Floats:
    """Return the variance of each group's mean logarithm, the doubt about `between` included."""
    weight = n / (n + within / between) if between > 0 else np.zeros(len(n))
    rest, used = 1 - weight, int((n > 0).sum())
    error = between / float(weight.sum()) if weight.sum() > 0 else within / max(n.sum(), 1)
    unsure = 2 / max(used - 3, 1) * rest**2 * weight * np.where(n > 0, own - middle, 0) ** 2
    return np.asarray(rest * between + rest**2 * error + unsure, dtype=np.float64)


def _scale(amounts: Floats, shrunk: Floats, middle: float, group: Ints) -> tuple[float, float]:
    """Return by how much mean amounts are above the exponential of mean logs, and its variance.

    It is measured on the amounts as they are, so that what the cap took is shared by all groups.
    """
    ratios = amounts / np.exp(np.where(group >= 0, shrunk[group], middle))
    mean = float(ratios.mean())
    return mean, float(ratios.var(ddof=1)) / len(ratios) / mean**2
