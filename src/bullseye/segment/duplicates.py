"""Accounts and contacts that stand twice: found by rules that can be said in a sentence."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from bullseye.definitions.field import KEYS, TableName
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.legal_forms import plain_name
from bullseye.warehouse.mail_domains import of_nobody
from bullseye.warehouse.rows_in import make_table

FULL_NAME = "coalesce(full_name, nullif(trim(concat_ws(' ', first_name, last_name)), ''))"
_EMAIL = "nullif(lower(trim(email)), '')"
WITHOUT_MAIL = "CASE WHEN domain NOT IN (SELECT domain FROM mail_domains) THEN domain END"
_PROFILE = (
    "nullif(regexp_replace(lower(trim(linkedin_url)),"
    " '^(https?://)?(www[.]|[a-z][a-z][.])?|[/?#]+$', '', 'g'), '')"
)
_PLAIN_FULL_NAME = f"lower(strip_accents({FULL_NAME}))"

_MAILBOXES = """
info office contact contacts sales hello admin team support mail service enquiries inquiries
kontakt hallo marketing accounts billing finance hr jobs press reception welcome general
"""
"""Addresses that several people share: what is before the @."""

_SHARED = f"split_part({_EMAIL}, '@', 1) IN ({', '.join(map(DUCKDB.literal, _MAILBOXES.split()))})"


@dataclass(frozen=True)
class _Rule:
    """What must be equal, what contradicts where it is known and differs, and what is shown.

    `confidence` is how likely such a pair is one record: stated, at or below what was measured
    where a truth is known (docs/proof/matching.md).
    """

    name: str
    same: str
    contradicting: str
    shown: str
    confidence: float


_RULES: Mapping[TableName, tuple[_Rule, ...]] = {
    TableName.ACCOUNTS: (
        _Rule("same domain", WITHOUT_MAIL, "NULL", "domain", 0.95),
        _Rule(
            "same name and country",
            f"{plain_name('name')} || '|' || country",
            WITHOUT_MAIL,
            "concat_ws(', ', name, country)",
            0.9,
        ),
    ),
    TableName.CONTACTS: (
        _Rule(
            "same e-mail",
            _EMAIL,
            f"CASE WHEN {_SHARED} THEN {_PLAIN_FULL_NAME} END",
            "email",
            0.95,
        ),
        _Rule("same profile", _PROFILE, "NULL", "linkedin_url", 0.95),
        _Rule(
            "same name at one account",
            f"{_PLAIN_FULL_NAME} || '|' || account_id",
            _EMAIL,
            f"concat_ws(', ', {FULL_NAME}, account_id)",
            0.9,
        ),
    ),
}

_SHOWN: Mapping[TableName, tuple[str, ...]] = {
    TableName.ACCOUNTS: ("name", "domain", "country", "city", "industry", "employees"),
    TableName.CONTACTS: ("full_name", "email", "account_id", "title", "phone", "country"),
}
"""The fields that speak for or against."""


@dataclass(frozen=True)
class Part:
    """What one comparison adds to the weight of a link: a power of two, for or against."""

    what: str
    values: tuple[str | None, str | None]
    weight: float


@dataclass(frozen=True)
class Link:
    """Two records that may be one: by which rule, what each says, and how sure that is.

    `confidence` is 0-1. `parts` are the contributions of a model, none where a rule says so.
    """

    one: str
    other: str
    rule: str
    values: tuple[str, str]
    confidence: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Duplicates:
    """Rows that are one and the same by a rule.

    `cluster` names the group as long as its first id is in it. `ids` in order; `rules` those
    that held between some of them; `agree` and `contradict` name the fields of which two or
    more of them know a value, the same one or different ones. `names` are their names, in the
    order of `ids`; empty where none is known. `links` are the evidence, pair by pair; `fullest`
    is the id of the row that knows most.
    """

    cluster: str
    ids: tuple[str, ...]
    rules: tuple[str, ...]
    agree: tuple[str, ...]
    contradict: tuple[str, ...]
    names: tuple[str, ...]
    links: tuple[Link, ...]
    fullest: str


def duplicates(
    connection: duckdb.DuckDBPyConnection, table: TableName, rows: str
) -> list[Duplicates]:
    """Return the groups of rows that stand more than once, the largest first.

    `rows` is a table expression of accounts or contacts as a state has them. Two rows with the
    same key are linked unless a value that both know contradicts; what is linked through a
    third is one group. Nothing is merged.
    """
    return clusters(connection, table, rows, ruled(connection, table, rows))


def ruled(connection: duckdb.DuckDBPyConnection, table: TableName, rows: str) -> list[Link]:
    """Return the pairs that a rule says are one: each row with the first it can be."""
    mail = ((domain,) for domain in sorted(of_nobody()))
    make_table(connection, "mail_domains", {"domain": "VARCHAR"}, mail)
    found: list[Link] = []
    for rule in _RULES[table]:
        linked = connection.execute(_linked(rows, KEYS[table], rule)).fetchall()
        found += [
            Link(one, other, rule.name, (str(said), str(says)), rule.confidence)
            for one, other, said, says in linked
        ]
    return found


def clusters(
    connection: duckdb.DuckDBPyConnection, table: TableName, rows: str, links: Sequence[Link]
) -> list[Duplicates]:
    """Return what links tie together, the largest first, with what speaks for and against it."""
    groups = tied_groups(links)
    facts = _facts(connection, rows, KEYS[table], _SHOWN[table], [ids for ids, _ in groups])
    found = [_evidence(table, ids, tied, facts) for ids, tied in groups]
    return sorted(found, key=lambda each: (-len(each.ids), each.ids))


def _linked(rows: str, key: str, rule: _Rule) -> str:
    """Return the select of pairs: each row and the first one of its key that it can be.

    Within a key, rows with one value of what could contradict are together; rows that do not
    know it join them only where that value is the only one.
    """
    return f"""WITH keyed AS (
  SELECT {key} AS id, {rule.same} AS same, CAST({rule.contradicting} AS VARCHAR) AS other,
    CAST({rule.shown} AS VARCHAR) AS shown FROM {rows}),
placed AS (
  SELECT *, count(DISTINCT other) OVER (PARTITION BY same) AS kinds,
    count(*) OVER (PARTITION BY same) AS n FROM keyed WHERE same IS NOT NULL)
SELECT one, id, said, shown FROM (
  SELECT id, shown, min(id) OVER here AS one, arg_min(shown, id) OVER here AS said
  FROM placed WHERE n > 1
  WINDOW here AS (PARTITION BY same, CASE WHEN kinds > 1 THEN coalesce(other, id) END))
WHERE one <> id ORDER BY ALL"""


def tied_groups(links: Iterable[Link]) -> list[tuple[tuple[str, ...], tuple[Link, ...]]]:
    """Return what is linked, directly or through others, with its links."""
    top: dict[str, str] = {}

    def first(one: str) -> str:
        while top.setdefault(one, one) != one:
            top[one] = top[top[one]]
            one = top[one]
        return one

    every = list(links)
    for each in every:
        low, high = sorted((first(each.one), first(each.other)))
        top[high] = low
    ids: dict[str, list[str]] = {}
    for one in sorted(top):
        ids.setdefault(first(one), []).append(one)
    tied: dict[str, list[Link]] = {}
    for each in every:
        tied.setdefault(first(each.one), []).append(each)
    return [(tuple(some), tuple(tied[head])) for head, some in ids.items()]


def _facts(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    key: str,
    fields: Sequence[str],
    groups: Sequence[tuple[str, ...]],
) -> dict[str, tuple[str | None, ...]]:
    wanted = ((one,) for ids in groups for one in ids)
    make_table(connection, "wanted", {"id": "VARCHAR"}, wanted)
    shown = ", ".join(
        f"CAST({FULL_NAME if field == 'full_name' else field} AS VARCHAR)" for field in fields
    )
    found = connection.execute(
        f"SELECT {key}, {shown} FROM {rows} WHERE {key} IN (SELECT id FROM wanted)"
    ).fetchall()
    return {str(one): tuple(values) for one, *values in found}


def _evidence(
    table: TableName,
    ids: tuple[str, ...],
    links: tuple[Link, ...],
    facts: Mapping[str, tuple[str | None, ...]],
) -> Duplicates:
    agree: list[str] = []
    contradict: list[str] = []
    for at, field in enumerate(_SHOWN[table]):
        known = [text.casefold() for one in ids if (text := facts[one][at]) is not None]
        if len(known) > 1:
            (agree if len(set(known)) == 1 else contradict).append(field)
    knows = {one: sum(value is not None for value in facts[one]) for one in ids}
    return Duplicates(
        cluster_id(table, ids[0]),
        ids,
        tuple(sorted({each.rule for each in links})),
        tuple(agree),
        tuple(contradict),
        tuple(facts[one][0] or "" for one in ids),
        links,
        min(ids, key=lambda one: (-knows[one], one)),
    )


def cluster_id(table: TableName, first: str) -> str:
    """Return the short name of a group: that of its table and its first id.

    >>> cluster_id(TableName.ACCOUNTS, "1")
    '1b13ecd9'
    """
    text = f"{table}\x1f{first}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:8]
