"""Rules about the values that rules compare with: right type, known to the data, said once."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context, Path, Standing
from bullseye.definitions.checks.finding import Fix, Severity
from bullseye.definitions.checks.rule_fields import fits
from bullseye.definitions.field import NUMERIC, FieldType
from bullseye.definitions.known import field_named
from bullseye.definitions.quantity import day, number
from bullseye.definitions.rule import MEMBERSHIP, Op, Test, Value
from bullseye.errors import nearest_name

MOST_VALUES = 1000
"""A field with more distinct values is free text, not a list of categories."""

_COUNTRY = re.compile(r"^(?!UK$)[A-Z]{2}$")
_LISTED = frozenset({FieldType.TEXT, FieldType.COUNTRY, FieldType.LIST})
_EXAMPLES = {
    **dict.fromkeys(NUMERIC, "a number, as 50 or 20%"),
    FieldType.DATE: "a day, as 2026-03-31",
    FieldType.FLAG: "true or false",
    FieldType.COUNTRY: "the two letters of the country, as DE",
}
"""How a value is written, by the type of its field; all others are text."""


def _values(
    context: Context, standing: Standing, test: Test, path: Path
) -> Iterator[tuple[Value, Path]]:
    """Yield each value of a comparison with its place, repeated ones included."""
    operand = context.operand(standing, path)
    if isinstance(operand, list):
        yield from ((value, (*path, at)) for at, value in enumerate(operand))
    else:
        yield from ((value, path) for value in test.values)


@coded(
    "RUL003",
    "value-has-wrong-type",
    Severity.ERROR,
    wrong="rule: {country: [Germany, UK]}",
    right="rule: {country: [DE, GB]}",
    fixable=True,
)
def value_has_wrong_type(context: Context) -> Iterator[Hit]:
    """A value of another type than its field can never match.

    A number field compares with numbers, a yes/no field with true or false, a date with a day,
    and a country with its two-letter code.
    """
    for standing in context.rules:
        fields = context.fields(standing.table)
        for test, path in context.tests(standing):
            field = field_named(fields, test.field)
            if field is None or not fits(field.type, test):
                continue
            for value, at in _values(context, standing, test, path):
                problem = _mistyped(field.type, test.op, value)
                if problem:
                    message = f"{test.field} {problem}, not {value!s:.60}"
                    fix = _country_fix(context, standing, at, value, field.type)
                    hint = f"Write it as {_EXAMPLES.get(field.type, 'text')}."
                    yield Hit(standing.kind, standing.name, at, message, hint, fix=fix)


def _mistyped(type_: FieldType, op: Op, value: Value) -> str:
    """Return what a value of a type is compared with, if this is not one."""
    if op is Op.WITHIN:
        return ""
    if type_ in NUMERIC:
        right = not isinstance(value, date) and number(value) is not None
        return "" if right else "compares with a number"
    if type_ is FieldType.DATE:
        return "" if day(value) else "compares with a day, as in 2026-03-31"
    if type_ is FieldType.FLAG:
        return "" if isinstance(value, bool) else "compares with true or false"
    if isinstance(value, bool):
        return "compares with text"
    if type_ is FieldType.COUNTRY and op is not Op.CONTAINS:
        return "" if _COUNTRY.match(str(value)) else "compares with a two-letter code, as in DE"
    return ""


def _country_fix(
    context: Context, standing: Standing, path: Path, value: Value, type_: FieldType
) -> Fix | None:
    code = {"UK": "GB"}.get(str(value).upper(), str(value).upper())
    if type_ is not FieldType.COUNTRY or not _COUNTRY.match(code):
        return None
    return context.rewriting(standing.kind, standing.name, path, code)


@coded(
    "RUL004",
    "value-never-imported",
    Severity.WARNING,
    wrong="rule: {industry: Fin-tech}   # the data says Fintech",
    right="rule: {industry: Fintech}",
    fixable=True,
    measured=True,
    unless=("RUL003",),
)
def value_never_imported(context: Context) -> Iterator[Hit]:
    """Values are compared exactly, capitals included.

    A value that no imported row has is mostly a spelling of another one, and the rule then
    misses the accounts it is about.
    """
    for standing in context.rules:
        fields = context.fields(standing.table)
        for test, path in context.tests(standing):
            field, facts = (
                field_named(fields, test.field),
                context.facts.of(standing.table, test.field),
            )
            if field is None or facts is None or not facts.values_are_complete or not facts.values:
                continue
            if field.type not in _LISTED or len(facts.values) > MOST_VALUES:
                continue
            if test.op not in MEMBERSHIP:
                continue
            for value, at in _values(context, standing, test, path):
                if not _occurs(test.op, str(value), facts.values):
                    yield _unknown_value(context, standing, test, str(value), at, facts.values)


def _occurs(op: Op, value: str, known: Mapping[str, int]) -> bool:
    if op is Op.CONTAINS:
        return any(value.casefold() in each.casefold() for each in known)
    return value in known


def _unknown_value(
    context: Context,
    standing: Standing,
    test: Test,
    value: str,
    path: Path,
    known: Mapping[str, int],
) -> Hit:
    message = f"no imported row has {test.field} {value!r:.80}"
    folded = [each for each in known if each.casefold().strip() == value.casefold().strip()]
    if folded and test.op is not Op.CONTAINS:
        hint = f"The data writes {folded[0]!r:.80}, in {known[folded[0]]:,} rows."
        fix = context.rewriting(standing.kind, standing.name, path, folded[0])
        return Hit(standing.kind, standing.name, path, message, hint, fix)
    near = nearest_name(value, tuple(known))
    frequent = ", ".join(f"{each:.40}" for each in list(known)[:5])
    hint = f"Did you mean {near!r:.80}?" if near else f"Most frequent: {frequent}."
    return Hit(standing.kind, standing.name, path, message, hint)


@coded(
    "RUL009",
    "value-listed-twice",
    Severity.WARNING,
    wrong="rule: {industry: [Fintech, Retail, Fintech]}",
    right="rule: {industry: [Fintech, Retail]}",
    fixable=True,
)
def value_listed_twice(context: Context) -> Iterator[Hit]:
    """A repeated value changes nothing, but the next reader wonders which other one was meant."""
    for standing in context.rules:
        for test, path in context.tests(standing):
            if test.op not in MEMBERSHIP:
                continue
            values = list(_values(context, standing, test, path))
            for position, (value, at) in enumerate(values):
                if value in [earlier for earlier, _ in values[:position]]:
                    message = f"{test.field} lists {value!s:.60} twice"
                    fix = context.removing(standing.kind, standing.name, at)
                    yield Hit(standing.kind, standing.name, at, message, "Drop one.", fix)


CHECKS = (value_has_wrong_type, value_never_imported, value_listed_twice)
