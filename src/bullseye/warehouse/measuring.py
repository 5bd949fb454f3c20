"""Measure the fields of a state's table: how much is known, and which values there are."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from bullseye.definitions.checks.facts import FieldFacts
from bullseye.definitions.field import NUMERIC, Field, FieldType
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading

MOST_VALUES = 1000
"""A field with more distinct values is described by their number alone."""

_LISTED = frozenset({FieldType.TEXT, FieldType.COUNTRY, FieldType.LIST})


def field_facts(
    connection: duckdb.DuckDBPyConnection, table: Path, fields: Mapping[str, Field]
) -> dict[str, FieldFacts]:
    """Return what is known of each of `fields` in the Parquet file `table`."""
    relation = reading(table)
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    present = {name for name, *_ in described}
    return {
        name: _facts(connection, relation, field)
        for name, field in fields.items()
        if name in present
    }


def _facts(connection: duckdb.DuckDBPyConnection, relation: str, field: Field) -> FieldFacts:
    column = DUCKDB.identifier(field.name)
    sized = field.type in NUMERIC or field.type is FieldType.DATE
    ends = f"min({column}), max({column})" if sized else "NULL, NULL"
    row = connection.execute(f"SELECT count(*), count({column}), {ends} FROM {relation}").fetchone()
    rows, known, low, high = row or (0, 0, None, None)
    distinct, values = None, dict[str, int]()
    if field.type in _LISTED and known:
        distinct, values = _values(connection, relation, field)
    return FieldFacts(field.type, rows, known, distinct, values, low=_plain(low), high=_plain(high))


def _values(
    connection: duckdb.DuckDBPyConnection, relation: str, field: Field
) -> tuple[int, dict[str, int]]:
    column = DUCKDB.identifier(field.name)
    item = f"unnest({column})" if field.type is FieldType.LIST else column
    rows = connection.execute(
        f"SELECT value, count(*) AS n FROM (SELECT {item} AS value FROM {relation})"
        f" WHERE value IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT {MOST_VALUES + 1}"
    ).fetchall()
    if len(rows) > MOST_VALUES:
        counted = connection.execute(
            f"SELECT count(DISTINCT value) FROM (SELECT {item} AS value FROM {relation})"
        ).fetchone()
        return int(counted[0]) if counted else 0, {}
    return len(rows), dict(rows)


def _plain(value: object) -> float | date | None:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float | date) else None
