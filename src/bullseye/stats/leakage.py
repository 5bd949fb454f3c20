"""Leakage: signs that a field was filled by the outcome it seems to explain.

Whatever is judged here is told by the data, never by a field's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.discrimination import Estimate, auc, auc_difference
from bullseye.stats.logistic import logistic_fit

Codes = NDArray[np.int64]
Yes = NDArray[np.bool_]

FOLDS = 5
PRIOR = 2.0
"""Cases at the base rate that each level is given: a level seen once says little."""

STRONG_ODDS = 2.0
WEAK_ODDS = 1.25
LEAST_GAP = 0.05
"""Odds that differ by less, and shares closer together than this, are no sign."""

FEWEST = 20
"""Cases of either outcome below which nothing is judged."""

PERFECT = 0.95
ALONE = 0.05
"""What one field alone may reach, and may add to all others together, in AUC."""

LOOKED_AT = 0.6
"""Fields that alone reach less add little to the others: their part is not measured."""

MOST_CASES = 20_000
MOST_FITTED = 5_000
"""Cases that fields are judged on alone, and together: enough to see what matters here."""


class Contrast(NamedTuple):
    """A share among cases with the outcome against those without it, and their odds ratio."""

    yes_share: float
    yes_n: int
    no_share: float
    no_n: int
    odds: float
    low: float
    high: float

    @property
    def is_strong(self) -> bool:
        """Whether the odds surely differ at least twofold."""
        return self.differs_by(STRONG_ODDS)

    def differs_by(self, times: float) -> bool:
        """Whether the odds surely differ by more than so many times, and visibly so."""
        surely = self.low > times or self.high < 1 / times
        return surely and abs(self.yes_share - self.no_share) >= LEAST_GAP


def contrast(has: Yes, yes: Yes, *, looks: int = 1, strata: Codes | None = None) -> Contrast | None:
    """Return how much more often cases with the outcome have something; None with too few.

    Parameters
    ----------
    has, yes
        Shape (n,): whether a case has it, and whether its outcome is yes. One case per account.
    looks
        How many fields are looked at: the interval covers 95 % over all of them.
    strata
        Shape (n,), 0 and up: only cases of one stratum are held against each other. With the
        cohort day as stratum, more time for changes is no sign; one stratum where absent.

    Notes
    -----
    Mantel and Haenszel's odds ratio (1959) with the variance of Robins, Breslow and Greenland
    (1986), widened by Bonferroni; half a case is added to each count, spread over the strata
    (Haldane 1956, Anscombe 1956). With one stratum it is the plain odds ratio with Woolf's
    interval.

    Examples
    --------
    >>> yes = np.arange(400) < 200
    >>> found = contrast(np.arange(400) % 4 < 1 + 2 * yes, yes)
    >>> round(found.odds, 1), found.is_strong
    (8.9, True)
    """
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    if min(n_yes, n_no) < FEWEST:
        return None
    layer = np.zeros(len(yes), dtype=np.int64) if strata is None else strata
    odds, error = _stratified_odds(has, yes, np.unique(layer, return_inverse=True)[1])
    reach = NormalDist().inv_cdf(1 - 0.025 / max(looks, 1)) * error
    return Contrast(
        float(has[yes].mean()),
        n_yes,
        float(has[~yes].mean()),
        n_no,
        odds,
        exp(log(odds) - reach),
        exp(log(odds) + reach),
    )


def _stratified_odds(has: Yes, yes: Yes, layer: Codes) -> tuple[float, float]:
    """Return the odds ratio over all strata, and the standard error of its logarithm."""
    size = int(layer.max()) + 1
    a, b, c, d = (
        np.bincount(layer[which], minlength=size) + 0.5 / size
        for which in (has & yes, ~has & yes, has & ~yes, ~has & ~yes)
    )
    n = a + b + c + d
    for_it, against = a * d / n, b * c / n
    alike, unlike = (a + d) / n, (b + c) / n
    r, s = for_it.sum(), against.sum()
    variance = (
        (alike * for_it).sum() / (2 * r * r)
        + (alike * against + unlike * for_it).sum() / (2 * r * s)
        + (unlike * against).sum() / (2 * s * s)
    )
    return float(r / s), sqrt(float(variance))


def held_out_scores(codes: Codes, yes: Yes, groups: Codes) -> NDArray[np.float64]:
    """Return per case the log-odds of its level among cases of other accounts.

    Parameters
    ----------
    codes
        Shape (n,): the level of a field, -1 where unknown; unknown is a level of its own.
    yes
        Shape (n,): the outcome.
    groups
        Shape (n,): the account, 0 and up; accounts are put into folds, and a fold is scored by
        the others.
    """
    level = codes + 1
    size = int(level.max(initial=0)) + 1
    fold = np.random.default_rng(0).permutation(int(groups.max(initial=0)) + 1)[groups] % FOLDS
    scores = np.zeros(len(codes))
    for part in range(FOLDS):
        inside = fold == part
        if inside.all() or not inside.any():
            continue
        base = float(np.clip(yes[~inside].mean(), 1e-6, 1 - 1e-6))
        n = np.bincount(level[~inside], minlength=size)
        won = np.bincount(level[~inside], weights=yes[~inside], minlength=size)
        rate = (won + PRIOR * base) / (n + PRIOR)
        scores[inside] = np.log(rate / (1 - rate))[level[inside]]
    return scores


@dataclass(frozen=True)
class Separation:
    """How well one field alone tells the outcomes apart, held out, and what it adds to others.

    `gain` is None where it was not measured: alone it tells too little.
    """

    alone: Estimate
    gain: Estimate | None

    @property
    def is_perfect(self) -> bool:
        """Whether it tells them apart better than an honest field does."""
        return self.alone.value > PERFECT

    @property
    def is_lonely(self) -> bool:
        """Whether it surely adds more than `ALONE` to all other fields together."""
        return self.gain is not None and self.gain.low > ALONE


def separations(fields: Mapping[str, Codes], yes: Yes, groups: Codes) -> dict[str, Separation]:
    """Return the separation by every field; none where either outcome is too rare.

    Parameters
    ----------
    fields
        Levels of each field, shape (n,), as in `held_out_scores`.
    yes, groups
        As there. Of more than `MOST_CASES` cases an evenly spread part is taken.
    """
    if min(yes.sum(), (~yes).sum()) < FEWEST:
        return {}
    every = _spread(len(yes), MOST_CASES)
    scores = {n: held_out_scores(c[every], yes[every], groups[every]) for n, c in fields.items()}
    alone = {n: auc(each, yes[every], clusters=groups[every]) for n, each in scores.items()}
    # Beside a field that tells everything no other one could add anything.
    honest = [name for name in fields if alone[name].value <= PERFECT]
    part = _spread(len(every), MOST_FITTED)
    gains = _gains(
        np.column_stack([np.ones(len(part)), *(scores[name][part] for name in honest)]),
        [at for at, name in enumerate(honest, 1) if alone[name].value >= LOOKED_AT],
        yes[every][part],
        groups[every][part],
    )
    by_name = {honest[at - 1]: gain for at, gain in gains.items()}
    return {name: Separation(alone[name], by_name.get(name)) for name in fields}


def _spread(n: int, most: int) -> Codes:
    """Return at most so many places, spread evenly over `n`."""
    return np.linspace(0, n - 1, min(n, most)).astype(np.int64)


def _gains(
    design: NDArray[np.float64], columns: Sequence[int], yes: Yes, groups: Codes
) -> dict[int, Estimate]:
    """Return what each of these columns adds to all others, by column."""
    if not columns or min(yes.sum(), (~yes).sum()) < FEWEST:
        return {}
    share, weight = yes.astype(np.float64), np.ones(len(yes))
    whole = logistic_fit(design, share, weight, ridge=1.0)
    found = {}
    for column in columns:
        others = np.delete(design, column, axis=1)
        start = np.delete(whole.beta, column)
        without = logistic_fit(others, share, weight, ridge=1.0, start=start)
        found[column] = auc_difference(
            design @ whole.beta, others @ without.beta, yes, clusters=groups
        )
    return found


def order_tells(numbers: NDArray[np.float64], yes: Yes, groups: Codes) -> Estimate | None:
    """Return how well the order of serial numbers tells the outcomes apart; None if it does not.

    Parameters
    ----------
    numbers
        Shape (n,): the number in an identifier, NaN where it has none.
    yes, groups
        As in `held_out_scores`.
    """
    known = ~np.isnan(numbers)
    yes, groups = yes[known], groups[known]
    if min(yes.sum(), (~yes).sum()) < FEWEST:
        return None
    found = auc(numbers[known], yes, clusters=groups, confidence=0.999)
    return found if found.low > 0.5 or found.high < 0.5 else None
