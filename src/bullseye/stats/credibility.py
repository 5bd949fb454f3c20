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
"""Amounts that are more times their segment's usual one than this quantile count as that many."""

MIN_AMOUNTS = 10
"""Amounts below which nothing is said."""


@dataclass(frozen=True, eq=False)
class Credible:
    """Means of k groups, drawn towards the mean of all as far as their own n is small.

    `n` (k,) amounts; `raw` (k,) plain means of the amounts as they are (NaN without amounts);
    `weight` (k,) Z, 0-1, the part of the group's own mean; `mean`, `low` and `high` (k,) the
    expected amount of one more account of the group on average, with its interval. `overall` is
    the plain mean of all; amounts more than `cap` times the usual one of their group count as that
    many times, there are `capped`.
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
        The quantile of amounts, in times the usual one of their group, that larger ones are set to.

    Notes
    -----
    Buhlmann and Straub (1970), Glaubwuerdigkeit fuer Schadensaetze, Mitteilungen der Vereinigung
    schweizerischer Versicherungsmathematiker 70, 111-133, on logarithms; variance within and
    between by the unbiased estimators of Buhlmann and Gisler (2005), A course in credibility
    theory, section 4.8. Z = n / (n + within / between). The mean of the amounts is the exponential
    of the mean logarithm times the factor that the group's winsorised amounts show, drawn towards
    that of all by its own credibility (Duan 1983, Smearing estimate, JASA 78, 605-610). The
    interval holds the variance of what is expected, that of the overall mean, that of the factor,
    and the doubt about the variance between groups after Morris (1983), JASA 78, 47-55, with
    Student's t.
    """
    if len(amounts) < MIN_AMOUNTS:
        return None
    logs = np.log(amounts)
    known = group >= 0
    n = np.bincount(group[known], minlength=groups)
    sums = np.bincount(group[known], weights=logs[known], minlength=groups)
    own = np.divide(sums, n, out=np.zeros(groups), where=n > 0)
    within, free = _within(logs[known], own[group[known]], n)
    between, doubt = _between(own, n, within)
    weight = n / (n + within / between) if between > 0 else np.zeros(groups)
    middle = _middle(own, weight, logs)
    shrunk = weight * own + (1 - weight) * middle
    ratios = amounts / np.exp(np.where(group >= 0, shrunk[group], middle))
    if known.any():
        ratios = ratios[known]
    cap = float(np.quantile(ratios, winsorised))
    scale, scale_error = _scale(ratios, cap, group[known], n)
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
        float(amounts.mean()),
        cap,
        int((ratios > cap).sum()),
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


def _scale(ratios: Floats, cap: float, codes: Ints, n: Ints) -> tuple[Floats, Floats]:
    """Return by how much each group's mean is above the exponential of its mean log, and its error.

    Groups of wider spread have more of it: it is drawn towards that of all by its own credibility.
    What the cap took away is shared by all groups. The error is the variance of its logarithm.
    """
    held = np.minimum(ratios, cap)
    if not len(codes):  # nobody's group is known: all are one
        codes, n = np.zeros(len(held), dtype=np.int64), np.full(len(n), len(held))
    overall = float(held.mean())
    sums = np.bincount(codes, weights=held, minlength=len(n))
    own = np.divide(sums, n, out=np.full(len(n), overall), where=n > 0)
    within, _ = _within(held, own[codes], n)
    between, doubt = _between(own, n, within)
    weight = n / (n + within / between) if between > 0 else np.zeros(len(n))
    scale = weight * own + (1 - weight) * overall
    kept = float(ratios.mean() / held.mean())
    lost = float(ratios.var(ddof=1) - held.var(ddof=1)) / len(ratios) / float(ratios.mean()) ** 2
    error = _variance(n, own, overall, within, max(between, doubt)) / scale**2
    return scale * kept, np.asarray(error + max(lost, 0.0), dtype=np.float64)
