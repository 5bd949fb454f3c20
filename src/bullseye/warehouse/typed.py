"""The rows of one file in the types of their fields, as SELECTs over the staged text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from bullseye.definitions.field import (
    KEYS,
    KNOWN_ON,
    MADE_KEYS,
    ROW_FIELDS,
    STANDARD_FIELDS,
    Field,
    FieldType,
    TableName,
)
from bullseye.definitions.source import Source
from bullseye.errors import DefinitionError
from bullseye.warehouse.casts import SQL_TYPES
from bullseye.warehouse.cells import Known, Style
from bullseye.warehouse.columns import Reading, Staged
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.outcomes import outcome_sql
from bullseye.warehouse.values import parse

ROW_NUMBER = "row_no"
"""Column of every imported table: the row's number in its file, from 1."""


@dataclass(frozen=True)
class Typed:
    """A file's rows with every field typed, the key made and the outcome read.

    They are computed where they are asked for, which costs less than to keep them a second time;
    `kept` is the table that has them nevertheless, "" where there is none.
    """

    staged: Staged
    read: Sequence[Reading]
    source: Source
    style: Style
    kept: str = ""

    @classmethod
    def of(cls, staged: Staged, read: Sequence[Reading], source: Source, style: Style) -> Self:
        """Return the typed rows; those whose keys have to be made are kept, as that is slow."""
        typed = cls(staged, read, source, style)
        if source.table not in MADE_KEYS:
            return typed
        return replace(typed, kept=staged.scratch.table(typed.whole))

    @property
    def whole(self) -> str:
        """The SELECT of all rows: row_no, every field, `known_on`."""
        return f"SELECT * FROM {self.kept}" if self.kept else self._select(self.staged.table)

    @property
    def named(self) -> str:
        """The SELECT of all rows with what no row can do without, and `known_on`."""
        needed = {*required_fields(self.source.table), KNOWN_ON.name}
        return self.whole if self.kept else self._select(self.staged.table, needed)

    def among(self, numbers: str) -> str:
        """Return the SELECT of the rows whose row_no is in the table `numbers`."""
        if self.kept:
            return f"SELECT * FROM {self.kept} SEMI JOIN {numbers} USING ({ROW_NUMBER})"
        some = f"(SELECT * FROM {self.staged.table} SEMI JOIN {numbers} USING ({ROW_NUMBER}))"
        return self._select(some)

    def _select(self, rows: str, only: Collection[str] | None = None) -> str:
        read = [each for each in self.read if only is None or each.field.name in only]
        values, joins = [f"raw.{ROW_NUMBER}"], []
        for number, each in enumerate(read):
            cell = f"raw.{each.cell}"
            plain = each.cast.value.replace(each.cell, cell)
            if each.lookup:
                joins.append(f"LEFT JOIN {each.lookup} l{number} ON l{number}.cell = {cell}")
                plain = f"if(l{number}.cell IS NULL, {plain}, l{number}.value)"
            values.append(f"{plain} AS {DUCKDB.identifier(each.field.name)}")
        constants = _constants(self.source, self.style)
        named = {n: sql for n, sql in constants.items() if only is None or n in only}
        values += [f"{sql} AS {DUCKDB.identifier(name)}" for name, sql in named.items()]
        typed = f"SELECT {', '.join(values)} FROM {rows} raw {' '.join(joins)}"
        names = [*(each.field.name for each in read), *named]
        has_outcome = self.source.table is TableName.OPPORTUNITIES and only is None
        outcome = outcome_sql([(e.field.name, e.field.type) for e in read]) if has_outcome else ""
        return _with_made_fields(typed, names, self.source, self.style.as_of, outcome or "")


def required_fields(table: TableName) -> tuple[str, ...]:
    """Return the fields that every kept row of `table` knows, its key among them."""
    named = {field.name for field in STANDARD_FIELDS[table] if field.required}
    return tuple(sorted({KEYS[table], *named}))


def _constants(source: Source, style: Style) -> dict[str, str]:
    """Return the SQL of every field whose value the source says once for all rows."""
    fields = {field.name: field for field in source.fields}
    written = {}
    for name, text in source.constants.items():
        if name in source.columns:
            continue
        field = fields.get(name) or Field(name, FieldType.TEXT, name)
        cell = parse(field.type, text, style)
        if not isinstance(cell, Known):
            raise DefinitionError(
                f"The constant {name}: {text!r} is not a {field.type}.",
                place=f"source {source.name}",
                hint="Correct it in the sources file.",
            )
        written[name] = f"CAST({_constant(cell)} AS {SQL_TYPES[field.type]})"
    return written


def _constant(cell: Known) -> str:
    match cell.value:
        case tuple(items):
            return f"[{', '.join(DUCKDB.literal(str(item)) for item in items)}]"
        case bool() | str() | int() | float() | date() as value:
            return DUCKDB.literal(value)
        case value:
            return DUCKDB.literal(str(value))


def _with_made_fields(
    typed: str, names: Sequence[str], source: Source, as_of: date, outcome: str
) -> str:
    replaced, added = [], []
    today = DUCKDB.literal(as_of)
    if KNOWN_ON.name in names:
        replaced.append(f"least(coalesce({KNOWN_ON.name}, {today}), {today}) AS {KNOWN_ON.name}")
    else:
        added.append(f"{today} AS {KNOWN_ON.name}")
    if outcome:
        (replaced if "outcome" in names else added).append(f"{outcome} AS outcome")
    key = KEYS[source.table]
    if source.table in MADE_KEYS:
        made = _made_key(sorted(set(names) - {key, *(field.name for field in ROW_FIELDS)}))
        if key in names:
            replaced.append(f"coalesce({key}, {made}) AS {key}")
        else:
            added.append(f"{made} AS {key}")
    star = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
    return f"SELECT {', '.join((star, *added))} FROM ({typed})"


def _made_key(names: Sequence[str]) -> str:
    """Return the SQL that makes a key of a row's known fields; unknown ones leave no trace.

    Lengths stand before the values, so that no two contents give the same text.
    """
    parts = ["''"]
    for name in names:
        text = f"{DUCKDB.identifier(name)}::VARCHAR"
        label = DUCKDB.literal(f"{name}=")
        parts.append(f"coalesce({label} || strlen({text}) || ':' || {text}, '')")
    return f"left(md5(concat({', '.join(parts)})), 24)"
