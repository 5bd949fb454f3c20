"""A published run, opened for questions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.prioritize.run.past import is_pushed, project_of, scores_path, scratch, write_scores
from bullseye.prioritize.scores import Scoring
from bullseye.store import overrides, runs
from bullseye.store.overrides import Override
from bullseye.store.runs import Run
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """A published run, opened for questions: its scores, its state and its definitions.

    `is_newest` tells the run whose list is worked from today from one looked back at;
    `decided_by` is the moment by which overrides of the latter count, the end of its day if None.
    """

    run: Run
    scoring: Scoring
    state: State
    connection: duckdb.DuckDBPyConnection
    scores: str
    is_newest: bool
    decided_by: datetime | None = None

    @property
    def project(self) -> Project:
        """The definitions the run was made with."""
        return self.scoring.project

    @property
    def is_list(self) -> bool:
        """Whether only the listed accounts are here: the run scored in the warehouse."""
        return is_pushed(self.run)

    @property
    def fetched_markets(self) -> Mapping[str, Sequence[Sequence[float]]] | None:
        """What the warehouse counted of every market, TAM and SAM; None if it did not."""
        found: Mapping[str, Sequence[Sequence[float]]] | None = json.loads(
            self.run.summary or "{}"
        ).get("markets")
        return found

    def cube_sql(self, number: int) -> str:
        """Return the select of the cube of one profile, see `bullseye.prioritize.what_if`."""
        return self.scoring.whole_cube(self.scores, reading(self.state.accounts), number)


def active_overrides(workspace: Workspace, run: Opened) -> tuple[Override, ...]:
    """Return the overrides that hold for an opened run, at most one per account.

    For the newest run that is every one decided until now; for one looked back at, those that
    had been decided by its day.
    """
    known_at = workspace.now() if run.is_newest else run.decided_by
    return overrides.active(workspace.store, run.run.as_of, known_at=known_at)


@contextmanager
def opened(workspace: Workspace, *, as_of: date | None = None) -> Iterator[Opened]:
    """Yield the run of the newest day, or of the newest day not after `as_of`.

    A day that is scored later than a newer one is looked back at: it does not become the list.

    Raises
    ------
    NotEnoughEvidence
        If there is none.
    """
    newest = runs.done_as_of(workspace.store, date.max)
    run = runs.done_as_of(workspace.store, as_of) if as_of else newest
    if run is None:
        raise NotEnoughEvidence(
            "Nothing has been scored yet." if as_of is None else f"No run is as old as {as_of}.",
            hint="Score with: bullseye run" + (f" --as-of {as_of.isoformat()}" if as_of else ""),
        )
    with _opened(workspace, run, newest is not None and newest.id == run.id, None) as found:
        yield found


def run_since(workspace: Workspace, since: str) -> Run:
    """Return the finished run that `since` names: by its id, or the newest not after a day.

    Raises
    ------
    UnknownName
        If no run has that id.
    UsageError
        If the run did not finish.
    NotEnoughEvidence
        If no run is as old as that day.
    """
    try:
        day = date.fromisoformat(since)
    except ValueError:
        run = runs.get(workspace.store, since)
        if run.status is not runs.RunStatus.DONE:
            raise UsageError(
                f"Run {run.id} is {run.status}: it has no list.",
                hint="See the runs there are with: bullseye runs",
            ) from None
        return run
    found = runs.done_as_of(workspace.store, day)
    if found is None:
        raise NotEnoughEvidence(
            f"No run is as old as {day}.", hint="See the runs there are with: bullseye runs"
        )
    return found


@contextmanager
def reopened(workspace: Workspace, run: Run) -> Iterator[Opened]:
    """Yield a run as its list was when it was published.

    Raises
    ------
    NotEnoughEvidence
        If it scored in the warehouse and its list is no longer kept.
    """
    kept = workspace.listed_state(project_of(workspace, run), run.as_of).is_dir()
    if is_pushed(run) and not (kept and scores_path(workspace, run).exists()):
        raise NotEnoughEvidence(
            f"Run {run.id} scored in the warehouse, and its list is no longer kept.",
            hint="Name a newer run, or export the whole list.",
        )
    with _opened(workspace, run, False, run.finished_at) as found:
        yield found


@contextmanager
def _opened(
    workspace: Workspace, run: Run, is_newest: bool, decided_by: datetime | None
) -> Iterator[Opened]:
    project = project_of(workspace, run)
    scoring = Scoring.of(project, run.as_of)

    def found(connection: duckdb.DuckDBPyConnection, state: State, scores: Path) -> Opened:
        told = reading(scores)
        return Opened(run, scoring, state, connection, told, is_newest, decided_by)

    with workspace.connection() as connection:
        state = workspace.state(
            connection, project, run.batch_ids, run.as_of, known_at=run.started_at
        )
        path = scores_path(workspace, run)
        if path.exists():
            yield found(connection, state, path)
            return
        with scratch(workspace) as folder:
            target = folder / "scores.parquet"
            write_scores(workspace, connection, scoring, run, state, target)
            yield found(connection, state, target)
