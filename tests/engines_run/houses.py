"""Warehouses as customers have them: a DuckDB file, a PostgreSQL database, a Spark session."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb
from tests.postgres_server import NoServer, postgres_server
from tests.presence import missing

Row = Mapping[str, Any]
Rows = list[tuple[Any, ...]]


class House(Protocol):
    """A warehouse: where it is, how tables come into it, and what is in it."""

    name: str
    url: str

    def table(self, relation: str, kinds: Mapping[str, str], rows: Sequence[Row]) -> None: ...

    def query(self, sql: str) -> Rows: ...


# -- DuckDB --------------------------------------------------------------------------------


@dataclass
class DuckDBHouse:
    """A file of DuckDB's."""

    path: Path
    name: str = "duckdb"

    @property
    def url(self) -> str:
        return f"duckdb://{self.path}"

    def table(self, relation: str, kinds: Mapping[str, str], rows: Sequence[Row]) -> None:
        types = {
            "text": "VARCHAR",
            "whole": "INTEGER",
            "money": "DECIMAL(18,2)",
            "list": "VARCHAR[]",
            "flag": "BOOLEAN",
            "day": "DATE",
            "real": "DOUBLE",
        }
        columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in kinds.items())
        with self._open() as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {relation.split('.', maxsplit=1)[0]}")
            connection.execute(f"CREATE OR REPLACE TABLE {relation} ({columns})")
            marks = ", ".join("?" for _ in kinds)
            for row in rows:
                values = [row.get(name) for name in kinds]
                connection.execute(f"INSERT INTO {relation} VALUES ({marks})", values)

    def query(self, sql: str) -> Rows:
        with self._open() as connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(str(self.path))
        try:
            yield connection
        finally:
            connection.close()


# -- PostgreSQL ----------------------------------------------------------------------------


def server() -> Iterator[str]:
    """Start a server of our own; yield its folder."""
    try:
        yield from postgres_server()
    except NoServer as error:
        missing(str(error))


@dataclass
class PostgresHouse:
    """A database of a server; tables come into it by its owner, whatever role the URL names."""

    folder: str
    database: str
    name: str = "postgresql"
    role: str = "postgres"

    @property
    def url(self) -> str:
        return f"postgresql://{self.role}@/{self.database}?host={self.folder}"

    def table(self, relation: str, kinds: Mapping[str, str], rows: Sequence[Row]) -> None:
        types = {
            "text": "text",
            "whole": "integer",
            "money": "numeric(18,2)",
            "list": "text[]",
            "flag": "boolean",
            "day": "date",
            "real": "double precision",
        }
        columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in kinds.items())
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {relation.split('.', maxsplit=1)[0]}")
            cursor.execute(f"DROP TABLE IF EXISTS {relation}")
            cursor.execute(f"CREATE TABLE {relation} ({columns})")
            marks = ", ".join("%s" for _ in kinds)
            values = [[row.get(name) for name in kinds] for row in rows]
            cursor.executemany(f"INSERT INTO {relation} VALUES ({marks})", values)

    def query(self, sql: str) -> Rows:
        with self._open() as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            import psycopg  # noqa: PLC0415 - an extra
        except ImportError:
            missing("psycopg is missing")
        address = f"postgresql://postgres@/{self.database}?host={self.folder}"
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection


# -- Spark ---------------------------------------------------------------------------------


@dataclass
class SparkHouse:
    """The one Spark session; each schema has a folder."""

    session: Any
    folder: Path
    name: str = "spark"
    url: str = "spark://local"
    schemas: set[str] = field(default_factory=set)

    def schema(self, name: str) -> None:
        self.session.sql(f"CREATE SCHEMA IF NOT EXISTS {name} LOCATION '{self.folder}/{name}'")
        self.schemas.add(name)

    def table(self, relation: str, kinds: Mapping[str, str], rows: Sequence[Row]) -> None:
        types = {
            "text": "string",
            "whole": "int",
            "money": "decimal(18,2)",
            "list": "array<string>",
            "flag": "boolean",
            "day": "date",
            "real": "double",
        }
        self.schema(relation.split(".", maxsplit=1)[0])
        columns = ", ".join(f"`{name}` {types[kind]}" for name, kind in kinds.items())
        values = [tuple(row.get(name) for name in kinds) for row in rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = self.session.createDataFrame(values, columns)
            frame.coalesce(1).write.mode("overwrite").saveAsTable(relation)

    def query(self, sql: str) -> Rows:
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def clear(self) -> None:
        for name in self.schemas:
            self.session.sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
