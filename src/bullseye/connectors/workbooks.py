"""Excel workbooks (.xlsx, .xlsm), one sheet at a time, streamed."""

import itertools
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from bullseye.connectors.dialects import header_index
from bullseye.connectors.reading import (
    DamageList,
    Headers,
    Reading,
    headers_made_usable,
    wrong_width,
)
from bullseye.connectors.staging import StagedRows, cell_text, kept_rows
from bullseye.errors import InputError, nearest_name

_SAMPLE_ROWS = 1_000
_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})
_BROKEN = (  # all that a broken workbook was seen to raise inside openpyxl
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,  # XML that is not well formed
    TypeError,
    ValueError,
)


def read_workbook(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    *,
    sheet: str | None = None,
) -> Reading:
    """Return the rows of one sheet: `sheet`, or the first visible one that holds anything.

    Formulas give the value Excel last computed; error cells (#N/A) are empty.

    Raises
    ------
    InputError
        The workbook is damaged, encrypted or empty, or has no such sheet.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl on styles and extensions we do not read
            # an open file, as openpyxl refuses one whose name ends differently
            with path.open("rb") as file:
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
                return _read(path, book, connection, scratch, sheet)
    except _BROKEN as error:
        raise InputError(
            f"The workbook is damaged: {str(error).strip() or type(error).__name__}.",
            place=str(path),
            hint="Open it in Excel, save it again as .xlsx, or export it as CSV.",
        ) from error


def _read(
    path: Path,
    book: Workbook,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    sheet: str | None,
) -> Reading:
    name, rows = _chosen(path, book, sheet)
    sample = list(itertools.islice(rows, _SAMPLE_ROWS))
    at = header_index(sample)
    width = max((len(row) for row in sample[at:]), default=0)
    header = sample[at] + [""] * (width - len(sample[at]))
    headers = headers_made_usable(header, str(path))
    damage, staged = DamageList(), StagedRows(scratch, width)
    with staged:
        data = itertools.chain(
            enumerate(sample[at + 1 :], at + 2), enumerate(rows, _SAMPLE_ROWS + 1)
        )
        row = 0
        for line, cells in data:
            row += bool(cells)
            if len(cells) > width:
                damage.add(row, line, ", ".join(cells), wrong_width(len(cells), width))
            elif cells:
                staged.add(row, cells + [""] * (width - len(cells)))
    titles = sum(bool(cells) for cells in sample[:at])
    return Reading(
        path=path,
        columns=headers.names,
        table=kept_rows(connection, staged.sql),
        damaged=tuple(damage.rows),
        damaged_count=damage.count,
        rows_read=staged.count + damage.count,
        format="xlsx",
        notes=_notes(book, name, titles, headers),
    )


def _notes(book: Workbook, name: str, titles: int, headers: Headers) -> tuple[str, ...]:
    others = [each for each in book.sheetnames if each != name]
    notes = [f"Read sheet {name!r}; not read: {', '.join(others)}."] if others else []
    if titles:
        notes.append(f"Skipped {titles:,} row{'s' if titles > 1 else ''} above the header.")
    return (*notes, *headers.notes)


def _chosen(path: Path, book: Workbook, sheet: str | None) -> tuple[str, Iterator[list[str]]]:
    """Return a sheet's name and all its rows, blank ones as empty lists."""
    sheets = {each.title: each for each in book.worksheets}
    if sheet is not None and sheet not in sheets:
        near = nearest_name(sheet, sheets)
        known = ", ".join(repr(each) for each in list(sheets)[:12])
        hint = f"Did you mean {near!r}?" if near else f"Its sheets are {known}."
        raise InputError(f"The workbook has no sheet {sheet!r}.", place=str(path), hint=hint)
    visible = [name for name, each in sheets.items() if each.sheet_state == "visible"]
    for name in [sheet] if sheet is not None else visible or list(sheets):
        head = list(itertools.islice(_rows(sheets[name]), _SAMPLE_ROWS))
        if any(head):
            return name, _rows(sheets[name])
    raise InputError(
        f"Sheet {sheet!r} is empty." if sheet else "The workbook is empty.",
        place=str(path),
        hint="Choose a sheet that has a header and rows.",
    )


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # the size a file states is often wrong
    for values in sheet.iter_rows(values_only=True):
        yield _cells(values)


def _cells(values: Sequence[object]) -> list[str]:
    """Return a row as text, without the blank cells at its end."""
    cells = ["" if each in _ERRORS else cell_text(each) for each in values]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
