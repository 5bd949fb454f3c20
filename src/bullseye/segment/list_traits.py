"""One question about short lists, and the traits that answer it: with chance, lift and power."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.candidates import Candidate
from bullseye.segment.customers import Ranking
from bullseye.stats.discoveries import FALSE_DISCOVERIES, Standing, q_values, standing
from bullseye.stats.lists import Pools, Precedence, Shared, as_striking, one_per_fact, precedence
from bullseye.stats.proportions import Share, wilson
from bullseye.stats.traits import Counts, chances, lifts, listed_needed

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LENGTHS = (5, 10, 20)
"""The lengths of list over which a trait should be stable."""
DRAWS = 199
"""How many lots are drawn to say how striking a trait is."""
SHOWN = {"both": 4, "fast": 3, "sticky": 3}
"""How many traits are shown of each question."""


@dataclass(frozen=True)
class Held:
    """How many of n have a trait; n counts those about whom it is known."""

    x: int
    n: int


@dataclass(frozen=True)
class AtLength:
    """What lists of another length say of a trait."""

    k: int
    held: tuple[Held, ...]
    p: float
    q: float
    standing: Standing


@dataclass(frozen=True)
class Whole:
    """What all customers say of a trait: how often one with it comes before one without.

    `q` is adjusted for all conditions and questions.
    """

    orders: tuple[Precedence, ...]
    q: float
    standing: Standing


@dataclass(frozen=True)
class Trait:
    """One thing the listed customers have in common.

    `held` per list; `base` among all customers that could have been listed; `p` exact, `q`
    adjusted for everything that was looked at, `by_lot` how likely two lots show anything as
    striking. The `lift` is shrunk, with its 95 % interval and its 5 % `bound`. `more` listed
    customers would tell, None if none would. `known` is the share about whom it is known, of
    the listed and of all; `known_differs` says that the two differ by more than chance. `also`
    names conditions that mean nearly the same customers.
    """

    rule: str
    held: tuple[Held, ...]
    listed: Held
    base: Share
    p: float
    q: float
    by_lot: float
    lift: float
    low: float
    high: float
    bound: float
    standing: Standing
    more: int | None
    known: tuple[float, float]
    known_differs: bool
    lengths: tuple[AtLength, ...]
    whole: Whole
    also: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Question:
    """What one list has in common, or both; `whole` are the chances of all customers' order."""

    name: str
    rankings: tuple[Ranking, ...]
    pools: Pools
    shared: Shared
    whole: Floats


@dataclass(frozen=True, eq=False)
class Judged:
    """A question with what all questions together adjusted: `q` and `whole_q` of shape (m,)."""

    question: Question
    conditions: Sequence[Candidate]
    q: Floats
    whole_q: Floats
    k: int
    tests: int
    seed: int

    def traits(self) -> tuple[Trait, ...]:
        """Return the traits worth showing: the most striking first, each fact once."""
        pools = self.question.pools
        order = self._order()
        alike = one_per_fact(pools.yes[:, np.any(pools.pools, axis=0)], order)
        if not alike:
            return ()
        sizes = [int(each.sum()) for each in self._lists()]
        smallest = pools.by_lot(sizes, draws=DRAWS, seed=self.seed)
        lengths, differs = self._at_lengths(), self._known_differs()
        shown = list(alike.items())[: SHOWN[self.question.name]]
        return tuple(
            self._trait(at, copies, smallest, [each[at] for each in lengths], bool(differs[at]))
            for at, copies in shown
        )

    def _lists(self) -> list[Bools]:
        return [ranking.listed(self.k) for ranking in self.question.rankings]

    def _order(self) -> list[int]:
        """Return the conditions worth a look, the most striking first; anecdotes only of both."""
        shared, counts = self.question.shared, self.question.shared.counts
        above = (counts.x > counts.base_rate * counts.n) & (counts.x >= 2)
        evidence = np.minimum(self.q, self.whole_q) <= FALSE_DISCOVERIES
        clues = lifts(counts).bound > 1
        wanted = evidence | (shared.held & above & (clues | (len(shared.each) > 1)))
        said = [str(each) for each in self.conditions]
        return sorted(
            np.flatnonzero(wanted).tolist(),
            key=lambda at: (shared.p[at], self.whole_q[at], len(said[at]), said[at]),
        )

    def _trait(
        self,
        at: int,
        copies: Sequence[int],
        smallest: Floats,
        lengths: Sequence[AtLength],
        differs: bool,
    ) -> Trait:
        shared, counts = self.question.shared, self.question.shared.counts
        lift, low, high, bound = (float(values[at]) for values in lifts(counts))
        return Trait(
            rule=str(self.conditions[at]),
            held=_held(self.question, at, self.k),
            listed=Held(int(counts.x[at]), int(counts.n[at])),
            base=wilson(int(counts.base_with[:, at].sum()), int(counts.base[:, at].sum())),
            p=float(shared.p[at]),
            q=float(self.q[at]),
            by_lot=as_striking(float(shared.p[at]), smallest),
            lift=lift,
            low=low,
            high=high,
            bound=bound,
            standing=standing(float(self.q[at]), is_clue=bound > 1),
            more=self._more(at, lift),
            known=self._known(at),
            known_differs=differs,
            lengths=tuple(lengths),
            whole=_whole(self.question, at, float(self.whole_q[at])),
            also=tuple(str(self.conditions[copy]) for copy in copies),
        )

    def _more(self, at: int, lift: float) -> int | None:
        """Return how many further listed customers would tell; None if none would."""
        counts = self.question.shared.counts
        base, evidence = float(counts.base_rate[at]), int((self.q <= FALSE_DISCOVERIES).sum())
        needed = listed_needed(base, base * lift, tests=self.tests, found=evidence)
        return None if needed is None else max(0, needed - int(counts.n[at]))

    def _known(self, at: int) -> tuple[float, float]:
        """Return the share known of the listed, and of all that could have been listed."""
        listed = np.any(self._lists(), axis=0)
        pool, known = np.any(self.question.pools.pools, axis=0), self.question.pools.known[at]
        return float((known & listed).sum() / max(int(listed.sum()), 1)), float(known[pool].mean())

    def _known_differs(self) -> Bools:
        """Whether more or fewer are known of the listed than chance explains, shape (m,)."""
        known, pools = self.question.pools.known, self.question.pools.pools
        counts = Pools.of(known, np.ones_like(known), pools).shared(self._lists()).counts
        turned = Counts(
            counts.base,
            counts.base - counts.base_with,
            counts.listed,
            counts.listed - counts.listed_with,
        )
        differs: Bools = 2 * np.minimum(chances(counts), chances(turned)) <= FALSE_DISCOVERIES
        return differs

    def _at_lengths(self) -> list[list[AtLength]]:
        """Return what lists of each length say of every condition; lengths that fit the pools."""
        room = min(int(pool.sum()) for pool in self.question.pools.pools)
        return [self._at_length(k) for k in LENGTHS if 2 * k <= room]

    def _at_length(self, k: int) -> list[AtLength]:
        rankings = self.question.rankings
        shared = self.question.pools.shared([ranking.listed(k) for ranking in rankings])
        m = len(shared.p)
        q = q_values(np.concatenate([shared.p, np.ones(self.tests - m)]))[:m]
        q = in_each(q, shared) if len(rankings) > 1 else q
        clues = (shared.p < 1) & (lifts(shared.counts).bound > 1)
        return [
            AtLength(
                k,
                _held(self.question, at, k),
                float(shared.p[at]),
                float(q[at]),
                standing(float(q[at]), is_clue=bool(clues[at])),
            )
            for at in range(m)
        ]


def _held(question: Question, at: int, k: int) -> tuple[Held, ...]:
    yes, known = question.pools.yes[at], question.pools.known[at]
    lists = [ranking.listed(k) for ranking in question.rankings]
    return tuple(Held(int((yes & on).sum()), int((known & on).sum())) for on in lists)


def _whole(question: Question, at: int, q: float) -> Whole:
    orders = []
    for ranking in question.rankings:
        inside = question.pools.known[at] & ranking.pool
        orders.append(precedence(question.pools.yes[at][inside], ranking.place[inside]))
    return Whole(tuple(orders), q, standing(q, is_clue=all(each.low > 0.5 for each in orders)))


def in_each(q: Floats, shared: Shared) -> Floats:
    """Return the adjusted p-values of both lists, where each alone has to show the trait too."""
    through = np.flatnonzero(q <= FALSE_DISCOVERIES)
    both = q.copy()
    both[through] = np.maximum(q[through], q_values(shared.each[:, through].max(axis=0)))
    return both
