"""Learn a card from facts and outcomes: candidates, pairs where they pay, selection, points."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.completion import representatives
from bullseye.definitions.evaluate import holds
from bullseye.definitions.field import Field
from bullseye.definitions.rule import Op, Rule, Test, fields_in, tests_in
from bullseye.segment.candidates import Candidate, candidates, pair, sampled
from bullseye.stats.calibration import logistic_map
from bullseye.stats.card import Card, fit_card, refit_card
from bullseye.stats.conditions import NO, UNKNOWN, YES, Conditions, Shape
from bullseye.stats.discrimination import auc
from bullseye.warehouse.answers import answers
from bullseye.warehouse.facts import Fact

SELECTED_ON = 10_000
"""Criteria are chosen on so many cases at most, drawn by the seed; points are fitted on all."""

PAIRED = 70
"""Conditions of which pairs are tried: the best ones by themselves."""

_PAIRS_KEPT = 60
_ENOUGH_FOR_PAIRS = 100
_WINS_BY = 0.005

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """A card in words.

    Parameters
    ----------
    rules
        One per criterion, typed; empty if nothing could be separated.
    card
        Points of the rules, in their order, and the probability at a fit_score.
    considered
        How many conditions were looked at, pairs included.
    """

    rules: tuple[Rule, ...]
    card: Card
    considered: int

    def conditions(self, facts: Mapping[str, Fact], as_of: date) -> Conditions:
        """Return what the criteria answer on other cases."""
        return conditions_of(self.rules, facts, as_of)


def learn(
    facts: Mapping[str, Fact],
    outcome: Bools,
    clusters: Places,
    as_of: date,
    *,
    max_criteria: int = 10,
    groupings: Sequence[Rule] = (),
    insist: Collection[str] = (),
    seed: int = 0,
) -> Learnt:
    """Return the card that these cases suggest.

    Parameters
    ----------
    facts
        Columns of n cases, by field.
    outcome, clusters
        Shape (n,): what happened, and to which account.
    as_of
        The day; no candidate depends on it.
    max_criteria, groupings, insist
        At most so many criteria; the team's own groups of values; fields to read in any case.
    seed
        Draws the cases that pairs are made on, and those that criteria are chosen on.

    Notes
    -----
    Pairs ("A and B") are made on 40 % of the accounts and chosen on the others; they join only
    if the larger pool wins by more than .005 AUC on a quarter of those that chose nothing.
    """
    rng = np.random.default_rng(seed)
    n = len(outcome)
    rows = np.arange(n) if n <= SELECTED_ON else np.sort(rng.choice(n, SELECTED_ON, replace=False))
    few = sampled(facts, rows)
    pool = _Pool(candidates(few, groupings=groupings, insist=insist), few, as_of)
    chosen = _chosen(pool, outcome[rows], clusters[rows], max_criteria, rng)
    rules = chosen.rules
    card = refit_card(conditions_of(rules, facts, as_of), outcome, chosen.card)
    kept = tuple(rules[column] for column in card.columns)
    return Learnt(
        kept, Card(tuple(range(len(kept))), card.points, card.probability), chosen.considered
    )


def conditions_of(rules: Sequence[Rule], facts: Mapping[str, Fact], as_of: date) -> Conditions:
    """Return what `rules` answer on `facts`, as the statistics read it."""
    found = []
    for rule in rules:
        yes, known = answers(rule, facts, as_of)
        found.append(Candidate(rule, tuple(sorted(fields_in(rule))), yes, known))
    n = len(next(iter(facts.values())).known) if facts else 0
    return _Pool(found, facts, as_of, n).conditions


class _Pool:
    """Candidates with their answers as the statistics read them."""

    def __init__(
        self,
        listed: Sequence[Candidate],
        facts: Mapping[str, Fact],
        as_of: date,
        n: int | None = None,
    ) -> None:
        self.candidates = list(listed)
        self._fields = {name: fact.field for name, fact in facts.items()}
        self._as_of = as_of
        self._facts = facts
        self._reached: dict[tuple[int, ...], Bools | None] = {}
        width = n if n is not None else len(next(iter(facts.values())).known)
        cells = np.empty((len(listed), width), dtype=np.int8)
        for at, each in enumerate(listed):
            cells[at] = np.where(each.known, np.where(each.yes, YES, NO), UNKNOWN)
        places = {name: at for at, name in enumerate(sorted(facts))}
        self.conditions = Conditions(
            cells,
            tuple(tuple(places[name] for name in each.fields) for each in listed),
            tuple(_shape(each.rule) for each in listed),
            self._reach,
        )

    def joined(self, pairs: Sequence[Candidate]) -> "_Pool":
        """Return a pool with these pairs too."""
        return _Pool([*self.candidates, *pairs], self._facts, self._as_of)

    def _reach(self, columns: tuple[int, ...]) -> Bools | None:
        if columns not in self._reached:
            self._reached[columns] = self._reachable(columns)
        return self._reached[columns]

    def _reachable(self, columns: tuple[int, ...]) -> Bools | None:
        rules = [self.candidates[column].rule for column in columns]
        (name,) = self.candidates[columns[0]].fields
        return reachable(rules, self._fields[name], self._as_of)


def reachable(rules: Sequence[Rule], field: Field, as_of: date) -> Bools | None:
    """Return the answers that the values of one field give to rules on it, one row each.

    None where the values fall into too many regions to be tried.
    """
    values = representatives([test for rule in rules for test in tests_in(rule)], field, as_of)
    if values is None:
        return None
    fields = {field.name: field}
    found = {
        tuple(holds(rule, {field.name: value}, fields, as_of) is True for rule in rules)
        for value in values
    }
    return np.array(sorted(found), dtype=bool)


def _shape(rule: Rule) -> Shape:
    if isinstance(rule, Test) and rule.op is Op.AT_LEAST:
        return Shape.FROM
    return Shape.BAND if isinstance(rule, Test) and rule.op is Op.BETWEEN else Shape.ALONE


def _chosen(
    pool: _Pool, outcome: Bools, clusters: Places, most: int, rng: np.random.Generator
) -> Learnt:
    """Return the criteria chosen, with the points they had where they were chosen."""
    singles = pool.conditions
    if not pool.candidates:
        nothing = logistic_map(np.full(len(outcome), np.nan), outcome)
        return Learnt((), Card((), (), nothing), 0)
    if min(outcome.sum(), (~outcome).sum()) < _ENOUGH_FOR_PAIRS:
        return _named(pool, fit_card(singles, outcome, max_criteria=most), singles.count)
    make, choose, judge = _thirds(clusters, rng)
    larger = pool.joined(_pairs(pool, make, outcome))
    considered = larger.conditions.count
    aucs = []
    for each in (pool, larger):
        card = fit_card(each.conditions.rows(choose), outcome[choose], max_criteria=most)
        aucs.append(auc(card.probabilities(each.conditions.rows(judge)), outcome[judge]).value)
    if aucs[1] <= aucs[0] + _WINS_BY:
        return _named(pool, fit_card(singles, outcome, max_criteria=most), considered)
    rest = np.concatenate([choose, judge])
    fitted = fit_card(larger.conditions.rows(rest), outcome[rest], max_criteria=most)
    return _named(larger, fitted, considered)


def _named(pool: _Pool, card: Card, considered: int) -> Learnt:
    rules = tuple(pool.candidates[column].rule for column in card.columns)
    return Learnt(rules, Card(tuple(range(len(rules))), card.points, card.probability), considered)


def _thirds(clusters: Places, rng: np.random.Generator) -> tuple[Places, Places, Places]:
    """Return the rows to make pairs on (40 %), to choose on (45 %), to judge on (15 %)."""
    groups = np.unique(clusters, return_inverse=True)[1]
    draw = rng.random(int(groups.max()) + 1)[groups]
    parts = (draw < 0.4, (draw >= 0.4) & (draw < 0.85), draw >= 0.85)
    make, choose, judge = (np.flatnonzero(part) for part in parts)
    return make, choose, judge


def _pairs(pool: _Pool, rows: Places, outcome: Bools) -> list[Candidate]:
    """Return the pairs of the best conditions that tell most, alone or beside a card."""
    conditions, y = pool.conditions.rows(rows), outcome[rows]
    met = (conditions.cells == YES).astype(np.float32)
    flat = np.full(len(y), y.mean())
    best = np.argsort(-_statistics(met, y - flat, flat * (1 - flat)), kind="stable")[:PAIRED]
    card = fit_card(conditions, y, max_criteria=5)
    fitted = card.probabilities(conditions)
    keys: dict[tuple[int, int], None] = {}
    for p in (fitted, flat):
        told = _pair_statistics(met[best], y - p, p * (1 - p))
        for place in np.argsort(-told, axis=None, kind="stable")[:_PAIRS_KEPT]:
            one, other = divmod(int(place), len(best))
            if told[one, other] > 0:
                keys[int(best[one]), int(best[other])] = None
    listed = pool.candidates
    return [
        pair(listed[one], listed[other])
        for one, other in keys
        if _may_pair(listed[one], listed[other])
    ]


def _may_pair(one: Candidate, other: Candidate) -> bool:
    """Whether the two read different fields, or two items of one list."""
    if one.fields != other.fields:
        return True
    tests = [*tests_in(one.rule), *tests_in(other.rule)]
    return all(test.op is Op.ALL_OF for test in tests)


def _statistics(met: NDArray[np.float32], residual: Floats, v: Floats) -> Floats:
    """Return the score statistic of each condition by itself."""
    gained = met @ residual.astype(np.float32)
    share = met.mean(axis=1)
    spread = np.maximum(v.sum() * share * (1 - share), 1e-9)
    return np.asarray((gained - share * residual.sum()) ** 2 / spread, dtype=np.float64)


def _pair_statistics(met: NDArray[np.float32], residual: Floats, v: Floats) -> Floats:
    """Return the statistic of each pair that beats both its parts; 0 for the others."""
    n = met.shape[1]
    gained = (met * residual.astype(np.float32)) @ met.T
    share = (met @ met.T) / n
    spread = np.maximum(v.sum() * share * (1 - share), 1e-9)
    told = (gained - share * residual.sum()) ** 2 / spread
    told[(share < 0.01) | (share > 0.99)] = 0.0
    alone = np.diag(told).copy()
    told[told <= np.maximum(alone[:, None], alone[None, :])] = 0.0
    return np.asarray(np.triu(told, 1), dtype=np.float64)
