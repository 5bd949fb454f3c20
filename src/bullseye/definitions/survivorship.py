"""Which value a merged record takes, field by field: stated by the team, or the usual rule."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from bullseye.definitions.base import FieldName, Frozen
from bullseye.definitions.field import KEYS, FieldType, TableName
from bullseye.definitions.field import Field as TableField
from bullseye.errors import DefinitionError, UnknownName


class Survival(StrEnum):
    """Whose value a merged record takes for one field."""

    SURVIVOR_FIRST = "survivor first"  # the survivor's own, else the newest known of the others
    NEWEST_KNOWN = "newest known"
    SOURCE_PRIORITY = "source priority"  # that of the source that wins elsewhere too
    LONGEST = "longest"
    MOST_FREQUENT = "most frequent"
    ANY_YES = "any yes"
    UNITED = "united"  # every item of every list


MERGEABLE = (TableName.ACCOUNTS, TableName.CONTACTS)
"""The tables whose rows a person may merge."""

REFUSAL = "do_not_contact"
"""The field that says a person asked to be left alone: one yes holds for all records of theirs."""

_ONE_OF_MANY = frozenset(
    {
        Survival.SURVIVOR_FIRST,
        Survival.NEWEST_KNOWN,
        Survival.SOURCE_PRIORITY,
        Survival.MOST_FREQUENT,
    }
)


class Survivorship(Frozen):
    """The rules of fields that do not follow the usual one, by table.

    Usually a merged record keeps what the survivor knows and takes the rest from the newest of
    the others; lists are united, and a flag is yes if any record says yes.
    """

    accounts: dict[FieldName, Survival] = Field(
        default_factory=dict, description="Rules of fields of accounts, as in employees: longest."
    )
    contacts: dict[FieldName, Survival] = Field(
        default_factory=dict, description="Rules of fields of contacts."
    )

    def of(self, table: TableName) -> Mapping[str, Survival]:
        """Return the rules stated for a table."""
        return self.accounts if table is TableName.ACCOUNTS else self.contacts


def possible(table: TableName, field: TableField) -> frozenset[Survival]:
    """Return the rules a field can have.

    A list can only be united, and the refusal of a person cannot be outvoted.
    """
    if field.type is FieldType.LIST:
        return frozenset({Survival.UNITED})
    if table is TableName.CONTACTS and field.name == REFUSAL:
        return frozenset({Survival.ANY_YES})
    if field.type is FieldType.FLAG:
        return _ONE_OF_MANY | {Survival.ANY_YES}
    if field.type is FieldType.TEXT:
        return _ONE_OF_MANY | {Survival.LONGEST}
    return _ONE_OF_MANY


def usual(table: TableName, field: TableField) -> Survival:
    """Return the rule of a field for which none is stated.

    >>> usual(TableName.CONTACTS, TableField("do_not_contact", FieldType.FLAG, "")).value
    'any yes'
    """
    for rule in (Survival.UNITED, Survival.ANY_YES):
        if rule in possible(table, field):
            return rule
    return Survival.SURVIVOR_FIRST


def survival_rules(
    table: TableName, fields: Mapping[str, TableField], stated: Survivorship
) -> Mapping[str, Survival]:
    """Return the rule of every field of a table but its key.

    Raises
    ------
    UnknownName
        If a rule is stated for a field the table does not have.
    DefinitionError
        If a rule does not suit its field.
    """
    for name, rule in stated.of(table).items():
        if name not in fields or name == KEYS[table]:
            known = [each for each in fields if each != KEYS[table]]
            raise UnknownName(f"field of {table} under survivorship", name, known)
        if rule not in possible(table, fields[name]):
            others = ", ".join(sorted(possible(table, fields[name])))
            raise DefinitionError(
                f"survivorship of {table}.{name} is {rule!r}, which does not suit it.",
                place="bullseye.yaml",
                hint=f"It can be: {others}.",
            )
    return {
        name: stated.of(table).get(name, usual(table, field))
        for name, field in fields.items()
        if name != KEYS[table]
    }
