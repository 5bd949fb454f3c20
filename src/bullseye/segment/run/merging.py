"""Merge records that are one, show what the merged record becomes, and take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.definitions.field import KEYS, TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.survivorship import survival_rules
from bullseye.errors import UnknownName
from bullseye.store import merges as kept
from bullseye.store import overrides
from bullseye.store.merges import Merge, NewMerge
from bullseye.warehouse.decisions import Decisions, Merged
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import OTHER_TABLES, State, make_record_claims
from bullseye.warehouse.survivors import Taken, taken
from bullseye.workspace import Workspace

__all__ = ["Merge", "MergePlan", "NewMerge", "Referring", "Taken", "merge", "merges", "unmerge"]

_NEAR = 20
"""Ids that are looked at for a likely one where a wrong one was given."""


@dataclass(frozen=True)
class Referring:
    """How many rows of a table belong to the records that are merged away."""

    table: str
    rows: int


@dataclass(frozen=True)
class MergePlan:
    """A merge, the values the merged record takes as known on a day, and the rows that move.

    `merge` has a number once it is recorded. `notes` say what a merge does not change.
    """

    merge: NewMerge
    as_of: date
    takes: tuple[Taken, ...]
    moved: tuple[Referring, ...]
    notes: tuple[str, ...]


def merge(
    workspace: Workspace,
    table: TableName,
    survivor_id: str,
    other_ids: Sequence[str],
    *,
    reason: str,
    dry_run: bool = False,
) -> MergePlan:
    """Decide that records are one, from now on and for every day asked for.

    Imports stay as they are: the state of a day is built with the merge, and a run that was
    made before it is replayed without it.

    Raises
    ------
    UnknownName
        If there is no such record.
    UsageError
        If the reason is blank, or the records are merged already, or would be in a circle.
    """
    new = NewMerge(
        table=table.value,
        survivor_id=survivor_id,
        other_ids=tuple(other_ids),
        author=workspace.actor,
        reason=reason,
        created_at=workspace.now(),
    )
    held = kept.active(workspace.store)
    kept.require_possible(new, held)
    day = workspace.today
    ids = tuple(batch.number for batch in workspace.batches(up_to=day))
    with workspace.connection() as connection:
        state = workspace.state(connection, workspace.project, ids, day)
        merged_before = {one for m in held if m.table == table for one in m.other_ids}
        _require_known(connection, state, table, {survivor_id, *other_ids} - merged_before)
        moved = _moved(connection, state, table, new.other_ids)
        decisions = workspace.decisions()
        wider = Decisions(
            decisions.decided,
            (*decisions.merged, Merged(table, survivor_id, new.other_ids)),
        )
        takes = _takes(workspace, connection, table, wider, survivor_id, day)
    notes = _notes(workspace, table, new.other_ids, day)
    recorded = new if dry_run else kept.add(workspace.store, new)
    return MergePlan(recorded, day, takes, moved, notes)


def unmerge(workspace: Workspace, merge_id: int, *, dry_run: bool = False) -> Merge:
    """Take a merge back: all is as it was before it.

    Raises
    ------
    UnknownName
        If there is no such merge.
    UsageError
        If it was taken back before.
    """
    if dry_run:
        return kept.standing(kept.listed(workspace.store), merge_id)
    return kept.withdraw(workspace.store, merge_id, at=workspace.now(), actor=workspace.actor)


def merges(workspace: Workspace, *, every: bool = False) -> tuple[Merge, ...]:
    """Return the merges that hold, or every one, those taken back too."""
    return kept.listed(workspace.store) if every else kept.active(workspace.store)


def _require_known(
    connection: duckdb.DuckDBPyConnection, state: State, table: TableName, ids: set[str]
) -> None:
    rows = reading(state.table(table))
    key = DUCKDB.identifier(KEYS[table])
    known = connection.execute(
        f"SELECT {key} FROM {rows} WHERE {key} IN (SELECT unnest(?::VARCHAR[]))", [sorted(ids)]
    ).fetchall()
    missing = sorted(ids - {str(one) for (one,) in known})
    if not missing:
        return
    near = connection.execute(
        f"SELECT {key} FROM {rows} ORDER BY jaro_winkler_similarity({key}, ?) DESC, {key}"
        f" LIMIT {_NEAR}",
        [missing[0]],
    ).fetchall()
    raise UnknownName(
        table.value.removesuffix("s"),
        missing[0],
        [str(one) for (one,) in near],
        hint=f"See who stands twice with: bullseye duplicates {table}",
    )


def _moved(
    connection: duckdb.DuckDBPyConnection, state: State, table: TableName, others: Sequence[str]
) -> tuple[Referring, ...]:
    """Return how many rows of each table belong to the records that go, if any does."""
    key = KEYS[table]
    tables = [*OTHER_TABLES, TableName.SIGNALS]
    if table is TableName.CONTACTS:
        tables = [TableName.TOUCHES, TableName.OPPORTUNITY_CONTACTS]
    found = []
    for each in tables:
        path = state.signals if each is TableName.SIGNALS else state.table(each)
        rows = connection.execute(
            f"SELECT count(*) FROM {reading(path)} WHERE {key} IN (SELECT unnest(?::VARCHAR[]))",
            [list(others)],
        ).fetchall()[0][0]
        if rows:
            found.append(Referring(each.value, int(rows)))
    return tuple(found)


def _takes(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    decisions: Decisions,
    survivor_id: str,
    day: date,
) -> tuple[Taken, ...]:
    project = workspace.project
    fields = stored_fields(project, table)
    rules = survival_rules(table, fields, project.settings.survivorship)
    claims = make_record_claims(
        connection, project, workspace.batches(up_to=day), table, day, decisions
    )
    last = decisions.survivor(table, survivor_id)
    return taken(connection, table, claims, rules, last)


def _notes(
    workspace: Workspace, table: TableName, others: Sequence[str], day: date
) -> tuple[str, ...]:
    if table is not TableName.ACCOUNTS:
        return ()
    decided = {each.account_id: each for each in overrides.active(workspace.store, day)}
    return tuple(
        f"The override of {one} to {decided[one].tier} does not pass to the survivor."
        for one in others
        if one in decided
    )
