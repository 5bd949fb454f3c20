"""Right role: which accounts have a contact who fits a persona."""

from collections.abc import Sequence

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.definitions.typed import typed
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates
from bullseye.warehouse.state import State


def roles_sql(project: Project, state: State, corrected: Sequence[Corrected] = ()) -> str:
    """Return a table expression of `account_id` and `has_role`: accounts with a contact on file.

    `has_role` is false where there are contacts and none is known to fit a persona, and NULL
    where no persona is defined. An account without a contact on file has no row: nothing can
    be said about its role. What a person says of a title (`corrected`) goes before the rules.
    """
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    fields = readable_fields(project, TableName.CONTACTS)
    predicates = Predicates(DUCKDB, fields, state.as_of)
    fits = " OR ".join(
        predicates.yes(typed(p.who, fields, country=lambda t: country_code(t) or t))
        for p in project.personas.values()
    )
    has_role = f"bool_or(CASE WHEN {fits} THEN TRUE ELSE FALSE END)" if fits else "NULL"
    return (
        f"(SELECT account_id, CAST({has_role} AS BOOLEAN) AS has_role FROM {contacts}"
        " WHERE account_id IS NOT NULL GROUP BY account_id)"
    )
