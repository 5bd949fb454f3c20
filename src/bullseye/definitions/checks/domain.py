"""Whether comparisons of one field can all hold at once, decided by trying telling values.

Between two neighbouring bounds nothing changes, so it is enough to try each bound and one
value on either side of it; for texts, each text that is mentioned and one that is not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, pairwise, product
from typing import NamedTuple, TypeVar

from bullseye.definitions.field import NUMERIC, TEXTUAL, FieldType
from bullseye.definitions.quantity import day, number
from bullseye.definitions.rule import MEMBERSHIP, Op, Test, Value

MOST_JOINS = 64
_WHOLE = frozenset({FieldType.COUNT, FieldType.YEAR, FieldType.DATE})
_LEAST = {FieldType.COUNT: 0, FieldType.YEAR: 0, FieldType.DATE: 1}
_OTHER = "\0\0"
_T = TypeVar("_T")


class Literal(NamedTuple):
    """A comparison that must hold, or (not wanted) must not."""

    test: Test
    wanted: bool


def can_all_hold(type_: FieldType, literals: Sequence[Literal], today: date) -> bool:
    """Return whether one known cell could satisfy all `literals`; True where unsure."""
    if type_ is FieldType.LIST:
        return _lists_can(literals)
    if type_ in TEXTUAL:
        return any(_all(literals, _text_holds, each) for each in _texts(literals))
    if type_ in NUMERIC or type_ is FieldType.DATE:
        return _numbers_can(type_, literals, today)
    return any(_all(literals, _flag_holds, each) for each in (True, False))


def _all(literals: Iterable[Literal], holds: Callable[[Test, _T], bool | None], value: _T) -> bool:
    answers = ((holds(test, value), wanted) for test, wanted in literals)
    return all(answer is None or answer is wanted for answer, wanted in answers)


# Numbers and days


def _numbers_can(type_: FieldType, literals: Sequence[Literal], today: date) -> bool:
    read = {test: _bounds(type_, test, today) for test, _ in literals}

    def holds(test: Test, value: float) -> bool | None:
        bounds = read[test]
        return None if bounds is None else _number_holds(test.op, bounds, value)

    bounds = {each for found in read.values() for each in found or ()}
    return any(_all(literals, holds, each) for each in _numbers(type_, bounds))


def _bounds(type_: FieldType, test: Test, today: date) -> tuple[float, ...] | None:
    """Return the numbers a comparison compares with; None where they are none."""
    if test.op is Op.CONTAINS:
        return None
    if test.op is Op.WITHIN:
        span = number(test.values[0])
        return None if span is None else (today.toordinal() - span, today.toordinal())
    found = [_ordinal(v) if type_ is FieldType.DATE else number(v) for v in test.values]
    known = [each for each in found if each is not None]
    return tuple(known) if len(known) == len(found) else None


def _ordinal(value: Value) -> int | None:
    read = day(value)
    return read.toordinal() if read else None


def _number_holds(op: Op, bounds: tuple[float, ...], value: float) -> bool | None:
    match op:
        case Op.BETWEEN | Op.WITHIN:
            return bounds[0] <= value <= bounds[1]
        case Op.OVER:
            return value > bounds[0]
        case Op.UNDER:
            return value < bounds[0]
        case Op.AT_LEAST:
            return value >= bounds[0]
        case Op.AT_MOST:
            return value <= bounds[0]
        case Op.NONE_OF:
            return value not in bounds
        case _:
            return value in bounds


def _numbers(type_: FieldType, bounds: set[float]) -> Iterator[float]:
    ordered = sorted(bounds) or [1.0]
    tried: set[float] = {ordered[0] - 1, ordered[-1] + 1, *ordered}
    if type_ in _WHOLE:
        tried = {float(int(each) + step) for each in ordered for step in (-1, 0, 1)}
    else:
        tried |= {(a + b) / 2 for a, b in pairwise(ordered)}
    least = _LEAST.get(type_)
    return (each for each in tried if least is None or each >= least)


# Texts


def _text_holds(test: Test, value: str) -> bool | None:
    mentioned = [str(each) for each in test.values]
    match test.op:
        case Op.CONTAINS:
            return any(each.casefold() in value.casefold() for each in mentioned)
        case Op.NONE_OF:
            return value not in mentioned
        case op if op in MEMBERSHIP:
            return value in mentioned
        case _:
            return None


def _texts(literals: Sequence[Literal]) -> Iterator[str]:
    yield _OTHER
    for test, _ in literals:
        yield from (str(value) for value in test.values)
    pieces = [
        [str(value) for value in test.values]
        for test, wanted in literals
        if wanted and test.op is Op.CONTAINS
    ]
    if len(pieces) > 1:
        yield from (_OTHER.join(chosen) for chosen in islice(product(*pieces), MOST_JOINS))


# Flags and lists


def _flag_holds(test: Test, value: bool) -> bool | None:
    if not all(isinstance(each, bool) for each in test.values) or test.op not in MEMBERSHIP:
        return None
    return (value in test.values) is (test.op is not Op.NONE_OF)


def _lists_can(literals: Sequence[Literal]) -> bool:
    """Return whether a list could have, and lack, what it must."""
    has: set[str] = set()
    lacks: set[str] = set()
    one_of: list[set[str]] = []
    not_all: list[set[str]] = []
    for test, wanted in literals:
        items = {str(value) for value in test.values}
        match test.op, wanted:
            case (Op.ALL_OF, True):
                has |= items
            case (Op.ALL_OF, False):
                not_all.append(items)
            case (Op.IS | Op.ANY_OF, True) | (Op.NONE_OF, False):
                one_of.append(items)
            case (Op.IS | Op.ANY_OF, False) | (Op.NONE_OF, True):
                lacks |= items
            case _:
                continue
    for items in one_of:
        if len(items - lacks) == 1:
            has |= items - lacks
    return not (
        has & lacks
        or any(items <= lacks for items in one_of)
        or any(items <= has for items in not_all)
    )
