"""Cuts the text of a CSV file into rows one by one, so that damage stays where it is.

DuckDB's reader is used for files without damage; this one for the others. It differs from
`csv.reader` in one thing: a quote that is never closed, or closed rows later, costs the row it
stands in and no other.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TextIO

from bullseye.connectors.dialects import Dialect
from bullseye.connectors.lines import LONGEST_RECORD, Lines
from bullseye.connectors.reading import wrong_width

_MANY_LINES_SEEN = 200

STRAY_QUOTE = "a quote is opened and not closed"
INNER_QUOTE = "a quote inside a quoted cell is not doubled"

csv.field_size_limit(2 * LONGEST_RECORD)  # the module's own limit is 128 KiB a cell


class Fate(Enum):
    """What became of a row."""

    WHOLE = "whole"
    TRIMMED = "had empty cells too many, or blank unnamed ones too few"
    UNWRAPPED = "stood in an extra pair of quotes"
    DAMAGED = "cannot be cut into cells"


@dataclass(frozen=True)
class SoundRows:
    """Rows that follow each other without damage; `characters` is their size in the file."""

    rows: list[list[str]]
    characters: int


class Record(NamedTuple):
    """One row of the file: its cells, or why there are none."""

    fate: Fate
    cells: Sequence[str]
    line: int
    text: str = ""
    reason: str = ""


class RecordReader:
    """Iterates over the data rows of a CSV file below its header.

    Parameters
    ----------
    file
        The text, opened with `newline=""`, from its beginning.
    dialect
        How it is written.
    named
        For each column whether the header names it; a row may lack the last, unnamed ones.
    skip
        Physical lines to pass over: titles and header.
    """

    def __init__(self, file: TextIO, dialect: Dialect, named: Sequence[bool], skip: int) -> None:
        self._lines = Lines(file)
        self._dialect = dialect
        self._width = len(named)
        self._needed = max((at for at, is_named in enumerate(named, 1) if is_named), default=1)
        for _ in range(skip):
            next(self._lines, None)
        self._lines.take()

    def __iter__(self) -> Iterator[SoundRows | Record]:
        careful = self._one_by_one()
        while block := self._lines.block():
            if rows := self._sound(block):
                yield rows
                continue
            end = self._lines.number
            self._lines.give_back(block)
            while self._lines.number < end and (record := next(careful, None)):
                yield record

    def _sound(self, block: list[str]) -> SoundRows | None:
        """Return the rows of a block, if every line of it is one row with the header's width."""
        if self._width < 2:
            return None
        try:
            rows = list(self._dialect.cells(block, strict=True))
        except csv.Error:
            return None
        fits = len(rows) == len(block) and set(map(len, rows)) == {self._width}
        return SoundRows(rows, sum(map(len, block))) if fits else None

    def _one_by_one(self) -> Iterator[Record]:
        rows = self._dialect.cells(self._lines, strict=True)
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield self._refused(self._lines.take())
                continue
            taken = self._lines.take()
            if "".join(taken).strip():
                yield self._judged(cells, taken)

    def _refused(self, taken: list[str]) -> Record:
        """Return the first line as damaged, and give back what its open quote swallowed."""
        self._lines.give_back(taken[1:])
        line = self._lines.number
        unclosed = len(taken) > 1 or not self._closes(taken[0])
        reason = STRAY_QUOTE if unclosed else INNER_QUOTE
        return Record(Fate.DAMAGED, (), line, taken[0], reason)

    def _closes(self, line: str) -> bool:
        return line.count(self._dialect.quote) % 2 == 0

    def _judged(self, cells: list[str], taken: list[str]) -> Record:
        if len(taken) > 1 and self._swallowed(cells, taken):
            return self._refused(taken)
        line = self._lines.number - len(taken) + 1
        if len(cells) == self._width:
            return Record(Fate.WHOLE, cells, line)
        if len(cells) > self._width and not any(map(str.strip, cells[self._width :])):
            return Record(Fate.TRIMMED, cells[: self._width], line)
        if self._needed <= len(cells) < self._width:
            padded = [*cells, *[""] * (self._width - len(cells))]
            return Record(Fate.TRIMMED, padded, line)
        text = "".join(taken)
        if len(cells) == 1 and (inner := self._unwrapped(cells[0], text)):
            return Record(Fate.UNWRAPPED, inner, line)
        return Record(Fate.DAMAGED, (), line, text, wrong_width(len(cells), self._width))

    def _unwrapped(self, cell: str, text: str) -> list[str] | None:
        """Return the cells of a row that was quoted as a whole, if they are exactly enough."""
        if self._width < 2 or not text.lstrip().startswith(self._dialect.quote):
            return None
        inner = self._parsed(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", cell))
        return inner if inner and len(inner) == self._width else None

    def _parsed(self, lines: list[str]) -> list[str] | None:
        """Return the cells of `lines` if they are one sound row."""
        try:
            rows = list(self._dialect.cells(lines, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _swallowed(self, cells: list[str], taken: list[str]) -> bool:
        """Whether a row over several lines is really several rows, joined by a stray quote.

        Text in a cell may hold line breaks and delimiters. It is taken for swallowed rows if one
        of its lines, read alone, has exactly the header's cells: any such line where the joined
        row does not fit the header; all of them, and each of the same make as the row they would
        follow, where it does.
        """
        alone = [self._parsed([line]) for line in taken[1 : _MANY_LINES_SEEN - 1]]
        if len(taken) < _MANY_LINES_SEEN:
            alone[-1] = self._parsed([taken[-1]]) or self._parsed([self._unquoted(taken[-1])])
        fitting = [row for row in alone if row and len(row) == self._width]
        if self._width < 2:
            return False
        if len(cells) != self._width:
            return bool(fitting)
        return len(fitting) == len(alone) and all(_same_make(cells, row) for row in fitting)

    def _unquoted(self, line: str) -> str:
        return line.rstrip("\r\n").removesuffix(self._dialect.quote)


def _make(cell: str) -> str:
    """Return the shape of a cell: runs of digits and of letters, and its punctuation."""
    start = cell[:40].strip().split("\n")[0]
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", start))


def _same_make(first: list[str], other: list[str]) -> bool:
    """Whether two rows start alike and are alike in most cells."""
    alike = [_make(a) == _make(b) for a, b in zip(first, other, strict=True)]
    return alike[0] and 2 * sum(alike) > len(alike)
