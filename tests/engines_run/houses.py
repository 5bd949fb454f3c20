"""Warehouses as customers have them: a DuckDB file, a PostgreSQL database, a Spark session."""

import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pytest

Row = Mapping[str, Any]
Rows = list[tuple[Any, ...]]


class House(Protocol):
    """A warehouse: where it is, how tables come into it, and what is in it."""

    name: str
    url: str

    def table(self, relation: str, kinds: Mapping[str, str], rows: Sequence[Row]) -> None: ...

    def query(self, sql: str) -> Rows: ...


ABSENT: set[str] = set()
"""What was missing on this machine, for the summary of the test run."""


def missing(what: str) -> None:
    """Skip loudly what this machine cannot run; fail where nothing may be skipped."""
    ABSENT.add(what)
    if os.environ.get("BULLSEYE_NOTHING_SKIPPED") == "1":
        pytest.fail(f"{what} is missing, and nothing may be skipped")
    pytest.skip(f"{what} is missing")


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


def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of our own, behind a socket; yields its folder."""
    usual = Path("/usr/lib/postgresql/15/bin")
    found = usual if usual.is_dir() else Path(shutil.which("initdb") or "/nowhere/x").parent
    if not (found / "initdb").is_file():
        missing("PostgreSQL's server")
    folder = tempfile.mkdtemp(prefix="pg-")
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(*arguments: str) -> None:
        environment = {**os.environ, "HOME": folder, "LC_ALL": "C.UTF-8"}
        subprocess.run(
            arguments,
            check=True,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            **rights,
        )

    data = f"{folder}/data"
    made = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    run(f"{found}/initdb", "-D", data, *made)
    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-k {folder} -c listen_addresses='' {quick}"
    control = f"{found}/pg_ctl"
    run(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
    yield folder
    run(control, "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


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
            missing("psycopg")
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
