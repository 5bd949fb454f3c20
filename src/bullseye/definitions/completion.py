"""What filling one unknown field could do: the fewest and most points it can bring.

A field matters to a profile only through the comparisons made on it, so its possible values
fall into finitely many regions; one representative of each is tried. Where there are too many
regions (a list with many named values), the bounds are those of the single criteria: never
too narrow, possibly too wide.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from bullseye.definitions.evaluate import Cell, holds
from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.icp import Clause
from bullseye.definitions.rule import Op, Test, tests_in

MAX_NAMED_VALUES = 8
OTHER = "\N{REPLACEMENT CHARACTER} any other value"


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
            return _subsets([str(value) for value in named])
        case FieldType.DATE:
            return _days(tests, as_of)
        case FieldType.COUNT | FieldType.YEAR:
            return _whole_numbers(named)
        case FieldType.NUMBER | FieldType.MONEY | FieldType.SHARE:
            return _numbers(named, cents=field.type is FieldType.MONEY)
        case _:
            return _texts(tests, [str(value) for value in named])


def _subsets(named: list[str]) -> Sequence[Cell] | None:
    if len(named) > MAX_NAMED_VALUES:
        return None
    return [list(s) for size in range(len(named) + 1) for s in combinations(named, size)]


def _days(tests: Sequence[Test], as_of: date) -> Sequence[Cell]:
    bounds = {as_of}
    for test in tests:
        if test.op is Op.WITHIN:
            bounds.add(as_of - timedelta(days=int(test.values[0])))  # type: ignore[arg-type]
        else:
            bounds |= {value for value in test.values if isinstance(value, date)}
    step = timedelta(days=1)
    return sorted(day for bound in bounds for day in (bound - step, bound, bound + step))


def _whole_numbers(named: Sequence[object]) -> Sequence[Cell]:
    bounds = [float(str(value)) for value in named]
    near = {math.floor(b) + step for b in bounds for step in (-1, 0, 1, 2)}
    return sorted({max(0, n) for n in near} | {0, 10**12})


def _numbers(named: Sequence[object], *, cents: bool) -> Sequence[Cell]:
    bounds = [float(str(value)) for value in named]
    if cents:
        near = {round(b + step, 2) for b in bounds for step in (-0.01, 0.0, 0.01)}
    else:
        near = {edge for b in bounds for edge in (math.nextafter(b, -math.inf), b)}
        near |= {math.nextafter(b, math.inf) for b in bounds}
    return sorted(near | {-1e15, 0.0, 1e15})


def _texts(tests: Sequence[Test], named: list[str]) -> Sequence[Cell] | None:
    patterns = [str(v) for test in tests if test.op is Op.CONTAINS for v in test.values]
    if len(patterns) > MAX_NAMED_VALUES:
        return None
    mixed = [
        " ".join((*chosen, OTHER))
        for size in range(len(patterns) + 1)
        for chosen in combinations(patterns, size)
    ]
    return [*named, *mixed]
