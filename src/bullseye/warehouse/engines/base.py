"""What a connected engine can do: read relations, and write tables and one view in a schema."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

import pyarrow as pa

from bullseye.errors import BullseyeError, ExternalError, UsageError
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.engines.address import without_secrets

MAX_PARTS = 3
"""Parts of a relation's name: catalog, schema, table."""


class Column(NamedTuple):
    """A column of a relation, with the type as its engine names it."""

    name: str
    type: str


class Denied(NamedTuple):
    """One thing we may not do: what, how the engine says it, and who could grant it how."""

    what: str
    said: str
    grant: str


class Engine(ABC):
    """One open connection to the warehouse where the data lives.

    Whatever the engine or its driver raises comes out as an `ExternalError` without secrets.
    """

    label: ClassVar[str]
    dialect: Dialect

    def __init__(self, url: str) -> None:
        self._url = url

    # -- what each engine does its own way -------------------------------------------------

    @abstractmethod
    def _execute(self, sql: str) -> Sequence[Any]:
        """Execute one statement; return its rows, none where it gives none."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The engine and its version, as runs record it."""

    @property
    @abstractmethod
    def user(self) -> str:
        """The name permissions are granted to."""

    @abstractmethod
    def columns(self, relation: str) -> tuple[Column, ...] | None:
        """Return the columns of a table or view, or None where there is none to be seen."""

    @abstractmethod
    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection back."""

    # -- what follows ----------------------------------------------------------------------

    def run(self, sql: str) -> None:
        """Execute a statement."""
        with self.explained():
            self._execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in memory: for lists and aggregates."""
        with self.explained():
            return [tuple(row) for row in self._execute(sql)]

    def table(self, sql: str) -> pa.Table | None:
        """Return the rows of a query as an Arrow table, or None where the driver has none."""
        return None

    def parts(self, relation: str) -> tuple[str, ...]:
        """Return the parts of a relation's name as the engine spells them."""
        parts = tuple(part.strip() for part in relation.split("."))
        if len(parts) > MAX_PARTS or not all(parts):
            raise UsageError(
                f"{relation!r} does not name a table or view.",
                hint="Write it as schema.table, or catalog.schema.table.",
            )
        return parts

    def quoted(self, relation: str) -> str:
        """Return a relation's name as an SQL identifier, whatever it contains."""
        return ".".join(self.dialect.identifier(part) for part in self.parts(relation))

    def table_as(self, name: str, select: str) -> str:
        """Return the statement that makes a new table from a query."""
        return f"CREATE TABLE {self.quoted(name)} AS\n{select}"

    def view_as(self, name: str, select: str) -> str:
        """Return the statement that makes a view mean another query."""
        return f"CREATE OR REPLACE VIEW {self.quoted(name)} AS\n{select}"

    def create_table_as(self, name: str, select: str) -> None:
        """Make a new table from a query."""
        self.run(self.table_as(name, select))

    def replace_view(self, name: str, select: str) -> None:
        """Make a view mean another query, in one step: readers see the old one or the new."""
        self.run(self.view_as(name, select))

    def drop_table(self, name: str) -> None:
        """Drop a table if it is there."""
        self.run(f"DROP TABLE IF EXISTS {self.quoted(name)}")

    # -- permissions -----------------------------------------------------------------------

    def read_denied(self, relation: str, columns: Sequence[str]) -> Denied | None:
        """Try to read these columns of a relation; return what is missing, or None."""
        wanted = ", ".join(self.dialect.identifier(name) for name in columns) or "1"
        try:
            self.rows(f"SELECT {wanted} FROM {self.quoted(relation)} LIMIT 0")
        except ExternalError as error:
            return Denied(f"read {relation}", error.problem, self.grant_reading(relation))
        return None

    def write_denied(self, schema: str) -> Denied | None:
        """Try to make, replace and drop a table and a view; return what is missing, or None.

        A schema that is absent is made, if we may.
        """
        probe = f"{schema}.bullseye_probe_{uuid4().hex[:8]}"
        doing = f"make the schema {schema}"
        try:
            if not self.has_schema(schema):
                self.run(f"CREATE SCHEMA {self.quoted(schema)}")
            doing = f"make tables in {schema}"
            self.create_table_as(probe, "SELECT 1 AS probe")
            self.drop_table(probe)
            doing = f"make views in {schema}"
            self.replace_view(probe, "SELECT 1 AS probe")
            self.run(f"DROP VIEW {self.quoted(probe)}")
        except ExternalError as error:
            return Denied(doing, error.problem, self.grant_writing(schema))
        return None

    def grant_reading(self, relation: str) -> str:
        """Return the statement that lets us read a relation."""
        return f"GRANT SELECT ON {self.quoted(relation)} TO {self.dialect.identifier(self.user)}"

    def grant_writing(self, schema: str) -> str:
        """Return the statements that let us write the one schema."""
        user = self.dialect.identifier(self.user)
        return f"GRANT USAGE, CREATE ON SCHEMA {self.quoted(schema)} TO {user}"

    # -- errors ----------------------------------------------------------------------------

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn whatever the driver raises into our error, in one line and without secrets."""
        try:
            yield
        except BullseyeError:
            raise
        except Exception as error:  # noqa: BLE001 - each driver has a family of its own
            raise self.failed(error) from None

    def failed(self, error: Exception) -> ExternalError:
        """Return the error that says what the driver said."""
        return failure(self.label, self._url, error)


def failure(label: str, url: str, error: Exception) -> ExternalError:
    """Return what a driver raised as our error: its first line, without the secrets of `url`."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = without_secrets(lines[0] if lines else type(error).__name__, url)
    return ExternalError(
        f"{label} says: {said[:300]}",
        hint="Check the connection and its permissions with: bullseye connect",
    )
