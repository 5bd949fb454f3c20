"""Hand rows over to the engine as a temporary table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from bullseye.warehouse.dialect import DUCKDB


def make_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    kinds: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
) -> str:
    """Make the temporary table `name` of `rows` and return its quoted name.

    `kinds` are the columns with their SQL types, in the order of the rows' values. The values
    go in as parameters, one list per column: registering an Arrow table instead makes the
    engine import pandas wherever that is installed, which costs a second.

    >>> with duckdb.connect() as connection:
    ...     table = make_table(connection, "t", {"a": "VARCHAR", "n": "BIGINT"}, [("x", 1)])
    ...     connection.execute(f"SELECT * FROM {table}").fetchall()
    [('x', 1)]
    """
    quoted = DUCKDB.identifier(name)
    columns = ", ".join(f"{DUCKDB.identifier(column)} {kind}" for column, kind in kinds.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted} ({columns})")
    values = [list(column) for column in zip(*rows, strict=True)]
    if values:
        lists = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.values())
        connection.execute(f"INSERT INTO {quoted} SELECT {lists}", values)
    return quoted
