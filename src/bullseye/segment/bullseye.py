"""The Bullseye, static: what the fastest and the stickiest customers share, held against chance.

Every number here is judged against lists drawn by lot from the same customers, over everything
that was looked at: with five and five customers, most lists share something.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.candidates import Candidate
from bullseye.segment.customers import Customers, Ranking, fastest, stickiest
from bullseye.segment.list_traits import DRAWS, Judged, Question, Trait, in_each
from bullseye.stats.discoveries import FALSE_DISCOVERIES, q_values
from bullseye.stats.lists import Overlap, Pools, overlap, precedence
from bullseye.stats.traits import Counts, chances

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BASES = (0.1, 0.25, 0.5)


@dataclass(frozen=True)
class Needed:
    """With lists this long, a trait of this share of customers is evidence from `least` of n on.

    None where even a list of all n would not do.
    """

    base: float
    n: int
    least: int | None


@dataclass(frozen=True, eq=False)
class Found:
    """What was found: who is on the lists, and their traits by question: both, fast, sticky."""

    k: int
    fast: Ranking
    sticky: Ranking
    overlap: Overlap
    in_both: tuple[str, ...]
    tests: int
    conditions: int
    draws: int
    traits: Mapping[str, tuple[Trait, ...]]
    can_tell: tuple[Needed, ...]


def bullseye(
    customers: Customers, conditions: Sequence[Candidate], *, k: int = 5, seed: int = 0
) -> Found:
    """Return what the k fastest and the k stickiest customers have in common.

    Parameters
    ----------
    customers
        Everybody who could be on a list.
    conditions
        Everything that is looked at, with answers for each customer; all count as tests.
    k
        How many are on each list.
    seed
        Of the lots that are drawn.

    Notes
    -----
    Exact tests against lots (see `bullseye.stats.traits`), Benjamini-Hochberg over conditions
    and questions. A trait of both lists is evidence only if each list alone also shows it,
    adjusted for the traits that came so far: otherwise a trait of one list, by accident met in
    the other, would pass.
    """
    fast, sticky = fastest(customers), stickiest(customers)
    asked = _questions(conditions, (fast, sticky), k)
    q = _adjusted(asked)
    whole_q = _split(asked, [question.whole for question in asked.values()])
    tests = 3 * len(conditions)
    found = {
        name: Judged(question, conditions, q[name], whole_q[name], k, tests, seed).traits()
        for name, question in asked.items()
    }
    lists = (fast.listed(k), sticky.listed(k))
    common = np.flatnonzero(lists[0] & lists[1])
    return Found(
        k=k,
        fast=fast,
        sticky=sticky,
        overlap=overlap(lists, (fast.pool, sticky.pool)),
        in_both=tuple(customers.account_ids[at] for at in common),
        tests=tests,
        conditions=len(conditions),
        draws=DRAWS,
        traits=found,
        can_tell=_can_tell(int((lists[0] | lists[1]).sum()), len(customers.account_ids), tests),
    )


def _questions(
    conditions: Sequence[Candidate], rankings: tuple[Ranking, Ranking], k: int
) -> dict[str, Question]:
    n = len(rankings[0].place)
    empty = np.zeros((0, n), dtype=bool)
    yes = np.array([each.yes for each in conditions]) if conditions else empty
    known = np.array([each.known for each in conditions]) if conditions else empty
    fast, sticky = rankings
    each = {"both": rankings, "fast": (fast,), "sticky": (sticky,)}
    orders = {ranking: _one_sided(yes, known, ranking) for ranking in rankings}
    found = {}
    for name, among in each.items():
        pools = Pools.of(yes, known, [ranking.pool for ranking in among])
        shared = pools.shared([ranking.listed(k) for ranking in among])
        whole = np.max([orders[ranking] for ranking in among], axis=0)
        found[name] = Question(name, among, pools, shared, whole)
    return found


def _one_sided(yes: Bools, known: Bools, ranking: Ranking) -> Floats:
    """Return how likely those with each trait would come as early by chance, shape (m,)."""
    found = np.ones(len(yes))
    for at in range(len(yes)):
        inside = known[at] & ranking.pool
        order = precedence(yes[at][inside], ranking.place[inside])
        found[at] = order.p / 2 if order.share > 0.5 else 1 - order.p / 2
    return found


def _adjusted(asked: Mapping[str, Question]) -> dict[str, Floats]:
    """Return the adjusted p-values of each question's conditions."""
    q = _split(asked, [question.shared.p for question in asked.values()])
    return q | {"both": in_each(q["both"], asked["both"].shared)}


def _split(asked: Mapping[str, Question], p: Sequence[Floats]) -> dict[str, Floats]:
    """Adjust the p-values of all questions together, and return them by question."""
    return dict(zip(asked, np.split(q_values(np.concatenate(p)), len(asked)), strict=True))


def _can_tell(n: int, customers: int, tests: int) -> tuple[Needed, ...]:
    """Return what lists this long can show at all, for traits of some shares of customers."""
    found = []
    level = FALSE_DISCOVERIES / max(tests, 1)
    for base in _BASES:
        x = np.arange(n + 1)
        one = np.ones((1, n + 1), dtype=np.int64)
        having = round(base * customers)
        p = chances(Counts(customers * one, having * one, n * one, x[None, :]))
        enough = np.flatnonzero((p <= level) & (x <= having))
        found.append(Needed(base, n, int(enough[0]) if len(enough) else None))
    return tuple(found)
