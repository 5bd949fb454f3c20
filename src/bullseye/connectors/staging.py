"""Rows that were read and are kept: by the engine in a table, by Python as Parquet."""

import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bullseye.connectors.quoting import free_path, identifier, literal
from bullseye.errors import InputError

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 16_000_000


def kept_rows(connection: duckdb.DuckDBPyConnection, select: str) -> str:
    """Keep the rows of `select` in a temporary table of `connection`; return its quoted name.

    The engine spills what does not fit its memory, and drops the table with the connection.
    """
    name = identifier(f"rows_{uuid4().hex}")
    connection.execute(f"CREATE TEMP TABLE {name} AS {select}")
    return name


class StagedRows:
    """Writes rows of text to one Parquet file, batch by batch.

    Use it as a context manager; afterwards `sql` reads the rows back and `count` says how many
    there are. Memory holds one batch: 20,000 rows or 16 million characters.
    """

    def __init__(self, scratch: Path, width: int) -> None:
        self.path = free_path(scratch, "rows", ".parquet")
        self.width = width
        self.count = 0
        self._numbers: list[int] = []
        self._rows: list[Sequence[str]] = []
        self._characters = 0
        self._cells = ", ".join(f"nullif(c{i}, '') AS c{i}" for i in range(width))
        types: dict[str, pa.DataType] = {"row_no": pa.int64()}
        types |= {f"c{i}": pa.string() for i in range(width)}
        self._schema = pa.schema(types)

    def __enter__(self) -> Self:
        try:
            self._writer = pq.ParquetWriter(self.path, self._schema, compression="lz4")
        except OSError as error:
            raise _no_room(self.path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    @property
    def sql(self) -> str:
        """The SELECT of everything that was added."""
        source = f"read_parquet({literal(str(self.path.absolute()))})"
        return f"SELECT row_no, {self._cells} FROM {source}"

    def add(self, row: int, cells: Sequence[str]) -> None:
        """Add data row `row`; `cells` has exactly as many entries as there are columns."""
        self.extend(row, [cells], sum(map(len, cells)))

    def extend(self, first: int, rows: Sequence[Sequence[str]], characters: int) -> None:
        """Add rows that follow each other from number `first`, about so many characters large."""
        self._numbers.extend(range(first, first + len(rows)))
        self._rows.extend(rows)
        self._characters += characters
        self.count += len(rows)
        if len(self._rows) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [pa.array(self._numbers, pa.int64()), *map(_text_array, columns)]
        try:
            self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        except OSError as error:
            raise _no_room(self.path, error) from error
        self._numbers, self._rows, self._characters = [], [], 0


def _text_array(cells: Sequence[str]) -> pa.StringArray:
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half of a surrogate pair: no text at all in any encoding
        return pa.array([cell.encode("utf-8", "replace").decode() for cell in cells], pa.string())


def _no_room(path: Path, error: OSError) -> InputError:
    return InputError(
        f"A working copy cannot be written: {error.strerror or error}.",
        place=str(path.parent),
        hint="Free some disk space, or point TMPDIR to a larger disk, and import again.",
    )


def cell_text(value: object) -> str:
    """Return a typed cell as the text a CSV export would hold; empty where it is unknown.

    Dates are ISO, a timestamp at midnight is its date, floats have no exponent and no fraction
    where they are whole, lists are joined with "; ", anything nested is JSON.

    >>> [cell_text(v) for v in (1054.0, True, None, ["a", "b"], 1e-7)]
    ['1054', 'true', '', 'a; b', '0.0000001']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return _number_text(value)
    if isinstance(value, datetime | date | time):
        return _moment_text(value)
    if isinstance(value, list | tuple):
        return _list_text(value)
    if isinstance(value, dict):
        return _json_text(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").replace("\0", "")
    return str(value)


def _number_text(value: float | Decimal) -> str:
    if not math.isfinite(value):
        return ""
    text = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _moment_text(value: datetime | date | time) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    at_midnight = value.time() == time() and value.tzinfo is None
    return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")


def _list_text(values: Sequence[object]) -> str:
    if any(isinstance(each, list | dict) for each in values):
        return _json_text(values)
    return "; ".join(text for each in values if (text := cell_text(each)))


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str).replace("\0", "")
