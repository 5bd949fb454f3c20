"""What a rule answers on columns of facts: the evaluator of mining and learning.

It says of every row what `bullseye.definitions.evaluate.holds` says of it, for whole columns at
a time.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.evaluate import days_before, folded
from bullseye.definitions.field import FieldType
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule, Test, Value
from bullseye.warehouse.facts import NO_YES, Fact, ListFact, NumberFact, TextFact

_EPOCH = date(1970, 1, 1)

Bools = NDArray[np.bool_]


class Answers(NamedTuple):
    """Where a rule holds, and where it is known whether it does; both of shape (n,).

    `yes` is false wherever `known` is false.
    """

    yes: Bools
    known: Bools


def answers(rule: Rule, facts: Mapping[str, Fact], as_of: date) -> Answers:
    """Return what `rule` answers on every row of `facts`.

    Parameters
    ----------
    rule
        Typed, as `bullseye.definitions.typed` gives it.
    facts
        Columns of n rows each, by field.
    as_of
        The day that ``within`` counts from.

    Raises
    ------
    KeyError
        If the rule reads a field that is not among the facts.
    """
    match rule:
        case Test():
            return _test(rule, facts[rule.field], as_of)
        case Not(part):
            yes, known = answers(part, facts, as_of)
            return Answers(known & ~yes, known)
        case AllOf(parts):
            return reduce(both, (answers(part, facts, as_of) for part in parts))
        case AnyOf(parts):
            return reduce(_either, (answers(part, facts, as_of) for part in parts))


def both(left: Answers, right: Answers) -> Answers:
    """Return where both hold; known as soon as one of them is known not to."""
    yes = left.yes & right.yes
    refused = (left.known & ~left.yes) | (right.known & ~right.yes)
    return Answers(yes, yes | refused)


def _either(left: Answers, right: Answers) -> Answers:
    yes = left.yes | right.yes
    return Answers(yes, yes | (left.known & right.known))


def _test(test: Test, fact: Fact, as_of: date) -> Answers:
    match fact:
        case NumberFact():
            return Answers(_compared(test, fact, as_of) & fact.known, fact.known)
        case TextFact():
            chosen = np.append(_levels_meeting(test, fact), False)  # code -1 is the last
            return Answers(chosen[fact.codes], fact.known)
        case ListFact():
            return Answers(_listed(test, fact) & fact.known, fact.known)


def _compared(test: Test, fact: NumberFact, as_of: date) -> Bools:
    values = [_number(value) for value in test.values]
    cells = fact.values
    with np.errstate(invalid="ignore"):
        match test.op:
            case Op.BETWEEN:
                return np.asarray((values[0] <= cells) & (cells <= values[1]))
            case Op.OVER:
                return np.asarray(cells > values[0])
            case Op.UNDER:
                return np.asarray(cells < values[0])
            case Op.AT_LEAST:
                return np.asarray(cells >= values[0])
            case Op.AT_MOST:
                return np.asarray(cells <= values[0])
            case Op.WITHIN:
                first = _number(days_before(as_of, int(values[0])))
                return np.asarray((first <= cells) & (cells <= _number(as_of)))
            case Op.NONE_OF:
                return ~np.isin(cells, values)
            case _:
                return np.isin(cells, values)


def _number(value: Value) -> float:
    return float((value - _EPOCH).days) if isinstance(value, date) else float(value)


def _levels_meeting(test: Test, fact: TextFact) -> Bools:
    """Return which levels meet the test, shape (levels,)."""
    if test.op is Op.CONTAINS:
        return _containing(test.values, fact.levels)
    flag = fact.field.type is FieldType.FLAG
    wanted = {NO_YES[bool(value)] if flag else str(value) for value in test.values}
    chosen = np.array([level in wanted for level in fact.levels], dtype=bool)
    return ~chosen if test.op is Op.NONE_OF else chosen


def _listed(test: Test, fact: ListFact) -> Bools:
    nowhere = np.zeros(len(fact.known), dtype=bool)
    if test.op is Op.CONTAINS:
        codes = np.flatnonzero(_containing(test.values, fact.levels))
        return reduce(np.logical_or, (fact.has(int(code)) for code in codes), nowhere)
    places = {level: code for code, level in enumerate(fact.levels)}
    held = [
        fact.has(places[value]) if value in places else nowhere for value in map(str, test.values)
    ]
    if test.op is Op.ALL_OF:
        return reduce(np.logical_and, held, ~nowhere)
    found = reduce(np.logical_or, held, nowhere)
    return ~found if test.op is Op.NONE_OF else found


def _containing(patterns: Sequence[Value], levels: Sequence[str]) -> Bools:
    wanted = [folded(str(pattern)) for pattern in patterns]
    return np.array([any(p in folded(level) for p in wanted) for level in levels], dtype=bool)
