"""Score every account and publish the result: whole, or not at all."""

import json
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.prioritize.run.past import (
    Progress,
    base_for,
    engine,
    is_base,
    run_folder,
    scores_of,
    scores_path,
    silent,
    write_scores,
)
from bullseye.prioritize.scores import Scoring, delta_sql
from bullseye.store import runs, versions
from bullseye.store.runs import NewRun, Run, RunResult
from bullseye.warehouse.publish import file_hash, publish, reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

KEPT_RUNS = 2
"""Runs whose whole scores stay on disk; older ones stay as deltas and can be replayed."""


class Scored(NamedTuple):
    """A finished run, and whether it had to be computed."""

    run: Run
    is_new: bool


def score(
    workspace: Workspace, *, as_of: date | None = None, progress: Progress = silent
) -> Scored:
    """Score every account against every ICP as known on `as_of`, and publish the result.

    Nothing is computed where the newest run already had the same definitions, batches and day.
    A run that is interrupted leaves the last published one as it was.

    Raises
    ------
    NotEnoughEvidence
        If no accounts are imported, or none were known on that day.
    Busy
        If another process is writing to the workspace.
    """
    day = as_of or workspace.today
    project = workspace.project
    if not project.icps:
        raise UsageError("There is no ICP to score against.", hint="Write one into icps/.")
    scoring = Scoring.of(project, day)
    with workspace.alone("run") as lease:
        for abandoned in runs.interrupt_abandoned(workspace.store, at=workspace.now()):
            shutil.rmtree(run_folder(workspace, abandoned), ignore_errors=True)
        batches = workspace.batches(up_to=None)
        ids = tuple(batch.number for batch in batches)
        digest = versions.put(
            workspace.store, project.canonical(), at=workspace.now(), actor=workspace.actor
        )
        before = runs.done_as_of(workspace.store, day)
        is_same = (
            before is not None
            and _same(before, digest, ids, day)
            and workspace.decisions(before.started_at) == workspace.decisions()
        )
        if before and is_same and scores_path(workspace, before).exists():
            return Scored(before, is_new=False)
        if before and before.as_of == day:  # this run takes its place
            earlier = before.previous_run_id
            before = runs.get(workspace.store, earlier) if earlier else None
        run = runs.begin(
            workspace.store,
            NewRun(
                started_at=workspace.now(),
                as_of=day,
                definitions_hash=digest,
                batch_ids=ids,
                engine=engine(),
                actor=workspace.actor,
                previous_run_id=before.id if before else None,
            ),
        )
        try:
            result = _compute(workspace, run, scoring, progress)
            lease.renew()
            done = runs.finish(workspace.store, run.id, result, at=workspace.now())
        except KeyboardInterrupt:
            runs.interrupt(workspace.store, run.id, at=workspace.now())
            shutil.rmtree(run_folder(workspace, run), ignore_errors=True)
            raise
        except BaseException as error:
            with suppress(Exception):
                runs.fail(workspace.store, run.id, str(error), at=workspace.now())
            shutil.rmtree(run_folder(workspace, run), ignore_errors=True)
            raise
        _tidy(workspace)
    return Scored(done, is_new=True)


def statement(project: Project, as_of: date) -> str:
    """Return the statement that scores `project` on a day; nothing is executed."""
    scoring = Scoring.of(project, as_of)
    return scoring.sql(accounts="accounts", events="signals", previous="previous")


def _same(run: Run, digest: str, ids: tuple[int, ...], day: date) -> bool:
    return (run.definitions_hash, run.batch_ids, run.as_of, run.engine) == (
        digest,
        ids,
        day,
        engine(),
    )


def _compute(workspace: Workspace, run: Run, scoring: Scoring, progress: Progress) -> RunResult:
    folder = run_folder(workspace, run)
    with workspace.connection() as connection:
        progress("Building what was known")
        state = workspace.state(
            connection, scoring.project, run.batch_ids, run.as_of, known_at=run.started_at
        )
        progress("Scoring accounts")
        base, target = base_for(workspace, run, scoring), folder / "scores.parquet"
        rows = write_scores(workspace, connection, scoring, run, state, target, base)
        if not rows:
            raise NotEnoughEvidence(
                f"No account was known on {run.as_of}.",
                hint="Score a later day, or import what was known then with: --as-of",
            )
        progress("Keeping history")
        delta = write_delta(workspace, connection, scoring, run, folder)
        summary = _summary(connection, scoring, target, state)
        summary["increment"] = base is not None
    return RunResult(
        rows=rows,
        result_sha256=file_hash(folder / "scores.parquet"),
        result_path=(folder / "scores.parquet").relative_to(workspace.warehouse).as_posix(),
        delta_path=delta.relative_to(workspace.warehouse).as_posix(),
        summary=json.dumps(summary, sort_keys=True),
    )


def write_delta(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    scoring: Scoring,
    run: Run,
    folder: Path,
) -> Path:
    """Write what a run changed, beside its scores; return the file."""
    target = folder / "delta.parquet"
    scores = folder / "scores.parquet"
    if is_base(workspace, run):
        sql = f"SELECT *, FALSE AS gone FROM {reading(scores)}"
    else:
        before = runs.get(workspace.store, str(run.previous_run_id))
        sql = delta_sql(scores, scores_of(workspace, before), len(scoring.icps))
    publish(connection, sql, target)
    return target


def _summary(
    connection: duckdb.DuckDBPyConnection, scoring: Scoring, scores: Path, state: State
) -> dict[str, Any]:
    counts = connection.execute(
        f"SELECT icp, status, tier, count(*) FROM ({scoring.rendered(reading(scores))})"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {
        "icps": list(scoring.icps),
        "counts": [list(row) for row in counts],
        "noticed": [list(each) for each in state.noticed],
    }


def _tidy(workspace: Workspace) -> None:
    """Drop whole scores and states that newer ones replace; deltas stay."""
    done = [run for run in runs.listed(workspace.store) if run.status is runs.RunStatus.DONE]
    for run in done[KEPT_RUNS:]:
        scores_path(workspace, run).unlink(missing_ok=True)
    workspace.drop_old_states()
