"""Further imports against scoring whole: ``python -m benchmarks.increments --help``.

All are whole runs of the product, state and history included, over the same workspace.
"""

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.beliefs import TODAY, project
from benchmarks.inputs import SEED
from benchmarks.measuring import table
from bullseye.definitions.field import TableName
from bullseye.definitions.loader import Loaded
from bullseye.demo.benchmark import write_benchmark_tables
from bullseye.prioritize import run as prioritize
from bullseye.store import batches
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading
from bullseye.workspace import PRIVATE, Workspace

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def imported(workspace: Workspace, table_: TableName, number: int, query: str) -> None:
    """Add the rows of `query` as the batch that an import of them would leave."""
    path = f"batches/{table_}/{number}.parquet"
    connection = connect(workspace.folder / "spill")
    dated = f"SELECT *, {DUCKDB.literal(TODAY)} AS known_on, row_number() OVER () AS row_no"
    rows = publish(connection, f"{dated} FROM ({query})", workspace.warehouse / path)
    connection.close()
    new = NewBatch(
        table=table_,
        source=str(table_),
        as_of=TODAY,
        sha256=f"{number:064d}",
        path=path,
        file_name=f"{number}.parquet",
        rows_read=rows,
        kept=rows,
        quarantined=0,
        exact_duplicates=0,
        quarantine_path=None,
        report="{}",
        imported_at=NOON,
        actor="benchmark",
    )
    batches.add(workspace.store, new)


def signals_query(raw: Path, number: int, rows: int | None = None) -> str:
    """Return signals with ids of their own; `rows` of them, of today, or all."""
    picked = f"SELECT * FROM {reading(raw)}" + (f" USING SAMPLE {rows} ROWS" if rows else "")
    day = DUCKDB.literal(TODAY) if rows else "occurred_on"
    return (
        f"SELECT '{number}-' || row_number() OVER () AS signal_id, account_id, type, subject,"
        f" {day} AS occurred_on FROM ({picked})"
    )


def corrections_query(signals: Path, number: int, rows: int) -> str:
    """Return signals imported before under their ids: half corrected, half deleted."""
    picked = f"SELECT * FROM {reading(signals)} USING SAMPLE {rows} ROWS (reservoir, {number})"
    return (
        "SELECT signal_id, account_id, type, subject, occurred_on - 1 AS occurred_on,"
        f" row_number() OVER () % 2 = 0 AS is_deleted FROM ({picked})"
    )


def facts_query(raw: Path, number: int, rows: int) -> str:
    """Return accounts of which one fact is said anew."""
    picked = f"SELECT * FROM {reading(raw)} USING SAMPLE {rows} ROWS (reservoir, {number})"
    return f"SELECT * REPLACE (employees + {number} AS employees) FROM ({picked})"


KINDS = ("further signals", "corrected or deleted signals", "corrected accounts")


@dataclass(frozen=True)
class Spent:
    """Processor seconds, run by run: of scoring whole, and of each kind of further import."""

    whole: tuple[float, ...]
    merged: Mapping[str, tuple[float, ...]]


def measured(folder: Path, accounts: int, further: int, runs: int) -> Spent:
    """Score whole and merge in turn; stop if the last merge is not what scoring whole gives."""
    raw = write_benchmark_tables(folder / "raw", accounts, SEED, TODAY)
    with Store.open(folder / PRIVATE / "store.db") as store:
        workspace = Workspace(folder, Loaded(project()), store, lambda: NOON, "benchmark")
        imported(workspace, TableName.ACCOUNTS, 1, f"SELECT * FROM {reading(raw.accounts)}")
        imported(workspace, TableName.SIGNALS, 2, signals_query(raw.signals, 2))
        known = workspace.warehouse / "batches" / TableName.SIGNALS / "2.parquet"
        whole: list[float] = []
        merged: dict[str, list[float]] = {kind: [] for kind in KINDS}
        numbers = count(3)
        for _ in range(runs):
            _forget(workspace)
            whole.append(_cpu_of(workspace))
            for kind in KINDS:
                number = next(numbers)
                table_, query = {
                    KINDS[0]: (TableName.SIGNALS, signals_query(raw.signals, number, further)),
                    KINDS[1]: (TableName.SIGNALS, corrections_query(known, number, further)),
                    KINDS[2]: (TableName.ACCOUNTS, facts_query(raw.accounts, number, further)),
                }[kind]
                imported(workspace, table_, number, query)
                merged[kind].append(_cpu_of(workspace))
                _check_merged(workspace)
        newest = prioritize.past_runs(workspace)[0]
        shutil.rmtree(workspace.states)
        if not prioritize.replay(workspace, newest.id).identical:
            raise SystemExit("the merge is not what scoring whole gives")
    return Spent(tuple(whole), {kind: tuple(each) for kind, each in merged.items()})


def _forget(workspace: Workspace) -> None:
    """Delete all that was computed, so that the next run builds and scores whole."""
    shutil.rmtree(workspace.states, ignore_errors=True)
    shutil.rmtree(workspace.warehouse / "runs", ignore_errors=True)


def _check_merged(workspace: Workspace) -> None:
    newest = prioritize.past_runs(workspace)[0]
    if not json.loads(newest.summary or "{}").get("increment"):
        raise SystemExit("the run was scored whole: there was nothing to merge with")


def _cpu_of(workspace: Workspace) -> float:
    started = process_time()
    prioritize.score(workspace)
    return process_time() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--further", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    said = parser.parse_args()
    with TemporaryDirectory() as folder:
        spent = measured(Path(folder), said.accounts, said.further, said.runs)
    rows = [("score whole", _spread(spent.whole), "1")]
    for kind, merged in spent.merged.items():
        pairs = [m / w for m, w in zip(merged, spent.whole, strict=True)]
        rows.append((f"merge {said.further:,} {kind}", _spread(merged), _spread(pairs)))
    print(table(("", "CPU s", "x whole"), rows))


def _spread(numbers: Sequence[float]) -> str:
    return f"{median(numbers):.2f} ({min(numbers):.2f}-{max(numbers):.2f})"


if __name__ == "__main__":
    main()
