"""Tables of answers and reviews: which column is what, and one conversation per row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.conversation import Conversation, Utterance
from bullseye.definitions.source import DateOrder
from bullseye.errors import InputError
from bullseye.research.folding import words
from bullseye.research.source import SourceKind
from bullseye.warehouse.cells import Known, Style
from bullseye.warehouse.date_styles import settle_dates
from bullseye.warehouse.dates import parse_date

TEXT = "text"
_ADDRESS = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")
_MOSTLY = 0.6
_SENTENCE = 6.0
"""Words a cell of prose has on average; codes, names and scales have fewer."""

_ANSWER = 2.0
"""Words an answer has on average where its column is called by a question."""

_VARIED = 0.3
"""Share of different cells from which a column holds prose, not a choice from a list."""


@dataclass(frozen=True)
class Mapped:
    """A column and the field it fills, and why; several columns may fill `text`."""

    field: str
    column: str
    why: str


@dataclass(frozen=True)
class Row:
    """One row of a file: its number from 1, and its cells in the order of the columns."""

    number: int
    cells: tuple[str | None, ...]


def proposed(
    columns: Sequence[str],
    rows: Sequence[Row],
    usual: Mapping[str, str],
    given: Mapping[str, Sequence[str]],
    place: str,
) -> tuple[Mapped, ...]:
    """Return what each column of a table of answers is.

    Parameters
    ----------
    columns, rows
        The file's headers, and its rows.
    usual
        Field: the headers it usually has, separated by commas, best first.
    given
        Field: the columns that the user says it is; they win.
    place
        The file, for errors.

    Raises
    ------
    InputError
        If a column that is given does not exist, or none holds what people wrote.
    """
    found = [Mapped(*each, "given") for each in _given(columns, given, usual, place)]
    taken = {each.column for each in found}
    for field, names in usual.items():
        if field == TEXT or field in given:
            continue
        column, why = _best(field, names, columns, rows, taken)
        if column is not None:
            found.append(Mapped(field, column, why))
            taken.add(column)
    if TEXT not in given:
        headers = frozenset(_split(usual[TEXT]))
        for at, column in enumerate(columns):
            if column not in taken and (why := _is_prose(column, _cells(rows, at), headers)):
                found.append(Mapped(TEXT, column, why))
    if not any(each.field == TEXT for each in found):
        raise InputError(
            "No column holds what people wrote.",
            place=place,
            hint="Name it: --map text=COLUMN",
        )
    return tuple(found)


def conversations(
    columns: Sequence[str],
    rows: Sequence[Row],
    mapped: Sequence[Mapped],
    kind: SourceKind,
    as_of: date,
    order: DateOrder | None = None,
) -> tuple[tuple[Conversation, ...], int]:
    """Return one conversation per row with words in it, and how many rows have none.

    Where several columns hold words, each answer follows its question, which is the header.
    `order` is how the days are written, where a person said it.

    Raises
    ------
    Question
        If the days can be read in two ways; the message says how to answer.
    """
    at = {each.field: columns.index(each.column) for each in mapped if each.field != TEXT}
    asked = [columns.index(each.column) for each in mapped if each.field == TEXT]
    days = _days(columns, rows, at.get("date"), as_of, order)
    found, empty = [], 0
    for row in rows:
        cell = {field: _clean(row.cells[place]) for field, place in at.items()}
        answers = [(columns[place], text) for place in asked if (text := _clean(row.cells[place]))]
        if not answers:
            empty += 1
            continue
        email = (cell.get("email") or "").lower() or None
        found.append(
            Conversation(
                tuple(_utterances(answers, cell.get("name"), email, len(asked) > 1)),
                kind,
                title=cell.get("title"),
                occurred_on=days.get(row.number),
                account=cell.get("account_id") or cell.get("domain") or cell.get("account_name"),
                opportunity=cell.get("opportunity_id"),
                place=f"row {row.number}",
            )
        )
    return tuple(found), empty


def _utterances(
    answers: Sequence[tuple[str, str]], name: str | None, email: str | None, is_form: bool
) -> list[Utterance]:
    said = []
    for question, text in answers:
        if is_form:
            said.append(Utterance(question, is_question=True))
        said.append(Utterance(text, name, email))
    return said


def _given(
    columns: Sequence[str], given: Mapping[str, Sequence[str]], usual: Mapping[str, str], place: str
) -> list[tuple[str, str]]:
    for field, wanted in given.items():
        if field not in usual:
            raise InputError(
                f"Answers have no field {field!r}.",
                place=place,
                hint=f"Map one of: {', '.join(usual)}",
            )
        for column in wanted:
            if column not in columns:
                shown = ", ".join(columns[:12])
                raise InputError(
                    f"There is no column {column!r}.", place=place, hint=f"There are: {shown}"
                )
    return [(field, column) for field, wanted in given.items() for column in wanted]


def _best(
    field: str, names: str, columns: Sequence[str], rows: Sequence[Row], taken: set[str]
) -> tuple[str | None, str]:
    free = {_header(column): column for column in columns if column not in taken}
    if field == "email":
        for at, column in enumerate(columns):
            cells = _cells(rows, at)
            if cells and sum(map(bool, map(_ADDRESS.match, cells))) >= _MOSTLY * len(cells):
                return column, "holds e-mail addresses"
        return None, ""
    for name in _split(names):
        if name in free:
            return free[name], f"is called {free[name]!r}"
    return None, ""


def _is_prose(column: str, cells: Sequence[str], headers: frozenset[str]) -> str:
    """Return why a column holds what people wrote, "" if it does not."""
    if not cells:
        return ""
    if _header(column) in headers:
        return f"is called {column!r}"
    length = sum(len(words(cell)) for cell in cells) / len(cells)
    is_varied = len(set(cells)) >= _VARIED * len(cells)
    if column.strip().endswith(("?", "\uff1f")) and length >= _ANSWER and is_varied:
        return "answers a question"
    return "holds sentences" if length >= _SENTENCE and is_varied else ""


def _days(
    columns: Sequence[str],
    rows: Sequence[Row],
    at: int | None,
    as_of: date,
    order: DateOrder | None,
) -> dict[int, date]:
    if at is None:
        return {}
    cells = {row.number: text for row in rows if (text := _clean(row.cells[at]))}
    given = {columns[at]: order} if order else None
    style = settle_dates({columns[at]: set(cells.values())}, given)[columns[at]]
    reading = Style(as_of=as_of, date_order=style.order, numerals=style.numerals)
    read = {number: parse_date(text, reading) for number, text in cells.items()}
    return {
        number: cell.value
        for number, cell in read.items()
        if isinstance(cell, Known) and isinstance(cell.value, date)
    }


def _cells(rows: Sequence[Row], at: int) -> list[str]:
    return [text for row in rows[:2000] if (text := _clean(row.cells[at]))]


def _clean(cell: str | None) -> str | None:
    return (cell or "").replace("\0", " ").strip() or None


def _header(column: str) -> str:
    return " ".join(re.sub(r"[_\W]+", " ", column.casefold()).split())


def _split(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_header(name) for name in names.split(",")))
