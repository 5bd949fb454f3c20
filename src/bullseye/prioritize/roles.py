"""Right role: which accounts have a contact who fits a persona."""

from collections.abc import Sequence

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.personas import fits_sql
from bullseye.warehouse.state import State


def roles_sql(
    project: Project,
    state: State,
    corrected: Sequence[Corrected] = (),
    segments: str | None = None,
) -> str:
    """Return a table expression of `account_id` and `has_role`: accounts with a contact on file.

    `has_role` is false where there are contacts and none is known to fit a persona, and NULL
    where no persona is defined. An account without a contact on file has no row: nothing can
    be said about its role. What a person says of a title (`corrected`) goes before the rules.
    Personas for some ICPs only need `segments`, see `bullseye.warehouse.personas.fits_sql`.
    """
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    fits = " OR ".join(fits_sql(project, state, segments).values())
    has_role = f"bool_or(CASE WHEN {fits} THEN TRUE ELSE FALSE END)" if fits else "NULL"
    return (
        f"(SELECT account_id, CAST({has_role} AS BOOLEAN) AS has_role FROM {contacts}"
        " WHERE account_id IS NOT NULL GROUP BY account_id)"
    )
