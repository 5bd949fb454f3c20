"""Segments by a field: its commonest values, its bands of numbers, with and without an entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import FieldType
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.segment.nice import nice_bounds
from bullseye.segment.suitable import unsuitable
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

Ints = NDArray[np.int64]

OTHERS = "all others"
MOST_LEVELS = 8
"""Segments of a text field; the rarer values are one segment."""

MOST_ENTRIES = 6
"""Entries of a list field that are looked at, each as with against without."""

LEAST = 20
"""Cases below which a value is no segment of its own."""

_WHOLE = frozenset({FieldType.COUNT, FieldType.YEAR})


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A way to divide n cases: `codes` (n,) are indices into `names`, -1 where unknown."""

    field: str
    names: tuple[str, ...]
    codes: Ints

    def taken(self, rows: NDArray[np.generic]) -> "Segmentation":
        """Return the same division of some of the cases."""
        return replace(self, codes=self.codes[rows])


def segmentations(
    facts: Mapping[str, Fact], by: str | None = None, *, least: int = LEAST
) -> tuple[Segmentation, ...]:
    """Return the divisions that `facts` offer, by field; those of one field if `by` names one.

    Identifiers, free text, days, owners and what the process edits divide nothing, unless named.
    A value that fewer than `least` cases have is no segment of its own.

    Raises
    ------
    UnknownName
        If `by` is no field of the accounts.
    NotEnoughEvidence
        If the field `by` has fewer than two segments.
    """
    if by is not None and by not in facts:
        raise UnknownName("field", by, facts)
    refused = {left.field for left in unsuitable(facts)} if by is None else set()
    names = [by] if by is not None else sorted(set(facts) - refused)
    made = (each for name in names for each in _of(name, facts[name], least))
    found = tuple(each for each in made if len(each.names) > 1)
    if by is not None and not found:
        known = facts[by].known
        raise NotEnoughEvidence(
            f"Field {by} has fewer than two segments of {least} cases:"
            f" it is known in {np.count_nonzero(known):,} of {len(known):,} cases.",
            hint="A case counts with what was known before it began. Name another field, or"
            " import older exports with their own dates.",
        )
    return found


def _of(name: str, fact: Fact, least: int) -> Iterator[Segmentation]:
    match fact:
        case NumberFact():
            yield _bands(name, fact, least)
        case TextFact():
            yield _levels(name, fact, least)
        case ListFact():
            yield from _entries(name, fact, least)


def _levels(name: str, fact: TextFact, least: int) -> Segmentation:
    counts = np.bincount(fact.codes[fact.known], minlength=len(fact.levels))
    order = np.argsort(-counts, kind="stable")
    kept = [int(code) for code in order[:MOST_LEVELS] if counts[code] >= least]
    rest = int(counts.sum() - counts[kept].sum()) if len(counts) else 0
    place = np.full(len(fact.levels) + 1, len(kept) if rest >= least else -1, dtype=np.int64)
    place[-1] = -1  # unknown: codes of -1 end here
    place[kept] = np.arange(len(kept))
    names = tuple(fact.levels[code] for code in kept)
    return Segmentation(name, (*names, OTHERS) if rest >= least else names, place[fact.codes])


def _bands(name: str, fact: NumberFact, least: int) -> Segmentation:
    """Return quarters of the cases, at bounds that people can say."""
    values = np.sort(fact.values[fact.known])
    if len(values) < 2 * least:
        return Segmentation(name, (), np.full(len(fact.values), -1))
    places = np.quantile(values, [0.25, 0.5, 0.75], method="higher")
    found = nice_bounds(values, places, whole=fact.field.type in _WHOLE)
    bounds = [bound for bound in found if values[0] < bound <= values[-1]]
    codes = np.searchsorted(np.array(bounds, dtype=np.float64), fact.values, side="right")
    said = [_said(bound, fact.field.type) for bound in bounds]
    inner = (f"{low} to below {high}" for low, high in pairwise(said))
    names = (f"below {said[0]}", *inner, f"{said[-1]} or more") if said else ()
    return Segmentation(name, names, np.where(fact.known, codes, -1).astype(np.int64))


def _said(bound: int | float, kind: FieldType) -> str:
    if kind is FieldType.SHARE:
        return f"{100 * bound:.10g} %"
    return f"{bound:.10g}" if kind is FieldType.YEAR or abs(bound) < 10_000 else f"{bound:,}"


def _entries(name: str, fact: ListFact, least: int) -> Iterator[Segmentation]:
    counts = np.bincount(fact.codes[fact.codes >= 0], minlength=len(fact.levels))
    for code in np.argsort(-counts, kind="stable")[:MOST_ENTRIES]:
        has = fact.has(int(code))
        without = int((fact.known & ~has).sum())
        if min(int(has.sum()), without) < least:
            continue
        codes = np.where(fact.known, has.astype(np.int64), -1)
        level = fact.levels[code]
        yield Segmentation(name, (f"without {level}", f"with {level}"), codes)
