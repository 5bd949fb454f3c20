"""What merges cost when a state is built: ``python -m benchmarks.merging --help``.

The baseline is the same state without merges, in the same run.
"""

import argparse
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import Cost, in_a_process, report, table
from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.connect import connect
from bullseye.warehouse.decisions import Decisions, Merged
from bullseye.warehouse.publish import publish
from bullseye.warehouse.state import build_state

DAY = date(2026, 11, 2)


def written(connection: duckdb.DuckDBPyConnection, folder: Path, accounts: int) -> list[Batch]:
    """Write accounts, and ten contacts of each, as imports leave them."""
    known = "DATE '2026-11-02' AS known_on, i + 1 AS row_no"
    queries = {
        TableName.ACCOUNTS: "SELECT 'A' || i AS account_id, 'Firm ' || i AS name,"
        f" 'firm' || i || '.example' AS domain, i % 900 AS employees, {known}"
        f" FROM range({accounts}) AS t(i)",
        TableName.CONTACTS: "SELECT 'C' || i AS contact_id, 'A' || (i % {0}) AS account_id,"
        " 'p' || i || '@firm' || (i % {0}) || '.example' AS email, 'Head of Sales' AS title,"
        f" {known} FROM range({accounts * 10}) AS t(i)".replace("{0}", str(accounts)),
    }
    made = []
    for number, (name, query) in enumerate(queries.items(), 1):
        path = folder / f"{name}.parquet"
        publish(connection, query.replace("{0}", str(accounts)), path)
        made.append(Batch(number, name, "crm", DAY, path))
    return made


def built(folder: Path, accounts: int, merges: int) -> Cost:
    """Build the state with so many merges of accounts, and as many of contacts."""
    connection = connect(folder / "scratch")
    batches = written(connection, folder, accounts)
    half = accounts // 2
    merged = tuple(
        Merged(name, f"{letter}{at}", (f"{letter}{at + half}",))
        for name, letter in ((TableName.ACCOUNTS, "A"), (TableName.CONTACTS, "C"))
        for at in range(merges)
    )
    cost = Cost()
    with cost.part("build"):
        decisions = Decisions(merged=merged)
        build_state(connection, Project(), batches, DAY, folder / "state", None, decisions)
    return cost


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", default=100_000, type=int)
    parser.add_argument("--merges", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.merges is not None:
        with TemporaryDirectory() as name:
            report(built(Path(name), given.accounts, given.merges))
        return
    lines = []
    for merges in (0, 100, 10_000):
        words = ("--accounts", str(given.accounts), "--merges", str(merges))
        cost = in_a_process("benchmarks.merging", *words)
        lines.append([f"{merges:,} of each", f"{cost.cpu:.2f}", f"{cost.memory:,.0f}"])
    print(table(["merges", "CPU s", "MB"], lines))


if __name__ == "__main__":
    main()
