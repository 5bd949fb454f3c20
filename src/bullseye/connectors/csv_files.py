"""CSV in any dialect: DuckDB reads the sound files as they are, Python mends the others."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.connectors.dialects import NO_DELIMITER, Layout, layout
from bullseye.connectors.encodings import SAMPLE_BYTES, TextFacts, text_facts, utf8_copy
from bullseye.connectors.quoting import literal, path_literal
from bullseye.connectors.reading import DamageList, Headers, Reading, headers_made_usable
from bullseye.connectors.records import Fate, RecordReader, SoundRows
from bullseye.connectors.staging import StagedRows, kept_rows
from bullseye.errors import InputError


@dataclass(frozen=True)
class _Csv:
    """A CSV file of which everything is known but its rows."""

    path: Path
    facts: TextFacts
    source: Path  # the same text in UTF-8
    plain: TextFacts
    layout: Layout
    headers: Headers

    @property
    def width(self) -> int:
        return len(self.headers.names)

    def reading(self, table: str, rows: int, damage: DamageList, notes: list[str]) -> Reading:
        delimiter = self.layout.dialect.delimiter
        return Reading(
            path=self.path,
            columns=self.headers.names,
            table=table,
            damaged=tuple(damage.rows),
            damaged_count=damage.count,
            rows_read=rows + damage.count,
            format="csv",
            encoding=self.facts.label,
            delimiter=None if delimiter == NO_DELIMITER else delimiter,
            notes=(*_layout_notes(self), *self.headers.notes, *notes),
        )


def read_csv(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Reading:
    """Return the rows of a CSV file.

    A sound UTF-8 file is read once, into a temporary table; any other is written to `scratch` as
    UTF-8 or Parquet, in bounded memory.

    Raises
    ------
    InputError
        The file is empty, no text, or not in the encoding named.
    """
    facts = text_facts(path, encoding)
    found = layout(_sample(path, facts), delimiter)
    source = path if facts.is_utf8 and not facts.nulls else utf8_copy(path, facts, scratch)
    plain = facts if source == path else text_facts(source)
    if found is None:
        raise InputError(
            "The file is empty.", place=str(path), hint="Export it again with at least a header."
        )
    headers = headers_made_usable(found.header, str(path))
    opened = _Csv(path, facts, source, plain, found, headers)
    in_place = _read_in_place(opened, connection, scratch)
    return in_place or _read_row_by_row(opened, connection, scratch)


def _sample(path: Path, facts: TextFacts) -> str:
    with path.open(encoding=facts.encoding, errors=facts.errors, newline="") as file:
        sample = file.read(SAMPLE_BYTES)
        is_whole = not file.read(1)
    end = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample if is_whole or end < 0 else sample[: end + 1]


def _layout_notes(opened: _Csv) -> tuple[str, ...]:
    notes = [opened.facts.note] if opened.facts.note else []
    if nulls := opened.facts.nulls:
        notes.append(f"{nulls:,} NUL characters were dropped.")
    if titles := opened.layout.titles:
        lines = f"{titles:,} line{'s' if titles > 1 else ''}"
        notes.append(f"Skipped {lines} above the header, on line {opened.layout.lines_after:,}.")
    if opened.width == 1:
        notes.append("The file has one column.")
    return tuple(notes)


def _read_in_place(
    opened: _Csv, connection: duckdb.DuckDBPyConnection, scratch: Path
) -> Reading | None:
    """Return DuckDB's own reading, or None unless it is certain to be complete.

    It is where every line of the file is accounted for: a row, or a line break inside a cell.
    The rows are kept: reading the file's text costs more than all that is asked about it.
    """
    facts, dialect = opened.plain, opened.layout.dialect
    one_line = opened.layout.lines_after == opened.layout.header_line + 1
    is_plain = facts.is_utf8 and not (facts.nulls or facts.returns) and one_line
    is_common = opened.width > 1 and not (dialect.backslash or dialect.spaced)
    if not (is_plain and is_common) or opened.layout.is_wrapped:
        return None
    source = _engine_source(opened, scratch)
    expected = facts.lines - opened.layout.lines_after
    cells = ", ".join(f"c{i}" for i in range(opened.width))
    sql = f"SELECT row_number() OVER () AS row_no, {cells} FROM {source}"
    try:
        kept = kept_rows(connection, sql)
    except duckdb.Error:  # the reader that goes row by row says where and why
        return None
    rows = _count(connection, f"SELECT count(*) FROM {kept}")[0]
    if rows != expected and not _breaks_explain(opened, connection, kept, expected - rows):
        connection.execute(f"DROP TABLE {kept}")
        return None
    return opened.reading(kept, rows, DamageList(), [])


def _engine_source(opened: _Csv, scratch: Path) -> str:
    dialect = opened.layout.dialect
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(opened.width))
    quote = literal(dialect.quote)
    # new_line is left for DuckDB to see: naming '\r\n' loses rows that hold a bare '\n'
    return (
        f"read_csv({path_literal(opened.source, scratch)}, auto_detect=false, header=false, "
        f"skip={opened.layout.lines_after}, delim={literal(dialect.delimiter)}, quote={quote}, "
        f"escape={quote}, nullstr='', compression='none', strict_mode=true, "
        f"columns={{{columns}}})"
    )


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return tuple(int(each or 0) for each in connection.execute(sql).fetchall()[0])


def _breaks_explain(
    opened: _Csv, connection: duckdb.DuckDBPyConnection, kept: str, more_lines: int
) -> bool:
    """Whether the lines that are no rows are line breaks in cells too short to hide a row."""
    feed, delimiter = "chr(10)", literal(opened.layout.dialect.delimiter)
    cells = [f"c{i}" for i in range(opened.width)]
    breaks = " + ".join(f"{_times(cell, feed)}" for cell in cells)
    hidden = " OR ".join(
        f"(contains({cell}, {feed}) AND {_times(cell, delimiter)} >= {opened.width - 1})"
        for cell in cells
    )
    found, suspects = _count(connection, f"SELECT sum({breaks}), count_if({hidden}) FROM {kept}")
    return found == more_lines and suspects == 0


def _times(cell: str, text: str) -> str:
    """Return how often one character occurs in a cell."""
    return f"coalesce(length({cell}) - length(replace({cell}, {text}, '')), 0)"


def _read_row_by_row(opened: _Csv, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Reading:
    damage, fates = DamageList(), Counter[Fate]()
    named = [bool(name.strip()) for name in opened.layout.header]
    with (
        opened.source.open(encoding=opened.plain.encoding, newline="") as file,
        StagedRows(scratch, opened.width) as staged,
    ):
        records = RecordReader(file, opened.layout.dialect, named, opened.layout.lines_after)
        for each in records:
            row = staged.count + damage.count + 1
            if isinstance(each, SoundRows):
                staged.extend(row, each.rows, each.characters)
                continue
            fates[each.fate] += 1
            if each.fate is Fate.DAMAGED:
                damage.add(row, each.line, each.text, each.reason)
            else:
                staged.add(row, each.cells)
    table = kept_rows(connection, staged.sql)
    return opened.reading(table, staged.count, damage, _fate_notes(fates))


def _fate_notes(fates: Counter[Fate]) -> list[str]:
    notes = []
    if count := fates[Fate.UNWRAPPED]:
        notes.append(f"{count:,} rows stood in an extra pair of quotes and were repaired.")
    if count := fates[Fate.TRIMMED]:
        notes.append(f"{count:,} rows have more or fewer blank cells at their end than the header.")
    return notes
