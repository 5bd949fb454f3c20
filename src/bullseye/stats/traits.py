"""What listed customers have in common, against the customers they could have been.

A list of a few customers shares something by accident more often than not. Here the accident
is counted: how likely a list drawn by lot is to have a trait as often, over every condition
that was looked at.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.discoveries import FALSE_DISCOVERIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PRIOR_CUSTOMERS = 10.0
"""A lift is shrunk as if ten further customers had been seen at the base rate."""
POWER = 0.8
MOST_CUSTOMERS = 100_000


@dataclass(frozen=True)
class Counts:
    """What was counted per condition among those whose facts are known; each of shape (s, m).

    `s` strata (customers that could be on the same lists), `m` conditions. `base` could have been
    listed, `base_with` of them meet the condition; `listed` are on the list, `listed_with` of
    them meet it.
    """

    base: Ints
    base_with: Ints
    listed: Ints
    listed_with: Ints

    @classmethod
    def of(cls, yes: Bools, known: Bools, listed: Bools, strata: Ints | None = None) -> Self:
        """Return the counts of customers.

        Parameters
        ----------
        yes, known
            Whether each condition holds, and whether that is known, shape (m, n).
        listed
            Which customers are on the list, shape (n,).
        strata
            The stratum of each customer, 0.., shape (n,); one stratum where absent.
        """
        at = np.zeros(len(listed), dtype=np.int64) if strata is None else strata
        on = np.flatnonzero(listed)
        kinds = int(at.max(initial=0)) + 1
        return cls(
            *counted(yes, known, at, kinds), *counted(yes[:, on], known[:, on], at[on], kinds)
        )

    @property
    def n(self) -> Ints:
        """Listed customers about whom each condition is known, shape (m,)."""
        total: Ints = self.listed.sum(axis=0)
        return total

    @property
    def x(self) -> Ints:
        """Those of them that meet it, shape (m,)."""
        total: Ints = self.listed_with.sum(axis=0)
        return total

    @property
    def base_rate(self) -> Floats:
        """The share a list drawn by lot is expected to have, 0-1, shape (m,); 0 without n."""
        expected = (_ratio(self.base_with, self.base) * self.listed).sum(axis=0)
        return _ratio(expected, self.n)


class Lifts(NamedTuple):
    """How many times as often the listed meet each condition; each of shape (m,).

    `lift` is shrunk towards 1; `low` and `high` are its central 95 % interval, `bound` its 5 %
    quantile. NaN where nobody or everybody in the base meets the condition.
    """

    lift: Floats
    low: Floats
    high: Floats
    bound: Floats


def counted(yes: Bools, known: Bools, strata: Ints, kinds: int) -> tuple[Ints, Ints]:
    """Return how many are known, and how many of them meet each condition, by stratum: (s, m)."""
    known_, with_ = (
        np.stack([each[:, strata == kind].sum(axis=1) for kind in range(kinds)])
        for each in (known, yes & known)
    )
    return known_, with_


def chances(counts: Counts) -> Floats:
    """Return how likely a list drawn by lot meets each condition at least as often, shape (m,).

    Notes
    -----
    Fisher's exact test, one-sided: the upper tail of the hypergeometric distribution. With
    several strata, lots are drawn within each, and the count is the sum of independent
    hypergeometric counts (the exact test behind Mantel and Haenszel, 1959). Customers whose
    facts are unknown are in neither list nor base.

    Examples
    --------
    >>> one = np.ones((1, 1), dtype=np.int64)
    >>> round(float(chances(Counts(212 * one, 38 * one, 5 * one, 4 * one))[0]), 5)
    0.00392
    """
    from scipy.special import gammaln  # noqa: PLC0415 - scipy takes long to load: only who asks pays

    strata, m = counts.base.shape
    most = int(counts.listed.max(initial=0))
    logs = gammaln(np.arange(int(counts.base.max(initial=0)) + 2) + 1.0)
    total = np.ones((m, 1))
    for at in range(strata):
        pmf = _hypergeometric(logs, counts.base[at], counts.base_with[at], counts.listed[at], most)
        total = _convolved(total, pmf)
    tails = np.cumsum(total[:, ::-1], axis=1)[:, ::-1]
    tail: Floats = np.take_along_axis(tails, counts.x[:, None], axis=1)[:, 0]
    return np.clip(tail, 0.0, 1.0)


def lifts(counts: Counts) -> Lifts:
    """Return the shrunken lift of each condition with its interval.

    Notes
    -----
    The rate among customers of this kind is b' ~ Beta(10 b + x, 10 (1 - b) + n - x), b the base
    rate: the posterior under a prior worth ten customers at the base rate. The lift is b' / b.
    The intervals cover 95 % of rates drawn from that prior; for one fixed rate they cover more
    near the base rate and less far from it, since far lifts are what the prior doubts.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - scipy takes long to load: only who asks pays

    b, x, n = counts.base_rate, counts.x, counts.n
    sound = (b > 0) & (b < 1)
    rate = np.where(sound, b, 0.5)
    first, second = PRIOR_CUSTOMERS * rate + x, PRIOR_CUSTOMERS * (1 - rate) + n - x
    unsound = np.where(sound, 1.0, np.nan)

    def at(level: float) -> Floats:
        quantile: Floats = betaincinv(first, second, level) / rate * unsound
        return quantile

    return Lifts(first / (first + second) / rate * unsound, at(0.025), at(0.975), at(0.05))


def listed_needed(base_rate: float, rate: float, *, tests: int, found: int = 0) -> int | None:
    """Return how long a list must be to find this rate as evidence with a chance of 80 %.

    Parameters
    ----------
    base_rate, rate
        Share with the trait among all that could be listed, and among those like the listed.
    tests
        Conditions that are looked at.
    found
        Those that are evidence already: each makes the next one easier to claim.

    Returns
    -------
    int or None
        None if the rate is not above the base rate, or 100,000 would not do.

    Notes
    -----
    Power of the exact binomial test at the level Benjamini-Hochberg asks of the next discovery,
    .05 (found + 1) / tests.

    Examples
    --------
    >>> listed_needed(0.18, 0.6, tests=80)
    23
    """
    from scipy.special import bdtrc, bdtrik  # noqa: PLC0415 - scipy takes long to load: only who asks pays

    if not 0 < base_rate < rate < 1:
        return None
    level = FALSE_DISCOVERIES * min(found + 1, tests) / tests

    def power(n: int) -> float:
        least = int(np.ceil(bdtrik(1 - level, n, base_rate) - 1e-9)) + 1
        return float(bdtrc(least - 1, n, rate)) if least <= n else 0.0

    high = 1
    while power(high) < POWER:
        if high > MOST_CUSTOMERS:
            return None
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= POWER else (middle, high)
    return high


def _ratio(top: Ints | Floats, bottom: Ints) -> Floats:
    """Return the quotient; 0 where the bottom is 0."""
    return np.divide(top, bottom, out=np.zeros(bottom.shape), where=bottom > 0)


def _hypergeometric(logs: Floats, base: Ints, base_with: Ints, listed: Ints, most: int) -> Floats:
    """Return the probability of 0..most listed with each condition, shape (m, most + 1)."""
    x = np.arange(most + 1)[None, :]
    n, k, total = listed[:, None], base_with[:, None], base[:, None]
    possible = (x <= n) & (x <= k) & (n - x <= total - k)
    safe = np.where(possible, x, np.maximum(0, n - (total - k)))
    log = _choose(logs, k, safe) + _choose(logs, total - k, n - safe) - _choose(logs, total, n)
    return np.where(possible, np.exp(log), 0.0)


def _choose(logs: Floats, n: Ints, k: Ints) -> Floats:
    """Return the logarithm of n over k, from a table of log factorials."""
    chosen: Floats = logs[n] - logs[k] - logs[n - k]
    return chosen


def _convolved(first: Floats, second: Floats) -> Floats:
    """Return the distribution of the sum, row by row."""
    m, width = first.shape
    total = np.zeros((m, width + second.shape[1] - 1))
    for at in range(width):
        total[:, at : at + second.shape[1]] += first[:, at : at + 1] * second
    return total
