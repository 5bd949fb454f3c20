"""The imported batches as one table per source: what was known, from when, in which import."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from bullseye.definitions.field import IS_DELETED, KEYS, Field, FieldType, TableName
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading

COLUMN_TYPES: dict[FieldType, str] = {
    FieldType.ID: "VARCHAR",
    FieldType.TEXT: "VARCHAR",
    FieldType.COUNTRY: "VARCHAR",
    FieldType.DOMAIN: "VARCHAR",
    FieldType.COUNT: "BIGINT",
    FieldType.YEAR: "INTEGER",
    FieldType.NUMBER: "DOUBLE",
    FieldType.MONEY: "DECIMAL(18,2)",
    FieldType.SHARE: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.FLAG: "BOOLEAN",
    FieldType.LIST: "VARCHAR[]",
}
"""How DuckDB stores each type."""


class Batch(NamedTuple):
    """One imported batch: a Parquet file of typed rows, with the day it speaks of."""

    number: int
    table: TableName
    source: str
    as_of: date
    path: Path


def by_source(batches: Sequence[Batch], table: TableName) -> dict[str, list[Batch]]:
    """Return the batches of `table`, by source, oldest first."""
    found: dict[str, list[Batch]] = {}
    for batch in sorted(batches, key=lambda each: (each.as_of, each.number)):
        if batch.table is table:
            found.setdefault(batch.source, []).append(batch)
    return found


class SourceRows(NamedTuple):
    """All rows one source ever gave for a table, as SQL, and the fields it fills.

    The SQL gives every field of the table, `known_on`, and `_row` and `_batch`: columns of ours
    that stand beside a customer's own fields begin with an underscore, as no field does. Where
    the source `deletes`, `_deleted` follows them.
    """

    source: str
    sql: str
    fields: frozenset[str]
    key: str
    dated_once: bool
    deletes: bool = False

    def known_on(self, day: date) -> str:
        """Return the rows as known on `day`: per key, the newest not after it.

        A key whose newest row says that it was deleted has none.
        """
        rows = f"SELECT * FROM ({self.sql}) WHERE known_on <= {DUCKDB.literal(day)}"
        if not self.dated_once:
            rows += (
                f"\nQUALIFY row_number() OVER (PARTITION BY {DUCKDB.identifier(self.key)}"
                " ORDER BY known_on DESC, _batch DESC, _row DESC) = 1"
            )
        if self.deletes:
            return f"SELECT * EXCLUDE (_deleted) FROM ({rows}) WHERE NOT _deleted"
        return rows


def source_rows(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    batches: Sequence[Batch],
    fields: Mapping[str, Field],
) -> SourceRows:
    """Return the rows of one source's batches, with every field of the table, typed.

    A field a batch does not have is unknown there; `known_on`, `_row` and `_batch` follow the
    fields.
    """
    table = batches[0].table
    described = [
        connection.execute(f"DESCRIBE SELECT * FROM {reading(batch.path)}").fetchall()
        for batch in batches
    ]
    names = [{name for name, *_ in each} for each in described]
    deletes = any(IS_DELETED.name in present for present in names)
    selects, filled = [], set()
    for batch, present in zip(batches, names, strict=True):
        filled |= present & fields.keys()
        columns = [typed_column(field, field.name in present) for field in fields.values()]
        columns += ["known_on", "CAST(row_no AS BIGINT) AS _row", f"{batch.number} AS _batch"]
        if deletes:
            columns.append(_deleted(IS_DELETED.name in present))
        selects.append(f"SELECT {', '.join(columns)} FROM {reading(batch.path)}")
    return SourceRows(
        source,
        "\nUNION ALL\n".join(selects),
        frozenset(filled),
        KEYS[table],
        len(batches) == 1 and _one_day(connection, batches[0]),
        deletes,
    )


def _deleted(present: bool) -> str:
    """Return the SQL of whether a row says that it was deleted: no where it says nothing."""
    said = f"TRY_CAST({DUCKDB.identifier(IS_DELETED.name)} AS BOOLEAN)" if present else "NULL"
    return f"COALESCE({said}, FALSE) AS _deleted"


def typed_column(field: Field, present: bool = True) -> str:
    """Return the SQL of a batch's column with the type of its field; NULL where not `present`."""
    name, kind = DUCKDB.identifier(field.name), COLUMN_TYPES[field.type]
    return f"TRY_CAST({name} AS {kind}) AS {name}" if present else f"CAST(NULL AS {kind}) AS {name}"


def _one_day(connection: duckdb.DuckDBPyConnection, batch: Batch) -> bool:
    """Whether every row of the batch has the same day, so that each key stands once."""
    query = f"SELECT count(DISTINCT known_on) <= 1 FROM {reading(batch.path)}"
    return bool(connection.execute(query).fetchall()[0][0])
