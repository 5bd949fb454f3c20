"""Further signals against scoring whole: ``python -m benchmarks.increments --help``.

Both are whole runs of the product, state and history included, over the same workspace.
"""

import argparse
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
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


@dataclass(frozen=True)
class Spent:
    """Processor seconds, run by run: of scoring whole, and of merging what came after."""

    whole: tuple[float, ...]
    merged: tuple[float, ...]


def measured(folder: Path, accounts: int, further: int, runs: int) -> Spent:
    """Score whole and merge in turn; stop if the last merge is not what scoring whole gives."""
    raw = write_benchmark_tables(folder / "raw", accounts, SEED, TODAY)
    with Store.open(folder / PRIVATE / "store.db") as store:
        workspace = Workspace(folder, Loaded(project()), store, lambda: NOON, "benchmark")
        imported(workspace, TableName.ACCOUNTS, 1, f"SELECT * FROM {reading(raw.accounts)}")
        imported(workspace, TableName.SIGNALS, 2, signals_query(raw.signals, 2))
        whole, merged = [], []
        for number in range(3, 3 + runs):
            shutil.rmtree(workspace.warehouse / "states", ignore_errors=True)
            shutil.rmtree(workspace.warehouse / "runs", ignore_errors=True)
            whole.append(_cpu_of(workspace))
            query = signals_query(raw.signals, number, further)
            imported(workspace, TableName.SIGNALS, number, query)
            merged.append(_cpu_of(workspace))
        newest = prioritize.past_runs(workspace)[0]
        if not prioritize.replay(workspace, newest.id).identical:
            raise SystemExit("the merge is not what scoring whole gives")
    return Spent(tuple(whole), tuple(merged))


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
    whole, merged = spent.whole, spent.merged
    pairs = [m / w for m, w in zip(merged, whole, strict=True)]
    rows = [
        ("score whole", f"{median(whole):.2f} ({min(whole):.2f}-{max(whole):.2f})", "1"),
        (
            f"merge {said.further:,} further signals",
            f"{median(merged):.2f} ({min(merged):.2f}-{max(merged):.2f})",
            f"{median(pairs):.2f} ({min(pairs):.2f}-{max(pairs):.2f})",
        ),
    ]
    print(table(("", "CPU s", "x whole"), rows))


if __name__ == "__main__":
    main()
