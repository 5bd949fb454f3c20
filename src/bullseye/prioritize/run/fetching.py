"""What leaves the warehouse: the list, its signals and the aggregates, as local files."""

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.project import Project
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.engines import Engine
from bullseye.warehouse.events import Counted
from bullseye.warehouse.mapped import PARENT
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.state import build_state

ARROW: Mapping[FieldType, pa.DataType] = {
    FieldType.COUNT: pa.int64(),
    FieldType.YEAR: pa.int32(),
    FieldType.NUMBER: pa.float64(),
    FieldType.SHARE: pa.float64(),
    FieldType.MONEY: pa.decimal128(18, 2),
    FieldType.DATE: pa.date32(),
    FieldType.FLAG: pa.bool_(),
    FieldType.LIST: pa.list_(pa.string()),
}
"""How each type is held; all others are text."""

SIGNALS: Mapping[str, pa.DataType] = {
    "signal_no": pa.int64(),
    "account_id": pa.string(),
    "occurred_on": pa.date32(),
    "type": pa.string(),
    "subject": pa.string(),
    "detail": pa.string(),
    "url": pa.string(),
    "value": pa.float64(),
    "known_on": pa.date32(),
    "source": pa.string(),
    "occurred_day": pa.int32(),
}
"""The columns of fetched signals, in the order of `remote.list_of_signals`."""

CUBE: Mapping[str, pa.DataType] = {
    "met": pa.int64(),
    "unknown": pa.int64(),
    "strength": pa.int64(),
    "live": pa.int64(),
    "accounts": pa.int64(),
    "value": pa.float64(),
    "valued": pa.int64(),
}
"""The columns of a fetched cube, as `Scoring.whole_cube` has them."""


def account_types(fields: Sequence[Field]) -> dict[str, pa.DataType]:
    """Return the columns of fetched accounts, in the order of `remote.list_of_accounts`."""
    return {f.name: ARROW.get(f.type, pa.string()) for f in fields} | {PARENT: pa.string()}


def score_types(columns: Sequence[str]) -> dict[str, pa.DataType]:
    """Return the columns of fetched scores."""
    short = ("tier_", "status_")
    kinds = {name: pa.int16() if name.startswith(short) else pa.int64() for name in columns}
    return kinds | {"account_id": pa.string()}


def fetched(engine: Engine, sql: str, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Return the rows of a query as a table with these columns, whatever the driver gives."""
    table = engine.table(sql)
    if table is not None:
        return table.rename_columns(list(types)).cast(pa.schema(list(types.items())))
    columns = list(zip(*engine.rows(sql), strict=True)) or [()] * len(types)
    return pa.table(
        {
            name: _array(column, kind)
            for column, (name, kind) in zip(columns, types.items(), strict=True)
        }
    )


def _array(values: Sequence[Any], kind: pa.DataType) -> "pa.Array[Any]":
    try:
        return pa.array(values, kind)
    except (pa.ArrowException, TypeError, ValueError):  # the driver has types of its own
        return pa.array([_plain(value, kind) for value in values], kind)


def _plain(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_list(kind):
        return json.loads(value) if isinstance(value, str) else list(value)
    if pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal("0.01"))
    if pa.types.is_integer(kind):
        return int(value)
    if pa.types.is_floating(kind):
        return float(value)
    if pa.types.is_date(kind):
        return value.date() if isinstance(value, datetime) else value
    return value if pa.types.is_boolean(kind) else str(value)


def write_table(
    connection: duckdb.DuckDBPyConnection, table: pa.Table, target: Path, order: str
) -> None:
    """Write a fetched table to a file, in order of one of its columns."""
    connection.register("fetched", table)
    try:
        publish(connection, f"SELECT * FROM fetched ORDER BY {order}", target)
    finally:
        connection.unregister("fetched")


def write_state(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    as_of: date,
    folder: Path,
    accounts: pa.Table,
    signals: pa.Table,
    noticed: Sequence[Counted],
) -> None:
    """Write what was fetched into `folder` as the state of a day, laid out like any other.

    The tables that were not fetched are there and empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    empty = build_state(connection, project, (), as_of, folder)
    matched = pa.array(["id"] * signals.num_rows, pa.string())
    fetched = {
        empty.accounts: (accounts, "account_id"),
        empty.signals: (signals.append_column("match_method", matched), "signal_no"),
    }
    for path, (table, order) in fetched.items():
        connection.register("fetched", table)
        told = ", ".join(map(_known_items, table.schema))
        rows = f"SELECT * FROM {reading(path)} UNION ALL BY NAME SELECT {told} FROM fetched"
        publish(connection, f"SELECT * FROM ({rows}) ORDER BY {order}", path)
        connection.unregister("fetched")
    text = json.dumps([list(each) for each in noticed])
    (folder / "noticed.json").write_text(text)


def _known_items(column: "pa.Field[Any]") -> str:
    """Return the SQL of a column; of a list, its known items."""
    name = DUCKDB.identifier(column.name)
    if not pa.types.is_list(column.type):
        return name
    return f"list_filter({name}, lambda item: item IS NOT NULL) AS {name}"


def place(staged: Path, target: Path) -> None:
    """Put a whole folder in the place of another, which goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    staged.replace(target)
