"""Tables that live only as long as one piece of work."""

from types import TracebackType
from typing import Self
from uuid import uuid4

import pyarrow as pa
from duckdb import DuckDBPyConnection

from bullseye.warehouse.dialect import DUCKDB


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

    def keep(self, table: pa.Table) -> str:
        """Keep the rows of an Arrow table and return the quoted name of the table."""
        view = f"{self._prefix}_arrow"
        self.connection.register(view, table)
        try:
            return self.table(f"SELECT * FROM {DUCKDB.identifier(view)}")
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
