"""How good the kept rows are: per field, how much is known and what looks odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.field import KNOWN_ON, NUMERIC, Field, FieldType, TableName
from bullseye.definitions.source import Source
from bullseye.warehouse.casts import word_set
from bullseye.warehouse.dates import IN_THE_FUTURE
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.scratch import Scratch

_MOST_DISTINCT = 10_000
_TOP = 5
_LONGEST_SHOWN = 100
_PLACEHOLDERS = (
    "test test1 test2 testing asdf asdfg asdfgh qwerty xxx xxxx aaa abc foo bar foobar dummy "
    "sample example demo fake example.com example.org example.net test.com domain.com email.com "
    "yourcompany.com company.com localhost"
)
_PLACEHOLDER_DAYS = ("1900-01-01", "1899-12-30", "1899-12-31", "1970-01-01", "1901-01-01")


@dataclass(frozen=True)
class TopValue:
    """A frequent value of a field, as text, and the number of rows that have it."""

    value: str
    rows: int


@dataclass(frozen=True)
class Suspicion:
    """Something odd about a field's values, and the number of rows it concerns."""

    what: str
    rows: int


@dataclass(frozen=True)
class FieldProfile:
    """One field of the kept rows.

    `coverage` is the share of rows where it is known (0-1; 0 of no rows is 0). `distinct_count`
    is exact up to some ten thousand, then an estimate. `smallest` and `largest` are texts, None
    where the field has no size or nothing is known; `top` is empty where values hardly repeat.
    """

    field: str
    type: FieldType
    rows: int
    known: int
    coverage: float
    distinct_count: int
    smallest: str | None
    largest: str | None
    top: tuple[TopValue, ...]
    suspicions: tuple[Suspicion, ...]


def profiles(
    scratch: Scratch,
    rows: str,
    source: Source,
    doubts: Mapping[str, Mapping[str, int]],
    as_of: date,
) -> tuple[FieldProfile, ...]:
    """Profile every field of the kept rows.

    Parameters
    ----------
    scratch
        The engine.
    rows
        What to select the kept rows from, typed.
    source
        The fields to profile; the outcome of an opportunity is profiled where it was derived.
    doubts
        Field: what was doubtful when its cells were read, with the number of rows.
    as_of
        Day of the import; later days are in the future.
    """
    described = scratch.rows(f"DESCRIBE SELECT * FROM {rows}")
    present = {str(name) for name, *_ in described}
    fields = [field for field in _profiled(source) if field.name in present]
    if not fields:
        return ()
    total, *summaries = scratch.rows(_summary_sql(rows, fields))[0]
    width = len(summaries) // len(fields)
    return tuple(
        _profile(
            scratch,
            rows,
            field,
            int(str(total)),
            (*summaries[width * i : width * (i + 1)], _odd_count(scratch, rows, field, as_of)),
            doubts.get(field.name, {}),
        )
        for i, field in enumerate(fields)
    )


def _profiled(source: Source) -> tuple[Field, ...]:
    fields = source.fields
    named = {field.name for field in fields}
    if source.table is TableName.OPPORTUNITIES and "outcome" not in named:
        outcome = Field("outcome", FieldType.TEXT, "won, lost or open")
        fields = (*fields, outcome)
    return fields if KNOWN_ON.name in named else (*fields, KNOWN_ON)


def _summary_sql(rows: str, fields: list[Field]) -> str:
    """Return one query for all fields: known, distinct, smallest, largest."""
    parts = ["count(*)"]
    for field in fields:
        name = DUCKDB.identifier(field.name)
        sized = field.type in NUMERIC or field.type is FieldType.DATE
        ends = [f"{end}({name})::VARCHAR" if sized else "NULL" for end in ("min", "max")]
        parts += [f"count({name})", f"approx_count_distinct({name})", *ends]
    return f"SELECT {', '.join(parts)} FROM {rows}"


def _odd_count(scratch: Scratch, rows: str, field: Field, as_of: date) -> int:
    """Return how many rows are odd; asked apart, where few values need more than one look."""
    odd = _odd_sql(field, DUCKDB.identifier(field.name), as_of)
    return scratch.number(f"SELECT count(*) FROM {rows} WHERE {odd}") if odd else 0


def _odd_sql(field: Field, name: str, as_of: date) -> str:
    match field.type:
        case FieldType.DATE:
            return f"{name} > {DUCKDB.literal(as_of)}"
        case FieldType.COUNT if field.name == "employees":
            return f"{name} = 0 OR {name} > 10000000"
        case FieldType.MONEY:
            return f"{name} < 0"
        case FieldType.TEXT | FieldType.DOMAIN | FieldType.ID:
            words = _PLACEHOLDERS.split()
            short = f"strlen({name}) <= {max(map(len, words))}"
            return f"{short} AND lower({name}) IN {word_set(words)}"
        case _:
            return ""


_ODD = {
    FieldType.DATE: IN_THE_FUTURE,
    FieldType.COUNT: "no employees, or more than any account has",
    FieldType.MONEY: "below zero",
    FieldType.TEXT: "a placeholder, as in test",
    FieldType.DOMAIN: "a placeholder, as in example.com",
    FieldType.ID: "a placeholder, as in test",
}


def _profile(
    scratch: Scratch,
    rows: str,
    field: Field,
    total: int,
    summary: tuple[object, ...],
    doubts: Mapping[str, int],
) -> FieldProfile:
    known, roughly, smallest, largest, odd = summary
    known_rows, distinct = int(str(known)), int(str(roughly))
    counted = {what: n for what, n in doubts.items() if what != IN_THE_FUTURE}
    if int(str(odd)):
        counted[_ODD[field.type]] = int(str(odd))
    top: tuple[TopValue, ...] = ()
    if distinct <= _MOST_DISTINCT and known_rows:
        distinct, top, placeholders = _top(scratch, rows, field)
        if placeholders:
            counted["a day that stands for no day"] = placeholders
    return FieldProfile(
        field=field.name,
        type=field.type,
        rows=total,
        known=known_rows,
        coverage=known_rows / total if total else 0.0,
        distinct_count=min(distinct, known_rows),
        smallest=None if smallest is None else str(smallest),
        largest=None if largest is None else str(largest),
        top=top,
        suspicions=tuple(Suspicion(what, n) for what, n in sorted(counted.items())),
    )


def _top(scratch: Scratch, rows: str, field: Field) -> tuple[int, tuple[TopValue, ...], int]:
    name = DUCKDB.identifier(field.name)
    found = scratch.rows(
        f"SELECT value::VARCHAR AS v, n FROM (SELECT {name} AS value, count(*) AS n FROM {rows} "
        f"WHERE {name} IS NOT NULL GROUP BY 1) ORDER BY n DESC, v"
    )
    repeated = [(str(v), int(str(n))) for v, n in found[:_TOP] if int(str(n)) > 1]
    top = tuple(TopValue(value[:_LONGEST_SHOWN], n) for value, n in repeated)
    is_date = field.type is FieldType.DATE
    placeholders = sum(int(str(n)) for v, n in found if is_date and str(v) in _PLACEHOLDER_DAYS)
    return len(found), top, placeholders
