"""Tables that live only as long as one piece of work."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from types import TracebackType
from typing import Self
from uuid import uuid4

import pyarrow as pa
from duckdb import DuckDBPyConnection

from bullseye.warehouse.dialect import DUCKDB

ARROW_TYPES: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR[]": pa.list_(pa.string()),
}
_FEW = 10_000
_BATCH = 100_000


class Scratch:
    """Makes temporary tables under names of its own and drops them all at the end.

    Parameters
    ----------
    connection
        The engine; the tables are seen by nobody else.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self.connection = connection
        self._prefix = f"scratch_{uuid4().hex}"
        self._names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in reversed(self._names):
            self.connection.execute(f"DROP TABLE IF EXISTS {name}")

    def table(self, select: str) -> str:
        """Keep the rows of `select` and return the quoted name of the table they are in."""
        name = self._next()
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {select}")
        return name

    def filled(self, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> str | None:
        """Keep `rows` and return the quoted name of the table they are in; None without any.

        `columns` are names with SQL types, in the order of the rows' values. Few rows go in as
        parameters: the first Arrow array makes Arrow import pandas wherever that is installed,
        which takes longer. Many go in as Arrow, batch by batch.
        """
        coming = iter(rows)
        few = list(islice(coming, _FEW))
        if not few:
            return None
        name = self._next()
        listed = ", ".join(f"{DUCKDB.identifier(each)} {kind}" for each, kind in columns.items())
        self.connection.execute(f"CREATE TEMP TABLE {name} ({listed})")
        lists = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        values = [list(column) for column in zip(*few, strict=True)]
        self.connection.execute(f"INSERT INTO {name} SELECT {lists}", values)
        while batch := list(islice(coming, _BATCH)):
            self._add(name, columns, batch)
        return name

    def _add(self, name: str, columns: Mapping[str, str], rows: list[Sequence[object]]) -> None:
        cells = zip(*rows, strict=True)
        arrays = [
            pa.array(column, type=ARROW_TYPES[kind])
            for column, kind in zip(cells, columns.values(), strict=True)
        ]
        view = f"{self._prefix}_arrow"
        self.connection.register(view, pa.table(arrays, names=list(columns)))
        try:
            self.connection.execute(f"INSERT INTO {name} FROM {DUCKDB.identifier(view)}")
        finally:
            self.connection.unregister(view)

    def rows(self, select: str) -> list[tuple[object, ...]]:
        """Return all rows of `select`."""
        found: list[tuple[object, ...]] = self.connection.execute(select).fetchall()
        return found

    def number(self, select: str) -> int:
        """Return the one whole number `select` gives."""
        (row,) = self.rows(select)
        return int(str(row[0] or 0))

    def _next(self) -> str:
        name = DUCKDB.identifier(f"{self._prefix}_{len(self._names)}")
        self._names.append(name)
        return name
