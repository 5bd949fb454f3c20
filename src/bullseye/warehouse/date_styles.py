"""How a column writes its dates, settled by the whole column or asked of a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.source import DateOrder
from bullseye.errors import Question
from bullseye.warehouse.cells import Numeral, clean_text, is_missing
from bullseye.warehouse.dates import BARE_NUMBER, TRIPLE

_MOST_MONTHS = 12
_NUMERALS = (
    (Numeral.YYYYMMDD, 18_000_101, 22_001_231),
    (Numeral.EXCEL_DAYS, 20_000, 60_000),
    (Numeral.SECONDS, 10**8, 5 * 10**9),
    (Numeral.MILLISECONDS, 10**11, 5 * 10**12),
)
_NUMERAL_NOTES = {
    Numeral.YYYYMMDD: "numbers are read as year, month and day run together",
    Numeral.EXCEL_DAYS: "numbers are read as a spreadsheet's day numbers",
    Numeral.SECONDS: "numbers are read as seconds since 1970",
    Numeral.MILLISECONDS: "numbers are read as milliseconds since 1970",
}


@dataclass(frozen=True)
class DateStyle:
    """How one column of dates is to be read, and the sentence that says why ("" if plain)."""

    order: DateOrder | None = None
    numerals: Numeral = Numeral.NONE
    note: str = ""


@dataclass(frozen=True)
class _Evidence:
    """What a column's cells say about the order of day and month."""

    month_first: int  # cells that only a month-first reader can read
    day_first: int
    open: tuple[str, ...]  # cells that both can read, differently
    shapes: frozenset[tuple[str, bool]]  # separator, and whether the year has two digits

    @property
    def order(self) -> DateOrder | None:
        if self.month_first == self.day_first:
            return None
        first = self.month_first > self.day_first
        return DateOrder.MONTH_FIRST if first else DateOrder.DAY_FIRST

    @property
    def is_needed(self) -> bool:
        return bool(self.open) or self.month_first > 0 or self.day_first > 0


def settle_dates(
    columns: Mapping[str, Iterable[str]], given: Mapping[str, DateOrder] | None = None
) -> Mapping[str, DateStyle]:
    """Settle how each column of dates of one file is read, by all of its distinct cells.

    A number above 12 in the first or second place decides; where a column contradicts itself
    the more frequent order does. A column without any is settled by the file's other columns
    of the same shape if these agree.

    Parameters
    ----------
    columns
        Column as the user knows it: its distinct cells (plain ISO dates may be left out).
    given
        Orders that a person has settled already; they win.

    Raises
    ------
    Question
        A column can be read both ways and nothing in the file settles it.

    Examples
    --------
    >>> settle_dates({"closed": ["3/4/2024", "3/25/2024"]})["closed"].order
    <DateOrder.MONTH_FIRST: 'month-first'>
    """
    answers = given or {}
    cells = {name: _shown(column) for name, column in columns.items()}
    evidence = {name: _evidence(shown) for name, shown in cells.items()}
    styles: dict[str, DateStyle] = {}
    for name, shown in cells.items():
        order, note = _order(name, evidence, answers.get(name))
        numerals = _numerals(shown)
        notes = filter(None, (note, _NUMERAL_NOTES.get(numerals, "")))
        styles[name] = DateStyle(order, numerals, "; ".join(notes))
    return styles


def _shown(column: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean_text(cell) for cell in column)
    return tuple(cell for cell in cleaned if cell and not is_missing(cell))


def _evidence(cells: Iterable[str]) -> _Evidence:
    month_first, day_first, undecided, shapes = 0, 0, [], set()
    for cell in cells:
        if not (match := TRIPLE.match(cell)):
            continue
        first, second = int(match["a"]), int(match["b"])
        shapes.add((match["sep"], len(match["y"]) == 2))
        if first > _MOST_MONTHS >= second:
            day_first += 1
        elif second > _MOST_MONTHS >= first:
            month_first += 1
        elif first != second and first <= _MOST_MONTHS:
            undecided.append(cell)
    return _Evidence(month_first, day_first, tuple(undecided), frozenset(shapes))


def _order(
    name: str, evidence: Mapping[str, _Evidence], given: DateOrder | None
) -> tuple[DateOrder | None, str]:
    mine = evidence[name]
    if given or not mine.is_needed:
        return given, ""
    if mine.order:
        odd = min(mine.month_first, mine.day_first)
        note = f"read {mine.order}, against {odd:,} of its values" if odd else f"read {mine.order}"
        return mine.order, note
    neighbours = {
        other.order: neighbour
        for neighbour, other in evidence.items()
        if other.order and other.shapes & mine.shapes
    }
    if len(neighbours) == 1:
        (order, neighbour), *_ = neighbours.items()
        return order, f"read {order}, as column {neighbour!r} of the same file is"
    raise _question(name, mine)


def _question(name: str, mine: _Evidence) -> Question:
    if not mine.open:
        problem = "some dates can only be month-first, as many only day-first"
        return Question(f"Column {name!r}: {problem}.", hint=_ANSWER)
    example = min(mine.open)
    match = TRIPLE.match(example)
    first, second, written = (match["a"], match["b"], match["y"]) if match else ("1", "2", "2000")
    year = int(written) + (2000 if len(written) == 2 else 0)
    month_first = date(year, int(first), int(second))
    day_first = date(year, int(second), int(first))
    readings = f"{_shown_day(month_first)} (month-first) or {_shown_day(day_first)} (day-first)"
    return Question(f"Column {name!r}: {example!r} can be {readings}.", hint=_ANSWER)


def _shown_day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


_ANSWER = "Say which is meant: --dates month-first or --dates day-first."


def _numerals(cells: Iterable[str]) -> Numeral:
    numbers = [float(cell) for cell in cells if BARE_NUMBER.match(cell)]
    if not numbers:
        return Numeral.NONE
    low, high = min(numbers), max(numbers)
    return next(
        (kind for kind, least, most in _NUMERALS if least <= low <= high <= most), Numeral.NONE
    )
