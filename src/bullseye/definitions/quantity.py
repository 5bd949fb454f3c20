"""Numbers, spans and days as people write them in definitions: 20%, 50M, 90 days, 2026-03-31."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

_NUMBER = re.compile(
    r"^\s*[$€£]?\s*(?P<digits>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*"
    r"(?P<unit>%|k|m|mn|mm|bn|b)?\s*$",
    re.IGNORECASE,
)
_UNITS = {
    "": Decimal(1),
    "%": Decimal("0.01"),
    "k": Decimal(10) ** 3,
    "m": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "mm": Decimal(10) ** 6,
    "b": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
}
_SPAN = re.compile(r"^\s*(\d+)\s*(day|week|month|quarter|year)s?\s*$", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "quarter": 91, "year": 365}

Number = int | float


def number(written: object) -> Number | None:
    """Return the number written as ``20%``, ``$50M``, ``1,000`` or 12.5; None if it is none.

    >>> [number(text) for text in ("20%", "$50M", "1.2bn", "1,000", 7, "seven")]
    [0.2, 50000000, 1200000000, 1000, 7, None]
    """
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return written if abs(written) < float("inf") else None
    match = _NUMBER.match(written) if isinstance(written, str) else None
    if not match:
        return None
    value = Decimal(match["digits"].replace(",", "")) * _UNITS[(match["unit"] or "").lower()]
    return int(value) if value == value.to_integral_value() else float(value)


def day(written: object) -> date | None:
    """Return the ISO day written, or None if it is none.

    >>> day("2026-03-31"), day("31/3/2026")
    (datetime.date(2026, 3, 31), None)
    """
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def days(written: object) -> int | None:
    """Return the span written as ``90 days``, ``6 months`` or 90, in days; None if it is none.

    A year counts 365 days, a quarter 91, and months their share of a year: 12 of them are one.

    >>> days("6 months"), days("12 months"), days("90 days"), days(14), days("soon")
    (182, 365, 90, 14, None)
    """
    if isinstance(written, int) and not isinstance(written, bool):
        return written if written > 0 else None
    match = _SPAN.match(written) if isinstance(written, str) else None
    if match is None:
        return None
    count, unit = int(match[1]), match[2].lower()
    return 365 * count // 12 if unit == "month" else count * _DAYS[unit]


def _read_days(written: Any) -> Any:
    read = days(written)
    if read is None:
        raise ValueError(f"{written!r} is no span of time: write it as 90 days or 6 months")
    return read


def _read_number(written: Any) -> Any:
    read = number(written)
    if read is None:
        raise ValueError(f"{written!r} is no number: write it as 70, 20% or 50M")
    return read


Span = Annotated[
    int,
    BeforeValidator(_read_days, json_schema_input_type=str | int),
    Field(ge=1, le=3650),
]
"""A span of time in days, written as ``90 days`` or ``6 months``."""

Share = Annotated[
    float,
    BeforeValidator(_read_number, json_schema_input_type=str | float),
    Field(ge=0, le=1),
]
"""A share from 0 to 1, written as ``60%`` or 0.6."""

Amount = Annotated[
    float,
    BeforeValidator(_read_number, json_schema_input_type=str | float),
    Field(ge=0),
]
"""An amount of money in the workspace's currency, written as ``30k`` or 30000."""
