"""Import and state against the engine's own reader: ``python -m benchmarks.importing --help``."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.beliefs import TODAY
from benchmarks.inputs import SEED
from benchmarks.measuring import Cost, Spread, in_a_process, report, table
from bullseye.definitions.field import TableName
from bullseye.definitions.starter import write_starter
from bullseye.demo.benchmark import write_benchmark_tables
from bullseye.segment.run import ImportOptions, import_file
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading
from bullseye.workspace import Workspace

TYPES = {
    "account_id": "VARCHAR",
    "name": "VARCHAR",
    "domain": "VARCHAR",
    "industry": "VARCHAR",
    "country": "VARCHAR",
    "funding_stage": "VARCHAR",
    "technologies": "VARCHAR",
    "employees": "BIGINT",
    "revenue": "DOUBLE",
    "founded_year": "INTEGER",
    "is_hiring": "BOOLEAN",
    "is_customer": "BOOLEAN",
    "created_on": "DATE",
}
"""The columns of the file, and the types the engine's own reader is told."""


def written_file(folder: Path, accounts: int) -> Path:
    """Write a clean CSV of so many accounts into `folder` and return it."""
    raw = write_benchmark_tables(folder / "raw", accounts, SEED, TODAY)
    connection = connect(folder / "scratch")
    made = {
        "name": "'Account ' || substr(account_id, 2)",
        "domain": "account_id || '.example'",
        "technologies": "array_to_string(technologies, '; ')",
        "revenue": "CAST(revenue AS BIGINT)",
        "created_on": f"DATE '{TODAY}' - CAST(hash(account_id) % 2000 AS INTEGER)",
    }
    columns = ", ".join(f"{made.get(name, name)} AS {name}" for name in TYPES)
    target = folder / "accounts.csv"
    connection.execute(
        f"COPY (SELECT {columns} FROM {reading(raw.accounts)})"
        f" TO {DUCKDB.literal(str(target))} (FORMAT csv, HEADER)"
    )
    connection.close()
    return target


def read_typed(file: Path, target: Path) -> Cost:
    """Read the file by the engine's own reader, types given, and write it sorted, as we do."""
    connection, cost = connect(target.parent / "scratch"), Cost()
    columns = ", ".join(f"{DUCKDB.literal(n)}: {DUCKDB.literal(t)}" for n, t in TYPES.items())
    source = f"read_csv({DUCKDB.literal(str(file))}, header = true, columns = {{{columns}}})"
    with cost.part("read"):
        connection.execute(f"CREATE TEMP TABLE rows AS SELECT * FROM {source}")
    with cost.part("write"):
        publish(connection, "SELECT * FROM rows ORDER BY account_id", target)
    return cost


def imported(file: Path, folder: Path) -> Cost:
    """Import the file into a new workspace in `folder`, then build the state of its batch."""
    write_starter(folder, title="Benchmark", owner="Robin Reyes", today=TODAY)
    workspace = Workspace.open(folder, now=lambda: datetime(2026, 6, 30, tzinfo=UTC))
    cost = Cost()
    with cost.part("import"):
        import_file(workspace, TableName.ACCOUNTS, str(file), ImportOptions())
    workspace = Workspace.open(folder, now=workspace.now)
    ids = tuple(batch.number for batch in workspace.batches())
    with workspace.connection() as connection, cost.part("state"):
        workspace.state(connection, workspace.project, ids, TODAY)
    return cost


def sizes(file: Path, folder: Path) -> dict[str, int]:
    """Return the bytes of the file, of the batch it became, and of the state's accounts."""
    warehouse = folder / ".bullseye" / "warehouse"
    return {
        "file": file.stat().st_size,
        "batch": sum(path.stat().st_size for path in warehouse.glob("batches/**/*.parquet")),
        "state": sum(path.stat().st_size for path in warehouse.glob("states/*/accounts.parquet")),
    }


def compare(folder: Path, accounts: int, runs: int) -> str:
    """Measure both, in turn, and return the table."""
    file = written_file(folder, accounts)
    theirs: list[Cost] = []
    ours: list[Cost] = []
    for run in range(runs):
        for costs, what, name in ((theirs, "read", "theirs"), (ours, "import", "ours")):
            words = ("--only", what, "--file", str(file), "--folder", str(folder / f"{name}-{run}"))
            costs.append(in_a_process("benchmarks.importing", *words))
    times = Spread.of(
        [us.parts["import"] / them.cpu for us, them in zip(ours, theirs, strict=True)]
    )
    rows = [
        ("read_csv with types, sorted, to Parquet", _middle(theirs), _memory(theirs), "1"),
        ("- of which reading", _middle(theirs, "read"), "", ""),
        ("**bullseye import**", _middle(ours, "import"), _memory(ours), times.text()),
        ("building the state", _middle(ours, "state"), "", ""),
    ]
    found = sizes(file, folder / "ours-0")
    size = ", ".join(f"{name} {count / 1e6:,.1f} MB" for name, count in found.items())
    header = (f"{accounts:,} rows", "CPU s", "peak MB", "x read_csv")
    return f"{table(header, rows)}\n\nSizes: {size}."


def _middle(costs: list[Cost], part: str | None = None) -> str:
    return Spread.of([cost.parts[part] if part else cost.cpu for cost in costs]).text()


def _memory(costs: list[Cost]) -> str:
    return f"{max(cost.memory for cost in costs):,.0f}"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000, help="rows of the file")
    parser.add_argument("--runs", type=int, default=3, help="rounds")
    parser.add_argument("--only", choices=("read", "import"), help="one measurement")
    parser.add_argument("--file", type=Path, help="the file of that measurement")
    parser.add_argument("--folder", type=Path, help="where files are made")
    given = parser.parse_args()
    if given.only:
        given.folder.mkdir(parents=True, exist_ok=True)
        read = given.only == "read"
        cost = (
            read_typed(given.file, given.folder / "rows.parquet")
            if read
            else imported(given.file, given.folder)
        )
        report(cost)
        return
    with TemporaryDirectory(dir=given.folder, prefix="bullseye-benchmark-") as name:
        print(compare(Path(name), given.accounts, given.runs))


if __name__ == "__main__":
    main()
