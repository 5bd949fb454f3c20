"""What a cell of a file turns into, and the words that say a cell is empty."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from bullseye.definitions.source import DateOrder, DecimalMark

Value: TypeAlias = str | int | float | Decimal | date | bool | tuple[str, ...]
"""A typed value: what one known cell holds."""


class _Nothing(Enum):
    MISSING = "missing"


MISSING: Final = _Nothing.MISSING
"""The cell says that nothing is known."""


@dataclass(frozen=True)
class Known:
    """A value, and in `doubt` why a person may want to look at it (empty: no doubt)."""

    value: Value
    doubt: str = ""


@dataclass(frozen=True)
class Bad:
    """A cell that says something, but nothing its field can hold."""

    reason: str


Cell: TypeAlias = Known | Bad | _Nothing


class Numeral(StrEnum):
    """What the bare numbers in a column of dates count."""

    NONE = "none"
    EXCEL_DAYS = "excel-days"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    YYYYMMDD = "yyyymmdd"


@dataclass(frozen=True)
class Style:
    """How one column writes its values, settled by the whole column.

    Parameters
    ----------
    as_of
        Day of the import; years and dates far beyond it are impossible.
    currency
        ISO 4217 code of the workspace; MONEY comes out in it.
    column_currency
        Code the column's header names, for amounts that name none; None means `currency`.
    rates
        Units of the workspace's currency for one unit of another.
    scale
        What one unit in the column stands for, as 1,000,000 under "revenue (in millions)".
    decimals
        The decimal mark of numbers whose shape allows two readings.
    percents
        Whether bare numbers of a SHARE are percentages.
    separator
        What stands between the items of a LIST; None where cells hold one item each.
    date_order, numerals
        How DATE columns are read; `date_order` is None where no value needs it.
    excel_ids
        Whether ".0" at the end of identifiers is damage to be undone.
    """

    as_of: date
    currency: str = "USD"
    column_currency: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    scale: int = 1
    decimals: DecimalMark = DecimalMark.POINT
    percents: bool = False
    separator: str | None = ","
    date_order: DateOrder | None = None
    numerals: Numeral = Numeral.NONE
    excel_ids: bool = False


_MISSING_WORDS_WRITTEN = (
    "|null|none|nil|nan|n/a|na|n.a.|n.a|#n/a|#n/d|#na|#null!|#ref!|#value!|#div/0!|#name?|#num!"
    "|-|--|---|\u2013|\u2014|.|..|?|??|unknown|(unknown)|<unknown>|unknow|undefined|unspecified"
    "|not specified|not available|not applicable|not provided|not known|no data|no value"
    "|(no value)|missing|(missing)|select|select one|please select|--select--|-- select --"
    "|- select -|--none--|-none-|- none -|-- none --|(none)|<none>|choose|choose one"
    "|please choose|tbd|tba|tbc|to be determined|<na>|<null>|(null)|\\n|nat|inf|-inf|+inf"
    "|infinity|-infinity|(blank)|blank|empty|(empty)|void|unbekannt|keine angabe|k.a.|k. a."
    "|0000-00-00|0000-00-00 00:00:00|00/00/0000|00.00.0000"
    "|inconnu|desconocido|desconhecido|sconosciuto|onbekend"
)
MISSING_WORDS: Final = frozenset(_MISSING_WORDS_WRITTEN.split("|"))
"""Cells that mean "not known", in any case. A lone NA is one of them, so Namibia is read only
from its name or the code NAM; "Select" and its friends are what picklists hold when untouched."""

_REMOVED = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WHITE = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff]")


def clean_text(text: str) -> str:
    r"""Return `text` in NFC, trimmed, its inner whitespace collapsed and control signs removed.

    >>> clean_text("  Acme\u00a0 \tCorp\x00 ")
    'Acme Corp'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    return _WHITE.sub(" ", _CONTROL.sub("", _REMOVED.sub("", composed))).strip(" ")


def is_missing(text: str) -> bool:
    """Whether a cleaned text is a word for "not known".

    >>> is_missing("N/A"), is_missing("Select"), is_missing("Nashville")
    (True, True, False)
    """
    return len(text) <= LONGEST_MISSING and text.lower() in MISSING_WORDS


LONGEST_MISSING: Final = max(map(len, MISSING_WORDS))
"""Length of the longest word for "not known": longer cells need no look-up."""
