"""Which fields a rule may read: the standard ones, the customer's own, and derived ones."""

import re
from collections.abc import Mapping

from bullseye.definitions.field import (
    NUMERIC,
    ROW_FIELDS,
    STANDARD_FIELDS,
    Field,
    FieldType,
    TableName,
)
from bullseye.definitions.project import Project
from bullseye.errors import DefinitionError

_GROWTH = re.compile(r"^(?P<field>[a-z][a-z0-9_]*)_growth_(?P<months>[1-9][0-9]?)m$")
_ALIASES = {"headcount": "employees"}


TOLD_BY_TITLE = {
    "level": Field("level", FieldType.TEXT, "How senior the title says the contact is."),
    "function": Field("function", FieldType.TEXT, "Which function the title says it works in."),
}
"""What the title of a contact tells; a customer's own field of that name goes first."""


class Growth(tuple[str, int]):
    """A derived fact: by what share `field` grew over `months`."""

    __slots__ = ()

    @property
    def field(self) -> str:
        """The field that grew."""
        return self[0]

    @property
    def months(self) -> int:
        """Over how many months."""
        return self[1]


def growth(name: str) -> Growth | None:
    """Return what a derived field measures, or None if `name` is not one.

    >>> growth("headcount_growth_6m"), growth("revenue_growth_12m"), growth("employees")
    (('employees', 6), ('revenue', 12), None)
    """
    match = _GROWTH.match(name)
    if not match:
        return None
    field = _ALIASES.get(match["field"], match["field"])
    return Growth((field, int(match["months"])))


def stored_fields(project: Project, table: TableName) -> dict[str, Field]:
    """Return the fields `table` stores: standard and customers' own, by name.

    Raises
    ------
    DefinitionError
        If two sources declare one field with different types.
    """
    fields = {field.name: field for field in STANDARD_FIELDS[table]}
    for source in project.sources.values():
        if source.table is not table:
            continue
        for field in source.fields:
            known = fields.setdefault(field.name, field)
            if known.type is not field.type:
                raise DefinitionError(
                    f"Field {field.name!r} is {known.type} in one source and {field.type} here.",
                    place=f"sources/{source.name}.yaml",
                    hint="Give it one type in both, or another name in one of them.",
                )
    return {name: field for name, field in fields.items() if field not in ROW_FIELDS}


def readable_fields(project: Project, table: TableName) -> Mapping[str, Field]:
    """Return the fields a rule over `table` may read: stored ones and usual derived ones."""
    stored = stored_fields(project, table)
    if table is TableName.CONTACTS:
        return TOLD_BY_TITLE | stored
    if table is not TableName.ACCOUNTS:
        return stored
    usual = {
        f"{name}_growth_{months}m": Field(
            f"{name}_growth_{months}m", FieldType.SHARE, f"Growth of {name} over {months} months."
        )
        for name in ("headcount", "revenue")
        for months in (3, 6, 12)
    }
    return stored | usual


def field_named(fields: Mapping[str, Field], name: str) -> Field | None:
    """Return the field a rule calls `name`, derived ones included; None if there is none."""
    if name in fields:
        return fields[name]
    derived = growth(name)
    if derived and derived.field in fields and fields[derived.field].type in NUMERIC:
        return Field(
            name, FieldType.SHARE, f"Growth of {derived.field} over {derived.months} months."
        )
    return None
