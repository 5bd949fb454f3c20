"""Propose an ICP from the cases of an outcome: chosen on the past, reported on the future.

Three answers: an ICP with its evidence; no ICP, where a card of shuffled outcomes does as well;
or that the cases cannot tell yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.rule import Rule
from bullseye.errors import NotEnoughEvidence
from bullseye.segment.candidates import candidates, sampled
from bullseye.segment.evidence import (
    Criterion,
    Cut,
    SilentField,
    criteria,
    cuts,
    silent_fields,
)
from bullseye.segment.learn import Learnt, conditions_of, learn
from bullseye.segment.split import LEAST_EACH, Split, split
from bullseye.segment.suitable import LeftOut, unsuitable
from bullseye.segment.yardsticks import black_box_scores, naive_bayes_scores
from bullseye.stats.calibration import Band, bands, calibration_error
from bullseye.stats.card import RIDGE
from bullseye.stats.conditions import Conditions
from bullseye.stats.discrimination import Estimate, Top, auc, auc_difference, top
from bullseye.stats.gate import Gate, gate
from bullseye.stats.selection import Selection
from bullseye.warehouse.facts import Fact

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]

FEWEST = 2 * LEAST_EACH
"""Cases of the rarer outcome below which nothing is tried."""

PROVISIONAL = 100
"""Decided cases below which a card has few criteria and is called provisional."""

FEW_CRITERIA = 5
GATED_ON = 4_000
TOP_SHARE = 0.1
_GATE_CRITERIA = 3
_BANDS = 5


@dataclass(frozen=True, eq=False)
class Task:
    """Decided cases of one outcome; arrays of shape (n,).

    `outcome` is true where it went as we want. `began` and `decided` are days since 1970, NaN
    where not known. `facts` are columns of n rows.
    """

    facts: Mapping[str, Fact]
    outcome: Bools
    clusters: Places
    began: Floats
    decided: Floats
    as_of: date


@dataclass(frozen=True)
class Wish:
    """How the user wants it: limits, the team's own groups, fields to read in any case."""

    max_criteria: int = 10
    groupings: tuple[Rule, ...] = ()
    insist: tuple[str, ...] = ()
    yardstick: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Beside:
    """Another way to score the same later cases: its AUC, and the card's AUC less it."""

    name: str
    auc: Estimate
    gained: Estimate


@dataclass(frozen=True)
class Held:
    """How a card that was learnt on the past did on the rest.

    `since` is the first day of the rest; None where it is other accounts, not later cases.
    `auc` is that of the fit_score as the product computes it; `raw_auc` that of the bare
    points. `top` is the best tenth. `bands` are fifths of the score.
    """

    since: date | None
    learnt_on: int
    n: int
    criteria: int
    auc: Estimate
    raw_auc: Estimate
    top: Top
    calibration_error: float
    bands: tuple[Band, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class Proposal:
    """What the cases say about an ICP.

    `found` is whether the gate passed; without it there are no criteria. `held` is None where
    a part of the cases is too small, or nothing was chosen on the past.
    """

    as_of: date
    n: int
    yes: int
    accounts: int
    provisional: bool
    found: bool
    gate: Gate
    considered: int
    criteria: tuple[Criterion, ...]
    cuts: tuple[Cut, ...]
    held: Held | None
    left_out: tuple[LeftOut, ...]
    silent: tuple[SilentField, ...]


def propose(task: Task, wish: Wish) -> Proposal:
    """Return what the cases say.

    Raises
    ------
    NotEnoughEvidence
        If one of the outcomes has too few cases to learn from.
    """
    n, yes = len(task.outcome), int(task.outcome.sum())
    _require(n, yes)
    provisional = n < PROVISIONAL
    most = min(wish.max_criteria, FEW_CRITERIA) if provisional else wish.max_criteria
    left_out = unsuitable(task.facts, wish.insist)
    facts = _without(task.facts, [each.field for each in left_out])
    passed = _gate(facts, task, wish)
    held, learnt = None, None
    if passed.passed:
        held = _held(facts, task, wish, most)
        learnt = _learn(facts, task, wish, most, np.arange(n))
    if learnt is not None and not learnt.rules:
        learnt = None  # a card without criteria has no scores: there is nothing to tell of it
    return Proposal(
        as_of=task.as_of,
        n=n,
        yes=yes,
        accounts=len(np.unique(task.clusters)),
        provisional=provisional,
        found=learnt is not None,
        gate=passed,
        considered=learnt.considered if learnt else 0,
        criteria=criteria(learnt, facts, task.outcome, task.clusters, task.as_of) if learnt else (),
        cuts=cuts(learnt, facts, task.outcome, task.clusters, task.as_of) if learnt else (),
        held=held,
        left_out=tuple(each for each in left_out if task.facts[each.field].known.any()),
        silent=silent_fields(facts, learnt.rules if learnt else (), task.outcome, task.clusters),
    )


def _require(n: int, yes: int) -> None:
    rarer = min(yes, n - yes)
    if rarer >= FEWEST:
        return
    share = rarer / n if rarer else 0.0
    more = f"about {int(np.ceil(FEWEST / share)) - n:,} more" if share else "many more"
    raise NotEnoughEvidence(
        f"Cannot tell yet: of {n:,} decided cases only {rarer:,} are of the rarer outcome, and"
        f" {FEWEST} are needed.",
        hint=f"Come back with {more} decided cases, or ask for another outcome.",
    )


def _without(facts: Mapping[str, Fact], names: Collection[str]) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if name not in names}


def _learn(facts: Mapping[str, Fact], task: Task, wish: Wish, most: int, rows: Places) -> Learnt:
    return learn(
        sampled(facts, rows),
        task.outcome[rows],
        task.clusters[rows],
        task.as_of,
        max_criteria=most,
        groupings=wish.groupings,
        insist=wish.insist,
        seed=wish.seed,
    )


# -- the gate ------------------------------------------------------------------------------


def _gate(facts: Mapping[str, Fact], task: Task, wish: Wish) -> Gate:
    """Test on at most `GATED_ON` cases, whole accounts, whether single conditions tell anything.

    The procedure under test is the core of the selection: three criteria, forwards. What is true
    of no outcome at all is true of it; what only pairs could tell is missed here.
    """
    rows = _some(task.clusters, GATED_ON, wish.seed)
    few = sampled(facts, rows)
    listed = candidates(few, groupings=wish.groupings, insist=wish.insist)
    conditions = conditions_of([each.rule for each in listed], few, task.as_of)

    def scored(fit: Places, score: Places, outcome: Bools) -> Floats:
        if not conditions.count:
            return np.zeros(len(score))
        return _forward_scores(conditions, fit, score, outcome)

    return gate(scored, task.outcome[rows], task.clusters[rows], seed=wish.seed)


def _forward_scores(conditions: Conditions, fit: Places, score: Places, outcome: Bools) -> Floats:
    selection = Selection(conditions.rows(fit), outcome[fit], RIDGE)
    chosen = selection.forward(_GATE_CRITERIA, 0.0, tried=1)
    return np.asarray(selection.foretold(chosen, conditions.rows(score)))


def _some(clusters: Places, most: int, seed: int) -> Places:
    """Return the rows of accounts drawn until `most` rows are reached; all if there are fewer."""
    if len(clusters) <= most:
        return np.arange(len(clusters))
    groups, counts = np.unique(clusters, return_inverse=True, return_counts=True)[1:]
    order = np.random.default_rng(seed).permutation(len(counts))
    drawn = order[np.cumsum(counts[order]) <= most]
    return np.flatnonzero(np.isin(groups, drawn if len(drawn) > 1 else order[:2]))


# -- the past and the future ---------------------------------------------------------------


def _held(facts: Mapping[str, Fact], task: Task, wish: Wish, most: int) -> Held | None:
    parts = split(task.outcome, task.began, task.decided, task.clusters, seed=wish.seed)
    y = task.outcome[parts.future]
    if min(y.sum(), (~y).sum()) < LEAST_EACH or len(np.unique(task.outcome[parts.past])) < 2:
        return None
    learnt = _learn(facts, task, wish, most, parts.past)
    if not learnt.rules:
        return None
    later = learnt.conditions(sampled(facts, parts.future), task.as_of)
    p = learnt.card.probabilities(later)
    scores = learnt.card.fit_scores(later)
    groups = task.clusters[parts.future]
    told = np.where(np.isnan(scores), _level(learnt), scores)
    ends = np.unique(np.quantile(told, np.linspace(0, 1, _BANDS + 1)))
    return Held(
        since=parts.day,
        learnt_on=len(parts.past),
        n=len(parts.future),
        criteria=len(learnt.rules),
        auc=auc(told, y, clusters=groups),
        raw_auc=auc(learnt.card.raw_scores(later), y, clusters=groups),
        top=top(told, y, TOP_SHARE, clusters=groups),
        calibration_error=calibration_error(p, y),
        bands=tuple(bands(told, p, y, [float(end) for end in ends])) if len(ends) > 1 else (),
        beside=tuple(_beside(facts, task, wish, parts, told)),
    )


def _level(learnt: Learnt) -> float:
    """Return the score at which the probability is the base: where nothing is known."""
    line = learnt.card.probability
    if line.slope == 0 or not 0 < line.base < 1:
        return 50.0
    return float((np.log(line.base / (1 - line.base)) - line.intercept) / line.slope)


def _beside(
    facts: Mapping[str, Fact], task: Task, wish: Wish, parts: Split, told: Floats
) -> Sequence[Beside]:
    """Return what others make of the same facts, on the same cases."""
    others = {"naive Bayes": naive_bayes_scores(facts, task.outcome, parts.past, parts.future)}
    if wish.yardstick:
        others["LightGBM"] = black_box_scores(
            facts, task.outcome, parts.past, parts.future, seed=wish.seed
        )
    y, groups = task.outcome[parts.future], task.clusters[parts.future]
    return [
        Beside(
            name, auc(scores, y, clusters=groups), auc_difference(told, scores, y, clusters=groups)
        )
        for name, scores in others.items()
    ]
