"""Replay a run: the same definitions, batches and day must give the same bytes."""

from typing import NamedTuple

from bullseye.errors import UsageError
from bullseye.prioritize.run.past import (
    Progress,
    engine,
    is_pushed,
    project_of,
    scratch,
    silent,
    write_scores,
)
from bullseye.prioritize.scores import Scoring
from bullseye.store import runs
from bullseye.store.runs import Run
from bullseye.warehouse.publish import file_hash
from bullseye.workspace import Workspace


class Replayed(NamedTuple):
    """What recomputing a run gave, beside what it gave then."""

    run: Run
    sha256: str

    @property
    def identical(self) -> bool:
        """Whether the result is the same to the byte."""
        return self.sha256 == self.run.result_sha256


def replay(workspace: Workspace, run_id: str, *, progress: Progress = silent) -> Replayed:
    """Compute a run again, whole, from its definitions, batches and day; publish nothing.

    A run that scored only what further signals touched is compared with a full scoring.

    Raises
    ------
    UnknownName
        If there is no such run.
    UsageError
        If it did not finish, or another version of the engine made it.
    """
    run = runs.get(workspace.store, run_id)
    if run.status is not runs.RunStatus.DONE:
        raise UsageError(f"Run {run_id} is {run.status}: there is no result to compare with.")
    if is_pushed(run):
        raise UsageError(
            f"Run {run_id} was made in the warehouse ({run.engine}), whose tables move on: it"
            " cannot be replayed to the byte.",
            hint="Score the tables as they stand now with: bullseye run;"
            " what changed for an account: bullseye history ACCOUNT",
        )
    if run.engine != engine():
        raise UsageError(
            f"Run {run_id} was made by {run.engine}, this is {engine()}: bytes may differ.",
            hint="Replay it with the engine it was made with.",
        )
    with workspace.connection() as connection, scratch(workspace) as folder:
        progress("Building what was known")
        project = project_of(workspace, run)
        state = workspace.state(
            connection, project, run.batch_ids, run.as_of, known_at=run.started_at
        )
        progress("Scoring accounts")
        scoring = Scoring.of(project, run.as_of)
        target = folder / "scores.parquet"
        write_scores(workspace, connection, scoring, run, state, target)
        return Replayed(run, file_hash(target))
