"""A customer's own tables as our tables: each column found, cleaned and typed in their SQL.

Everything here is text in and text out; nothing is executed. What a cell may say follows
`bullseye.warehouse.values` as far as SQL can: words for "not known" are unknown, numbers and
days out of bounds are unknown, and no cell ever stops the statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bullseye.definitions.field import IS_DELETED, TEXTUAL, Field, FieldType
from bullseye.definitions.source import Source
from bullseye.warehouse.cells import MISSING_WORDS
from bullseye.warehouse.dates import FIRST_YEAR, HORIZON
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.kinds import Kind, can_hold, kind_of
from bullseye.warehouse.values import NO, YES

SEPARATOR = ";"
"""What stands between the items of a list that is kept as text."""

PARENT = "_ultimate_parent_id"
MAPPED_PARENT = "ultimate_parent_id"
"""The field of their own by which customers say who an account's ultimate parent is."""

EVENT_COLUMNS = (
    "account_id",
    "occurred_on",
    "type",
    "subject",
    "detail",
    "url",
    "value",
    "known_on",
    "source",
)
"""What is known of an event, in the order that numbers them."""

MOST_COUNTED = 10**12
MOST_MONEY = 10**15


class Found(NamedTuple):
    """A column of the customer's, by its exact name, and what it holds."""

    name: str
    kind: Kind


class Lost(NamedTuple):
    """A column that a source maps and that cannot be used, and why."""

    field: str
    column: str
    why: str


@dataclass(frozen=True)
class Bound:
    """A source and the columns of its relation; `relation` is quoted already."""

    source: Source
    relation: str
    columns: Mapping[str, Found]
    lost: tuple[Lost, ...]


def bound(source: Source, relation: str, columns: Mapping[str, str]) -> Bound:
    """Return `source` over the columns (name: type) its relation has.

    A column is found by its exact name, or else in any case where only one has that name.
    """
    found, lost = {}, []
    types = {field.name: field.type for field in source.fields}
    for field, column in source.columns.items():
        near = [name for name in columns if name.lower() == column.column.lower()]
        if column.column not in columns and len(near) != 1:
            why = "there is no such column" if not near else f"it may be {' or '.join(near)}"
            lost.append(Lost(field, column.column, why))
            continue
        name = column.column if column.column in columns else near[0]
        kind = kind_of(columns[name])
        if not can_hold(kind, types[field]):
            why = f"its type {columns[name]} cannot be read as {types[field]}"
            lost.append(Lost(field, name, why))
        found[field] = Found(name, kind)
    return Bound(source, relation, found, tuple(lost))


class Reader:
    """Writes the value of a field, and whole tables of them, for one dialect and one day.

    Parameters
    ----------
    dialect
        The engine's hooks.
    as_of
        The day of the run: what is known or happens later is not seen.
    countries
        ISO codes, by how the customer writes a country.
    """

    def __init__(
        self, dialect: Dialect, as_of: date, countries: Mapping[str, str] | None = None
    ) -> None:
        self.dialect = dialect
        self.as_of = as_of
        self.countries = countries or {}

    # -- tables ----------------------------------------------------------------------------

    def accounts(self, source: Bound, fields: Sequence[Field]) -> str:
        """Return a table expression of the accounts: these fields, and the ultimate parent.

        One row per row of the relation that names an account; where the source says when a
        row was known, one per account: the newest known on the day.
        """
        wanted = {"account_id": Field("account_id", FieldType.ID, "")}
        wanted |= {field.name: field for field in fields}
        cells = {name: self.value(source, field) for name, field in wanted.items()}
        cells[PARENT] = self.value(source, Field(MAPPED_PARENT, FieldType.ID, ""))
        if not self._is_dated(source):
            return self._rows(source, cells, "account_id")
        return self._newest(source, cells, "account_id", "known_on")

    def events(self, sources: Sequence[Bound], types: Sequence[str], first: date) -> str:
        """Return the select of numbered events of these types from day `first` to the day."""
        column, literal = self.dialect.column, self.dialect.literal
        every = "\n  UNION ALL\n".join(map(self._events, sources))
        told = ", ".join(map(column, EVENT_COLUMNS))
        day = self.dialect.day_number(f"e.{column('occurred_on')}")
        return (
            f"SELECT CAST(ROW_NUMBER() OVER (ORDER BY {told}) AS {self.dialect.big}) AS signal_no,"
            f"\n  {told}, CAST({day} AS INTEGER) AS occurred_day\nFROM (\n{every}) AS e\n"
            f"WHERE e.{column('type')} IN ({', '.join(map(self.dialect.quoted, types))})\n"
            f"  AND e.{column('occurred_on')} BETWEEN {literal(first)} AND {literal(self.as_of)}"
        )

    def unnamed(self, source: Bound) -> str:
        """Return the query of how many rows of a source of events say no account's id."""
        key = self.value(source, Field("account_id", FieldType.ID, ""))
        return f"SELECT COUNT(*) FROM {source.relation} WHERE {key} IS NULL"

    def _events(self, source: Bound) -> str:
        """Return the events of one source, each once: by its id, or else by all it says."""
        column = self.dialect.column
        cells = {field.name: self.value(source, field) for field in _EVENT_FIELDS}
        cells["known_on"] = self._known_on(source)
        told = ", ".join(map(column, cells))
        label = f"{self.dialect.quoted(source.source.name)} AS {column('source')}"
        if "signal_id" not in source.columns:
            return f"  SELECT DISTINCT {told}, {label} FROM {self._rows(source, cells)} AS d"
        cells["signal_id"] = self.value(source, Field("signal_id", FieldType.ID, ""))
        newest = self._newest(source, cells, "signal_id", "known_on", "occurred_on")
        return f"  SELECT {told}, {label} FROM {newest} AS d"

    def _is_dated(self, source: Bound) -> bool:
        return "known_on" in source.columns

    def _known_on(self, source: Bound) -> str:
        """Return the day a row was known: the run's where the source does not say."""
        today = self.dialect.literal(self.as_of)
        if not self._is_dated(source):
            return today
        return f"COALESCE({self.value(source, Field('known_on', FieldType.DATE, ''))}, {today})"

    def _deletes(self, source: Bound) -> bool:
        return IS_DELETED.name in {*source.columns, *source.source.constants}

    def _is_there(self, row: str) -> str:
        """Return the condition that a row was not deleted; one that says nothing was not."""
        return f"CASE WHEN {row}.{self.dialect.column(IS_DELETED.name)} THEN 0 ELSE 1 END = 1"

    def _rows(
        self,
        source: Bound,
        cells: Mapping[str, str],
        key: str = "account_id",
        *,
        newest_first: bool = False,
    ) -> str:
        """Return the rows that have a key and were known on the day, as a table expression.

        Rows that were deleted are left out, but for `newest_first`: there they count first.
        """
        column = self.dialect.column
        every = {**cells, "known_on": self._known_on(source)} if self._is_dated(source) else cells
        if self._deletes(source):
            every = {**every, IS_DELETED.name: self.value(source, IS_DELETED)}
        selected = ",\n      ".join(f"{sql} AS {column(name)}" for name, sql in every.items())
        where = [f"m.{column(key)} IS NOT NULL"]
        if self._is_dated(source):
            where.append(f"m.{column('known_on')} <= {self.dialect.literal(self.as_of)}")
        if self._deletes(source) and not newest_first:
            where.append(self._is_there("m"))
        return (
            f"(SELECT m.* FROM (\n    SELECT {selected}\n    FROM {source.relation}) AS m\n"
            f"    WHERE {' AND '.join(where)})"
        )

    def _newest(self, source: Bound, cells: Mapping[str, str], key: str, *order: str) -> str:
        """Return of each key the row that comes last by `order`, as a table expression.

        A key whose last row says that it was deleted has none.
        """
        column = self.dialect.column
        newest = ", ".join(f"r.{column(name)} DESC" for name in order)
        place = f"ROW_NUMBER() OVER (PARTITION BY r.{column(key)} ORDER BY {newest})"
        told = ", ".join(f"n.{column(name)}" for name in cells)
        there = f" AND {self._is_there('n')}" if self._deletes(source) else ""
        return (
            f"(SELECT {told} FROM (SELECT r.*, {place} AS place_ FROM"
            f" {self._rows(source, cells, key, newest_first=True)} AS r) AS n"
            f" WHERE n.place_ = 1{there})"
        )

    # -- values ----------------------------------------------------------------------------

    def value(self, source: Bound, field: Field) -> str:
        """Return the SQL of a field's value: of its own type, and NULL where it is unknown."""
        found = source.columns.get(field.name)
        if found is not None:
            return self.typed(field.type, self.dialect.identifier(found.name), found.kind)
        if field.name in source.source.constants:
            text = self.dialect.quoted(source.source.constants[field.name])
            return self.typed(field.type, text, Kind.TEXT)
        return f"CAST(NULL AS {self.type_of(field.type)})"

    def type_of(self, kind: FieldType) -> str:
        """Return the engine's type for a type of field."""
        dialect = self.dialect
        if kind in TEXTUAL:
            return dialect.text
        return {
            FieldType.COUNT: dialect.big,
            FieldType.YEAR: "INTEGER",
            FieldType.NUMBER: dialect.double,
            FieldType.SHARE: dialect.double,
            FieldType.MONEY: dialect.money,
            FieldType.DATE: "DATE",
            FieldType.FLAG: "BOOLEAN",
            FieldType.LIST: dialect.texts,
        }[kind]

    def typed(self, wanted: FieldType, cell: str, kind: Kind) -> str:
        """Return the SQL of a cell read as `wanted`; `cell` is SQL of the kind `kind`."""
        if wanted in TEXTUAL:
            return self._text(wanted, cell, kind)
        if wanted is FieldType.DATE:
            return self._day(cell, kind)
        if wanted is FieldType.FLAG:
            return self._flag(cell, kind)
        if wanted is FieldType.LIST:
            return self._list(cell, kind)
        return self._number(wanted, cell, kind)

    def _text(self, wanted: FieldType, cell: str, kind: Kind) -> str:
        text = f"TRIM({cell if kind is Kind.TEXT else f'CAST({cell} AS {self.dialect.text})'})"
        if wanted is FieldType.ID:
            return f"NULLIF({text}, '')"
        known = self._spelled(text) if wanted is FieldType.COUNTRY else text
        return f"CASE WHEN LOWER({text}) NOT IN ({self._words(MISSING_WORDS)}) THEN {known} END"

    def _spelled(self, text: str) -> str:
        """Return a country's code, and what we know no country by as it is written."""
        literal = self.dialect.quoted
        cases = " ".join(
            f"WHEN {literal(name)} THEN {literal(code)}"
            for name, code in sorted(self.countries.items())
            if name != code
        )
        return f"CASE {text} {cases} ELSE {text} END" if cases else text

    def _number(self, wanted: FieldType, cell: str, kind: Kind) -> str:
        number = self.dialect.number_in(f"TRIM({cell})") if kind is Kind.TEXT else cell
        if wanted in {FieldType.NUMBER, FieldType.SHARE}:
            return self.dialect.finite(f"CAST({number} AS {self.dialect.double})")
        if wanted is FieldType.MONEY:
            low, high = -MOST_MONEY, MOST_MONEY
        elif wanted is FieldType.YEAR:
            low, high = 1000, self.as_of.year + 1
        else:
            low, high = 0, MOST_COUNTED
        known = f"{number} BETWEEN {low} AND {high}"
        if wanted is not FieldType.MONEY and kind is not Kind.WHOLE:
            known += f" AND {number} = FLOOR({number})"
        return f"CASE WHEN {known} THEN CAST({number} AS {self.type_of(wanted)}) END"

    def _day(self, cell: str, kind: Kind) -> str:
        day = cell if kind is Kind.DAY else f"CAST({cell} AS DATE)"
        if kind is Kind.TEXT:
            day = self.dialect.day_in(f"SUBSTR(TRIM({cell}), 1, 10)")
        last = date(self.as_of.year + HORIZON, 12, 31)
        literal = self.dialect.literal
        known = f"{day} BETWEEN {literal(date(FIRST_YEAR, 1, 1))} AND {literal(last)}"
        return f"CASE WHEN {known} THEN {day} END"

    def _flag(self, cell: str, kind: Kind) -> str:
        if kind is Kind.FLAG:
            return cell
        if kind is not Kind.TEXT:
            return f"CASE {cell} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"
        word = f"LOWER(TRIM({cell}))"
        return (
            f"CASE WHEN {word} IN ({self._words(YES)}) THEN TRUE"
            f" WHEN {word} IN ({self._words(NO)}) THEN FALSE END"
        )

    def _list(self, cell: str, kind: Kind) -> str:
        if kind is Kind.TEXTS:
            return cell
        quoted = self.dialect.quoted
        tight = f"TRIM({cell})"
        for blank in (f"{SEPARATOR} ", f" {SEPARATOR}"):
            tight = f"REPLACE({tight}, {quoted(blank)}, {quoted(SEPARATOR)})"
        items = self.dialect.split(tight, quoted(SEPARATOR))
        return f"CASE WHEN LOWER({tight}) NOT IN ({self._words(MISSING_WORDS)}) THEN {items} END"

    def _words(self, words: frozenset[str]) -> str:
        return ", ".join(map(self.dialect.quoted, sorted(words)))


_EVENT_FIELDS = (
    Field("account_id", FieldType.ID, ""),
    Field("type", FieldType.TEXT, ""),
    Field("subject", FieldType.TEXT, ""),
    Field("occurred_on", FieldType.DATE, ""),
    Field("detail", FieldType.TEXT, ""),
    Field("url", FieldType.TEXT, ""),
    Field("value", FieldType.NUMBER, ""),
)
