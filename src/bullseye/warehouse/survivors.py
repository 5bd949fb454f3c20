"""The one row that several merged rows become: the SQL of each field's value, and of its origin.

Claims are what sources say of the rows that are merged: one row per source and merged row, with
`_id` (the row's id), `_to` (the id that stays), `_rank` (the source's place, the surest first),
`_source`, `_age` (days from the claim to 1970, so that the newest has the smallest), `known_on`,
and the table's fields. A field is taken from all claims at once, in an order that has no ties,
so that it does not matter in which order people merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.survivorship import Survival
from bullseye.warehouse.dialect import DUCKDB

_OTHERS = "_id <> _to"

WHY = {
    Survival.SURVIVOR_FIRST: "the survivor's own, else the newest known",
    Survival.NEWEST_KNOWN: "the newest known",
    Survival.SOURCE_PRIORITY: "from the source with priority",
    Survival.LONGEST: "the longest",
    Survival.MOST_FREQUENT: "said by most records",
    Survival.ANY_YES: "yes, if any record says yes",
    Survival.UNITED: "every item of every record",
}
"""Each rule as a reason."""


@dataclass(frozen=True)
class Taken:
    """The value a merged row takes for one field, from where, and what it leaves.

    `value` is as text, None where no record knows one. `source` and `known_on` are of the claim
    it was taken from, None where it is made of several. `left` are other values, each with the
    id of a record that says it.
    """

    field: str
    value: str | None
    from_ids: tuple[str, ...]
    source: str | None
    known_on: date | None
    rule: Survival
    why: str
    left: tuple[tuple[str, str], ...]


def survivor_columns(table: TableName, rules: Mapping[str, Survival]) -> str:
    """Return the SQL of every field in `rules`, aggregated over the claims of one survivor."""
    return ", ".join(f"{_value(table, name, rules[name])} AS {_quoted(name)}" for name in rules)


def counted_claims(claims: str, rules: Mapping[str, Survival]) -> str:
    """Return the claims, with how many records say each value where a rule asks."""
    wanted = [name for name, rule in rules.items() if rule is Survival.MOST_FREQUENT]
    counts = "".join(
        f", count(DISTINCT _id) OVER (PARTITION BY _to, {_quoted(name)}) AS {_count(name)}"
        for name in wanted
    )
    return f"(SELECT *{counts} FROM {claims})"


def taken(
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    claims: str,
    rules: Mapping[str, Survival],
    survivor_id: str,
) -> tuple[Taken, ...]:
    """Return what one survivor takes for every field that any of its records knows."""
    of_it = f"{counted_claims(claims, rules)} WHERE _to = {DUCKDB.literal(survivor_id)}"
    found = []
    for name, rule in rules.items():
        known = f"{_quoted(name)} IS NOT NULL"
        first = f"arg_min(%s, {_order(table, name, rule)}) FILTER ({known})"
        value, (one, source, day), said = connection.execute(
            f"SELECT CAST({_value(table, name, rule)} AS VARCHAR),"
            f" [CAST({first % '_id'} AS VARCHAR), CAST({first % '_source'} AS VARCHAR),"
            f" CAST({first % 'known_on'} AS VARCHAR)],"
            f" list(DISTINCT [_id, CAST({_quoted(name)} AS VARCHAR)]) FILTER ({known})"
            f" FROM {of_it}"
        ).fetchall()[0]
        if value is None:
            continue
        others = sorted((str(who), str(what)) for who, what in said)
        if rule is Survival.UNITED:
            made_of = tuple(sorted({who for who, _ in others}))
            found.append(Taken(name, value, made_of, None, None, rule, WHY[rule], ()))
            continue
        left = tuple((who, what) for who, what in others if what != value)
        known_on = date.fromisoformat(day)
        found.append(Taken(name, value, (one,), source, known_on, rule, WHY[rule], left))
    return tuple(found)


def _value(table: TableName, name: str, rule: Survival) -> str:
    column = _quoted(name)
    if rule is Survival.UNITED:
        return f"list_sort(list_distinct(flatten(list({column}) FILTER ({column} IS NOT NULL))))"
    if rule is Survival.ANY_YES:
        return f"bool_or({column})"
    return f"arg_min({column}, {_order(table, name, rule)}) FILTER ({column} IS NOT NULL)"


def _order(table: TableName, name: str, rule: Survival) -> str:
    """Return the SQL of a claim's place among those for one field: the smallest is taken."""
    own = "_rank, _age" if table is TableName.ACCOUNTS else "_age, _rank"
    first, second = own.split(", ")
    usual = (
        f"{_OTHERS}, CASE WHEN {_OTHERS} THEN _age ELSE {first} END,"
        f" CASE WHEN {_OTHERS} THEN _rank ELSE {second} END, _id"
    )
    parts = {
        Survival.NEWEST_KNOWN: f"_age, _rank, {_OTHERS}, _id",
        Survival.SOURCE_PRIORITY: f"_rank, {_OTHERS}, _age, _id",
        Survival.LONGEST: f"-length({_quoted(name)}), {usual}",
        Survival.MOST_FREQUENT: f"-{_count(name)}, {usual}",
        Survival.ANY_YES: f"NOT {_quoted(name)}, {usual}",
    }
    return f"row({parts.get(rule, usual)})"


def _quoted(name: str) -> str:
    return DUCKDB.identifier(name)


def _count(name: str) -> str:
    return DUCKDB.identifier(f"_n_{name}")
