"""Evaluate a rule on one row in plain Python: the slow reference every engine must equal."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule, Test

Cell = str | int | float | bool | date | Sequence[str] | None
"""A value as a row holds it; None is unknown."""

Row = Mapping[str, Cell]


def holds(rule: Rule, row: Row, fields: Mapping[str, Field], as_of: date) -> bool | None:
    """Return whether `rule` holds for `row`; None where what it reads is unknown.

    The logic is Kleene's: an answer is given as soon as no unknown value could change it.

    >>> from bullseye.definitions.rule import read_rule
    >>> fields = {"employees": Field("employees", FieldType.COUNT, "")}
    >>> rule = read_rule({"employees": {"over": 50}})
    >>> [holds(rule, {"employees": n}, fields, date(2026, 1, 1)) for n in (51, 50, None)]
    [True, False, None]
    """
    match rule:
        case Test():
            return _test_holds(rule, row.get(rule.field), fields[rule.field].type, as_of)
        case Not(part):
            answer = holds(part, row, fields, as_of)
            return None if answer is None else not answer
        case AllOf(parts):
            answers = [holds(part, row, fields, as_of) for part in parts]
            return False if False in answers else None if None in answers else True
        case AnyOf(parts):
            answers = [holds(part, row, fields, as_of) for part in parts]
            return True if True in answers else None if None in answers else False


def folded(text: str) -> str:
    """Return `text` in lower case, letter by letter, as the engines do.

    Python's own way looks at a letter's neighbours, and writes one capital as two letters.

    >>> folded("ΟΔΟΣ"), "ΟΔΟΣ".lower()
    ('οδοσ', 'οδος')
    """
    return "".join(letter.lower()[0] for letter in text)


def days_before(day: date, days: int) -> date:
    """Return the day so many days earlier, or the first there is.

    >>> days_before(date(2026, 3, 1), 1), days_before(date(2026, 3, 1), 10**12)
    (datetime.date(2026, 2, 28), datetime.date(1, 1, 1))
    """
    return day - timedelta(days=days) if days < day.toordinal() else date.min


def _test_holds(test: Test, cell: Cell, kind: FieldType, as_of: date) -> bool | None:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    values: Sequence[Any] = test.values
    if kind is FieldType.LIST:
        assert not isinstance(cell, str | int | float | date)  # noqa: S101 - by the field's type
        return _list_holds(test.op, {item for item in cell if item is not None}, values)
    match test.op:
        case Op.IS | Op.ANY_OF | Op.ALL_OF:
            return cell in values
        case Op.NONE_OF:
            return cell not in values
        case Op.CONTAINS:
            return any(folded(str(value)) in folded(str(cell)) for value in values)
        case Op.BETWEEN:
            return bool(values[0] <= cell <= values[1])
        case Op.OVER:
            return bool(cell > values[0])
        case Op.UNDER:
            return bool(cell < values[0])
        case Op.AT_LEAST:
            return bool(cell >= values[0])
        case Op.AT_MOST:
            return bool(cell <= values[0])
        case Op.WITHIN:
            return isinstance(cell, date) and days_before(as_of, int(values[0])) <= cell <= as_of


def _list_holds(op: Op, cell: set[str], values: Sequence[object]) -> bool:
    match op:
        case Op.ALL_OF:
            return cell.issuperset(values)
        case Op.NONE_OF:
            return cell.isdisjoint(values)
        case Op.CONTAINS:
            return any(folded(str(value)) in folded(item) for value in values for item in cell)
        case _:
            return not cell.isdisjoint(values)
