"""Find the account a row speaks of: by id, else by domain, else by name; never by guess.

An id that no account has, a domain or name that two accounts share, is no match: the row is
counted as unmatched or ambiguous and shown, and the first candidate is never taken. These are
the steps that cost next to nothing; `warehouse/references` looks closer at what is left.
"""

from collections.abc import Sequence

import duckdb

from bullseye.warehouse.mail_domains import of_nobody

REFERENCE = ("_domain", "_name", "_country")
"""The columns of rows that hold what they say of their account."""

SAYS_NONE = "NULL::VARCHAR"
"""The SQL of what rows of a table never say, as a domain."""

_LEGAL_FORMS = (
    "inc|incorporated|llc|llp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|se|ug|sa|"
    "sas|sarl|srl|spa|bv|nv|oy|oyj|ab|as|asa|aps|pty|pte|kk|sro|zrt|kft|lda|ltda|"
    "l l c|p l c|l t d|g m b h|s a|s a s|s a r l|s r l|s p a|s e|b v|n v|a s|k k|s r o"
)


def clean_name(column: str) -> str:
    """Return the SQL of a name without case, accents, punctuation and legal form."""
    plain = (
        f"trim(regexp_replace(lower(strip_accents({column})), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    )
    return f"nullif(trim(regexp_replace({plain}, '( ({_LEGAL_FORMS}))+$', '')), '')"


def key_accounts(connection: duckdb.DuckDBPyConnection, accounts: str) -> None:
    """Make the temporary tables `by_domain` and `by_name`: keys that one account alone has.

    `accounts` is a table expression with `account_id`, `name`, `former_names` and `domain`.
    A key with more than one account has `id` NULL: it is ambiguous.
    """
    mail = " ".join(sorted(of_nobody())).replace("'", "''")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE by_domain AS
SELECT domain AS key, CASE WHEN count(DISTINCT account_id) = 1 THEN min(account_id) END AS id
FROM {accounts} WHERE domain IS NOT NULL
  AND domain NOT IN (SELECT unnest(split('{mail}', ' '))) GROUP BY domain"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE by_name AS
SELECT key, CASE WHEN count(DISTINCT account_id) = 1 THEN min(account_id) END AS id,
  CASE WHEN count(DISTINCT account_id) = 1 THEN min(domain) END AS domain
FROM (
  SELECT account_id, domain, {clean_name("name")} AS key FROM {accounts}
  UNION
  SELECT account_id, domain, {clean_name("former")} AS key
  FROM (SELECT account_id, domain, unnest(former_names) AS former FROM {accounts}))
WHERE key IS NOT NULL GROUP BY key"""
    )


def matched(
    rows: str,
    accounts: str,
    *,
    domain: str = SAYS_NONE,
    name: str = SAYS_NONE,
    own_domain: str | None = None,
    reference: Sequence[str] = (),
) -> str:
    """Return the select of `rows` with `_matched_id` and `_match_method`.

    Parameters
    ----------
    rows
        A table expression with `account_id`.
    accounts
        The accounts that `key_accounts` was given before.
    domain, name
        SQL over ``r`` of the row's domain and account name.
    own_domain
        SQL over ``r`` of a domain of its own, where it has one: an equal id does not outweigh
        that it differs, or that it is another account's.
    reference
        SQL over ``r`` of the domain, name and country the row itself gives; the select then has
        them as `_domain`, `_name` and `_country`, NULL where the id matched.

    Notes
    -----
    `_match_method` is id, domain, name, ambiguous, or unmatched; with the last two
    `_matched_id` is NULL. A name does not outweigh a domain that differs: such rows are left to
    `bullseye.warehouse.references`.
    """
    by_id = by_name = ""
    if domain != SAYS_NONE:
        by_name = f"\n  AND (n.domain IS NULL OR {domain} IS NULL OR n.domain = {domain})"
    if own_domain is not None:
        by_id = f"\n  AND COALESCE(i.domain = {own_domain}, d.id IS NULL OR d.id = i.account_id)"
    said = "".join(
        f",\n  CASE WHEN i.account_id IS NULL THEN {each} END AS {column}"
        for each, column in zip(reference, REFERENCE, strict=False)
    )
    return f"""SELECT r.*, COALESCE(i.account_id, d.id, n.id) AS _matched_id,
  CASE WHEN i.account_id IS NOT NULL THEN 'id'
    WHEN d.id IS NOT NULL THEN 'domain'
    WHEN n.id IS NOT NULL THEN 'name'
    WHEN d.key IS NOT NULL OR n.key IS NOT NULL THEN 'ambiguous'
    ELSE 'unmatched' END AS _match_method{said}
FROM {rows} AS r
LEFT JOIN by_domain AS d ON d.key = {domain}
LEFT JOIN {accounts} AS i ON i.account_id = r.account_id{by_id}
LEFT JOIN by_name AS n ON i.account_id IS NULL AND d.key IS NULL AND n.key = {name}{by_name}"""
