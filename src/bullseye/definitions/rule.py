"""A rule: a condition on fields, written so that a marketer can read and change it.

    employees: {between: [50, 500]}
    industry: {any_of: [B2B SaaS, Fintech]}
    technologies: {all_of: [Salesforce, Marketo]}
    headcount_growth_6m: {over: 20%}

Several fields in one rule must all hold; ``all``, ``any`` and ``not`` nest. A rule has three
answers: it holds, it does not, or the fields it reads are unknown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from bullseye.definitions.quantity import day, days, number
from bullseye.errors import nearest_name


class Op(StrEnum):
    """The comparisons a rule may make."""

    IS = "is"  # equal to one value
    ANY_OF = "any_of"  # equal to one of, or a list that has one of
    ALL_OF = "all_of"  # a list that has all of
    NONE_OF = "none_of"  # the negation of any_of
    CONTAINS = "contains"  # text that contains one of, whatever the case
    BETWEEN = "between"  # from … to, both included
    OVER = "over"  # more than
    UNDER = "under"  # less than
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"  # a date in the last span of time


MEMBERSHIP = frozenset({Op.IS, Op.ANY_OF, Op.ALL_OF, Op.NONE_OF, Op.CONTAINS})
ORDER = frozenset({Op.BETWEEN, Op.OVER, Op.UNDER, Op.AT_LEAST, Op.AT_MOST})

Value = str | int | float | bool | date

_IS_SHARE = re.compile(r"_growth_[0-9]+m$")
"""Fields that are said in percent: growths are the only shares an account has."""


@dataclass(frozen=True)
class Test:
    """One comparison on one field; `values` are as the op needs them.

    Membership ops keep texts, numbers and flags as written; order ops hold numbers or days,
    `between` two of them in order; `within` one number of days.
    """

    field: str
    op: Op
    values: tuple[Value, ...]

    def __str__(self) -> str:
        percent = _IS_SHARE.search(self.field) is not None
        written = [_percent(value) if percent else _say(value) for value in self.values]
        match self.op:
            case Op.BETWEEN:
                return f"{self.field} between {written[0]} and {written[1]}"
            case Op.WITHIN:
                return f"{self.field} within {written[0]} days"
            case _:
                return f"{self.field} {self.op.replace('_', ' ')} {', '.join(written)}"


@dataclass(frozen=True)
class AllOf:
    """Holds when every part does."""

    parts: "tuple[Rule, ...]"

    def __str__(self) -> str:
        return " and ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Holds when at least one part does."""

    parts: "tuple[Rule, ...]"

    def __str__(self) -> str:
        return " or ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class Not:
    """Holds when its part does not; unknown stays unknown."""

    part: "Rule"

    def __str__(self) -> str:
        return f"not {_bracketed(self.part)}"


Rule = Test | AllOf | AnyOf | Not


def tests_in(rule: Rule) -> Iterator[Test]:
    """Yield every comparison in `rule`, in the order written."""
    match rule:
        case Test():
            yield rule
        case Not(part):
            yield from tests_in(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_in(part)


def fields_in(rule: Rule) -> frozenset[str]:
    """Return the names of the fields `rule` reads."""
    return frozenset(test.field for test in tests_in(rule))


class RuleMistake(ValueError):
    """A rule is not written as a rule; `path` leads to the place inside it."""

    def __init__(self, path: tuple[str | int, ...], problem: str) -> None:
        super().__init__(problem)
        self.path = path
        self.problem = problem


def read_rule(written: object, path: tuple[str | int, ...] = ()) -> Rule:
    """Return the rule written as mappings, or raise `RuleMistake` with the place inside it.

    >>> str(read_rule({"employees": {"between": [50, 500]}, "country": ["DE", "AT"]}))
    'employees between 50 and 500 and country any of DE, AT'
    """
    if not isinstance(written, Mapping) or not written:
        raise RuleMistake(path, "a rule is written as field: {op: value}")
    parts = tuple(_read_entry(str(key), value, path) for key, value in written.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _read_entry(key: str, value: object, path: tuple[str | int, ...]) -> Rule:
    here = (*path, key)
    if key == "not":
        return Not(read_rule(value, here))
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise RuleMistake(here, f"{key} takes a list of rules")
        parts = tuple(read_rule(part, (*here, at)) for at, part in enumerate(value))
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if isinstance(value, Mapping):
        if not value:
            raise RuleMistake(here, "a rule is written as field: {op: value}")
        tests = tuple(_read_test(key, str(op), operand, here) for op, operand in value.items())
        return tests[0] if len(tests) == 1 else AllOf(tests)
    op = Op.ANY_OF if isinstance(value, list) else Op.IS
    return _read_test(key, op, value, path, here)


def _read_test(
    field: str,
    op: str,
    operand: object,
    path: tuple[str | int, ...],
    here: tuple[str | int, ...] | None = None,
) -> Test:
    here = here or (*path, op)
    if op not in set(Op):
        near = nearest_name(op, list(Op))
        known = f"did you mean {near}?" if near else f"known are {', '.join(Op)}"
        raise RuleMistake(here, f"no comparison is called {op!r}; {known}")
    return Test(field, Op(op), _read_values(Op(op), operand, here))


def _read_values(op: Op, operand: object, path: tuple[str | int, ...]) -> tuple[Value, ...]:
    if op is Op.BETWEEN:
        return _read_bounds(operand, path)
    if op is Op.WITHIN:
        span = days(operand)
        if span is None:
            raise RuleMistake(path, "within takes a span of time, as in 90 days")
        return (span,)
    if op in ORDER:
        if isinstance(operand, list):
            raise RuleMistake(path, f"{op} takes one value")
        return (_ordered(operand, path),)
    return _read_members(op, operand, path)


def _read_bounds(operand: object, path: tuple[str | int, ...]) -> tuple[Value, ...]:
    if not isinstance(operand, list) or len(operand) != 2:
        raise RuleMistake(path, "between takes two values: [from, to]")
    low, high = (_ordered(value, path) for value in operand)
    if isinstance(low, date) != isinstance(high, date):
        raise RuleMistake(path, "between takes two numbers or two days, not one of each")
    if low > high:  # type: ignore[operator]
        raise RuleMistake(path, f"between takes the smaller value first: [{high}, {low}]")
    return (low, high)


def _read_members(op: Op, operand: object, path: tuple[str | int, ...]) -> tuple[Value, ...]:
    if op is Op.IS and isinstance(operand, list):
        raise RuleMistake(path, "is takes one value; use any_of for a list")
    listed = operand if isinstance(operand, list) else [operand]
    if not listed:
        raise RuleMistake(path, f"{op} takes at least one value")
    for at, value in enumerate(listed):
        if value is None or isinstance(value, Mapping | list):
            raise RuleMistake((*path, at), f"{op} takes plain values")
    if op is Op.CONTAINS and not all(isinstance(value, str) and value for value in listed):
        raise RuleMistake(path, "contains takes texts")
    return tuple(dict.fromkeys(listed))


def _ordered(value: object, path: tuple[str | int, ...]) -> int | float | date:
    read = day(value) or number(value)
    if read is None:
        raise RuleMistake(path, f"{value!r} is no number and no day: write 50, 20%, 5M, 2026-03-31")
    return read


def write_rule(rule: Rule) -> dict[str, Any]:
    """Return `rule` as mappings, in one form: reading them gives the same rule again.

    >>> rule = read_rule({"employees": {"over": "1k"}})
    >>> write_rule(rule), read_rule(write_rule(rule)) == rule
    ({'employees': {'over': 1000}}, True)
    """
    match rule:
        case Test(field, op, values):
            plain = [value.isoformat() if isinstance(value, date) else value for value in values]
            single = op in (ORDER - {Op.BETWEEN}) or op in (Op.IS, Op.WITHIN)
            return {field: {str(op): plain[0] if single else plain}}
        case Not(part):
            return {"not": write_rule(part)}
        case AllOf(parts):
            return {"all": [write_rule(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [write_rule(part) for part in parts]}


def _bracketed(rule: Rule) -> str:
    return str(rule) if isinstance(rule, Test | Not) else f"({rule})"


def _percent(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _say(value)
    return f"{100 * value:.10g} %"


def _say(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and abs(value) >= 10_000:
        return f"{value:,}"
    return str(value)


def _validate(written: object) -> Rule:
    if isinstance(written, Test | AllOf | AnyOf | Not):
        return written
    try:
        return read_rule(written)
    except RuleMistake as mistake:
        raise PydanticCustomError(
            "rule", "{problem}", {"problem": mistake.problem, "path": list(mistake.path)}
        ) from None


_OPERAND: dict[str, Any] = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    ]
}
_MEANS = {
    Op.IS: "Equal to this one value.",
    Op.ANY_OF: "Equal to one of these; a list that has one of them.",
    Op.ALL_OF: "A list that has all of these.",
    Op.NONE_OF: "Equal to none of these; a list that has none of them.",
    Op.CONTAINS: "Text that contains one of these, whatever the capitals.",
    Op.BETWEEN: "From the first to the second, both included.",
    Op.OVER: "More than this.",
    Op.UNDER: "Less than this.",
    Op.AT_LEAST: "This or more.",
    Op.AT_MOST: "This or less.",
    Op.WITHIN: "A day in the last span of time, as in 90 days.",
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "description": "field: {op: value}; all, any and not nest.",
    "properties": {
        "all": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Rules that must all hold.",
        },
        "any": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Rules of which one must hold.",
        },
        "not": {"type": "object", "description": "A rule that must not hold."},
    },
    "additionalProperties": {
        "anyOf": [
            *_OPERAND["anyOf"],
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    str(op): {**_OPERAND, "description": means} for op, means in _MEANS.items()
                },
            },
        ]
    },
}

WrittenRule = Annotated[
    Rule, PlainValidator(_validate), PlainSerializer(write_rule), WithJsonSchema(_SCHEMA)
]
"""A rule as a definition's field: read from mappings, written back as mappings."""
