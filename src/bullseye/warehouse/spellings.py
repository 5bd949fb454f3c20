"""One spelling per category: what differs only in case and blanks is the same."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from bullseye.definitions.field import FieldType
from bullseye.warehouse.cells import Cell, Known, Style
from bullseye.warehouse.values import parse

MOST_CATEGORIES: Final = 1000
"""A column with more distinct cells holds free text, not categories."""

_STYLE = Style(as_of=date.min)  # texts have no style; any day will do


def common_spellings(
    rows: Mapping[str, int], known: Collection[str] = ()
) -> tuple[Mapping[str, Cell], int]:
    """Read the cells of a column of categories, each in its category's common spelling.

    Parameters
    ----------
    rows
        Cell as the file has it: how many rows hold it.
    known
        Spellings the workspace uses already; they win over the file's own.

    Returns
    -------
    tuple
        Cell: what it is read as; and how many spellings gave way to another.
        The most frequent spelling stays, of equally frequent ones the first by alphabet.

    Examples
    --------
    >>> cells, changed = common_spellings({"SaaS": 9, "saas": 1, "Fintech": 2})
    >>> cells["saas"], changed
    (Known(value='SaaS', doubt=''), 1)
    """
    read = {text: parse(FieldType.TEXT, text, _STYLE) for text in rows}
    frequency: dict[str, int] = defaultdict(int)
    for text, cell in read.items():
        if isinstance(cell, Known):
            frequency[str(cell.value)] += rows[text]
    common = {
        _folded(each): each for each in sorted(frequency, key=lambda e: (frequency[e], _last(e)))
    }
    common |= {_folded(each): each for each in sorted(known, reverse=True)}
    unified = {
        text: Known(common[_folded(str(cell.value))]) if isinstance(cell, Known) else cell
        for text, cell in read.items()
    }
    changed = sum(common[_folded(spelling)] != spelling for spelling in frequency)
    return unified, changed


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _last(text: str) -> tuple[int, ...]:
    """Sort so that, of equals, the first by alphabet comes last and is the one that stays."""
    return tuple(-ord(letter) for letter in text)
