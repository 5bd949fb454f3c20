"""Right role: which accounts have a contact who fits a persona."""

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.definitions.typed import typed
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State


def roles_sql(connection: duckdb.DuckDBPyConnection, project: Project, state: State) -> str:
    """Return a table expression of `account_id` and `has_role`, one row per account.

    `has_role` is NULL for every account where no contacts are imported, or no persona is
    defined: then nothing can be said about the role.
    """
    contacts = reading(state.table(TableName.CONTACTS))
    found = connection.execute(f"SELECT count(*) FROM {contacts}").fetchone()
    if not project.personas or not found or not found[0]:
        return "(SELECT CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS BOOLEAN) AS has_role)"
    fields = readable_fields(project, TableName.CONTACTS)
    predicates = Predicates(DUCKDB, fields, state.as_of)
    fits = " OR ".join(
        predicates.yes(typed(p.who, fields, country=lambda t: country_code(t) or t))
        for p in project.personas.values()
    )
    return (
        f"(SELECT a.account_id, COALESCE(c.fits, FALSE) AS has_role FROM {reading(state.accounts)}"
        f" AS a LEFT JOIN (SELECT account_id, bool_or(CASE WHEN {fits} THEN TRUE ELSE FALSE END)"
        f" AS fits FROM {contacts} WHERE account_id IS NOT NULL GROUP BY account_id) AS c"
        " USING (account_id))"
    )
