"""The engines that statements are executed on, each given the same Parquet files."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from tests.postgres_server import NoServer, postgres_server

from bullseye.warehouse.dialects import DATAFUSION, DUCKDB, POSTGRES, SPARK
from bullseye.warehouse.dialects.base import Dialect

ROOT = Path(__file__).parents[2]
LTS = Path(sys.prefix) / "duckdb-lts"
Rows = list[tuple[Any, ...]]


class Absent(Exception):
    """An engine is not installed here."""


class Executing(ABC):
    """An engine at work: `rows` of a query over tables that lie in Parquet files."""

    dialect: Dialect
    version: str

    @abstractmethod
    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        """Return all rows of `sql`, which reads `tables` by name."""

    def close(self) -> None:  # noqa: B027 - most engines hold nothing open
        """Give back what was opened."""


def written(tables: Mapping[str, pa.Table], folder: Path) -> dict[str, Path]:
    """Write tables into `folder` as Parquet and return the files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.parquet" for name in tables}
    for name, table in tables.items():
        pq.write_table(table, files[name])
    return files


def canonical(rows: Rows) -> bytes:
    """Return rows as bytes, in order of their first column; floats to the last bit."""
    lines = [
        json.dumps([c.hex() if isinstance(c, float) else c for c in row], ensure_ascii=False)
        for row in sorted(rows, key=lambda row: row[:2])
    ]
    return "\n".join(lines).encode()


def digest(rows: Rows) -> str:
    """Return the SHA-256 of rows in canonical form."""
    return sha256(canonical(rows)).hexdigest()


# -- DuckDB ----------------------------------------------------------------------------------


class DuckDbHere(Executing):
    """The DuckDB this process has, on so many threads."""

    dialect = DUCKDB

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.version = f"DuckDB {duckdb.__version__}, threads: {threads}"

    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        with duckdb.connect(config={"threads": self.threads}) as connection:
            for name, path in tables.items():
                file = DUCKDB.literal(str(path))
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({file})")
            return connection.execute(sql).fetchall()


class DuckDbLts(Executing):
    """The long-term version of DuckDB, in a process of its own."""

    dialect = DUCKDB

    def __init__(self) -> None:
        if not LTS.is_dir():
            raise Absent("no DuckDB LTS beside this Python: make test installs it")
        self.version = f"DuckDB {self._ask({'sql': 'SELECT version()', 'tables': {}})[0][0]}"

    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        return self._ask({"sql": sql, "tables": {n: str(p) for n, p in tables.items()}})

    def _ask(self, work: Mapping[str, Any]) -> Rows:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("lts.py"))],
            input=json.dumps(work),
            env={**os.environ, "PYTHONPATH": str(LTS)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [
            tuple(float.fromhex(c["float"]) if isinstance(c, dict) else c for c in row)
            for row in json.loads(done.stdout)
        ]


# -- PostgreSQL ------------------------------------------------------------------------------

_POSTGRES_TYPES = {
    "string": "TEXT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "list<element: string>": "TEXT[]",
}


class PostgresHere(Executing):
    """A PostgreSQL server of our own, reached by a socket nobody else sees."""

    dialect = POSTGRES

    def __init__(self) -> None:
        try:
            import psycopg  # noqa: PLC0415 - absent engines must not stop the others
        except ImportError as error:
            raise Absent("no psycopg") from error
        self._server = _address_of_a_server()
        self._connection = psycopg.connect(next(self._server), autocommit=True)
        self.version = f"PostgreSQL {self._connection.info.parameter_status('server_version')}"

    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        with self._connection.cursor() as cursor:
            for name, path in tables.items():
                self._load(cursor, name, pq.read_table(path))
            return list(cursor.execute(sql).fetchall())

    def _load(self, cursor: Any, name: str, table: pa.Table) -> None:
        quote = POSTGRES.identifier
        columns = [f"{quote(f.name)} {_POSTGRES_TYPES[str(f.type)]}" for f in table.schema]
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        with cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in zip(*table.to_pydict().values(), strict=True):
                copy.write_row(row)

    def close(self) -> None:
        self._connection.close()
        next(self._server, None)


def _address_of_a_server() -> Iterator[str]:
    try:
        for folder in postgres_server():
            yield f"postgresql://postgres@/postgres?host={folder}"
    except NoServer as error:
        raise Absent(str(error)) from None


# -- Spark -----------------------------------------------------------------------------------


class SparkHere(Executing):
    """Spark on this machine; starting it takes half a minute."""

    dialect = SPARK

    def __init__(self) -> None:
        if not shutil.which("java"):
            raise Absent("no Java")
        with _quietly():
            try:
                from pyspark.sql import SparkSession  # noqa: PLC0415
            except ImportError as error:
                raise Absent("no PySpark") from error
            builder = SparkSession.builder.master("local[2]")
            for name, value in _SPARK_SETTINGS.items():
                builder = builder.config(name, value)
            self._session = builder.getOrCreate()
            self._session.sparkContext.setLogLevel("ERROR")
        self.version = f"Spark {self._session.version}"

    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        with _quietly():
            for name, path in tables.items():
                self._session.read.parquet(str(path)).createOrReplaceTempView(name)
            return [tuple(row) for row in self._session.sql(sql).collect()]

    def close(self) -> None:
        with _quietly():
            self._session.stop()


_SPARK_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "1g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


@contextmanager
def _quietly() -> Iterator[None]:
    """Let PySpark warn about the pandas it finds, which nothing here uses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# -- DataFusion ------------------------------------------------------------------------------


class DataFusionHere(Executing):
    """DataFusion inside this process."""

    dialect = DATAFUSION

    def __init__(self) -> None:
        try:
            import datafusion  # noqa: PLC0415
        except ImportError as error:
            raise Absent("no DataFusion") from error
        self._module = datafusion
        self.version = f"DataFusion {datafusion.__version__}"

    def rows(self, sql: str, tables: Mapping[str, Path]) -> Rows:
        context = self._module.SessionContext()
        for name, path in tables.items():
            context.register_parquet(name, str(path))
        batches = context.sql(sql).collect()
        return [row for batch in batches for row in _tuples(batch)]


def _tuples(batch: pa.RecordBatch) -> Sequence[tuple[Any, ...]]:
    columns = [column.to_pylist() for column in batch.columns]
    return list(zip(*columns, strict=True))


ENGINES = {
    "duckdb-1-thread": lambda: DuckDbHere(1),
    "duckdb-2-threads": lambda: DuckDbHere(2),
    "duckdb-lts": DuckDbLts,
    "postgres": PostgresHere,
    "datafusion": DataFusionHere,
    "spark": SparkHere,
}
"""How to start each engine, by name; starting one that is not installed raises `Absent`."""
