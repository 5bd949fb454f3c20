"""Settle which account a row means where id, domain and exact name do not, or a person must.

What a row says of its account is its *reference*: a domain, a name, a country. The accounts
it may mean are found once per distinct reference, however many rows say it. One candidate that
nothing speaks against is a match; several that nothing tells apart are *ambiguous*, for a
person to settle; their decision holds from then on, before all else but an id.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.warehouse.candidates import RULES, find_candidates
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.mail_domains import of_nobody
from bullseye.warehouse.matching import REFERENCE
from bullseye.warehouse.rows_in import make_table

FORMER = "former.parquet"
"""The file of a state with names and domains its accounts had before; absent where none had."""

CONFIDENCE = {
    "decision": 1.0,
    "id": 1.0,
    "domain": 0.99,
    "domain and name": 0.98,
    "domain and country": 0.9,
    "registered domain": 0.95,
    "registered domain and name": 0.98,
    "registered domain and country": 0.9,
    "former domain": 0.9,
    "former domain and name": 0.97,
    "former domain and country": 0.9,
    "name": 0.8,
    "name and country": 0.95,
    "former name": 0.9,
    "former name and country": 0.9,
    "short name": 0.7,
    "short name and country": 0.8,
    "similar name": 0.7,
    "similar name and country": 0.9,
}
"""How likely a match is right, by the method that made it.

Stated, not estimated for the data at hand: no probability can be where nobody knows the truth.
They lie at or below the least that was measured where a truth was known (docs/proof/matching.md);
methods that no set tells apart are judged by their nearest relative.
"""

OPEN = ("unmatched", "ambiguous")
"""The methods of rows that have no account."""

_NAME, _SHORT = RULES.index("name"), RULES.index("short name")


@dataclass(frozen=True)
class Decided:
    """A person's decision on a reference: the account it means, None for none of ours."""

    domain: str | None
    name: str | None
    country: str | None
    account_id: str | None


def decisions_hash(decisions: Sequence[Decided]) -> str:
    """Return the same text for the same decisions, whatever their order; empty for none."""
    if not decisions:
        return ""
    return hashlib.sha256(repr(sorted(map(repr, decisions))).encode()).hexdigest()


def reference_id(domain: str | None, name: str | None, country: str | None) -> str:
    """Return the short name of a reference, the same wherever it is said.

    >>> reference_id("acme.com", "Acme", None), reference_id(None, "Acme", None)
    ('b7a5e9df', '7853e973')
    """
    text = "\x1f".join(part or "" for part in (domain, name, country))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def match_the_rest(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    accounts: str,
    *,
    former: Path,
    decisions: Sequence[Decided] = (),
    method: str = "_match_method",
) -> None:
    """Give rows their account where the first steps found none, and where a person decided.

    Parameters
    ----------
    connection
        The engine.
    rows
        A temporary table with `account_id`, the column `method`, and `_domain`, `_name` and
        `_country`, NULL where the row was matched by its id. It is changed in place.
    accounts
        A table expression with `account_id`, `name`, `former_names`, `domain`, `country`.
    former
        Where the file of former names and domains is, if there is one.
    decisions
        What people decided, at most one per reference. One that names an account which is not
        there (any more) does not count.
    method
        The column that says how a row was matched.
    """
    if not decisions and not _any_open(connection, rows, method):
        return
    take_out_mail(connection, rows)
    open_references(
        connection, f"SELECT * FROM {rows} WHERE {method} IN ('unmatched', 'ambiguous')"
    )
    find_candidates(connection, accounts, former if former.exists() else None)
    settle(connection, accounts)
    same = " AND ".join(f"r.{c} IS NOT DISTINCT FROM s.{c}" for c in REFERENCE)
    connection.execute(
        f"UPDATE {rows} AS r SET account_id = s.account_id, {method} = s.method"
        f" FROM settled AS s WHERE r.{method} IN ('unmatched', 'ambiguous') AND {same}"
    )
    if decisions:
        _decide(connection, rows, accounts, decisions, method)


def _any_open(connection: duckdb.DuckDBPyConnection, rows: str, method: str) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM {rows} WHERE {method} IN ('unmatched', 'ambiguous')"
        " AND (_domain IS NOT NULL OR _name IS NOT NULL) LIMIT 1"
    ).fetchall()
    return bool(found)


def take_out_mail(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Make the domains of free and throw-away mail unknown: they are part of no reference."""
    mail = make_table(
        connection, "mail_domains", {"domain": "VARCHAR"}, ((d,) for d in sorted(of_nobody()))
    )
    connection.execute(
        f"UPDATE {rows} SET _domain = NULL WHERE _domain = '' OR _domain IN"
        f" (SELECT domain FROM {mail})"
    )


def open_references(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Make the temporary table `open_references` of the distinct references of a select."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE open_references AS SELECT row_number() OVER"
        f" (ORDER BY {', '.join(REFERENCE)}) AS ref, _domain AS domain, _name AS name,"
        " _country AS country FROM"
        f" (SELECT DISTINCT {', '.join(REFERENCE)} FROM ({rows})"
        " WHERE _domain IS NOT NULL OR _name IS NOT NULL)"
    )


def settle(connection: duckdb.DuckDBPyConnection, accounts: str) -> None:
    """Make the temporary table `settled` of `candidates`: a match, or ambiguous, per reference.

    It has the reference's columns, `account_id` (NULL where ambiguous) and `method`. The surest
    rule that found anything proposes; a name supports or contradicts a domain, and a country
    tells namesakes apart. An account of that name whose domain is another one is a doubt, and so
    is its country where the name is not the same to the letter; a former name may have had
    another domain. Where only weak likeness was found, the reference is not in it.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE settled AS
WITH best AS (
  SELECT ref, min(rank) AS rank FROM candidates WHERE is_close GROUP BY ref),
proposed AS (
  SELECT c.ref, c.account_id, best.rank, o.country = a.country AS agrees,
    coalesce(o.country <> a.country, FALSE) AS differs,
    best.rank IN ({_NAME}, {_SHORT}, {_SHORT} + 1) AND coalesce(o.domain <> a.domain, FALSE)
      AS is_elsewhere,
    n.ref IS NOT NULL AS is_named, m.ref IS NOT NULL AS says_name
  FROM best JOIN candidates AS c ON c.ref = best.ref AND c.rank = best.rank AND c.is_close
  JOIN open_references AS o ON o.ref = c.ref
  JOIN {accounts} AS a ON a.account_id = c.account_id
  LEFT JOIN (SELECT DISTINCT ref, account_id FROM candidates WHERE rank IN (3, 4)) AS n
    ON best.rank < 3 AND n.ref = c.ref AND n.account_id = c.account_id
  LEFT JOIN (SELECT DISTINCT ref FROM candidates WHERE rank IN (3, 4)) AS m
    ON best.rank < 3 AND m.ref = c.ref),
counted AS (
  SELECT ref, rank, count(*) AS n, min(account_id) AS account_id,
    bool_or(says_name) AND NOT bool_or(is_named) AS is_denied,
    count(*) FILTER (is_named) AS named, min(account_id) FILTER (is_named) AS named_id,
    count(*) FILTER (NOT differs) AS possible,
    min(account_id) FILTER (agrees AND NOT is_elsewhere) AS agreeing_id,
    count(*) FILTER (agrees AND NOT is_elsewhere) AS agreeing,
    bool_or(is_elsewhere OR (rank >= {_SHORT} AND differs)) AS is_doubted
  FROM proposed GROUP BY ref, rank),
judged AS (
  SELECT ref, CASE
    WHEN is_denied OR (is_doubted AND n = 1) THEN 'ambiguous'
    WHEN n = 1 THEN 'alone' WHEN named = 1 THEN 'name'
    WHEN possible = 1 AND agreeing = 1 THEN 'country' ELSE 'ambiguous' END AS by_what,
    rank, account_id, named_id, agreeing_id FROM counted)
SELECT o.domain AS _domain, o.name AS _name, o.country AS _country,
  CASE by_what WHEN 'alone' THEN account_id WHEN 'name' THEN named_id
    WHEN 'country' THEN agreeing_id END AS account_id,
  CASE by_what WHEN 'ambiguous' THEN 'ambiguous' WHEN 'alone' THEN rules[rank + 1]
    ELSE rules[rank + 1] || ' and ' || by_what END AS method, o.ref
FROM judged JOIN open_references AS o USING (ref),
  (SELECT [{", ".join(DUCKDB.literal(rule) for rule in RULES)}] AS rules)"""
    )


def _decide(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    accounts: str,
    decisions: Sequence[Decided],
    method: str,
) -> None:
    """Let the decisions of people hold, over all but an id."""
    kinds = {**dict.fromkeys(REFERENCE, "VARCHAR"), "account_id": "VARCHAR"}
    said = ((d.domain, d.name, d.country, d.account_id) for d in decisions)
    decided = make_table(connection, "decided", kinds, said)
    same = " AND ".join(f"r.{c} IS NOT DISTINCT FROM d.{c}" for c in REFERENCE)
    connection.execute(
        f"UPDATE {rows} AS r SET account_id = d.account_id, {method} ="
        " CASE WHEN d.account_id IS NULL THEN 'unmatched' ELSE 'decision' END"
        f" FROM {decided} AS d WHERE r.{method} <> 'id' AND {same} AND (d.account_id IS NULL"
        f" OR d.account_id IN (SELECT account_id FROM {accounts}))"
    )
