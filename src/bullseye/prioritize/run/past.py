"""Past runs: where their files are, which definitions they had, and their scores again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import duckdb
import pyarrow as pa

from bullseye.definitions.project import Project
from bullseye.prioritize.scores import Scoring, joined_deltas, load_weights, previous_tiers
from bullseye.store import runs, versions
from bullseye.store.runs import Run
from bullseye.warehouse.publish import publish_rows, reading
from bullseye.warehouse.ranges import account_ranges
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

Progress = Callable[[str], None]
"""Is told the name of each stage as it begins."""


def silent(_stage: str) -> None:
    """Tell nobody."""


def engine() -> str:
    """Return the engine and its version, as runs record it, and who writes the files."""
    return f"duckdb {duckdb.__version__}, pyarrow {pa.__version__}"


def run_folder(workspace: Workspace, run: Run) -> Path:
    """Return the folder of a run."""
    return workspace.warehouse / "runs" / run.id


def scores_path(workspace: Workspace, run: Run) -> Path:
    """Return where the whole scores of a run are, while they are kept."""
    return run_folder(workspace, run) / "scores.parquet"


def cube_path(workspace: Workspace, run: Run, number: int) -> Path:
    """Return where the cube of one profile of a run is."""
    return run_folder(workspace, run) / f"cube-{number}.parquet"


def project_of(workspace: Workspace, run: Run) -> Project:
    """Return the definitions a run was made with."""
    return Project.from_canonical(versions.get(workspace.store, run.definitions_hash))


def icps_of(workspace: Workspace, run: Run) -> tuple[str, ...]:
    """Return the profiles of a run, in the order of its columns."""
    return tuple(sorted(project_of(workspace, run).icps))


def is_pushed(run: Run) -> bool:
    """Whether a run scored in a warehouse: it read tables there, and no imported batch."""
    return not run.batch_ids


def is_base(workspace: Workspace, run: Run) -> bool:
    """Whether a run's delta is a whole table: it is the first, or its profiles are others."""
    if run.previous_run_id is None:
        return True
    before = runs.get(workspace.store, run.previous_run_id)
    return icps_of(workspace, before) != icps_of(workspace, run)


def scores_of(workspace: Workspace, run: Run) -> str:
    """Return the table expression of a run's scores: whole if kept, else from its deltas."""
    if scores_path(workspace, run).exists():
        return f"(SELECT *, FALSE AS gone FROM {reading(scores_path(workspace, run))})"
    chain = [run]
    while not is_base(workspace, chain[-1]):
        chain.append(runs.get(workspace.store, str(chain[-1].previous_run_id)))
    deltas = [workspace.warehouse / str(each.delta_path) for each in reversed(chain)]
    return joined_deltas(deltas)


def write_scores(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    scoring: Scoring,
    run: Run,
    state: State,
    target: Path,
    base: "Base | None" = None,
) -> int:
    """Score the state for a run and write the scores to `target`; return how many.

    With a `base`, only the accounts touched since are scored anew; the bytes are those of a full
    scoring.
    """
    load_weights(connection, scoring.project)
    previous = None
    if run.previous_run_id is not None:
        before = runs.get(workspace.store, run.previous_run_id)
        icps = icps_of(workspace, before)
        scores = scores_of(workspace, before)
        previous = previous_tiers(scores, icps, scoring.icps)
    if base is None:
        parts = scoring.parts(connection, state.accounts, state.signals, previous)
    else:
        parts = _touched_anew(connection, scoring, state, base, previous)
    return publish_rows(parts, target, varied=scoring.varied)


@dataclass(frozen=True)
class Base:
    """Scores that stay as they are but for the accounts that the files `touched` name."""

    scores: Path
    touched: tuple[Path, ...]


def base_for(workspace: Workspace, run: Run, scoring: Scoring) -> Base | None:
    """Return the run whose scores hold but for accounts that are known, if there is one.

    It has all in common with `run` but newer imports, of which the state of `run` says which
    accounts they touch. Where what happens to a subsidiary counts for its parent too there is
    none: all accounts are then scored anew.
    """
    if any(profile.family for profile in scoring.profiles):
        return None
    decided = workspace.decisions(run.started_at).digest
    for other in runs.listed(workspace.store, status=runs.RunStatus.DONE, limit=10):
        same = (other.as_of, other.definitions_hash, other.engine, other.previous_run_id) == (
            run.as_of,
            run.definitions_hash,
            run.engine,
            run.previous_run_id,
        )
        path = scores_path(workspace, other)
        if not same or other.batch_ids == run.batch_ids or not path.exists():
            continue
        if decided != workspace.decisions(other.started_at).digest:
            continue
        touched = workspace.touched_since(
            scoring.project,
            run.batch_ids,
            other.batch_ids,
            run.as_of,
            known_at=run.started_at,
        )
        if touched is not None:
            return Base(path, touched)
    return None


def _touched_anew(
    connection: duckdb.DuckDBPyConnection,
    scoring: Scoring,
    state: State,
    base: Base,
    previous: str | None,
) -> Iterator[pa.Table]:
    """Yield the scores of `base` with the touched accounts scored anew; some may be gone."""
    accounts, events = reading(state.accounts), reading(state.signals)
    touched = " UNION ".join(f"SELECT account_id FROM {reading(path)}" for path in base.touched)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE touched AS {touched}")
    fresh = scoring.sql(
        accounts=f"(SELECT * FROM {accounts} SEMI JOIN touched USING (account_id))",
        events=f"(SELECT * FROM {events} SEMI JOIN touched USING (account_id))",
        previous=previous,
        parents=accounts,
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {fresh}")
    for part in account_ranges(base.scores):
        merged = (
            f"SELECT * FROM {part.of(reading(base.scores))} ANTI JOIN touched USING (account_id)"
            f" UNION ALL SELECT * FROM {part.of('fresh')}"
        )
        ordered = f"SELECT * FROM ({merged}) ORDER BY account_id"
        yield connection.sql(ordered).to_arrow_table()


@contextmanager
def scratch(workspace: Workspace) -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards."""
    folder = workspace.warehouse / "scratch" / uuid4().hex
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
