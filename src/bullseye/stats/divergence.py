"""How differently two groups word the same ideas: Jensen-Shannon, with chance and an interval."""

from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MIN_USES = 30
"""Uses on either side below which nothing is said."""

POWER = 0.8


@dataclass(frozen=True)
class Divergence:
    """How far two groups are apart, 0 (alike) to 1 (no wording in common).

    `estimate` is the divergence less what chance alone shows at these numbers; `low` and `high`
    hold it with 95 % confidence. `p` is how often chance sets two groups with one language as far
    apart. `n_one` and `n_other` count uses of ideas that both groups name. `more` is about how
    many uses per group it would take to tell a divergence of this size from chance, None where
    it can be told already or there is none to chase. All are NaN where there are too few uses.
    """

    estimate: float
    low: float
    high: float
    p: float
    n_one: int
    n_other: int
    more: int | None

    @property
    def is_told(self) -> bool:
        """Whether the difference is more than chance shows, at 5 %."""
        return self.p < 0.05


def divergence(
    one: Ints, other: Ints, idea: Ints, *, draws: int = 999, seed: int = 0
) -> Divergence:
    """Return how differently two groups word the ideas that both name.

    Parameters
    ----------
    one, other
        Uses per unit and wording, shape (units, wordings): a unit is a text whose uses belong
        together, and units are independent. A group with one unit is taken by single uses.
    idea
        Which idea each wording names, shape (wordings,).
    draws
        Random draws for the chance and for the interval.
    seed
        Of the draws: the same seed gives the same numbers.

    Notes
    -----
    Per idea the Jensen-Shannon divergence to base 2 (Lin, J. 1991, IEEE Transactions on
    Information Theory 37, 145-151) with both groups weighted alike; over ideas their mean by
    uses. Divergences of finite counts are too large: the mean over label permutations, which is
    what two groups of one language show, is taken off the estimate, and the bootstrap's own
    excess off its interval. p after Phipson and Smyth (2010), with units as what is permuted.

    Examples
    --------
    >>> alike = np.array([[30, 10]])
    >>> round(divergence(alike, alike, np.array([0, 0])).estimate, 2)
    0.0
    """
    named = _named_by_both(one, other, idea)
    one, other, idea = _units(one[:, named]), _units(other[:, named]), idea[named]
    n_one, n_other = int(one.sum()), int(other.sum())
    if min(n_one, n_other) < MIN_USES:
        nan = float("nan")
        return Divergence(nan, nan, nan, nan, n_one, n_other, MIN_USES - min(n_one, n_other))
    random = np.random.default_rng(seed)
    ideas = np.eye(int(idea.max()) + 1, dtype=np.float64)[idea]
    seen = float(_apart(one.sum(axis=0)[None], other.sum(axis=0)[None], ideas)[0])
    chance = _permuted(one, other, ideas, draws, random)
    p = (1 + int((chance >= seen - 1e-12).sum())) / (draws + 1)
    drawn = _apart(_resampled(one, draws, random), _resampled(other, draws, random), ideas)
    excess = float(drawn.mean()) - seen
    low, high = np.quantile(drawn, [0.025, 0.975]) - 2 * excess
    estimate = max(seen - float(chance.mean()), 0.0)
    ends = sorted(float(np.clip(each, 0, 1)) for each in (low, high))
    if p >= 0.05:
        ends[0] = 0.0
    wordings = int((one.sum(axis=0) + other.sum(axis=0) > 0).sum())
    more = _more(estimate, wordings - len(np.unique(idea)), min(n_one, n_other), p)
    return Divergence(
        estimate, min(ends[0], estimate), max(ends[1], estimate), p, n_one, n_other, more
    )


def _named_by_both(one: Ints, other: Ints, idea: Ints) -> NDArray[np.bool_]:
    """Return which wordings belong to an idea that both groups name."""
    size = int(idea.max()) + 1 if len(idea) else 0
    by_one = np.bincount(idea, one.sum(axis=0), size) > 0
    by_other = np.bincount(idea, other.sum(axis=0), size) > 0
    both: NDArray[np.bool_] = (by_one & by_other)[idea]
    return both


def _units(counts: Ints) -> Ints:
    """Return the units that say anything; the single uses where there is but one unit."""
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) > 1:
        return counts
    return np.repeat(np.eye(counts.shape[1], dtype=np.int64), counts.sum(axis=0), axis=0)


def _apart(one: Ints | Floats, other: Ints | Floats, ideas: Floats) -> Floats:
    """Return the divergence of each draw, shape (draws,), from counts (draws, wordings)."""
    by_one, by_other = one @ ideas, other @ ideas
    p = one / np.maximum(by_one @ ideas.T, 1)
    q = other / np.maximum(by_other @ ideas.T, 1)
    middle = (p + q) / 2
    bits = (_bits(p, middle) + _bits(q, middle)) / 2 @ ideas
    weight = np.where((by_one > 0) & (by_other > 0), by_one + by_other, 0.0)
    total = np.maximum(weight.sum(axis=1), 1)
    found: Floats = (bits * weight).sum(axis=1) / total
    return found


def _bits(p: Floats, middle: Floats) -> Floats:
    there = p > 0
    ratio = np.where(there, p, 1) / np.where(there, middle, 1)
    found: Floats = np.where(there, p * np.log2(ratio), 0.0)
    return found


def _permuted(
    one: Ints, other: Ints, ideas: Floats, draws: int, random: np.random.Generator
) -> Floats:
    units = np.concatenate((one, other)).astype(np.float64)
    found = np.empty(draws)
    whole = units.sum(axis=0)
    for draw in range(draws):
        mine = units[random.permutation(len(units))[: len(one)]].sum(axis=0)
        found[draw] = _apart(mine[None], (whole - mine)[None], ideas)[0]
    return found


def _resampled(units: Ints, draws: int, random: np.random.Generator) -> Floats:
    chosen = random.multinomial(len(units), np.full(len(units), 1 / len(units)), draws)
    found: Floats = chosen.astype(np.float64) @ units.astype(np.float64)
    return found


def _more(estimate: float, degrees: int, n: int, p: float) -> int | None:
    """Return about how many uses more per group would tell this divergence from chance."""
    if p < 0.05 or estimate <= 0 or degrees < 1:
        return None
    wanted = _noncentrality(degrees)
    needed = wanted / (4 * log(2) * estimate)
    return max(ceil(needed) - n, 1)


def _noncentrality(degrees: int) -> float:
    """Return the noncentral chi-squared parameter that reaches the power at 5 %."""
    limit = float(stats.chi2.isf(0.05, degrees))
    low, high = 0.0, 1000.0
    for _ in range(50):
        middle = (low + high) / 2
        if float(stats.ncx2.sf(limit, degrees, middle)) < POWER:
            low = middle
        else:
            high = middle
    return high
