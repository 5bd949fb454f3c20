"""Measure what the definitions select from the imported accounts, for the linter."""

from collections.abc import Mapping
from datetime import date

import duckdb

from bullseye.definitions.checks.facts import ClauseFacts, Facts, FieldFacts, IcpFacts, Interval
from bullseye.definitions.field import STANDARD_FIELDS, Field, TableName
from bullseye.definitions.known import readable_fields, stored_fields
from bullseye.definitions.project import Project
from bullseye.prioritize.personas import persona_facts
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.prioritize.verdict import Answer, status, tier
from bullseye.prioritize.worklist import Cell
from bullseye.stats.proportions import wilson
from bullseye.warehouse.compile import Profile, Status
from bullseye.warehouse.measuring import field_facts
from bullseye.warehouse.personas import segments_sql
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import OTHER_TABLES, State
from bullseye.workspace import Workspace


def measured(workspace: Workspace) -> Facts | None:
    """Return what the current definitions find in what is imported; None if nothing is.

    Raises
    ------
    DefinitionError
        If an ICP cannot be evaluated.
    """
    project, day = workspace.project, workspace.today
    with workspace.connection() as connection:
        state = _state(workspace, connection, project, day)
        if state is None:
            return None
        scoring = Scoring.of(project, day)
        load_weights(connection, project)
        sql = scoring.sql(
            accounts=reading(state.accounts), events=reading(state.signals), previous=None
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE measured AS {sql}")
        segments = segments_sql(scoring.rendered("measured"))
        people = persona_facts(connection, project, state, corrected_titles(workspace), segments)
        return Facts(_fields(connection, project, state), _icps(connection, scoring), people)


def measured_fields(workspace: Workspace) -> Facts | None:
    """Return what is known of the imported fields, without evaluating any ICP."""
    with_nothing_derived = Project(
        settings=workspace.project.settings, sources=workspace.project.sources
    )
    with workspace.connection() as connection:
        state = _state(workspace, connection, with_nothing_derived, workspace.today)
        if state is None:
            return None
        return Facts(_fields(connection, workspace.project, state))


def _state(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, project: Project, day: date
) -> State | None:
    batches = workspace.batches()
    if not any(batch.table is TableName.ACCOUNTS for batch in batches):
        return None
    return workspace.state(connection, project, tuple(batch.number for batch in batches), day)


def _fields(
    connection: duckdb.DuckDBPyConnection, project: Project, state: State
) -> dict[tuple[TableName, str], FieldFacts]:
    types = {"type": _field(TableName.SIGNALS, "type")}
    seen = field_facts(connection, state.signals, types)
    found = {(TableName.SIGNALS, name): facts for name, facts in seen.items() if facts.row_count}
    return found | {
        (table, name): facts
        for table in (TableName.ACCOUNTS, *OTHER_TABLES)
        for name, facts in field_facts(
            connection, state.table(table), _measurable(project, table)
        ).items()
        if facts.row_count
    }


def _measurable(project: Project, table: TableName) -> Mapping[str, Field]:
    """Return the fields of a table that its rows may have: of contacts, also what titles tell."""
    if table is TableName.CONTACTS:
        return readable_fields(project, table)
    return stored_fields(project, table)


def _icps(connection: duckdb.DuckDBPyConnection, scoring: Scoring) -> dict[str, IcpFacts]:
    values = "(SELECT account_id, 0 AS value FROM measured)"
    found = {}
    for profile, sql in zip(scoring.profiles, scoring.cube("measured", values), strict=True):
        rows = connection.execute(sql).fetchall()
        cells = [Cell(Answer(met, unknown, live), n, 0.0) for met, unknown, live, n, _ in rows]
        found[profile.icp.name] = _icp_facts(profile, cells)
    return found


def _icp_facts(profile: Profile, cells: list[Cell]) -> IcpFacts:
    everyone = sum(cell.accounts for cell in cells)
    chosen = sum(cell.accounts for cell in cells if tier(profile, cell.answer) is not None)
    doubtful = sum(
        cell.accounts for cell in cells if status(profile, cell.answer) is Status.INSUFFICIENT_DATA
    )
    layout = profile.layout
    clauses = {}
    for at, clause in enumerate(layout.clauses):
        met = sum(c.accounts for c in cells if layout.is_met(c.answer.met, at))
        unknown = sum(c.accounts for c in cells if layout.is_unknown(c.answer.unknown, at))
        clauses[clause.name] = ClauseFacts(met, everyone - met - unknown, unknown)
    share = wilson(chosen, everyone)
    return IcpFacts(everyone, chosen, Interval(share.low, share.high), doubtful, clauses)


def _field(table: TableName, name: str) -> Field:
    return next(field for field in STANDARD_FIELDS[table] if field.name == name)
