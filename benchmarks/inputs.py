"""The tables that are scored: generated, then laid out as the product lays out what it knows."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.beliefs import CODES, TECHNOLOGIES, TODAY, Form
from bullseye.demo.benchmark import write_benchmark_tables
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading

SEED = 7


@dataclass(frozen=True)
class Inputs:
    """Where the tables are.

    Accounts lie in order of account, signals in order of account and day, numbered from 1:
    the layout of `bullseye.warehouse.state.State`.
    """

    folder: Path

    def accounts(self, form: Form = Form.PORTABLE) -> Path:
        """The accounts, one row each."""
        return self.folder / f"accounts-{form}.parquet"

    @property
    def signals(self) -> Path:
        """The signals, three per account and year."""
        return self.folder / "signals.parquet"

    @property
    def scratch(self) -> Path:
        """Where engines may spill."""
        return self.folder / "scratch"


def written_inputs(folder: Path, accounts: int) -> Inputs:
    """Write the tables for so many accounts into `folder` and return them."""
    inputs = Inputs(folder)
    connection = connect(inputs.scratch)
    with TemporaryDirectory(dir=folder) as raw:
        tables = write_benchmark_tables(Path(raw), accounts, SEED, TODAY)
        _write_accounts(connection, tables.accounts, inputs)
        _write_signals(connection, tables.signals, inputs)
    connection.close()
    return inputs


def _write_accounts(connection: duckdb.DuckDBPyConnection, raw: Path, inputs: Inputs) -> None:
    everything = f"SELECT * FROM {reading(raw)} ORDER BY account_id"
    publish(connection, everything, inputs.accounts())
    literal = DUCKDB.literal
    coded = [
        f"CAST(CASE WHEN {name} IS NOT NULL THEN "
        f"COALESCE(list_position([{', '.join(map(literal, values))}], {name}) - 1, {len(values)})"
        f" END AS SMALLINT) AS {name}_code"
        for name, values in CODES.items()
    ]
    coded += [
        f"list_contains(technologies, {literal(name)}) AS uses_{name.lower()}"
        for name in TECHNOLOGIES
    ]
    dropped = ", ".join((*CODES, "technologies"))
    query = (
        f"SELECT * EXCLUDE ({dropped}), {', '.join(coded)} FROM {reading(inputs.accounts())}"
        " ORDER BY account_id"
    )
    publish(connection, query, inputs.accounts(Form.CODED))


def _write_signals(connection: duckdb.DuckDBPyConnection, raw: Path, inputs: Inputs) -> None:
    numbered = (
        "SELECT row_number() OVER (ORDER BY account_id, occurred_on, type, subject) AS signal_no,"
        " *, CAST(occurred_on - DATE '1970-01-01' AS INTEGER) AS occurred_day"
        f" FROM {reading(raw)} ORDER BY signal_no"
    )
    publish(connection, numbered, inputs.signals)
