"""Candidate conditions: what could be a criterion, made of the facts and never of the outcome.

Thresholds and bands of numbers, the commonest levels of texts and lists, flags, and the groups
of values that the team's own definitions already name.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import FieldType
from bullseye.definitions.rule import AllOf, Op, Rule, Test, Value, tests_in
from bullseye.segment.nice import nice_bounds
from bullseye.segment.suitable import unsuitable
from bullseye.warehouse.answers import Answers, Bools, answers, both
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

LEAST_SHARE = 0.01
"""A condition that fewer of the known rows meet, or fail, tells too few apart."""

_DECILES = np.arange(0.1, 0.95, 0.1)
_QUINTILES = np.arange(0.2, 0.85, 0.2)
_WHOLE = frozenset({FieldType.COUNT, FieldType.YEAR})
_ANY_DAY = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A condition and its answers on n rows.

    Parameters
    ----------
    rule
        Typed, ready to stand in an ICP.
    fields
        The fields it reads, by name.
    yes
        Where it holds, shape (n,); false where unknown.
    known
        Where it is known whether it holds, shape (n,). Candidates on one field share it.
    """

    rule: Rule
    fields: tuple[str, ...]
    yes: Bools
    known: Bools

    def __str__(self) -> str:
        return str(self.rule)


def candidates(
    facts: Mapping[str, Fact],
    *,
    most_levels: int = 15,
    least_share: float = LEAST_SHARE,
    bands: bool = True,
    groupings: Sequence[Rule] = (),
    insist: Collection[str] = (),
) -> list[Candidate]:
    """Return the conditions that `facts` offer, field by field, no two with the same answers.

    Parameters
    ----------
    facts
        Columns of n rows each, by field. For many rows give `sampled` ones: n x conditions
        bytes are held.
    most_levels
        At most so many of the commonest levels of a text or list.
    least_share
        At least this share of the known rows must meet a condition, and as many must fail it.
    bands
        Whether numbers give bands (from … to …) beside thresholds.
    groupings
        Rules of the team's own; their tests for one of several values become candidates.
    insist
        Fields to read although `unsuitable` leaves them out.

    Returns
    -------
    list of Candidate
        Thresholds are the coarsest numbers that move at most 0.3 % of the rows.
    """
    refused = {left.field for left in unsuitable(facts, insist)}
    read = {name: facts[name] for name in sorted(facts) if name not in refused}
    found = []
    for name, fact in read.items():
        rules = [*_rules(fact, most_levels, bands=bands), *_grouped(name, fact, groupings)]
        known, seen = fact.known, set[bytes]()
        for rule in rules:
            yes = answers(rule, read, _ANY_DAY).yes
            if _tells_apart(yes, known, least_share) and _is_new(yes, known, seen):
                found.append(Candidate(rule, (name,), yes, known))
    return found


def pair(left: Candidate, right: Candidate) -> Candidate:
    """Return the condition that both hold; known to fail as soon as one is known to."""
    yes, known = both(Answers(left.yes, left.known), Answers(right.yes, right.known))
    fields = tuple(sorted({*left.fields, *right.fields}))
    return Candidate(AllOf((left.rule, right.rule)), fields, yes, known)


def sampled(facts: Mapping[str, Fact], rows: NDArray[np.int64]) -> dict[str, Fact]:
    """Return the facts of some rows, in the order of `rows`; all levels are kept."""
    return {name: _taken(fact, rows) for name, fact in facts.items()}


def _taken(fact: Fact, rows: NDArray[np.int64]) -> Fact:
    match fact:
        case NumberFact(field, values):
            return NumberFact(field, values[rows])
        case TextFact(field, levels, codes):
            return TextFact(field, levels, codes[rows])
        case ListFact(field, levels, codes, starts, known):
            lengths = starts[rows + 1] - starts[rows]
            first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
            places = np.arange(first[-1]) + np.repeat(starts[rows] - first[:-1], lengths)
            return ListFact(field, levels, codes[places], first, known[rows])


def _rules(fact: Fact, most_levels: int, *, bands: bool) -> Iterator[Rule]:
    name = fact.field.name
    match fact:
        case NumberFact():
            yield from _of_numbers(fact, bands=bands)
        case TextFact() if fact.field.type is FieldType.FLAG:
            yield Test(name, Op.IS, (True,))
        case TextFact(_, levels, codes):
            for code in _commonest(codes, len(levels), most_levels):
                yield Test(name, Op.ANY_OF, (levels[code],))
        case ListFact(_, levels, codes, _, _):
            for code in _commonest(codes, len(levels), most_levels):
                yield Test(name, Op.ANY_OF, (levels[code],))


def _of_numbers(fact: NumberFact, *, bands: bool) -> Iterator[Rule]:
    """Yield thresholds at the deciles, then bands between the quintiles."""
    values = np.sort(fact.values[fact.known])
    whole, name = fact.field.type in _WHOLE, fact.field.name
    places = np.quantile(values, _DECILES, method="higher")
    for bound in nice_bounds(values, places, whole=whole):
        yield Test(name, Op.AT_LEAST, (bound,))
    if not bands:
        return
    bounds = nice_bounds(values, np.quantile(values, _QUINTILES, method="higher"), whole=whole)
    for at, low in enumerate(bounds):
        for high in bounds[at + 1 :]:
            last: Value = high - 1 if whole else high
            yield Test(name, Op.BETWEEN, (low, last))


def _commonest(codes: NDArray[np.int32], level_count: int, most: int) -> list[int]:
    counts = np.bincount(codes[codes >= 0], minlength=level_count)
    order = np.argsort(-counts, kind="stable")[:most]
    return [int(code) for code in order if counts[code]]


def _grouped(name: str, fact: Fact, groupings: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the team's own groups of values of this field, each once."""
    if isinstance(fact, NumberFact):
        return
    told = set()
    for test in (test for rule in groupings for test in tests_in(rule)):
        group = frozenset(test.values)
        if test.field == name and test.op is Op.ANY_OF and len(group) > 1 and group not in told:
            told.add(group)
            yield test


def _tells_apart(yes: Bools, known: Bools, least_share: float) -> bool:
    n, met = int(known.sum()), int(yes.sum())
    least = max(least_share * n, 1)
    return least <= met <= n - least


def _is_new(yes: Bools, known: Bools, seen: set[bytes]) -> bool:
    """Whether no condition of this field has the same answers or the opposite ones."""
    key = np.packbits(yes).tobytes()
    if key in seen:
        return False
    seen |= {key, np.packbits(known & ~yes).tobytes()}
    return True
