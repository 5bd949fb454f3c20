"""Which accounts a reference may mean, by which rule: found among few, never by comparing all.

A reference is what a row says of its account: a domain, a name, a country. The temporary table
`open_references` holds those to find, one row each; `candidates` is what is found here.
"""

from pathlib import Path

import duckdb

from bullseye.warehouse.legal_forms import plain_name, short_name
from bullseye.warehouse.mail_domains import registered
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table

RULES = (
    "domain",
    "registered domain",
    "former domain",
    "name",
    "former name",
    "short name",
    "similar name",
    "initials",
)
"""The rules, the surest first; where one finds an account, the later ones only support it."""

_SMALL_WORDS = "of|for|de|du|des|der|die|das|la|le|el|del|di|da|do|van|von|in"

_MOST_IN_BLOCK = 100
"""Accounts that may share a part of a name; a part that more share tells nothing."""

_SQUASHED = "replace({}, ' ', '')"


def find_candidates(
    connection: duckdb.DuckDBPyConnection, accounts: str, former: Path | None
) -> None:
    """Make the temporary table `candidates` of the rows in `open_references`.

    Parameters
    ----------
    connection
        The engine. `open_references` has `ref` (unique), `domain`, `name` and `country`; each
        of the last three may be NULL.
    accounts
        A table expression with `account_id`, `name`, `former_names`, `domain` and `country`.
    former
        The file of names and domains that sources gave before (`account_id`, `name`,
        `domain`), None where there is none.

    Notes
    -----
    `candidates`: `ref`, `account_id`, `rank` (the place in `RULES`), `likeness` (0-1, of the
    two names; NULL unless the rule is a similar name) and `is_close` (whether the rule may
    settle a match; weaker ones are for a person to see). The grain is one rule of one pair.
    """
    earlier = (
        f"(SELECT account_id, name, domain FROM {reading(former)})"
        if former is not None
        else "(SELECT NULL::VARCHAR AS account_id, NULL::VARCHAR AS name, NULL::VARCHAR AS domain"
        " WHERE FALSE)"
    )
    _name_keys(connection, accounts, earlier)
    _find_registered(connection, accounts, earlier)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE candidates AS
SELECT DISTINCT ref, account_id, rank, CAST(NULL AS DOUBLE) AS likeness, TRUE AS is_close FROM (
  SELECT o.ref, a.account_id, 0 AS rank FROM open_references AS o
  JOIN {accounts} AS a ON a.domain = o.domain
  UNION ALL
  SELECT o.ref, s.account_id, s.rank FROM open_references AS o
  JOIN ref_registered AS d ON d.domain = o.domain
  JOIN account_registered AS s ON s.registered = d.registered
  UNION ALL
  SELECT o.ref, k.account_id, CASE WHEN k.is_former THEN 4 ELSE 3 END FROM ref_names AS o
  JOIN account_names AS k ON k.squashed = o.squashed)"""
    )
    _find_short(connection)
    _find_similar(connection)


def _name_keys(connection: duckdb.DuckDBPyConnection, accounts: str, earlier: str) -> None:
    """Make `ref_names` and `account_names`: the plain names, and the same without blanks."""
    squashed = _SQUASHED.format("plain")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ref_names AS
SELECT *, {squashed} AS squashed, replace(short, ' ', '') AS squashed_short FROM (
  SELECT *, {short_name("name", "plain")} AS short FROM (
    SELECT ref, country, domain, name, {plain_name("name")} AS plain FROM open_references))
WHERE plain IS NOT NULL"""
    )
    wanted = connection.execute("SELECT 1 FROM ref_names LIMIT 1").fetchall()
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE account_names AS
SELECT account_id, plain, {squashed} AS squashed, bool_and(is_former) AS is_former,
  min(replace(short, ' ', '')) AS squashed_short FROM (
  SELECT *, {short_name("name", "plain")} AS short FROM (
  SELECT account_id, name, {plain_name("name")} AS plain, is_former FROM (
    SELECT account_id, name, FALSE AS is_former FROM {accounts}
    UNION ALL
    SELECT account_id, unnest(former_names), TRUE FROM {accounts}
    UNION ALL
    SELECT account_id, name, TRUE FROM {earlier})
  WHERE {"TRUE" if wanted else "FALSE"}))
WHERE plain IS NOT NULL GROUP BY account_id, plain"""
    )


def _find_short(connection: duckdb.DuckDBPyConnection) -> None:
    """Add accounts of the same name without group words to references that have none yet."""
    connection.execute(
        f"""INSERT INTO candidates
SELECT DISTINCT o.ref, k.account_id, {RULES.index("short name")}, CAST(NULL AS DOUBLE), TRUE
FROM (SELECT * FROM ref_names ANTI JOIN candidates USING (ref)) AS o
JOIN account_names AS k ON k.squashed_short = o.squashed_short
WHERE NOT k.is_former AND length(o.squashed_short) >= 3"""
    )


def _find_registered(connection: duckdb.DuckDBPyConnection, accounts: str, earlier: str) -> None:
    """Make `ref_registered` and `account_registered`: who registered the domains in question.

    Only accounts whose domain ends like one that is asked for are looked at.
    """
    asked = connection.execute(
        "SELECT DISTINCT domain FROM open_references WHERE domain IS NOT NULL ORDER BY ALL"
    ).fetchall()
    known = [(domain, found) for (domain,) in asked if (found := registered(domain)) is not None]
    kinds = {"domain": "VARCHAR", "registered": "VARCHAR"}
    make_table(connection, "ref_registered", kinds, known)
    ends = " UNION ".join(
        f"SELECT domain FROM every WHERE array_to_string(split(domain, '.')[-{labels}:], '.')"
        " IN (SELECT registered FROM ref_registered)"
        for labels in (2, 3, 4)
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE given_domains AS"
        f" SELECT account_id, domain, 1 AS rank FROM {accounts} WHERE domain IS NOT NULL"
        f" UNION SELECT account_id, domain, 2 FROM {earlier} WHERE domain IS NOT NULL"
        if known
        else "CREATE OR REPLACE TEMP TABLE given_domains AS"
        " SELECT ''::VARCHAR AS account_id, ''::VARCHAR AS domain, 1 AS rank WHERE FALSE"
    )
    near = connection.execute(
        f"WITH every AS (SELECT DISTINCT domain FROM given_domains) {ends} ORDER BY ALL"
    ).fetchall()
    owned = [(domain, registered(domain)) for (domain,) in near]
    make_table(connection, "near_domains", kinds, owned)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE account_registered AS"
        " SELECT account_id, registered, min(rank) AS rank FROM given_domains"
        " JOIN near_domains USING (domain) WHERE registered IS NOT NULL GROUP BY ALL"
    )


def _find_similar(connection: duckdb.DuckDBPyConnection) -> None:
    """Add accounts with a similar name to the candidates of references that have none yet.

    Two names are compared only where they share a block that few accounts are in: the first
    or last letters, one whole word, or the initials of all words.
    """
    similar, initials = RULES.index("similar name"), RULES.index("initials")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE account_blocks AS
WITH every AS ({_blocks("SELECT account_id, plain, squashed FROM account_names")}),
few AS (SELECT block FROM every GROUP BY block HAVING count(*) <= {_MOST_IN_BLOCK})
SELECT every.* FROM every SEMI JOIN few USING (block)"""
    )
    rest = "SELECT ref, plain, squashed FROM ref_names ANTI JOIN candidates USING (ref)"
    connection.execute(
        f"""INSERT INTO candidates
WITH pairs AS (
  SELECT r.ref, r.plain AS said, r.squashed AS short_said, a.account_id, a.plain,
    a.squashed, bool_or(a.block LIKE 'w%') AS shares_word,
    bool_or(a.block LIKE 'i%') AS shares_initials
  FROM ({_blocks(rest)}) AS r JOIN account_blocks AS a USING (block) GROUP BY ALL),
judged AS (
  SELECT ref, account_id, {likeness("short_said", "squashed")} AS likeness,
    {is_close("said", "plain", "short_said", "squashed")} AS is_close,
    shares_word AND {_is_within("said", "plain")} AS is_within, shares_initials
  FROM pairs)
SELECT ref, account_id, CASE WHEN bool_or(is_close OR likeness >= 0.93 OR is_within)
    THEN {similar} ELSE {initials} END,
  max(likeness), bool_or(is_close) FROM judged
WHERE is_close OR likeness >= 0.93 OR is_within OR shares_initials GROUP BY ref, account_id"""
    )


def _blocks(named: str) -> str:
    """Return the select of names with each of their blocks.

    Initials are those of three words and more; a short name is in the block of its own letters.
    """
    words = f"list_filter(split(plain, ' '), lambda w: NOT regexp_matches(w, '^({_SMALL_WORDS})$'))"
    initials = f"array_to_string(list_transform({words}, lambda w: left(w, 1)), '')"
    return f"""SELECT *, unnest(list_distinct(list_concat(
  ['b' || left(squashed, 5), 'e' || right(squashed, 5)],
  CASE WHEN length(squashed) BETWEEN 3 AND 6 THEN ['i' || squashed] ELSE [] END,
  CASE WHEN length({initials}) BETWEEN 3 AND 6 THEN ['i' || {initials}] ELSE [] END,
  list_transform(list_filter(split(plain, ' '), lambda word: length(word) >= 4),
    lambda word: 'w' || word)))) AS block FROM ({named})"""


def _is_within(one: str, other: str) -> str:
    """Return the SQL of whether all words of one name are in the other."""
    a, b = f"split({one}, ' ')", f"split({other}, ' ')"
    return f"(list_has_all({a}, {b}) OR list_has_all({b}, {a}))"


def likeness(one: str, other: str) -> str:
    """Return the SQL of how alike two names are, 0-1: Jaro-Winkler's measure."""
    return f"jaro_winkler_similarity({one}, {other})"


def is_close(said: str, known: str, short_said: str, short: str) -> str:
    """Return the SQL of whether two names differ by a slip of the hand only.

    One letter wrong, missing, doubled or swapped in names of eight and more, two in names of
    fourteen and more; the same first letter; the same digits. Two firms do differ by a letter
    where names are shorter, and by a digit in any. Names of eight letters and more whose words
    are the same in another order are close too.
    """
    digits = "regexp_replace({}, '[^0-9]', '', 'g')"
    shorter = f"least(length({short_said}), length({short}))"
    words = "list_sort(split({}, ' '))"
    same_words = f"({shorter} >= 8 AND {words.format(said)} = {words.format(known)})"
    return (
        f"({same_words} OR {shorter} >= 8 AND left({short_said}, 1) = left({short}, 1)"
        f" AND abs(length({short_said}) - length({short})) <= 2"
        f" AND {digits.format(said)} = {digits.format(known)}"
        f" AND damerau_levenshtein({short_said}, {short})"
        f" <= CASE WHEN {shorter} >= 14 THEN 2 ELSE 1 END)"
    )
