"""What is left to a person: references that may mean an account, with the accounts they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bullseye.warehouse.candidates import RULES, find_candidates
from bullseye.warehouse.matching import REFERENCE
from bullseye.warehouse.references import (
    Decided,
    open_references,
    reference_id,
    settle,
    take_out_mail,
)

_SHOWN = 5
"""Candidates that are shown per reference; with more of them a name tells nothing."""


@dataclass(frozen=True)
class Candidate:
    """An account a reference may mean, the rule that found it, and how alike the names are.

    `likeness` is Jaro-Winkler's measure, 0-1; None where the rule is not a similar name.
    """

    account_id: str
    name: str | None
    domain: str | None
    country: str | None
    rule: str
    likeness: float | None


@dataclass(frozen=True)
class Unsettled:
    """What rows say of their account, how many say it, and whom it may mean, the nearest first.

    `is_ambiguous` where accounts that are near enough speak against each other; else the
    candidates are too weak to be more than a suggestion. `tables` names where it is said.
    """

    reference: str
    domain: str | None
    name: str | None
    country: str | None
    rows: int
    tables: tuple[str, ...]
    is_ambiguous: bool
    candidates: tuple[Candidate, ...]


def unsettled(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    accounts: str,
    former: Path | None,
    decisions: Sequence[Decided],
) -> list[Unsettled]:
    """Return the references of open rows that have candidates, those most rows say first.

    `rows` is a select with `table_name`, `_domain`, `_name` and `_country`. What a person
    decided is left out.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE open_rows AS {rows}")
    take_out_mail(connection, "open_rows")
    open_references(connection, "SELECT * FROM open_rows")
    find_candidates(connection, accounts, former)
    settle(connection, accounts)
    decided = {reference_id(each.domain, each.name, each.country) for each in decisions}
    found: dict[str, Unsettled] = {}
    for domain, name, country, said, tables, is_ambiguous, *about in _told(connection, accounts):
        reference = reference_id(domain, name, country)
        if reference in decided:
            continue
        account_id, known, known_domain, known_country, rank, likeness = about
        candidate = Candidate(account_id, known, known_domain, known_country, RULES[rank], likeness)
        before = found.get(reference)
        others = before.candidates if before else ()
        found[reference] = Unsettled(
            reference,
            domain,
            name,
            country,
            said,
            tuple(tables),
            is_ambiguous,
            (*others, candidate),
        )
    return list(found.values())


def _told(connection: duckdb.DuckDBPyConnection, accounts: str) -> list[tuple[Any, ...]]:
    same = " AND ".join(f"r.{column} IS NOT DISTINCT FROM o.{column[1:]}" for column in REFERENCE)
    return connection.execute(
        f"""WITH said AS (
  SELECT o.ref, count(*) AS n, list_sort(list(DISTINCT table_name)) AS tables
  FROM open_rows AS r JOIN open_references AS o ON {same} GROUP BY o.ref),
nearest AS (
  SELECT ref, account_id, min(rank) AS rank, max(likeness) AS likeness FROM candidates
  GROUP BY ref, account_id
  QUALIFY row_number() OVER (PARTITION BY ref ORDER BY min(rank), max(likeness) DESC,
    account_id) <= {_SHOWN})
SELECT o.domain, o.name, o.country, s.n, s.tables, coalesce(t.method = 'ambiguous', FALSE),
  a.account_id, a.name, a.domain, a.country, c.rank, c.likeness
FROM nearest AS c JOIN open_references AS o USING (ref) JOIN said AS s USING (ref)
JOIN {accounts} AS a ON a.account_id = c.account_id LEFT JOIN settled AS t ON t.ref = c.ref
WHERE t.method IS NULL OR t.method = 'ambiguous'
ORDER BY s.n DESC, o.ref, c.rank, c.likeness DESC, a.account_id"""
    ).fetchall()
