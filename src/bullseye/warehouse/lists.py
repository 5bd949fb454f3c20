"""Lists in one cell: what separates the items, settled by the whole column."""

import ast
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Final

from bullseye.warehouse.cells import Bad, Cell, Known, Style, clean_text, is_missing

_LEGAL_FORM = re.compile(
    r"^(?:inc|llc|l\.l\.c|ltd|limited|corp|co|gmbh|ag|kg|s\.?a|s\.?l|s\.?r\.?l|s\.?p\.?a|plc|pty"
    r"|b\.?v|n\.?v|l\.?p|llp|jr|sr|pbc|sas|oy|ab|a/s|aps)\.?(?:\s+ltd\.?|\s+inc\.?)?$",
    re.IGNORECASE,
)
MAY_BE_LEGAL: Final = (
    r",(?:inc|llc|l\.l\.c|ltd|limited|corp|co|gmbh|ag|kg|s\.?a|s\.?l|s\.?r|s\.?p|plc|pty|b\.?v|n\.?v"
    r"|l\.?p|llp|jr|sr|pbc|oy|ab|a/s|aps)"
)
"""Pattern (RE2) of lower-case lists, without blanks at commas, that may hold a legal form."""

_LONGEST_ITEM = 60
_MOST_WORDS = 6
_WORDS_OF_A_NAME = 3
_SEPARATORS: Final = (";", "|", "\n", ",")


def settle_separator(cells: Iterable[str]) -> str | None:
    """Return what separates the items of a column's lists, or None if each cell is one item.

    ";" beats "|" beats a line break beats ","; a comma counts only where the parts it leaves
    look like items: short, and no legal form ("Acme, Inc.").

    >>> settle_separator(["Salesforce; Marketo", "SAP, Inc.; Oracle"])
    ';'
    >>> settle_separator(["Acme, Inc."]) is None
    True
    """
    shown = [cell for cell in cells if not cell.lstrip().startswith("[")]
    for separator in _SEPARATORS:
        if separator == ",":
            return "," if _looks_like_comma_lists(shown) else None
        if any(separator in cell.strip() for cell in shown):
            return separator
    return None


def _looks_like_comma_lists(cells: list[str]) -> bool:
    split = [_split(cell, ",") for cell in cells if "," in cell]
    parts = [part for items in split if len(items) > 1 for part in items]
    if not parts:
        return False
    prose = sum(len(part) > _LONGEST_ITEM or part.count(" ") >= _MOST_WORDS for part in parts)
    return prose * 5 < len(parts)


def looks_like_lists(cells: list[str]) -> bool:
    """Whether a column of unknown meaning holds lists: several cells do, and items come back."""
    separator = settle_separator(cells)
    bracketed = sum(cell.lstrip().startswith("[") for cell in cells)
    if bracketed * 2 > len(cells):
        return True
    if separator is None:
        return False
    items = [_split(cell, separator) for cell in cells]
    several = [parts for parts in items if len(parts) > 1]
    counts = Counter(part.casefold() for parts in items for part in parts)
    recurring = sum(count > 1 for count in counts.values()) * 2 > len(counts)
    short = all(len(part) <= _LONGEST_ITEM for parts in several for part in parts)
    return len(several) * 5 > len(cells) and recurring and short


def parse_list(text: str, style: Style) -> Cell:
    """Read a LIST: JSON, a Python list, or items apart by the column's separator.

    Items are trimmed and kept once, in the order written; words for "not known" are left out.
    "[]" is known to be empty.

    >>> from datetime import date
    >>> parse_list("['a', 'b', 'a']", Style(as_of=date(2024, 1, 1))).value
    ('a', 'b')
    """
    bare = text.strip()
    if bare[:1] in {"[", "{"} and bare[-1:] in {"]", "}"}:
        items = _literal(bare)
        if items is None:
            return Bad("a list that does not end as it begins")
        return Known(_items(items))
    separator = _own_separator(text, style.separator)
    parts = _split(text, separator) if separator else [text]
    items_kept = _items(parts)
    if not items_kept:
        return Bad("a list without items")
    other = separator != style.separator and len(items_kept) > 1
    return Known(items_kept, f"items apart by {separator!r}, unlike the column" if other else "")


def _own_separator(text: str, settled: str | None) -> str | None:
    """Return the column's separator, or, where a cell has another sign only, that one.

    A comma must leave parts as short as names: most columns that use ";" hold a cell or two
    that somebody typed otherwise, and an item that is never found counts as a no.
    """
    if settled is None or settled in text:
        return settled
    for sign in _SEPARATORS:
        if sign in text.strip():
            parts = _split(text, sign)
            names = all(part.count(" ") < _WORDS_OF_A_NAME for part in parts)
            return sign if sign != "," or names else settled
    return settled


def _literal(text: str) -> list[str] | None:
    for read in (json.loads, _python_literal):
        try:
            value: object = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return _flat_items(value)
    inner = text[1:-1]
    plain = not any(sign in inner for sign in "[]{}'\"")
    return inner.split(",") if plain else None


def _python_literal(text: str) -> object:
    with warnings.catch_warnings():  # an odd escape in somebody's data is no news for the user
        warnings.simplefilter("ignore")
        return ast.literal_eval(text)


def _flat_items(value: object) -> list[str] | None:
    simple = (str, int, float, bool, type(None))
    if not isinstance(value, list | tuple | set) or not all(isinstance(v, simple) for v in value):
        return None
    return [str(each) for each in value if each is not None]


def _split(text: str, separator: str) -> list[str]:
    parts = [part.strip() for part in text.split(separator)]
    if separator != ",":
        return [part for part in parts if part]
    joined: list[str] = []
    for part in parts:
        if joined and _LEGAL_FORM.match(part):
            joined[-1] = f"{joined[-1]}, {part}"
        elif part:
            joined.append(part)
    return joined


def _items(parts: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean_text(part) for part in parts)
    kept = [item for item in cleaned if item and not is_missing(item)]
    return tuple({item.casefold(): item for item in reversed(kept)}[key] for key in _keys(kept))


def _keys(items: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.casefold() for item in items))
