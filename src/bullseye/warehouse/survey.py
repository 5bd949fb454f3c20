"""A first look over a file's rows that says which columns need a closer one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bullseye.definitions.field import Field, FieldType
from bullseye.warehouse.casts import cast
from bullseye.warehouse.cells import Style
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.spellings import MOST_CATEGORIES

_MEASURED = {FieldType.NUMBER, FieldType.MONEY, FieldType.SHARE}


@dataclass(frozen=True)
class Survey:
    """What the first look found about one column.

    Attributes
    ----------
    odd
        Cells that are not plain for the field's type.
    distinct
        Distinct cells of a TEXT or LIST, roughly.
    longest
        Bytes of a TEXT's longest cell.
    points
        Cells of an amount with a decimal point.
    most
        Largest bare number of a SHARE.
    damaged_ids
        Identifiers that end in ".0".
    """

    odd: int = 0
    distinct: int = 0
    longest: int = 0
    points: int = 0
    most: float = 0.0
    damaged_ids: int = 0


def surveys(
    scratch: Scratch, table: str, columns: Sequence[tuple[Field, str, Style]]
) -> tuple[Survey, ...]:
    """Survey all columns (field, quoted name, style so far) of `table`.

    `odd` is not counted in a TEXT of few distinct cells, which are all read anyway, nor in a
    LIST, of which the survey has to find the separator first: it is 1.
    """
    asked = [_questions(field.type, cell) for field, cell, _ in columns]
    expressions = [sql for questions in asked for sql in questions.values()]
    found = scratch.rows(f"SELECT {', '.join(expressions)} FROM {table}")[0] if expressions else ()
    answers = iter(found)
    surveyed = []
    for questions, (field, cell, style) in zip(asked, columns, strict=True):
        first = _survey(questions, [next(answers) for _ in questions])
        is_category = field.type is FieldType.TEXT and first.distinct <= MOST_CATEGORIES * 2
        is_later = is_category or field.type is FieldType.LIST
        odd = 1 if is_later else _odd(scratch, table, field.type, cell, style)
        surveyed.append(replace(first, odd=odd))
    return tuple(surveyed)


def _odd(scratch: Scratch, table: str, kind: FieldType, cell: str, style: Style) -> int:
    plain = cast(kind, cell, style).is_plain
    return scratch.number(
        f"SELECT count({cell}) - count(CASE WHEN {plain} THEN 1 END) FROM {table}"
    )


def _survey(questions: Mapping[str, str], answers: Sequence[object]) -> Survey:
    numbers = [float(str(answer or 0)) for answer in answers]
    whole = {n: v if n == "most" else int(v) for n, v in zip(questions, numbers, strict=True)}
    return Survey(**whole)  # type: ignore[arg-type]  # one name is a float, the others are whole


def _questions(kind: FieldType, cell: str) -> Mapping[str, str]:
    asked = {}
    if kind in {FieldType.TEXT, FieldType.LIST}:
        asked["distinct"] = f"approx_count_distinct({cell})"
    if kind is FieldType.TEXT:
        asked["longest"] = f"max(strlen({cell}))"
    if kind in _MEASURED:
        asked["points"] = _count(f"contains({cell}, '.')")
    if kind is FieldType.SHARE:
        asked["most"] = f"max(abs(TRY_CAST(replace({cell}, ',', '.') AS DOUBLE)))"
    if kind is FieldType.ID:
        asked["damaged_ids"] = _count(f"ends_with({cell}, '.0')")
    return asked


def _count(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"
