"""A DuckDB file as the warehouse."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow as pa

from bullseye.errors import UsageError
from bullseye.warehouse.connect import DEFAULT_MEMORY
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.engines.base import Column, Engine


class DuckDBFile(Engine):
    """A file that DuckDB keeps: ``duckdb:///folder/file.duckdb``."""

    label = "DuckDB"
    dialect = DUCKDB

    def __init__(self, url: str) -> None:
        super().__init__(url)
        path = database_path(url)
        if not path.is_file():
            raise UsageError(
                "There is no DuckDB file of that name.",
                place=str(path),
                hint="Write the whole path, as in duckdb:///srv/data/crm.duckdb",
            )
        limits = {"memory_limit": os.environ.get("BULLSEYE_MEMORY", DEFAULT_MEMORY)}
        with self.explained():
            self._connection = duckdb.connect(
                str(path),
                read_only=not os.access(path, os.W_OK),
                config={"autoinstall_known_extensions": "false", **limits},
            )
            self._connection.execute("SET TimeZone = 'UTC'")
            self._connection.execute("SET enable_progress_bar = false")
            found = self._connection.execute("SELECT current_database()").fetchall()
            self._database = str(found[0][0])

    def _execute(self, sql: str) -> Sequence[Any]:
        return self._connection.execute(sql).fetchall()

    def table(self, sql: str) -> pa.Table | None:
        """Return the rows of a query as an Arrow table."""
        with self.explained():
            found: pa.Table = self._connection.sql(sql).to_arrow_table()
        return found

    @property
    def version(self) -> str:
        """DuckDB and its version."""
        return f"duckdb {duckdb.__version__}"

    @property
    def user(self) -> str:
        """The file's rights are the operating system's."""
        return "you"

    def parts(self, relation: str) -> tuple[str, ...]:
        """Return the parts; the database too where its name is the schema's, which is ambiguous."""
        parts = super().parts(relation)
        return (self._database, *parts) if len(parts) == 2 and parts[0] == self._database else parts

    def columns(self, relation: str) -> tuple[Column, ...] | None:
        """Return the columns of a table or view."""
        try:
            rows = self._connection.execute(f"DESCRIBE {self.quoted(relation)}").fetchall()
        except duckdb.CatalogException:
            return None
        except duckdb.Error as error:
            raise self.failed(error) from None
        return tuple(Column(name, kind) for name, kind, *_ in rows)

    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""
        name = self.dialect.literal(self.parts(schema)[-1])
        sql = f"SELECT 1 FROM information_schema.schemata WHERE schema_name = {name}"
        return bool(self.rows(sql))

    def grant_reading(self, relation: str) -> str:
        """Return what lets us read."""
        return "let the operating system's user read the file"

    def grant_writing(self, schema: str) -> str:
        """Return what lets us write."""
        return "let the operating system's user write the file and its folder"

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def database_path(url: str) -> Path:
    """Return the path a URL of DuckDB names.

    >>> database_path("duckdb:///srv/crm.duckdb").as_posix()
    '/srv/crm.duckdb'
    """
    path = unquote(url.split("://", maxsplit=1)[1].split("?", maxsplit=1)[0])
    if re.match(r"^/+[A-Za-z]:", path):  # a drive
        path = path.lstrip("/")
    return Path(re.sub(r"^/+", "/", path))
