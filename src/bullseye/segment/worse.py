"""Segments that fare worse than all others: searched on the past, confirmed by the next period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import FieldType
from bullseye.definitions.rule import Op, Rule, Test
from bullseye.segment.candidates import Candidate, candidates, pair, sampled
from bullseye.stats.costs import cost_ratio
from bullseye.stats.rate_ratio import Ratio, rate_ratio
from bullseye.stats.segments import MIN_CASES, SHUFFLES, Answered, Found, worse_costs, worse_rates
from bullseye.warehouse.answers import answers
from bullseye.warehouse.facts import Fact

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_TIMES = 1.5
"""An exclusion is proposed only where the lower bound of its ratio is above this."""

MOST_PAIRS = 1200
"""Pairs of conditions that are looked at: those that most cases meet, whatever the outcome."""

SEARCHED_ON = 20_000
"""Cases that are searched at most, drawn by the seed; what is found is counted on all."""

COVERED = 0.8
"""A segment is refused already where an exclusion refuses so much of it."""

_NO_DAY = date(1970, 1, 1)  # no condition looked at depends on the day
_ONE_SIDED = 0.90  # both ends of a 90 % interval: each is true in 95 of 100


class Standing(StrEnum):
    """What may be done with a segment that was found."""

    CONFIRMED = "confirmed"  # found on the past, and the next period says so too
    WAITING = "waiting"  # bad over all, but there is no next period that could say so yet
    REFUTED = "refuted"  # found on the past, but the next period does not say so


@dataclass(frozen=True, eq=False)
class Measured:
    """Something bad that was measured on n cases; arrays (n,).

    `values` are 1 and 0 for what happens or not, and amounts from 0 up for costs; `account` the
    case's account; `began` its day in days since 1970, NaN where it has none. `facts` are columns
    of n rows. Cases whose value is not known are not among them.
    """

    is_cost: bool
    values: Floats
    account: Ints
    began: Floats
    facts: Mapping[str, Fact]

    def taken(self, rows: Ints) -> "Measured":
        """Return some of the cases."""
        return Measured(
            self.is_cost,
            self.values[rows],
            self.account[rows],
            self.began[rows],
            sampled(self.facts, rows),
        )


@dataclass(frozen=True, eq=False)
class Worse:
    """One segment that fares worse.

    `ratio` over all cases, with its own interval; `at_least` the lower bound that holds for all
    segments looked at; `earlier` and `later` the two periods (None without days); `alike` further
    segments that are nearly the same; `accounts` the numbers of the accounts in it.
    """

    rule: Rule
    standing: Standing
    ratio: Ratio
    at_least: float
    earlier: Ratio | None
    later: Ratio | None
    alike: tuple[Rule, ...]
    accounts: Ints


@dataclass(frozen=True, eq=False)
class Search:
    """What was looked at and found: `looked_at` segments on `searched` of `n` cases."""

    n: int
    happened: int
    searched: int
    looked_at: int
    found: tuple[Worse, ...]


def search(measured: Measured, *, seed: int = 0, shuffles: int = SHUFFLES) -> Search:
    """Return the segments of one and two conditions that fare at least 1.5 times as badly.

    Notes
    -----
    Found: the simultaneous lower bound over all cases is above 1.5 (max-T). Confirmed: the search
    on the earlier half alone finds it too, and in the later half, which that search has not seen,
    the one-sided 95 % lower bound of its ratio is above 1. The halves meet at the median day.
    """
    n = len(measured.values)
    few = measured
    if n > SEARCHED_ON:
        draw = np.random.default_rng(seed).choice(n, SEARCHED_ON, replace=False)
        few = measured.taken(np.sort(draw))
    conditions = conditions_of(few.facts)
    happened = int((measured.values > 0).sum())
    if not conditions:
        return Search(n, happened, len(few.values), 0, ())
    answered = _answered(conditions)
    whole = _searched(few, answered, seed, shuffles)
    bad = [int(at) for at in np.flatnonzero(np.nan_to_num(whole.low) > LEAST_TIMES)]
    kept = _distinct(bad, whole, answered, few)
    earlier, later = _halves(few.began)
    past = None
    if bad and earlier.any() and later.any():
        before = few.taken(np.flatnonzero(earlier))
        past = _searched(before, _rows(answered, earlier), seed, shuffles)
    found = []
    for at, near in kept:
        seen_before = past is not None and bool(past.p[at] <= 0.05)
        rules = tuple(conditions[each].rule for each in near)
        rule = conditions[at].rule
        found.append(_worse(rule, measured, float(whole.low[at]), rules, seen_before))
    return Search(n, happened, len(few.values), len(conditions), tuple(found))


def conditions_of(facts: Mapping[str, Fact]) -> list[Candidate]:
    """Return the conditions looked at: single ones with their opposites, then pairs of them."""
    single: list[Candidate] = []
    for each in candidates(facts, bands=False):
        single.append(each)
        opposite = _opposite(each, facts)
        if opposite is not None:
            single.append(opposite)
    return [*single, *_pairs(single)]


def ratio_of(measured: Measured, yes: Bools, known: Bools, *, confidence: float = 0.95) -> Ratio:
    """Return how many times as badly one segment fares as all others whose answer is known."""
    if not measured.is_cost:
        happened = measured.values > 0
        return rate_ratio(yes, known, happened, measured.account, confidence=confidence)
    these, others = measured.values[yes], measured.values[known & ~yes]
    found = cost_ratio(these, others, confidence=confidence)
    positive = (int((each > 0).sum()) for each in (these, others))
    x, x0 = positive
    return Ratio(found.value, found.low, found.high, len(these), x, len(others), x0)


def _opposite(each: Candidate, facts: Mapping[str, Fact]) -> Candidate | None:
    """Return "under t" for "at least t" and "no" for "yes"; None for levels."""
    test = each.rule
    if not isinstance(test, Test):
        return None
    if test.op is Op.AT_LEAST:
        rule = Test(test.field, Op.UNDER, test.values)
    elif facts[test.field].field.type is FieldType.FLAG:
        rule = Test(test.field, Op.IS, (False,))
    else:
        return None
    return Candidate(rule, each.fields, each.known & ~each.yes, each.known)


def _pairs(single: Sequence[Candidate]) -> list[Candidate]:
    """Return the pairs of conditions on different fields that most cases meet."""
    if not single:
        return []
    members = np.array([each.yes for each in single], dtype=np.float32)
    together = members @ members.T
    places = [
        (-float(together[a, b]), a, b)
        for a, b in combinations(range(len(single)), 2)
        if single[a].fields != single[b].fields and together[a, b] >= MIN_CASES
    ]
    return [pair(single[a], single[b]) for _, a, b in sorted(places)[:MOST_PAIRS]]


def _answered(conditions: Sequence[Candidate]) -> Answered:
    return Answered(
        np.array([each.yes for each in conditions]),
        np.array([each.known for each in conditions]),
        np.array([len(each.fields) > 1 for each in conditions]),
    )


def _rows(answered: Answered, rows: Bools) -> Answered:
    return Answered(answered.yes[:, rows], answered.known[:, rows], answered.is_pair)


def _searched(measured: Measured, answered: Answered, seed: int, shuffles: int) -> Found:
    if measured.is_cost:
        return worse_costs(
            answered, measured.values, measured.account, shuffles=shuffles, seed=seed
        )
    happened = measured.values > 0
    return worse_rates(answered, happened, measured.account, shuffles=shuffles, seed=seed)


def _halves(began: Floats) -> tuple[Bools, Bools]:
    """Return the earlier and the later half of the cases that have a day."""
    dated = ~np.isnan(began)
    if not dated.any():
        return dated, dated
    middle = np.median(began[dated])
    return dated & (began <= middle), dated & (began > middle)


def _distinct(
    bad: Sequence[int], found: Found, answered: Answered, measured: Measured
) -> list[tuple[int, list[int]]]:
    """Return the segments that say something of their own, each with those that say the same.

    Clearer comes first: the larger deviation, and one condition before two. A further segment says
    something of its own if it fares worse among the cases outside all clearer ones too.
    """
    order = sorted(bad, key=lambda at: (bool(answered.is_pair[at]), -float(found.z[at]), at))
    kept: list[tuple[int, list[int]]] = []
    outside = np.ones(len(measured.values), dtype=bool)
    for at in order:
        yes, known = answered.yes[at], answered.known[at]
        if kept and not _adds(measured, yes, known, outside):
            shared = [int((yes & answered.yes[other]).sum()) for other, _ in kept]
            kept[int(np.argmax(shared))][1].append(at)
            continue
        kept.append((at, []))
        outside &= ~yes
    return kept


def _adds(measured: Measured, yes: Bools, known: Bools, outside: Bools) -> bool:
    rest = np.flatnonzero(outside)
    if min(int(yes[rest].sum()), int((known & ~yes)[rest].sum())) < MIN_CASES:
        return False
    own = ratio_of(measured.taken(rest), yes[rest], known[rest], confidence=_ONE_SIDED)
    return own.low is not None and own.low > LEAST_TIMES


def _worse(
    rule: Rule, measured: Measured, at_least: float, alike: tuple[Rule, ...], seen_before: bool
) -> Worse:
    """Return one segment, counted on all cases and in both periods."""
    yes, known = answers(rule, measured.facts, _NO_DAY)
    earlier = later = None
    standing = Standing.WAITING
    halves = _halves(measured.began)
    if all(half.any() for half in halves):
        earlier, later = (
            ratio_of(
                measured.taken(np.flatnonzero(half)),
                yes[half],
                known[half],
                confidence=_ONE_SIDED,
            )
            for half in halves
        )
        standing = _standing(later, seen_before=seen_before)
    ratio, accounts = ratio_of(measured, yes, known), np.unique(measured.account[yes])
    return Worse(rule, standing, ratio, at_least, earlier, later, alike, accounts)


def _standing(later: Ratio, *, seen_before: bool) -> Standing:
    if later.low is None or min(later.n, later.others) < MIN_CASES:
        return Standing.WAITING
    if later.low > 1:
        return Standing.CONFIRMED if seen_before else Standing.WAITING
    clearly_not = later.high is not None and later.high < LEAST_TIMES
    return Standing.REFUTED if clearly_not else Standing.WAITING
