"""Accounts and contacts that stand twice: found by rules that can be said in a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from bullseye.definitions.field import TableName
from bullseye.warehouse.legal_forms import plain_name
from bullseye.warehouse.mail_domains import of_nobody
from bullseye.warehouse.rows_in import make_table

_FULL_NAME = "coalesce(full_name, nullif(trim(concat_ws(' ', first_name, last_name)), ''))"
_EMAIL = "nullif(lower(trim(email)), '')"
_WITHOUT_MAIL = "CASE WHEN domain NOT IN (SELECT domain FROM mail_domains) THEN domain END"

_RULES: Mapping[TableName, Mapping[str, tuple[str, str]]] = {
    TableName.ACCOUNTS: {
        "same domain": (_WITHOUT_MAIL, "NULL"),
        "same name and country": (f"{plain_name('name')} || '|' || country", _WITHOUT_MAIL),
    },
    TableName.CONTACTS: {
        "same e-mail": (_EMAIL, "NULL"),
        "same name at one account": (
            f"lower(strip_accents({_FULL_NAME})) || '|' || account_id",
            _EMAIL,
        ),
    },
}
"""Per table and rule: what must be equal, and what contradicts where it is known and differs."""

_SHOWN: Mapping[TableName, tuple[str, ...]] = {
    TableName.ACCOUNTS: ("name", "domain", "country", "city", "industry", "employees"),
    TableName.CONTACTS: ("full_name", "email", "account_id", "title", "phone", "country"),
}
"""The fields that speak for or against."""


@dataclass(frozen=True)
class Duplicates:
    """Rows that are one and the same by a rule.

    `ids` in order; `rules` those that held between some of them; `agree` and `contradict` name
    the fields of which two or more of them know a value, the same one or different ones.
    `names` are their names, in the order of `ids`; empty where none is known.
    """

    ids: tuple[str, ...]
    rules: tuple[str, ...]
    agree: tuple[str, ...]
    contradict: tuple[str, ...]
    names: tuple[str, ...]


def duplicates(
    connection: duckdb.DuckDBPyConnection, table: TableName, rows: str
) -> list[Duplicates]:
    """Return the groups of rows that stand more than once, the largest first.

    `rows` is a table expression of accounts or contacts as a state has them. Two rows with the
    same key are linked unless a value that both know contradicts; what is linked through a
    third is one group. Nothing is merged.
    """
    mail = ((domain,) for domain in sorted(of_nobody()))
    make_table(connection, "mail_domains", {"domain": "VARCHAR"}, mail)
    key = "account_id" if table is TableName.ACCOUNTS else "contact_id"
    links: list[tuple[str, str, str]] = []
    for rule, (same, contradicting) in _RULES[table].items():
        links += [
            (one, other, rule)
            for one, other in connection.execute(_linked(rows, key, same, contradicting)).fetchall()
        ]
    groups = _groups(links)
    facts = _facts(connection, rows, key, _SHOWN[table], groups)
    found = [_evidence(ids, rules, facts, _SHOWN[table]) for ids, rules in groups]
    return sorted(found, key=lambda each: (-len(each.ids), each.ids))


def _linked(rows: str, key: str, same: str, contradicting: str) -> str:
    """Return the select of pairs: each row and the first one of its key that it can be.

    Within a key, rows with one value of what could contradict are together; rows that do not
    know it join them only where that value is the only one.
    """
    return f"""WITH keyed AS (
  SELECT {key} AS id, {same} AS same, CAST({contradicting} AS VARCHAR) AS other FROM {rows}),
placed AS (
  SELECT *, count(DISTINCT other) OVER (PARTITION BY same) AS kinds,
    count(*) OVER (PARTITION BY same) AS n FROM keyed WHERE same IS NOT NULL)
SELECT * FROM (
  SELECT min(id) OVER (PARTITION BY same, CASE WHEN kinds > 1 THEN coalesce(other, id) END)
    AS one, id FROM placed WHERE n > 1)
WHERE one <> id ORDER BY ALL"""


def _groups(links: Iterable[tuple[str, str, str]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what is linked, directly or through others, with the rules of its links."""
    top: dict[str, str] = {}

    def first(one: str) -> str:
        while top.setdefault(one, one) != one:
            top[one] = top[top[one]]
            one = top[one]
        return one

    every = list(links)
    for one, other, _ in every:
        low, high = sorted((first(one), first(other)))
        top[high] = low
    ids: dict[str, list[str]] = {}
    for one in sorted(top):
        ids.setdefault(first(one), []).append(one)
    rules: dict[str, set[str]] = {}
    for one, _, rule in every:
        rules.setdefault(first(one), set()).add(rule)
    return [(tuple(some), tuple(sorted(rules[head]))) for head, some in ids.items()]


def _facts(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    key: str,
    fields: Sequence[str],
    groups: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[str, tuple[str | None, ...]]:
    wanted = ((one,) for ids, _ in groups for one in ids)
    make_table(connection, "wanted", {"id": "VARCHAR"}, wanted)
    shown = ", ".join(f"CAST({field} AS VARCHAR)" for field in fields)
    found = connection.execute(
        f"SELECT {key}, {shown} FROM {rows} WHERE {key} IN (SELECT id FROM wanted)"
    ).fetchall()
    return {str(one): tuple(values) for one, *values in found}


def _evidence(
    ids: tuple[str, ...],
    rules: tuple[str, ...],
    facts: Mapping[str, tuple[str | None, ...]],
    fields: Sequence[str],
) -> Duplicates:
    agree: list[str] = []
    contradict: list[str] = []
    for at, field in enumerate(fields):
        known = [text.casefold() for one in ids if (text := facts[one][at]) is not None]
        if len(known) > 1:
            (agree if len(set(known)) == 1 else contradict).append(field)
    names = tuple(facts[one][0] or "" for one in ids)
    return Duplicates(ids, rules, tuple(agree), tuple(contradict), names)
