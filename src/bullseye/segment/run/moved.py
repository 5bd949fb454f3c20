"""Which runs counted a job change of one contact: the one way a contact reaches a score."""

import duckdb

from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence
from bullseye.segment.identity import Identity
from bullseye.store import runs, versions
from bullseye.store.runs import RunStatus
from bullseye.warehouse.moves import counts_moves, job_changes
from bullseye.workspace import Workspace


def runs_that_counted_moves(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, identity: Identity
) -> tuple[str, ...]:
    """Return the runs, oldest first, whose signals had a job change of a contact.

    Looked up only where definitions count such a signal, and by the days the runs looked at.
    """
    found: list[str] = []
    counting: dict[str, Project | None] = {}
    for run in reversed(runs.listed(workspace.store, status=RunStatus.DONE)):
        digest = run.definitions_hash
        if digest not in counting:
            project = Project.from_canonical(versions.get(workspace.store, digest))
            counting[digest] = project if counts_moves(project) else None
        project_then = counting[digest]
        if project_then is None or not run.batch_ids:
            continue
        try:
            state = workspace.state(
                connection, project_then, run.batch_ids, run.as_of, known_at=run.started_at
            )
        except NotEnoughEvidence:
            continue
        batches = workspace.batches(ids=run.batch_ids)
        moves = job_changes(connection, project_then, batches, state)
        ids = {
            each
            for m in moves
            if m.was and not m.review
            for each in (m.contact_id, m.old_contact_id)
        }
        if ids & identity.contact_ids:
            found.append(run.id)
    return tuple(found)
