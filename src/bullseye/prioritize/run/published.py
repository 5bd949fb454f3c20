"""A published run, opened for questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence
from bullseye.prioritize.run.past import is_pushed, project_of, scores_path, scratch, write_scores
from bullseye.prioritize.scores import Scoring
from bullseye.store import runs
from bullseye.store.runs import Run
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """A published run, opened for questions: its scores, its state and its definitions."""

    run: Run
    scoring: Scoring
    state: State
    connection: duckdb.DuckDBPyConnection
    scores: str

    @property
    def project(self) -> Project:
        """The definitions the run was made with."""
        return self.scoring.project

    @property
    def is_list(self) -> bool:
        """Whether only the listed accounts are here: the run scored in the warehouse."""
        return is_pushed(self.run)

    def cube_sql(self, number: int) -> str:
        """Return the select of the cube of one profile, see `bullseye.prioritize.what_if`."""
        return self.scoring.whole_cube(self.scores, reading(self.state.accounts), number)


@contextmanager
def opened(workspace: Workspace, *, as_of: date | None = None) -> Iterator[Opened]:
    """Yield the newest published run, or the newest one not after `as_of`.

    Raises
    ------
    NotEnoughEvidence
        If there is none.
    """
    run = runs.done_as_of(workspace.store, as_of) if as_of else runs.latest_done(workspace.store)
    if run is None:
        raise NotEnoughEvidence(
            "Nothing has been scored yet." if as_of is None else f"No run is as old as {as_of}.",
            hint="Score with: bullseye run" + (f" --as-of {as_of.isoformat()}" if as_of else ""),
        )
    project = project_of(workspace, run)
    scoring = Scoring.of(project, run.as_of)
    with workspace.connection() as connection:
        state = workspace.state(connection, project, run.batch_ids, run.as_of)
        path = scores_path(workspace, run)
        if path.exists():
            yield Opened(run, scoring, state, connection, reading(path))
            return
        with scratch(workspace) as folder:
            target = folder / "scores.parquet"
            write_scores(workspace, connection, scoring, run, state, target)
            yield Opened(run, scoring, state, connection, reading(target))
