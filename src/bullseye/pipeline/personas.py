"""Which personas were among the contacts of an account when each of its cases began."""

from collections.abc import Sequence

import duckdb
import numpy as np

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.definitions.typed import typed
from bullseye.errors import NotEnoughEvidence
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.validate.run import Split
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

NONE = "no persona"
"""Contacts were on file, and none of them is known to fit a persona."""


def persona_split(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, cases: Cases
) -> Split:
    """Return the cases by persona, as contacts were known on the day of each case's facts.

    A case is in every persona that a contact of its account fits: parts overlap. A case whose
    account had no contact on file is unknown: that nobody was there is not known either.

    Raises
    ------
    NotEnoughEvidence
        If there is no persona, or no contact was on file before any case.
    """
    personas = sorted(workspace.project.personas)
    if not personas:
        raise NotEnoughEvidence(
            "No persona is defined.", hint="Describe who buys in personas/, then ask again."
        )
    columns = ", ".join(f"has_{at} BOOLEAN" for at in range(len(personas)))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE personas_known (cohort DATE, account_id VARCHAR, {columns})"
    )
    ids = tuple(batch.number for batch in workspace.batches(up_to=cases.as_of))
    corrected = corrected_titles(workspace)
    for day in cases.cohorts:
        state = workspace.state(connection, workspace.project, ids, day)
        found = _personas_sql(workspace.project, personas, state, corrected)
        connection.execute(f"INSERT INTO personas_known {found}")
    named = ", ".join(f"p.has_{at}" for at in range(len(personas)))
    table = connection.sql(
        f"SELECT p.account_id IS NOT NULL AS known, {named} FROM {cases.relation} AS c"
        " LEFT JOIN personas_known AS p ON p.cohort = c.cohort AND p.account_id = c.account_id"
        " ORDER BY c.case_no"
    ).to_arrow_table()
    known, *has = (
        np.asarray(column.fill_null(False), dtype=bool) for column in table.itercolumns()
    )
    if not known.any():
        raise NotEnoughEvidence(
            "No contact was on file before any case began.",
            hint="Import older contacts with: bullseye import contacts FILE --as-of DATE",
        )
    nobody = known & ~np.any(has, axis=0)
    return Split((*personas, NONE), (*has, nobody), known)


def _personas_sql(
    project: Project, personas: Sequence[str], state: State, corrected: Sequence[Corrected]
) -> str:
    """Return one row per account with contacts on file: whether one fits, for each persona."""
    fields = readable_fields(project, TableName.CONTACTS)
    predicates = Predicates(DUCKDB, fields, state.as_of)
    fits = ", ".join(
        f"bool_or(CASE WHEN {predicates.yes(rule)} THEN TRUE ELSE FALSE END)"
        for rule in (
            typed(project.personas[name].who, fields, country=lambda t: country_code(t) or t)
            for name in personas
        )
    )
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    return (
        f"SELECT {DUCKDB.literal(state.as_of)}, account_id, {fits} FROM {contacts}"
        " WHERE account_id IS NOT NULL GROUP BY account_id"
    )
