"""Short lists of customers: who belongs on one, what two share, and what a lot would share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.traits import Counts, chances, counted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR_COPY = 0.7
"""Two conditions are one fact said twice where this share of who meets either meets both."""
_CHUNK = 2_000


@dataclass(frozen=True)
class Overlap:
    """How many customers two lists have in common, and how many two lots would."""

    count: int
    expected: float
    chance: float
    """How likely two lists drawn by lot have at least as many in common, 0-1."""


@dataclass(frozen=True)
class Shared:
    """What all lists have in common, per condition; arrays of shape (m,), `each` (lists, m).

    `held` says whether more than half of each list has it. `p` is the exact chance of the
    lists' customers together, 1 where a list has it no more often than a lot; `each` the chance
    of each list alone.
    """

    counts: Counts
    held: Bools
    p: Floats
    each: Floats


@dataclass(frozen=True)
class Precedence:
    """How often a customer with a trait comes before one without, over all pairs; 0-1."""

    share: float
    low: float
    high: float
    p: float
    n_with: int
    n_without: int


def beaten(first: Floats, second: Floats) -> Ints:
    """Return how many others each one beats: no larger in both, and smaller in one, shape (n,).

    Who beats nobody's superior comes first: if a beats b, it also beats all that b beats, so an
    order by this count never puts b before a, and no weight between the two is needed.

    Examples
    --------
    >>> beaten(np.array([10.0, 20.0, 5.0]), np.array([0.1, 0.1, 0.3])).tolist()
    [1, 0, 0]
    """
    counts = np.zeros(len(first), dtype=np.int64)
    for start in range(0, len(first), _CHUNK):
        part = slice(start, start + _CHUNK)
        f, s = first[part, None], second[part, None]
        wins = (f <= first) & (s <= second) & ((f < first) | (s < second))
        counts[part] = wins.sum(axis=1)
    return counts


def on_front(first: Floats, second: Floats) -> Bools:
    """Return who is beaten by nobody: the Pareto front of two numbers to keep small, shape (n,)."""
    order = np.lexsort((second, first))
    f, s = first[order], second[order]
    least_before = np.minimum.accumulate(np.concatenate([[np.inf], s[:-1]])) if len(s) else s
    front = np.zeros(len(first), dtype=bool)
    same = np.concatenate([[False], (f[1:] == f[:-1]) & (s[1:] == s[:-1])])[: len(f)]
    better = s < least_before
    for at in np.flatnonzero(same):
        better[at] = better[at - 1]
    front[order] = better
    return front


def overlap(lists: tuple[Bools, Bools], pools: tuple[Bools, Bools]) -> Overlap:
    """Return what two lists have in common against two drawn by lot from their pools.

    Given how many of each list could have been on both, the common ones of two lots follow the
    hypergeometric distribution.

    Examples
    --------
    >>> pool = np.ones(100, dtype=bool)
    >>> both = overlap((np.arange(100) < 5, np.arange(100) < 5), (pool, pool))
    >>> both.count, both.expected, both.chance < 1e-6
    (5, 0.25, True)
    """
    both = pools[0] & pools[1]
    n, a, b = (int((both & each).sum()) for each in (both, *lists))
    count = int((lists[0] & lists[1]).sum())
    if not n:
        return Overlap(count, 0.0, 1.0)
    four = Counts(*(np.array([[each]]) for each in (n, a, b, count)))
    return Overlap(count, a * b / n, float(chances(four)[0]))


@dataclass(frozen=True, eq=False)
class Pools:
    """Customers who could have been on each of some lists, with what they meet, counted once.

    `yes` and `known` say of each condition whether it holds and whether that is known, shape
    (m, n); `pools` who could have been on each list, shape (n,) each. `alone` and `together`
    are the counts of the pools one by one, and of all in strata: customers that could have been
    on the same lists.
    """

    yes: Bools
    known: Bools
    pools: tuple[Bools, ...]
    alone: tuple[tuple[Ints, Ints], ...]
    strata: Ints
    together: tuple[Ints, Ints]

    @classmethod
    def of(cls, yes: Bools, known: Bools, pools: Sequence[Bools]) -> Self:
        """Count the customers of the pools."""
        kinds = np.sum([pool * 2**at for at, pool in enumerate(pools)], axis=0)
        _, strata = np.unique(kinds, return_inverse=True)
        strata = np.where(kinds > 0, strata - (kinds == 0).any(), strata.max(initial=0) + 1)
        inside = int(strata[kinds > 0].max(initial=0)) + 1
        alone = tuple(
            counted(yes[:, pool], known[:, pool], np.zeros(int(pool.sum()), dtype=np.int64), 1)
            for pool in pools
        )
        return cls(yes, known, tuple(pools), alone, strata, counted(yes, known, strata, inside))

    def shared(self, lists: Sequence[Bools]) -> Shared:
        """Return what the lists, one per pool, have in common, and the chance that lots have it.

        Notes
        -----
        A customer on several lists counts once. Customers are compared with those that could
        have been on the same lists, so that a list of recent customers is not found to have in
        common that they are recent.
        """
        alone = [
            self._counts(base, np.flatnonzero(on), None)
            for base, on in zip(self.alone, lists, strict=True)
        ]
        each = np.array([chances(counts) for counts in alone])
        held = np.all([2 * counts.x > counts.n for counts in alone], axis=0)
        above = np.all([counts.x > counts.base_rate * counts.n for counts in alone], axis=0)
        if len(lists) == 1:
            return Shared(alone[0], held, each[0], each)
        counts = self._counts(self.together, np.flatnonzero(np.any(lists, axis=0)), self.strata)
        return Shared(counts, held, np.where(above, chances(counts), 1.0), each)

    def by_lot(self, sizes: Sequence[int], *, draws: int, seed: int) -> Floats:
        """Return the smallest chance that each of `draws` lots shows over all conditions.

        Lists of these lengths are drawn from the pools. A trait is by chance as striking as p in
        the share of lots whose smallest chance is at most p: what a reader asks who sees only
        the most striking of many conditions (Westfall and Young, 1993, single step).
        """
        random = np.random.default_rng(seed)
        places = [np.flatnonzero(pool) for pool in self.pools]
        smallest = np.empty(draws)
        for draw in range(draws):
            lots = [np.zeros(self.yes.shape[1], dtype=bool) for _ in places]
            for lot, place, size in zip(lots, places, sizes, strict=True):
                lot[random.choice(place, size, replace=False)] = True
            smallest[draw] = self.shared(lots).p.min(initial=1.0)
        return smallest

    def _counts(self, base: tuple[Ints, Ints], on: Ints, strata: Ints | None) -> Counts:
        kinds = np.zeros(len(on), dtype=np.int64) if strata is None else strata[on]
        listed = counted(self.yes[:, on], self.known[:, on], kinds, len(base[0]))
        return Counts(*base, *listed)


def as_striking(p: float, smallest: Floats) -> float:
    """Return the share of lots that show something as striking as `p`, never quite 0."""
    return float((1 + (smallest <= p * (1 + 1e-9)).sum()) / (len(smallest) + 1))


def one_per_fact(yes: Bools, order: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the conditions to show, each with its near-copies that come later in `order`."""
    shown: dict[int, list[int]] = {}
    sizes = yes.sum(axis=1)
    for at in order:
        for kept, copies in shown.items():
            common = int((yes[at] & yes[kept]).sum())
            if common >= NEAR_COPY * (sizes[at] + sizes[kept] - common):
                copies.append(at)
                break
        else:
            shown[at] = []
    return {kept: tuple(alike) for kept, alike in shown.items()}


def precedence(has: Bools, place: Floats) -> Precedence:
    """Return how often those who have a trait come before those who do not.

    Parameters
    ----------
    has
        Who has it, shape (n,).
    place
        Where each one stands, the smaller the better; equal places count half, shape (n,).

    Notes
    -----
    The Mann-Whitney statistic; its interval by DeLong, DeLong and Clarke-Pearson (1988),
    Biometrics 44, 837-845; its p-value, two-sided, by the normal approximation.
    """
    first, second = place[has], place[~has]
    m, n = len(first), len(second)
    if min(m, n) < 2:
        return Precedence(0.5, 0.0, 1.0, 1.0, m, n)
    ranks = _ranks(place)
    before_first = 1 - (ranks[has] - _ranks(first)) / n
    before_second = (ranks[~has] - _ranks(second)) / m
    share = float(before_first.mean())
    spread = 1.96 * float(np.sqrt(before_first.var(ddof=1) / m + before_second.var(ddof=1) / n))
    low, high = max(0.0, share - spread), min(1.0, share + spread)
    return Precedence(share, low, high, _unlike(share, place, m, n), m, n)


def _unlike(share: float, place: Floats, m: int, n: int) -> float:
    """Return the two-sided p-value of a share of pairs; ties corrected, continuity too."""
    ties = np.unique(place, return_counts=True)[1].astype(float)
    tied = float((ties**3 - ties).sum()) / ((m + n) * (m + n - 1))
    spread = sqrt(m * n / 12 * (m + n + 1 - tied))
    away = abs(share - 0.5) * m * n - 0.5
    return min(1.0, erfc(away / spread / sqrt(2))) if spread else 1.0


def _ranks(values: Floats) -> Floats:
    """Return the ranks from 1 on; equal values share their mean rank."""
    _, at, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[at]
    return ranks
