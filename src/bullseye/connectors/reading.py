"""What reading a file gives: rows of text, the rows that are damaged, and what to tell the user."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bullseye.errors import InputError

SHOWN_CHARACTERS = 500
"""How much of a damaged row is kept to show it."""

LISTED_ROWS = 100_000
"""How many damaged rows are kept one by one; the rest are counted."""

MOST_COLUMNS = 5_000
"""More columns than this is never a table of accounts, but a file that is something else."""


@dataclass(frozen=True)
class DamagedRow:
    """A row that cannot be cut into the header's columns without guessing.

    `row` is the 1-based data row in the file, `line` the 1-based line it starts on where the
    format has lines, `text` the row as written, shortened to 500 characters.
    """

    row: int
    line: int | None
    text: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """A file as rows of text, ready for DuckDB.

    Attributes
    ----------
    path
        The file that was opened.
    columns
        Its headers, stripped, unique and never blank ("column 3" where the file has none).
    table
        Quoted name of the temporary table, in the connection that opened the file, of `row_no`
        (BIGINT, the 1-based data row in the file) and one VARCHAR column per entry of `columns`,
        named c0 to cN; NULL where the cell is empty.
    damaged
        The damaged rows, at most the first 100,000; `damaged_count` counts all of them.
    rows_read
        All data rows; always the rows of `table` plus `damaged_count`. Blank lines are no rows.
    format
        csv, json, xlsx, parquet, duckdb or sqlite.
    encoding, delimiter
        How a text file was read; None where the format has none.
    notes
        Sentences the user should see.
    """

    path: Path
    columns: tuple[str, ...]
    table: str
    damaged: tuple[DamagedRow, ...]
    damaged_count: int
    rows_read: int
    format: str
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()


@dataclass
class DamageList:
    """Collects damaged rows: the first ones whole, all of them counted."""

    rows: list[DamagedRow] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, line: int | None, text: str, reason: str) -> None:
        """Note one damaged row."""
        self.count += 1
        if len(self.rows) < LISTED_ROWS:
            self.rows.append(DamagedRow(row, line, shortened(text), reason))


@dataclass(frozen=True)
class Headers:
    """Column names made usable, and the notes on what was wrong with them."""

    names: tuple[str, ...]
    notes: tuple[str, ...]


def headers_made_usable(written: Sequence[str], place: str) -> Headers:
    """Return the headers stripped, unique without regard to case, and never blank.

    Raises InputError where there are more columns than any table has.

    >>> headers_made_usable(["Name ", "", "name"], "a.csv").names
    ('Name', 'column 2', 'name (2)')
    """
    if len(written) > MOST_COLUMNS:
        raise InputError(
            f"The header has {len(written):,} columns; at most {MOST_COLUMNS:,} are read.",
            place=place,
            hint="Check that the file is a table with one row per record.",
        )
    cleaned = [" ".join(name.replace("\0", "").split()) for name in written]
    blank = sum(not name for name in cleaned)
    names: list[str] = []
    taken = {name.casefold() for name in cleaned if name}
    seen: set[str] = set()
    repeated = []
    for position, name in enumerate(cleaned, start=1):
        if name and name.casefold() in seen:
            repeated.append(name)
        unique = _unique(name or f"column {position}", seen, taken if not name else set())
        seen.add(unique.casefold())
        names.append(unique)
    return Headers(tuple(names), _header_notes(blank, repeated))


def _unique(name: str, seen: set[str], reserved: set[str]) -> str:
    candidate, number = name, 2
    while candidate.casefold() in seen or candidate.casefold() in reserved:
        candidate = f"{name} ({number})"
        number += 1
    return candidate


def _header_notes(blank: int, repeated: list[str]) -> tuple[str, ...]:
    notes = []
    if blank:
        notes.append(f"{blank:,} blank header name{'s' if blank > 1 else ''}, named by position.")
    if repeated:
        shown = ", ".join(repr(shortened(name, 60)) for name in dict.fromkeys(repeated[:5]))
        notes.append(f"Header names used more than once were numbered: {shown}.")
    return tuple(notes)


def shortened(text: str, most: int = SHOWN_CHARACTERS) -> str:
    r"""Return `text` without its line end, cut to `most` characters.

    >>> shortened("a,b\n", 500)
    'a,b'
    """
    text = text.rstrip("\r\n")
    return text if len(text) <= most else text[: most - 1] + "…"


def wrong_width(found: int, expected: int) -> str:
    """Return why a row of `found` cells does not fit a header of `expected`.

    >>> wrong_width(1, 3)
    '1 cell where the header has 3'
    """
    return f"{found:,} cell{'s' if found != 1 else ''} where the header has {expected:,}"
