"""From the text cells of one file to typed, dated, clean rows of one table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from duckdb import DuckDBPyConnection

from bullseye.definitions.field import (
    KEYS,
    KNOWN_ON,
    MADE_KEYS,
    TableName,
)
from bullseye.definitions.source import Source
from bullseye.errors import DefinitionError, MissingColumns, nearest_name
from bullseye.warehouse.cells import Style
from bullseye.warehouse.columns import Reading, Staged, readings
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.profile import FieldProfile, profiles
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows import Faults, faults, write_quarantine
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.typed import ROW_NUMBER, Typed, required_fields


@dataclass(frozen=True)
class Intake:
    """What became of the rows of one file.

    `rows_read` is always `kept + quarantined + exact_duplicates`. `set_aside_cells` counts the
    cells of kept rows that became unknown. `notes` say how columns were read where a person
    might have read them otherwise; `fields` profiles the kept rows.
    """

    rows_read: int
    kept: int
    quarantined: int
    exact_duplicates: int
    set_aside_cells: int
    notes: tuple[str, ...]
    fields: tuple[FieldProfile, ...]


def take_in(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    source: Source,
    *,
    as_of: date,
    currency: str,
    rates: Mapping[str, Decimal],
    known_spellings: Mapping[str, Collection[str]],
    out: Path,
    quarantine: Path,
    strict: bool = False,
    cleared: Callable[[Path], int] = lambda _rows: 0,
) -> Intake:
    """Read a file's rows into the types of its table and write what can be kept.

    Parameters
    ----------
    connection
        The engine.
    table
        Quoted name of the file's rows: row_no BIGINT and VARCHAR columns c0 … cN; null is an
        empty cell.
    columns
        The file's headers, in the order of c0 … cN.
    source
        Which column fills which field.
    as_of
        Day of the import: what `known_on` is where the file does not say, and never later.
    currency, rates
        The workspace's currency, and its units for one unit of each other currency.
    known_spellings
        Field: spellings of its categories the workspace has already.
    out
        Parquet file to write: the source's fields, `known_on` DATE and `row_no` BIGINT, one row
        per key and `known_on`, ordered by key; null is unknown. Replaced whole or not at all.
    quarantine
        CSV file to write: row_no, column, value, reason, scope (row or cell), safe to open in a
        spreadsheet.
    strict
        Whether one bad cell is enough to quarantine its row.
    cleared
        Is given the written rows, may write them anew without some, and says how many are gone:
        they count as quarantined.

    Raises
    ------
    Question
        A column of dates can be read month first and day first.
    MissingColumns
        The file lacks a column without which no row can be kept.
    DefinitionError
        A constant of the source is no value of its field.
    """
    with Scratch(connection) as scratch:
        cells, notes = _cells(source, columns)
        style = Style(as_of=as_of, currency=currency, rates=rates)
        staged = Staged(scratch, table)
        read = readings(staged, source, cells, style, known_spellings)
        typed = Typed.of(staged, read, source, style)
        found = faults(typed, strict=strict)
        kept = _write(connection, typed, found, out)
        gone = cleared(out)
        write_quarantine(scratch, found, quarantine)
        return Intake(
            rows_read=scratch.number(f"SELECT count(*) FROM {staged.table}"),
            kept=kept - gone,
            quarantined=found.quarantined + gone,
            exact_duplicates=found.exact_duplicates,
            set_aside_cells=found.set_aside_cells,
            notes=(*notes, *_notes(read)),
            fields=profiles(scratch, reading(out), source, found.doubts, as_of),
        )


def _cells(source: Source, columns: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return each field's column among c0 … cN, and a note for each column that is not there."""
    exact = {header: f'"c{i}"' for i, header in reversed(list(enumerate(columns)))}
    loose = {_loose(header): cell for header, cell in reversed(exact.items())}
    cells, absent = {}, {}
    for name, column in source.columns.items():
        cell = exact.get(column.column) or loose.get(_loose(column.column))
        if cell:
            cells[name] = cell
        else:
            absent[name] = column.column
    _check_needed(source, cells, absent)
    return cells, tuple(_absence(header, columns) for header in absent.values())


def _loose(header: str) -> str:
    return " ".join(header.casefold().split())


def _absence(header: str, columns: Sequence[str]) -> str:
    nearest = nearest_name(header, columns)
    hint = f" (did you mean {nearest!r}?)" if nearest else ""
    return f"{header!r} is not in this file: its field stays unknown{hint}"


def _check_needed(source: Source, cells: Mapping[str, str], absent: Mapping[str, str]) -> None:
    if ROW_NUMBER in source.columns or ROW_NUMBER in source.constants:
        raise DefinitionError(
            f"A field cannot be named {ROW_NUMBER!r}.",
            place=f"source {source.name}",
            hint="Give the field another name, as in line_number.",
        )
    given = {*cells, *source.constants}
    missing = [name for name in needed_fields(source.table) if name not in given]
    if missing:
        raise MissingColumns(source.table, [absent.get(name, name) for name in missing])


def needed_fields(table: TableName) -> tuple[str, ...]:
    """Return the fields without which no row of `table` can be kept."""
    made = {KEYS[table]} if table in MADE_KEYS else set()
    return tuple(name for name in required_fields(table) if name not in made)


def _write(connection: DuckDBPyConnection, typed: Typed, found: Faults, out: Path) -> int:
    """Write the kept rows under another name, then rename; return how many there are."""
    described = connection.execute(f"DESCRIBE {typed.whole}").fetchall()
    last = (KNOWN_ON.name, ROW_NUMBER)
    names = [name for name, *_ in described if name not in last]
    names.sort(key=lambda name: name != typed.source.key)
    chosen = ", ".join(DUCKDB.identifier(name) for name in (*names, *last))
    select = f"SELECT {chosen} FROM ({typed.whole}) {found.kept_only} ORDER BY {_order(typed)}"
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.unfinished")
    target = DUCKDB.literal(str(unfinished))
    copy = f"COPY ({select}) TO {target} (FORMAT parquet, COMPRESSION zstd)"
    try:
        written = connection.execute(copy).fetchall()
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return int(written[0][0])


def _order(typed: Typed) -> str:
    """Return what orders the kept rows totally: no two share a key and the day they are of."""
    key = DUCKDB.identifier(typed.source.key)
    return f"{key}, {KNOWN_ON.name}" if KNOWN_ON.name in typed.source.columns else key


def _notes(read: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(f"{each.header!r}: {each.note}" for each in read if each.note)
