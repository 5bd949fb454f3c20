"""Facts as columns of numbers: what mining, learning and testing read of many accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bullseye.definitions.field import NUMERIC, Field, FieldType
from bullseye.warehouse.dialect import DUCKDB

NO_YES = ("no", "yes")
"""The levels of a flag."""


@dataclass(frozen=True)
class NumberFact:
    """One numeric field (or a date, in days since 1970) of n rows; NaN where unknown."""

    field: Field
    values: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the value is known, shape (n,)."""
        return ~np.isnan(self.values)


@dataclass(frozen=True)
class TextFact:
    """One field of texts or flags of n rows, as indices into `levels`; -1 where unknown."""

    field: Field
    levels: tuple[str, ...]
    codes: NDArray[np.int32]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the value is known, shape (n,)."""
        return self.codes >= 0


@dataclass(frozen=True)
class ListFact:
    """One field of lists of n rows: row i holds ``codes[starts[i]:starts[i + 1]]``.

    `codes` are indices into `levels`; an empty list is known, and holds nothing.
    """

    field: Field
    levels: tuple[str, ...]
    codes: NDArray[np.int32]
    starts: NDArray[np.int64]
    known: NDArray[np.bool_]

    def has(self, code: int) -> NDArray[np.bool_]:
        """Return which rows hold the level of this index, shape (n,)."""
        found = np.zeros(len(self.known), dtype=bool)
        places = np.flatnonzero(self.codes == code)
        found[np.searchsorted(self.starts, places, side="right") - 1] = True
        return found


Fact = NumberFact | TextFact | ListFact


def read_facts(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    fields: Mapping[str, Field],
    *,
    order: str,
) -> dict[str, Fact]:
    """Return the columns of `relation` that are among `fields`, rows in the order of `order`.

    Parameters
    ----------
    connection
        The embedded engine.
    relation
        A table expression.
    fields
        Name and type of each field wanted; one that the relation lacks is left out.
    order
        The column that puts the rows in order, unique.
    """
    has = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    wanted = [field for name, field in fields.items() if name in has]
    if not wanted:
        return {}
    columns = ", ".join(_column(field) for field in wanted)
    query = f"SELECT {columns} FROM {relation} ORDER BY {DUCKDB.identifier(order)}"
    table = connection.sql(query).to_arrow_table()
    return {field.name: _fact(field, table.column(field.name)) for field in wanted}


def _column(field: Field) -> str:
    name = DUCKDB.identifier(field.name)
    if field.type in NUMERIC:
        return f"CAST({name} AS DOUBLE) AS {name}"
    if field.type is FieldType.DATE:
        return f"CAST({name} - DATE '1970-01-01' AS DOUBLE) AS {name}"
    if field.type is FieldType.FLAG:
        return f"CASE WHEN {name} THEN 'yes' WHEN NOT {name} THEN 'no' END AS {name}"
    return name


def _fact(field: Field, column: Any) -> Fact:
    if field.type in NUMERIC or field.type is FieldType.DATE:
        values = np.asarray(column.fill_null(np.nan), dtype=np.float64)
        return NumberFact(field, np.where(np.isfinite(values), values, np.nan))
    if field.type is FieldType.LIST:
        lists = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
        levels, codes = _levels(lists.flatten())
        lengths = np.asarray(pc.list_value_length(lists).fill_null(0), dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return ListFact(field, levels, codes, starts, np.asarray(lists.is_valid()))
    levels, codes = _levels(column)
    if field.type is FieldType.FLAG:
        yes = np.array([NO_YES.index(level) for level in levels] + [-1], dtype=np.int32)
        return TextFact(field, NO_YES, yes[codes])
    return TextFact(field, levels, codes)


def _levels(texts: Any) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the distinct texts in order, and per text its index among them; -1 for null."""
    found = [level for level in texts.unique().to_pylist() if level is not None]
    levels = tuple(sorted(found))
    codes = pc.index_in(texts, pa.array(levels, pa.string()))
    return levels, np.asarray(codes.fill_null(-1), dtype=np.int32)
