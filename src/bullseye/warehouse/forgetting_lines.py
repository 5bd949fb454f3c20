"""Take one contact out of the quarantine files: lines of what an import set aside."""

import csv
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bullseye.definitions.field import TableName
from bullseye.warehouse.forgetting import Eraser

_NAMES_CONTACTS = frozenset({TableName.CONTACTS, TableName.TOUCHES, TableName.OPPORTUNITY_CONTACTS})
_CUT = re.compile(r"[,;|\t\"'\s]+")


@dataclass(frozen=True)
class Lines:
    """The lines of a quarantine file that stay, with its header, and how many go."""

    path: Path
    kept: tuple[tuple[str, ...], ...]
    removed: int

    def __bool__(self) -> bool:
        return bool(self.removed)

    def write(self) -> None:
        """Write the lines that stay in the place of the file: whole or not at all."""
        fresh = self.path.with_name(f".{self.path.name}.forgotten")
        try:
            with fresh.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(self.kept)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)


def lines(
    path: Path, table: TableName | None, eraser: Eraser, row_numbers: Collection[int] = ()
) -> Lines:
    """Return a quarantine file without the lines about a contact.

    Parameters
    ----------
    path
        CSV with row_no, column, value, reason and scope.
    table
        The table the file was imported into.
    eraser
        Knows whom to take out.
    row_numbers
        Rows of the imported file that are the contact's: whatever was set aside of them goes.
    """
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        written = [tuple(row) for row in csv.reader(_without_nul(file))]
    rows = {str(number) for number in row_numbers}
    kept = tuple(
        row
        for at, row in enumerate(written)
        if at == 0 or (not (row[:1] and row[0] in rows) and not names(row, table, eraser))
    )
    return Lines(path, kept, len(written) - len(kept))


def names(row: Collection[str], table: TableName | None, eraser: Eraser) -> bool:
    """Whether a line of a quarantine file names the contact."""
    cells = list(row)[1:]
    if any(eraser.redacted(cell) != cell for cell in cells):
        return True
    if table not in _NAMES_CONTACTS:
        return False
    pieces = (piece for cell in cells[1:2] for piece in _CUT.split(cell) if piece)
    return any(eraser.token(piece) is not None for piece in pieces)


def _without_nul(file: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in file)
