"""Far more accounts under a memory limit: ``python -m benchmarks.growth --help``.

The accounts are generated once and repeated under other ids, each time after all before.
"""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.inputs import Inputs, written_inputs
from benchmarks.measuring import Cost, in_a_process, number, table
from benchmarks.scoring import scores_of
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading

MOST_TIMES = 26
"""Repetitions are told apart by a letter."""


def repeated(inputs: Inputs, folder: Path, times: int) -> Inputs:
    """Write the accounts and signals of `inputs` so many times over; return where they are."""
    found = Inputs(folder)
    connection = connect(found.scratch)
    last = number(f"SELECT max(signal_no) FROM {reading(inputs.signals)}")
    _repeat(connection, inputs.accounts(), found.accounts(), [""] * times)
    numbers = [f", signal_no + {n * last} AS signal_no" for n in range(times)]
    _repeat(connection, inputs.signals, found.signals, numbers)
    connection.close()
    return found


def _repeat(
    connection: duckdb.DuckDBPyConnection, source: Path, target: Path, replaced: list[str]
) -> None:
    selects = [
        f"SELECT * REPLACE ({DUCKDB.quoted(chr(ord('a') + n))} || account_id AS account_id{more})"
        f" FROM {reading(source)}"
        for n, more in enumerate(replaced)
    ]
    publish(connection, " UNION ALL ".join(selects), target)


def scored(inputs: Inputs, memory: str) -> Cost:
    """Score the accounts under a memory limit, in a process of its own."""
    return in_a_process(
        "benchmarks.scoring",
        "--only",
        "ours",
        "--folder",
        str(inputs.folder),
        environment={"BULLSEYE_MEMORY": memory},
    )


def differing(once: Inputs, often: Inputs) -> int:
    """Return how many repeated accounts have other scores than the account they repeat."""
    few, many = (reading(scores_of(each, "ours")) for each in (once, often))
    told = "met_0, unknown_0, strength_0, live_0, tier_0, status_0"
    return number(
        f"SELECT count(*) FROM (SELECT substr(account_id, 2) AS account_id, {told} FROM {many}"
        f" EXCEPT SELECT account_id, {told} FROM {few})"
    )


def main() -> None:
    """Score once and many times over, print the table; exit 1 where scores differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000_000, help="generated (10 million)")
    parser.add_argument("--times", type=int, default=5, help="how often they are repeated (5)")
    parser.add_argument("--memory", default="512MB", help="the engine's limit (512MB)")
    parser.add_argument("--folder", type=Path, help="where the tables are made and deleted")
    given = parser.parse_args()
    if not 1 <= given.times <= MOST_TIMES:
        parser.error(f"--times: from 1 to {MOST_TIMES}")
    with TemporaryDirectory(dir=given.folder, prefix="bullseye-benchmark-") as made:
        folder = Path(made)
        (folder / "often").mkdir()
        once = written_inputs(folder, given.accounts)
        often = repeated(once, folder / "often", given.times)
        rows = []
        for inputs, accounts in ((once, given.accounts), (often, given.accounts * given.times)):
            cost = scored(inputs, given.memory)
            spent = (f"{cost.cpu:,.1f}", f"{cost.wall:,.1f}", f"{cost.memory:,.0f}")
            per_million = f"{cost.cpu / accounts * 1e6:.2f}"
            size = f"{scores_of(inputs, 'ours').stat().st_size / 1e6:,.0f}"
            rows.append((f"{accounts:,}", *spent, per_million, size))
        print(table(("accounts", "CPU s", "wall s", "peak MB", "CPU s per million", "MB"), rows))
        if wrong := differing(once, often):
            raise SystemExit(f"{wrong:,} repeated accounts have scores of their own")
        shutil.rmtree(often.folder)


if __name__ == "__main__":
    main()
