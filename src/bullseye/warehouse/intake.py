"""From the text cells of one file to typed, dated, clean rows of one table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from duckdb import DuckDBPyConnection

from bullseye.definitions.field import (
    KEYS,
    KNOWN_ON,
    MADE_KEYS,
    STANDARD_FIELDS,
    Field,
    FieldType,
    TableName,
)
from bullseye.definitions.source import Source
from bullseye.errors import DefinitionError, MissingColumns, nearest_name
from bullseye.warehouse.casts import SQL_TYPES
from bullseye.warehouse.cells import Known, Style
from bullseye.warehouse.columns import Reading, Staged, readings
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.outcomes import outcome_sql
from bullseye.warehouse.profile import FieldProfile, profiles
from bullseye.warehouse.rows import Faults, faults, write_quarantine
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.values import parse

ROW_NUMBER = "row_no"
"""Column of every imported table: the row's number in its file, from 1."""


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
    reading_sql: str,
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
) -> Intake:
    """Read a file's rows into the types of its table and write what can be kept.

    Parameters
    ----------
    connection
        The engine.
    reading_sql
        A SELECT giving row_no BIGINT and VARCHAR columns c0 … cN; null is an empty cell.
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
        staged = _staged(scratch, reading_sql, cells)
        read = readings(staged, source, cells, style, known_spellings)
        typed = _typed(staged, read, source, style)
        found = faults(staged, read, typed, source, strict=strict)
        _write(connection, typed, found, source, out)
        write_quarantine(scratch, found, quarantine)
        kept = f"SELECT * FROM {typed} {found.kept_only}"
        return _intake(staged, found, kept, source, as_of, (*notes, *_notes(read)))


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
    return tuple(f.name for f in STANDARD_FIELDS[table] if f.required and f.name not in made)


def _staged(scratch: Scratch, reading_sql: str, cells: Mapping[str, str]) -> Staged:
    wanted = sorted(set(cells.values()))
    chosen = ", ".join((ROW_NUMBER, *wanted))
    return Staged(scratch, scratch.table(f"SELECT {chosen} FROM ({reading_sql})"))


def _typed(staged: Staged, read: Sequence[Reading], source: Source, style: Style) -> str:
    """Keep the rows with every field typed, the key made and the outcome read."""
    values, joins = [f"raw.{ROW_NUMBER}"], []
    for number, each in enumerate(read):
        name = DUCKDB.identifier(each.field.name)
        cell = f"raw.{each.cell}"
        plain = each.cast.value.replace(each.cell, cell)
        if each.lookup:
            joins.append(f"LEFT JOIN {each.lookup} l{number} ON l{number}.cell = {cell}")
            plain = f"if(l{number}.cell IS NULL, {plain}, l{number}.value)"
        values.append(f"{plain} AS {name}")
    values += _constants(source, style)
    typed = f"SELECT {', '.join(values)} FROM {staged.table} raw {' '.join(joins)}"
    return staged.scratch.table(_with_made_fields(typed, read, source, style.as_of))


def _constants(source: Source, style: Style) -> list[str]:
    fields = {field.name: field for field in source.fields}
    written = []
    for name, text in source.constants.items():
        if name in source.columns:
            continue
        field = fields.get(name) or Field(name, FieldType.TEXT, name)
        cell = parse(field.type, text, style)
        if not isinstance(cell, Known):
            raise DefinitionError(
                f"The constant {name}: {text!r} is not a {field.type}.",
                place=f"source {source.name}",
                hint="Correct it in the sources file.",
            )
        stored = SQL_TYPES[field.type]
        literal = _constant(cell)
        written.append(f"CAST({literal} AS {stored}) AS {DUCKDB.identifier(name)}")
    return written


def _constant(cell: Known) -> str:
    match cell.value:
        case tuple(items):
            return f"[{', '.join(DUCKDB.literal(str(item)) for item in items)}]"
        case bool() | str() | int() | float() | date() as value:
            return DUCKDB.literal(value)
        case value:
            return DUCKDB.literal(str(value))


def _with_made_fields(typed: str, read: Sequence[Reading], source: Source, as_of: date) -> str:
    names = [each.field.name for each in read]
    names += [name for name in source.constants if name not in source.columns]
    replaced, added = [], []
    today = DUCKDB.literal(as_of)
    if KNOWN_ON.name in names:
        replaced.append(f"least(coalesce({KNOWN_ON.name}, {today}), {today}) AS {KNOWN_ON.name}")
    else:
        added.append(f"{today} AS {KNOWN_ON.name}")
    if source.table is TableName.OPPORTUNITIES:
        outcome = outcome_sql([(each.field.name, each.field.type) for each in read])
        if outcome:
            (replaced if "outcome" in names else added).append(f"{outcome} AS outcome")
    key = KEYS[source.table]
    if source.table in MADE_KEYS:
        made = _made_key(sorted(set(names) - {key, KNOWN_ON.name}))
        if key in names:
            replaced.append(f"coalesce({key}, {made}) AS {key}")
        else:
            added.append(f"{made} AS {key}")
    star = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
    return f"SELECT {', '.join((star, *added))} FROM ({typed})"


def _made_key(names: Sequence[str]) -> str:
    """Return the SQL that makes a key of a row's known fields; unknown ones leave no trace.

    Lengths stand before the values, so that no two contents give the same text.
    """
    parts = ["''"]
    for name in names:
        text = f"{DUCKDB.identifier(name)}::VARCHAR"
        label = DUCKDB.literal(f"{name}=")
        parts.append(f"coalesce({label} || strlen({text}) || ':' || {text}, '')")
    return f"left(md5(concat({', '.join(parts)})), 24)"


def _write(
    connection: DuckDBPyConnection, typed: str, found: Faults, source: Source, out: Path
) -> None:
    """Write the kept rows under another name, then rename: the file is whole or absent."""
    described = connection.execute(f"DESCRIBE {typed}").fetchall()
    last = (KNOWN_ON.name, ROW_NUMBER)
    names = [name for name, *_ in described if name not in last]
    names.sort(key=lambda name: name != source.key)
    chosen = ", ".join(DUCKDB.identifier(name) for name in (*names, *last))
    key = DUCKDB.identifier(source.key)
    select = (
        f"SELECT {chosen} FROM {typed} {found.kept_only} "
        f"ORDER BY {key}, {KNOWN_ON.name}, {ROW_NUMBER}"
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.unfinished")
    target = DUCKDB.literal(str(unfinished))
    try:
        connection.execute(f"COPY ({select}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def _notes(read: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(f"{each.header!r}: {each.note}" for each in read if each.note)


def _intake(
    staged: Staged,
    found: Faults,
    kept: str,
    source: Source,
    as_of: date,
    notes: tuple[str, ...],
) -> Intake:
    scratch = staged.scratch
    rows_read = scratch.number(f"SELECT count(*) FROM {staged.table}")
    left = scratch.number(f"SELECT count(*) FROM ({kept})")
    return Intake(
        rows_read=rows_read,
        kept=left,
        quarantined=found.quarantined,
        exact_duplicates=found.exact_duplicates,
        set_aside_cells=found.set_aside_cells,
        notes=notes,
        fields=profiles(scratch, kept, source, found.doubts, as_of),
    )
