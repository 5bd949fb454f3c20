"""Give a rule's values the types of its fields, so that every engine compares alike."""

from collections.abc import Callable, Mapping
from datetime import date

from bullseye.definitions.field import NUMERIC, TEXTUAL, Field, FieldType
from bullseye.definitions.known import field_named
from bullseye.definitions.quantity import number
from bullseye.definitions.rule import MEMBERSHIP, AllOf, AnyOf, Not, Op, Rule, Test, Value
from bullseye.errors import DefinitionError, UnknownName

_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def typed(
    rule: Rule,
    fields: Mapping[str, Field],
    *,
    country: Callable[[str], str] = lambda text: text,
) -> Rule:
    """Return `rule` with values of the types its fields hold.

    Parameters
    ----------
    rule
        As written.
    fields
        The fields it may read, by name; derived ones are recognised by their name.
    country
        Turns a country as people write it into the form the field holds.

    Raises
    ------
    UnknownName
        If it reads a field that does not exist.
    DefinitionError
        If a value or a comparison does not suit the field's type.
    """
    match rule:
        case Test(name, op, values):
            field = field_named(fields, name)
            if field is None:
                raise UnknownName("field", name, fields)
            _refuse_unsuitable(op, field)
            return Test(name, op, tuple(_typed(value, op, field, country) for value in values))
        case Not(part):
            return Not(typed(part, fields, country=country))
        case AllOf(parts):
            return AllOf(tuple(typed(part, fields, country=country) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(typed(part, fields, country=country) for part in parts))


def _refuse_unsuitable(op: Op, field: Field) -> None:
    kind = field.type
    sizes = kind in NUMERIC or kind is FieldType.DATE
    wrong = (
        (op is Op.WITHIN and kind is not FieldType.DATE)
        or (op is Op.CONTAINS and kind not in TEXTUAL and kind is not FieldType.LIST)
        or (op is Op.ALL_OF and kind is not FieldType.LIST)
        or (op not in MEMBERSHIP and op is not Op.WITHIN and not sizes)
    )
    if wrong:
        suits = "over, under, between" if sizes else "any_of, none_of"
        raise DefinitionError(
            f"{field.name} holds a {kind}: {op} does not apply to it.", hint=f"Use {suits}."
        )


def _typed(value: Value, op: Op, field: Field, country: Callable[[str], str]) -> Value:
    kind = field.type
    if op is Op.WITHIN:
        return value
    if kind in NUMERIC:
        read = number(value)
        if read is None:
            raise DefinitionError(f"{field.name} holds a {kind}: {value!r} is no number.")
        return read
    if kind is FieldType.DATE:
        if not isinstance(value, date):
            raise DefinitionError(
                f"{field.name} holds a date: {value!r} is none.", hint="Write it as 2026-03-31."
            )
        return value
    if kind is FieldType.FLAG:
        if isinstance(value, bool):
            return value
        if str(value).lower() in _FLAGS:
            return _FLAGS[str(value).lower()]
        raise DefinitionError(f"{field.name} holds a flag: {value!r} is neither true nor false.")
    if isinstance(value, bool):
        return "true" if value else "false"
    return country(str(value)) if kind is FieldType.COUNTRY else str(value)
