"""Files that already hold typed tables: Parquet, DuckDB and SQLite."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.connectors.causes import unusable
from bullseye.connectors.quoting import free_path, identifier, literal, path_literal
from bullseye.connectors.reading import Reading, headers_made_usable
from bullseye.connectors.staging import StagedRows, cell_text, kept_rows
from bullseye.connectors.typed_columns import described, text_columns
from bullseye.errors import InputError, nearest_name


def read_parquet(path: Path, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Reading:
    """Return the rows of a Parquet file, read once into a temporary table.

    So damage that only shows in the data pages is found here.

    Raises
    ------
    InputError
        The file is damaged or has no column.
    """
    source = f"read_parquet({path_literal(path, scratch)}, binary_as_string=false)"
    try:
        columns = described(connection, f"SELECT * FROM {source}")
        headers = headers_made_usable([name for name, _ in columns], str(path))
        text = text_columns(columns)
        kept = kept_rows(connection, f"SELECT row_number() OVER () AS row_no, {text} FROM {source}")
        rows = int(connection.execute(f"SELECT count(*) FROM {kept}").fetchall()[0][0])
    except duckdb.Error as error:
        raise unusable(path, "Parquet file", error) from error
    return Reading(
        path=path,
        columns=headers.names,
        table=kept,
        damaged=(),
        damaged_count=0,
        rows_read=rows,
        format="parquet",
        notes=headers.notes,
    )


@dataclass(frozen=True)
class _Chosen:
    """A table of a database file."""

    schema: str
    name: str

    @property
    def quoted(self) -> str:
        return f"{identifier(self.schema)}.{identifier(self.name)}"


def _choice(path: Path, wanted: str | None, tables: list[tuple[str, str]], main: str) -> _Chosen:
    """Return the table named `wanted` ("table" or "schema.table"), or the only one there is."""
    known = {f"{schema}.{name}": _Chosen(schema, name) for schema, name in tables}
    known |= {name: _Chosen(schema, name) for schema, name in tables if schema == main}
    if not wanted and len(tables) == 1:
        return _Chosen(*tables[0])
    folded = {name.casefold(): table for name, table in known.items()}
    found = known.get(wanted or "") or folded.get((wanted or "").casefold())
    if found:
        return found
    near = nearest_name(wanted, known) if wanted else None
    listed = ", ".join(sorted(name for _, name in tables)[:12]) or "none"
    raise InputError(
        f"The database has no table {wanted!r}." if wanted else "The database has several tables.",
        place=str(path),
        hint=f"Did you mean {near!r}?" if near else f"Name one after '#'. Its tables: {listed}.",
    )


def read_duckdb(
    path: Path, table: str | None, connection: duckdb.DuckDBPyConnection, scratch: Path
) -> Reading:
    """Return the rows of a table or view in a DuckDB file, copied by way of `scratch`.

    The file is opened read-only in an engine of its own that may read nothing else, so that a
    view in it cannot reach other files.

    Raises
    ------
    InputError
        The file is damaged, newer than the engine or in use, or has no such table.
    """
    copy = free_path(scratch, "rows", ".parquet")
    try:
        with closing(duckdb.connect(":memory:")) as engine:
            engine.execute(f"ATTACH {path_literal(path, scratch)} AS source (READ_ONLY)")
            engine.execute(f"SET allowed_paths = [{literal(str(copy.absolute()))}]")
            engine.execute("SET enable_external_access = false")
            chosen = _choice(path, table, _duckdb_tables(engine), "main")
            select = f"SELECT * FROM source.{chosen.quoted}"
            columns = described(engine, select)
            headers = headers_made_usable([name for name, _ in columns], str(path))
            text = text_columns(columns)
            copied = engine.execute(
                f"COPY (SELECT row_number() OVER () AS row_no, {text} FROM ({select})) "
                f"TO {literal(str(copy.absolute()))} (FORMAT parquet)"
            ).fetchall()
    except duckdb.Error as error:
        raise unusable(path, "DuckDB file", error) from error
    return Reading(
        path=path,
        columns=headers.names,
        table=kept_rows(connection, f"SELECT * FROM read_parquet({literal(str(copy.absolute()))})"),
        damaged=(),
        damaged_count=0,
        rows_read=int(copied[0][0]),
        format="duckdb",
        notes=headers.notes,
    )


def _duckdb_tables(engine: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = engine.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_catalog = 'source' ORDER BY ALL"
    )
    return [(str(schema), str(name)) for schema, name in found.fetchall()]


def read_sqlite(
    path: Path, table: str | None, connection: duckdb.DuckDBPyConnection, scratch: Path
) -> Reading:
    """Return the rows of a table or view in a SQLite file, copied by way of `scratch`.

    Raises
    ------
    InputError
        The file is damaged or in use, or has no such table.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            found = database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            )
            tables = [("main", str(name)) for (name,) in found.fetchall()]
            chosen = _choice(path, table, tables, "main")
            rows = database.execute(f"SELECT * FROM {chosen.quoted}")
            headers = headers_made_usable([each[0] for each in rows.description], str(path))
            with StagedRows(scratch, len(headers.names)) as staged:
                for row, values in enumerate(rows, start=1):
                    staged.add(row, [cell_text(value) for value in values])
    except sqlite3.Error as error:
        raise unusable(path, "SQLite file", error) from error
    return Reading(
        path=path,
        columns=headers.names,
        table=kept_rows(connection, staged.sql),
        damaged=(),
        damaged_count=0,
        rows_read=staged.count,
        format="sqlite",
        notes=headers.notes,
    )
