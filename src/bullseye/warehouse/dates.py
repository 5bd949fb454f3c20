"""Dates as people write them, read one by one once the column's style is settled."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bullseye.definitions.source import DateOrder
from bullseye.warehouse.cells import Bad, Cell, Known, Numeral, Style

FIRST_YEAR: Final = 1800
"""Earlier years are slips of the hand, not days in the life of a company."""

HORIZON: Final = 50
"""Years after the import in which a date may still lie, as the end of a long contract does."""
_CENTURY_TURNS_AT = 69
_TIME = (
    r"(?:(?:[T,]|\s|\sat\s)\s*[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+-][0-9]{2}:?(?:[0-9]{2})?)?(?:\s*\(.*\))?)?"
)
_ISO = re.compile(
    r"^(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})" + _TIME + "$",
    re.IGNORECASE,
)
TRIPLE: Final = re.compile(
    r"^(?P<a>[0-9]{1,2})(?P<sep>[-/. ])\s?(?P<b>[0-9]{1,2})(?P=sep)\s?(?P<y>[0-9]{4}|[0-9]{2})"
    + _TIME
    + "$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^(?:[^\W\d_]+\.?,\s*)?(?:"
    r"(?P<d1>[0-9]{1,2})(?:st|nd|rd|th|\.|er|º)?[\s\-/]*(?:de\s|of\s)?(?P<m1>[^\W\d_]+)\.?[\s\-/,']*"
    r"(?:de\s|del\s)?(?P<y1>[0-9]{4}|[0-9]{2})"
    r"|(?P<m2>[^\W\d_]+)\.?[\s\-/]*(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?[\s,\-/]+(?P<y2>[0-9]{4})"
    r"|(?P<y3>[0-9]{4})[\s\-/](?P<m3>[^\W\d_]+)\.?[\s\-/](?P<d3>[0-9]{1,2})"
    r")" + _TIME + "$",
    re.IGNORECASE,
)
_MONTH_ONLY = re.compile(
    r"^(?:(?P<y1>[0-9]{4})[-/](?P<n1>[0-9]{1,2})|(?P<n2>[0-9]{1,2})/(?P<y2>[0-9]{4})"
    r"|(?P<m>[^\W\d_]+)\.?[\s,\-/]+(?P<y3>[0-9]{4}))$"
)
BARE_NUMBER: Final = re.compile(r"^[0-9]{5,14}(?:\.[0-9]{1,9})?(?:[eE]\+?[0-9]{1,2})?$")
_OFFSET = re.compile(r"([+-][0-9]{2}):?([0-9]{2})?(?:\s*\(.*\))?$")

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen januari janeiro jänner",
            "feb february februar février fevrier févr fevr febrero febbraio februari fevereiro"
            " fev",
            "mar march märz maerz mrz mars marzo maart mrt março marco mär",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag mei maio",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre diciembre dic dicembre dezembro déc",
        ),
        start=1,
    )
    for name in names.split()
}

IN_THE_FUTURE: Final = "in the future"
DAY_NOT_GIVEN: Final = "no day given; the first of the month is kept"


def parse_date(text: str, style: Style) -> Cell:
    """Read a calendar day; with a time and a zone, the day it was in UTC.

    Parameters
    ----------
    text
        A cleaned, non-missing cell.
    style
        `date_order` reads "3/4/2024"; without one such a cell is bad unless both readings agree
        or only one of them exists. `numerals` reads bare numbers. Days after `as_of` are
        doubtful, days more than fifty years after it impossible.
    """
    if match := _ISO.match(text):
        day = _day(int(match["y"]), int(match["m"]), int(match["d"]))
        return _checked(_in_utc(day, text), style)
    if BARE_NUMBER.match(text):
        return _numeral(text, style)
    if match := TRIPLE.match(text):
        return _checked(_ordered(match, style.date_order), style)
    if match := _WORDS.match(text):
        return _in_words(match, style)
    if match := _MONTH_ONLY.match(text):
        return _month_only(match, style)
    return Bad("not a date")


def _day(year: int, month: int, day: int) -> date | Bad:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return Bad("no such day in the calendar")


def _in_utc(day: date | Bad, text: str) -> date | Bad:
    """Move a day to UTC where the text gives a time and an offset."""
    offset = _OFFSET.search(text, 11)
    if isinstance(day, Bad) or offset is None:
        return day
    clock = re.search(r"([0-9]{1,2}):([0-9]{2})", text)
    if clock is None:
        return day
    hours, minutes = int(offset[1]), int(offset[2] or 0)
    ahead = timedelta(hours=hours, minutes=-minutes if offset[1].startswith("-") else minutes)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        local = midnight + timedelta(hours=int(clock[1]), minutes=int(clock[2]))
        return (local - ahead).date()
    except OverflowError:
        return Bad("no such day in the calendar")


def _checked(day: date | Bad, style: Style, doubt: str = "") -> Cell:
    if isinstance(day, Bad):
        return day
    if not FIRST_YEAR <= day.year <= style.as_of.year + HORIZON:
        return Bad(f"the year {day.year} is impossible")
    return Known(day, IN_THE_FUTURE if day > style.as_of else doubt)


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < _CENTURY_TURNS_AT else 1900)


def _ordered(match: re.Match[str], order: DateOrder | None) -> date | Bad:
    first, second, year = int(match["a"]), int(match["b"]), _full_year(match["y"])
    if order is None and first != second:
        return Bad("day and month could be swapped")
    month, day = (second, first) if order is DateOrder.DAY_FIRST else (first, second)
    read = _day(year, month, day)
    if isinstance(read, Bad) and isinstance(_day(year, day, month), date):
        return Bad("its day and month stand in the other order than in the rest of the column")
    return read


def _in_words(match: re.Match[str], style: Style) -> Cell:
    for which in "123":
        if match["m" + which] is not None:
            month = _MONTHS.get(match["m" + which].lower())
            if month is None:
                return Bad("not a date")
            day = _day(_full_year(match["y" + which]), month, int(match["d" + which]))
            return _checked(day, style)
    return Bad("not a date")


def _month_only(match: re.Match[str], style: Style) -> Cell:
    year = int(match["y1"] or match["y2"] or match["y3"])
    named = _MONTHS.get((match["m"] or "").lower())
    month = named if match["m"] else int(match["n1"] or match["n2"])
    return _checked(_day(year, month, 1), style, DAY_NOT_GIVEN) if month else Bad("not a date")


def _numeral(text: str, style: Style) -> Cell:
    number = float(text)
    try:
        match style.numerals:
            case Numeral.EXCEL_DAYS:
                return _checked(date(1899, 12, 30) + timedelta(days=int(number)), style)
            case Numeral.SECONDS:
                return _checked(_since_1970(number), style)
            case Numeral.MILLISECONDS:
                return _checked(_since_1970(number / 1000), style)
            case Numeral.YYYYMMDD:
                whole = int(number)
                return _checked(_day(whole // 10_000, whole // 100 % 100, whole % 100), style)
            case Numeral.NONE:
                return Bad("a bare number where a date is expected")
    except OverflowError:
        return Bad("no such day in the calendar")


def _since_1970(seconds: float) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
