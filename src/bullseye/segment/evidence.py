"""The evidence of a card: rates with and without each criterion, cut-offs, silent fields."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.rule import Rule, fields_in
from bullseye.segment.learn import Learnt
from bullseye.stats.discrimination import Estimate, top
from bullseye.warehouse.answers import answers
from bullseye.warehouse.facts import Fact

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]

SHARES = (0.1, 0.25, 0.5)
"""Shares of the cases that the tiers T1, T2 and T3 are to reach down to."""

_LEAST_UNKNOWN = 30
_TELLS_BY = 0.05


class Criterion(NamedTuple):
    """One criterion: its rule, its points, and the rate of the outcome with and without it.

    `unknown` is the number of cases in which it is not known.
    """

    rule: Rule
    points: int
    with_it: Estimate
    without: Estimate
    unknown: int


class Cut(NamedTuple):
    """A cut-off of the fit_score: which share of the cases reaches it, and their rate.

    The rate is of the cases the card was learnt from: expect a little less.
    """

    fit: int
    share: float
    rate: Estimate


class SilentField(NamedTuple):
    """A field whose being unknown tells something: it may be a leak."""

    field: str
    known: Estimate
    unknown: Estimate


def criteria(
    learnt: Learnt,
    facts: Mapping[str, Fact],
    outcome: Bools,
    clusters: Places,
    as_of: date,
) -> tuple[Criterion, ...]:
    """Return the criteria with their rates, most points first."""
    found = []
    for rule, points in zip(learnt.rules, learnt.card.points, strict=True):
        yes, known = answers(rule, facts, as_of)
        found.append(
            Criterion(
                rule,
                points,
                rate(outcome, clusters, yes),
                rate(outcome, clusters, known & ~yes),
                int((~known).sum()),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.points, str(each.rule))))


def rate(outcome: Bools, clusters: Places, rows: Bools) -> Estimate:
    """Return the rate of the outcome among some cases, its interval by account."""
    y = outcome[rows]
    if not len(y):
        return Estimate(float("nan"), 0.0, 1.0, 0, 0)
    return top(np.zeros(len(y)), y, 1.0, clusters=clusters[rows]).rate


def cuts(
    learnt: Learnt,
    facts: Mapping[str, Fact],
    outcome: Bools,
    clusters: Places,
    as_of: date,
) -> tuple[Cut, ...]:
    """Return cut-offs for T1, T2 and T3: the whole numbers that come nearest to `SHARES`.

    Fewer than three where the score has too few values.
    """
    scores = learnt.card.fit_scores(learnt.conditions(facts, as_of))
    scores = np.where(np.isnan(scores), -1.0, scores)
    reached = np.array([(scores >= fit).mean() for fit in range(101)])
    found: list[Cut] = []
    for share in SHARES:
        fit = int(np.argmin(np.where(reached > 0, np.abs(reached - share), 2.0)))
        if found and reached[fit] <= found[-1].share:
            continue
        rows = scores >= fit
        found.append(Cut(fit, float(reached[fit]), rate(outcome, clusters, rows)))
    return tuple(found)


def silent_fields(
    facts: Mapping[str, Fact], rules: Sequence[Rule], outcome: Bools, clusters: Places
) -> tuple[SilentField, ...]:
    """Return the fields of the rules whose being unknown tells the outcomes apart.

    Both intervals must lie apart, and the rates differ by 5 points of percentage.
    """
    found = []
    for name in sorted({name for rule in rules for name in fields_in(rule)}):
        known = facts[name].known
        if min(known.sum(), (~known).sum()) < _LEAST_UNKNOWN:
            continue
        filled, empty = rate(outcome, clusters, known), rate(outcome, clusters, ~known)
        apart = filled.low > empty.high or empty.low > filled.high
        if apart and abs(filled.value - empty.value) >= _TELLS_BY:
            found.append(SilentField(name, filled, empty))
    return tuple(found)
