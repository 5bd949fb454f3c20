"""What filling one unknown field could do: the fewest and most points it can bring.

A field matters to a profile only through the comparisons made on it, so its possible values
fall into finitely many regions; one representative of each is tried. Where there are too many
regions (a list with many named values), the bounds are those of the single criteria: never
too narrow, possibly too wide.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, count
from typing import NamedTuple

from bullseye.definitions.evaluate import Cell, days_before, folded, holds
from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.icp import Clause
from bullseye.definitions.rule import Op, Test, tests_in

MAX_NAMED_VALUES = 8
_FIRST_PRIVATE = 0xE000
_LARGEST = sys.float_info.max


class PointRange(NamedTuple):
    """Fewest and most points, both attained by some value unless there were too many."""

    low: int
    high: int


def point_range(
    clauses: Sequence[Clause], field: Field, fields: Mapping[str, Field], as_of: date
) -> PointRange:
    """Return the points `clauses` can earn together over every value of `field`.

    `clauses` read only `field`. A clause with negative points earns ``-points`` where it is
    not met: the total then counts from zero, as `bullseye.warehouse.layout` does.
    """
    values = representatives([t for c in clauses for t in tests_in(c.rule)], field, as_of)
    if values is None:
        return PointRange(0, sum(abs(clause.points) for clause in clauses))
    totals = [
        sum(
            earned(clause, holds(clause.rule, {field.name: v}, fields, as_of)) for clause in clauses
        )
        for v in values
    ]
    return PointRange(min(totals), max(totals))


def earned(clause: Clause, met: bool | None) -> int:
    """Return the points a clause earns, counted from its worst answer; 0 where unknown."""
    if met is None:
        return 0
    if clause.points > 0:
        return clause.points if met else 0
    return 0 if met else -clause.points


def representatives(tests: Sequence[Test], field: Field, as_of: date) -> Sequence[Cell] | None:
    """Return one value from each region the tests can tell apart, or None if too many."""
    named = list(dict.fromkeys(value for test in tests for value in test.values))
    match field.type:
        case FieldType.FLAG:
            return [True, False]
        case FieldType.LIST:
            return _lists(tests)
        case FieldType.DATE:
            return _days(tests, as_of)
        case FieldType.COUNT | FieldType.YEAR:
            return _whole_numbers(named)
        case FieldType.NUMBER | FieldType.MONEY | FieldType.SHARE:
            return _numbers(named, cents=field.type is FieldType.MONEY)
        case _:
            return _texts(tests)


def _lists(tests: Sequence[Test]) -> Sequence[Cell] | None:
    """Return every choice of items: the named ones, and one around each text looked for."""
    equal, patterns = _equal_to(tests), _patterns(tests)
    around = [pattern + _mark(patterns, equal) for pattern in patterns]
    return _subsets([*equal, *around])


def _subsets(items: list[str]) -> list[Sequence[str]] | None:
    if len(items) > MAX_NAMED_VALUES:
        return None
    return [list(s) for size in range(len(items) + 1) for s in combinations(items, size)]


def _days(tests: Sequence[Test], as_of: date) -> Sequence[Cell]:
    bounds = {as_of}
    for test in tests:
        if test.op is Op.WITHIN:
            bounds.add(days_before(as_of, int(test.values[0])))  # type: ignore[arg-type]
        else:
            bounds |= {value for value in test.values if isinstance(value, date)}
    numbers = {bound.toordinal() + step for bound in bounds for step in (-1, 0, 1)}
    return [date.fromordinal(n) for n in sorted(numbers) if 1 <= n <= date.max.toordinal()]


def _whole_numbers(named: Sequence[object]) -> Sequence[Cell]:
    bounds = [value for value in named if isinstance(value, int | float)]
    near = {math.floor(b) + step for b in bounds for step in (-1, 0, 1, 2)}
    return sorted({max(0, n) for n in near} | {0, 10**12})


def _numbers(named: Sequence[object], *, cents: bool) -> Sequence[Cell]:
    written = [value for value in named if isinstance(value, int | float)]
    bounds = [float(max(-_LARGEST, min(value, _LARGEST))) for value in written]
    if cents:
        steps = {b: max(0.01, math.ulp(b)) for b in bounds}
        near = {round(b + sign * steps[b], 2) for b in bounds for sign in (-1, 0, 1)}
    else:
        near = {math.nextafter(b, end) for b in bounds for end in (-math.inf, math.inf)}
        near |= set(bounds)
    return sorted(near | {-1e15, 0.0, 1e15})


def _texts(tests: Sequence[Test]) -> Sequence[Cell] | None:
    """Return the named values, and a text with every choice of the texts looked for."""
    equal, patterns = _equal_to(tests), _patterns(tests)
    chosen = _subsets(patterns)
    if chosen is None:
        return None
    mark = _mark(patterns, equal)
    return [*equal, *(mark.join((mark, *some, mark)) for some in chosen)]


def _equal_to(tests: Sequence[Test]) -> list[str]:
    """Return the values that tests compare with as a whole."""
    values = (value for test in tests if test.op is not Op.CONTAINS for value in test.values)
    return list(dict.fromkeys(str(value) for value in values))


def _patterns(tests: Sequence[Test]) -> list[str]:
    """Return the texts that tests look for inside others, each once whatever its case."""
    values = (value for test in tests if test.op is Op.CONTAINS for value in test.values)
    return list(dict.fromkeys(folded(str(value)) for value in values))


def _mark(*texts: Sequence[str]) -> str:
    """Return a character that none of the texts has: what it joins makes no text by accident."""
    used = {letter for listed in texts for text in listed for letter in text}
    return next(letter for n in count(_FIRST_PRIVATE) if (letter := chr(n)) not in used)
