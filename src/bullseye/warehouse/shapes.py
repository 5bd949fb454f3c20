"""What a column holds, judged by its cells alone."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from bullseye.definitions.field import FieldType
from bullseye.definitions.source import DateOrder
from bullseye.warehouse.cells import Bad, Known, Numeral, Style, clean_text, is_missing
from bullseye.warehouse.dates import BARE_NUMBER
from bullseye.warehouse.lists import looks_like_lists
from bullseye.warehouse.values import parse

_ENOUGH = 0.95
_STYLE: Final = Style(as_of=date(2100, 1, 1), currency="")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_WORDS_OF_IDS = (
    "id ids uuid guid number no code zip postal postcode phone fax sic naics cik key sku vat tax "
    "mobile tel"
)
_ID_WORDS = frozenset(_WORDS_OF_IDS.split())
_FLAG_WORDS = frozenset({"is", "has", "flag", "was", "can", "opted"})
_DATE_WORDS = frozenset({"date", "at", "on", "day", "time", "timestamp", "created", "updated"})
_CURRENCY_SIGN = re.compile(r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF)\b")
_USUAL_DOMAIN = re.compile(
    r"^(?:https?://)?[\w.-]+\.(?:com|net|org|io|co|ai|app|dev|tech|biz|info|eu|[a-z]{2})(?:[/:?].*)?$",
    re.IGNORECASE,
)
_VARIED = 0.3
_COUNT_WORDS = frozenset({"count", "employees", "headcount", "seats", "users", "visits"})
_PERCENT_WORDS = frozenset({"percent", "percentage", "pct"})
_LOOSE_KINDS = frozenset({FieldType.TEXT, FieldType.ID, FieldType.LIST, FieldType.COUNTRY})


def present_cells(cells: Sequence[str | None]) -> list[str]:
    """Return the cells that say something, cleaned."""
    cleaned = (clean_text(cell) for cell in cells if cell)
    return [cell for cell in cleaned if cell and not is_missing(cell)]


def fitting_share(kind: FieldType, cells: Sequence[str]) -> float:
    """Return the share (0-1) of present cells that one type of field can hold; 1 of none.

    Dates count in whichever order fits more of them; money in any currency.
    """
    if not cells or kind in _LOOSE_KINDS:
        return 1.0
    if kind is FieldType.DATE:
        return max(_parsed(kind, cells, _dated(order, cells)) for order in DateOrder)
    return _parsed(kind, cells, _STYLE)


def fits(kind: FieldType, cells: Sequence[str], least: float) -> bool:
    """Whether the `fitting_share` of the cells is at least `least` (0-1).

    It looks at no more cells than it has to: most columns are far from fitting most types.
    """
    if not cells or kind in _LOOSE_KINDS:
        return True
    if kind is FieldType.DATE:
        return fitting_share(kind, cells) >= least
    missed = 0
    for text, times in Counter(cells).items():
        missed += 0 if _fits(kind, text, _STYLE) else times
        if (len(cells) - missed) / len(cells) < least:
            return False
    return True


def _dated(order: DateOrder, cells: Sequence[str]) -> Style:
    numbers = [float(cell) for cell in cells if BARE_NUMBER.match(cell)]
    numerals = Numeral.NONE
    for kind, least, most in (
        (Numeral.YYYYMMDD, 19_000_101, 21_001_231),
        (Numeral.EXCEL_DAYS, 20_000, 60_000),
        (Numeral.SECONDS, 5 * 10**8, 3 * 10**9),
        (Numeral.MILLISECONDS, 5 * 10**11, 3 * 10**12),
    ):
        if numbers and least <= min(numbers) and max(numbers) <= most:
            numerals = kind
            break
    return Style(as_of=_STYLE.as_of, date_order=order, numerals=numerals)


def _parsed(kind: FieldType, cells: Sequence[str], style: Style) -> float:
    counted = Counter(cells).items()
    return sum(times for text, times in counted if _fits(kind, text, style)) / len(cells)


def _fits(kind: FieldType, text: str, style: Style) -> bool:
    cell = parse(kind, text, style)
    needs_rate = isinstance(cell, Bad) and cell.reason.startswith("currency ")
    return isinstance(cell, Known) or needs_rate


def email_share(cells: Sequence[str]) -> float:
    """Return the share (0-1) of present cells that are e-mail addresses; 0 of none."""
    return sum(bool(_EMAIL.match(cell)) for cell in cells) / len(cells) if cells else 0.0


def domain_share(cells: Sequence[str]) -> float:
    """Return the share (0-1) of present cells that are domains or web addresses; 0 of none.

    Only usual endings count, and only in a column of many different ones: "02.Medium" has the
    form of a domain too.
    """
    usual = [cell for cell in cells if "@" not in cell and _USUAL_DOMAIN.search(cell)]
    varied = unique_share(cells) > _VARIED
    fits = _parsed(FieldType.DOMAIN, usual, _STYLE) * len(usual) if usual and varied else 0.0
    return fits / len(cells) if cells else 0.0


def unique_share(cells: Sequence[str]) -> float:
    """Return the share (0-1) of present cells that are distinct; 1 of none."""
    return len(set(cells)) / len(cells) if cells else 1.0


def inferred_type(words: Sequence[str], cells: Sequence[str]) -> FieldType:
    """Return the type of a customer's own field, by its header's words and its present cells.

    TEXT unless nineteen of twenty cells fit something narrower. Numbers that name things
    ("zip", "lead number") are identifiers.

    >>> inferred_type(["discount"], ["10%", "12.5%"]), inferred_type(["zip"], ["02139"])
    (<FieldType.SHARE: 'share'>, <FieldType.ID: 'id'>)
    """
    if not cells:
        return FieldType.TEXT
    said = set(words)
    if said & _ID_WORDS and not said & {"of", "count"}:
        return FieldType.ID
    if _is_flag(said, cells):
        return FieldType.FLAG
    if numeric := _numeric_type(said, cells):
        return numeric
    if fits(FieldType.DATE, cells, _ENOUGH):
        return FieldType.DATE
    return FieldType.LIST if looks_like_lists(list(cells)) else FieldType.TEXT


def _is_flag(said: set[str], cells: Sequence[str]) -> bool:
    digits = all(cell in {"0", "1", "0.0", "1.0"} for cell in cells)
    letters = all(len(cell) == 1 for cell in cells)
    if (digits or letters) and not said & _FLAG_WORDS:
        return False
    return fits(FieldType.FLAG, cells, _ENOUGH)


def _numeric_type(said: set[str], cells: Sequence[str]) -> FieldType | None:
    if not fits(FieldType.NUMBER, cells, _ENOUGH):
        money = any(_CURRENCY_SIGN.search(cell) for cell in cells)
        return FieldType.MONEY if money and fits(FieldType.MONEY, cells, _ENOUGH) else None
    if said & _DATE_WORDS and fits(FieldType.DATE, cells, _ENOUGH):
        return FieldType.DATE
    if "year" in said and fits(FieldType.YEAR, cells, _ENOUGH):
        return FieldType.YEAR
    percents = sum(cell.endswith("%") for cell in cells) >= _ENOUGH * len(cells)
    if percents or said & _PERCENT_WORDS:
        return FieldType.SHARE
    if sum(bool(_CURRENCY_SIGN.search(cell)) for cell in cells) * 2 > len(cells):
        return FieldType.MONEY
    counted = said & _COUNT_WORDS and fits(FieldType.COUNT, cells, 1.0)
    return FieldType.COUNT if counted else FieldType.NUMBER
