"""Job changes: a contact who was known at one account and is now known at another.

Told from dated imports of contacts by three rules, the surest first; where a rule has two readings
the move goes to review and makes no signal.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

import duckdb

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.project import Project
from bullseye.definitions.role_prior import assumptions, roles_in
from bullseye.definitions.signal import CHAMPION_MOVED
from bullseye.warehouse.batches import Batch, SourceRows, by_source, source_rows
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.mail_domains import of_nobody
from bullseye.warehouse.move_rules import PEOPLE, RULES
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table

CHAMPION, CUSTOMER = "champion", "customer contact"
"""What the contact was before: the subject of the signal."""

READ_FOR_MOVES = (
    TableName.ACCOUNTS,
    TableName.CONTACTS,
    TableName.OPPORTUNITIES,
    TableName.OPPORTUNITY_CONTACTS,
    TableName.SUBSCRIPTIONS,
)
"""The tables that say who moved, and what they were before."""

_TABLE = DUCKDB.identifier("job-changes")


class Known(Protocol):
    """What is read of a state: its day, its accounts, and its other tables."""

    @property
    def as_of(self) -> date:
        """The day of the state."""

    @property
    def accounts(self) -> Path:
        """The accounts as known on the day."""

    def table(self, name: TableName) -> Path:
        """Return where one of the other tables is."""


class JobChange(NamedTuple):
    """One contact who moved, as known on a day.

    The move was after `after` (None where nobody knows) and by `until`; `known_on` is the day both
    sides of it were known. `was` says what they were at the old account: champion, customer
    contact, or None. `review` says why a person must look at it; it is empty where the rule is
    sure.
    """

    contact_id: str
    old_contact_id: str
    name: str | None
    title: str | None
    account_id: str
    account: str | None
    old_account_id: str
    old_account: str | None
    was: str | None
    rule: str
    after: date | None
    until: date
    known_on: date
    review: str


def job_changes(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    state: Known,
) -> list[JobChange]:
    """Return who moved to another account, the latest first.

    Parameters
    ----------
    connection
        The embedded engine.
    project
        The definitions: the words of the CRM for a champion.
    batches
        All imports; of contacts all days are read, as a state holds the newest only.
    state
        What is known on the day of the question; nothing later is read.

    Notes
    -----
    Rules: the same record has another account than in an earlier import; two records have the same
    public profile; two records, and no third, have the same name and the same mailbox at two
    domains that are not for everybody. A record that changed its account and kept its mail domain,
    three records of one profile, records without an order in time, and whatever only name and
    mailbox speak for, go to review: namesakes are more frequent than moves.
    """
    make_job_changes(connection, project, batches, state)
    rows = connection.execute(
        f"SELECT {', '.join(JobChange._fields)} FROM {_TABLE}"
        " ORDER BY until DESC, account_id, contact_id, old_contact_id"
    ).fetchall()
    return [JobChange(*row) for row in rows]


def move_events(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    state: Known,
) -> list[str]:
    """Return the select of the signals that moves make, where a definition counts them.

    One event at the new account per champion or customer contact who surely moved there. It does
    not say who: a signal goes where names of people should not go.
    """
    if not counts_moves(project):
        return []
    make_job_changes(connection, project, batches, state)
    said = "'A ' || was || ' at ' || coalesce(old_account, 'another account')"
    interval = "coalesce(' between ' || after || ' and ', ' by ') || until"
    return [
        f"SELECT account_id, {DUCKDB.literal(CHAMPION_MOVED)} AS type, was AS subject,"
        f" until AS occurred_on, {said} || ' moved here' || {interval} || ' (' || rule || ')'"
        " AS detail, CAST(NULL AS VARCHAR) AS url, CAST(NULL AS DOUBLE) AS value, known_on,"
        " 'contacts' AS source, 'derived' AS match_method, CAST(NULL AS BIGINT) AS batch_number,"
        " CAST(NULL AS BIGINT) AS row_no"
        f" FROM {_TABLE} WHERE was IS NOT NULL AND review = ''"
    ]


def counts_moves(project: Project) -> bool:
    """Whether a signal counts job changes."""
    return any(signal.event == CHAMPION_MOVED for signal in project.signals.values())


def make_job_changes(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    state: Known,
) -> None:
    """Make the temporary table of job changes; empty where no contacts are imported."""
    fields = stored_fields(project, TableName.CONTACTS)
    found = by_source(batches, TableName.CONTACTS)
    sources = [source_rows(connection, name, found[name], fields) for name in sorted(found)]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS {_sql(connection, project, sources, state)}"
    )


def _sql(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    sources: Sequence[SourceRows],
    state: Known,
) -> str:
    free = f"host IN (SELECT host FROM {_free_hosts(connection, state)})"
    return f"""WITH seen AS ({_seen(sources, state.as_of)}),
{PEOPLE.format(contacts=reading(state.table(TableName.CONTACTS)), free=free)},
{RULES},
known AS (
  SELECT *, row_number() OVER (
    PARTITION BY old_contact_id, contact_id, old_account_id, account_id ORDER BY rank) AS at
  FROM (SELECT * FROM by_record UNION ALL BY NAME SELECT * FROM by_profile
    UNION ALL BY NAME SELECT * FROM by_mailbox)
  WHERE account_id <> old_account_id),
{_champions(connection, project, state)},
{_customers(state)}
SELECT k.contact_id, k.old_contact_id, p.name, p.title, k.account_id, a.name AS account,
  k.old_account_id, b.name AS old_account,
  CASE WHEN c.contact_id IS NOT NULL THEN '{CHAMPION}'
    WHEN w.account_id IS NOT NULL THEN '{CUSTOMER}' END AS was,
  k.rule, k.after, k.until, k.known_on,
  CASE WHEN k.review <> '' THEN k.review
    WHEN a._ultimate_parent_id IS NOT DISTINCT FROM b._ultimate_parent_id
      AND a._ultimate_parent_id IS NOT NULL THEN 'both accounts are of one family'
    WHEN b._ultimate_parent_id = a.account_id OR a._ultimate_parent_id = b.account_id
      THEN 'both accounts are of one family' ELSE '' END AS review
FROM known AS k
JOIN {reading(state.accounts)} AS a ON a.account_id = k.account_id
JOIN {reading(state.accounts)} AS b ON b.account_id = k.old_account_id
LEFT JOIN people AS p ON p.contact_id = k.contact_id
LEFT JOIN champions AS c ON c.contact_id = k.old_contact_id AND c.since <= k.until
LEFT JOIN customers AS w ON w.account_id = k.old_account_id AND w.since <= k.until
WHERE k.at = 1"""


def _seen(sources: Sequence[SourceRows], as_of: date) -> str:
    """Return one row per contact, account and import day: what was said of them then."""
    day = DUCKDB.literal(as_of)
    columns = "contact_id, account_id, email, created_on, known_on"
    every = "\nUNION ALL\n".join(
        f"SELECT {columns}, _batch, _row FROM ({each.sql}) WHERE known_on <= {day}"
        for each in sources
    )
    if not sources:
        texts = ", ".join(f"CAST(NULL AS VARCHAR) AS {n}" for n in ("contact_id", "account_id"))
        days = ", ".join(f"CAST(NULL AS DATE) AS {name}" for name in ("created_on", "known_on"))
        return f"SELECT {texts}, CAST(NULL AS VARCHAR) AS email, {days} WHERE FALSE"
    return (
        f"SELECT {columns} FROM ({every}) WHERE contact_id IS NOT NULL QUALIFY row_number() OVER"
        " (PARTITION BY contact_id, known_on ORDER BY _batch DESC, _row DESC) = 1"
    )


def _free_hosts(connection: duckdb.DuckDBPyConnection, state: Known) -> str:
    """Make a temporary table of the mail domains of contacts that belong to nobody."""
    rows = connection.execute(
        "SELECT DISTINCT split_part(lower(trim(email)), '@', 2) FROM"
        f" {reading(state.table(TableName.CONTACTS))} WHERE email IS NOT NULL"
    ).fetchall()
    nobody = of_nobody()
    hosts = [(host,) for (host,) in sorted(rows) if host in nobody]
    return make_table(connection, "free_hosts", {"host": "VARCHAR"}, hosts)


def _champions(connection: duckdb.DuckDBPyConnection, project: Project, state: Known) -> str:
    """Return the common table of contacts that the CRM calls a champion, and since when."""
    rows = reading(state.table(TableName.OPPORTUNITY_CONTACTS))
    assumed = assumptions(next(iter(project.roles.values()), None))
    texts = connection.execute(f"SELECT DISTINCT role FROM {rows} WHERE role IS NOT NULL")
    meant = [
        text
        for (text,) in sorted(texts.fetchall())
        if any(assumed.crm_role(each)[0] is BuyingRole.CHAMPION for each in roles_in(text))
    ]
    named = ", ".join(DUCKDB.literal(text) for text in meant) or "NULL"
    return (
        "champions AS (SELECT contact_id, min(coalesce(added_on, known_on)) AS since"
        f" FROM {rows} WHERE role IN ({named}) GROUP BY ALL)"
    )


def _customers(state: Known) -> str:
    """Return the common table of accounts that bought, and since when."""
    return (
        "customers AS (SELECT account_id, min(since) AS since FROM ("
        "SELECT account_id, closed_on AS since"
        f" FROM {reading(state.table(TableName.OPPORTUNITIES))} WHERE lower(outcome) = 'won'"
        " UNION ALL SELECT account_id, started_on"
        f" FROM {reading(state.table(TableName.SUBSCRIPTIONS))}) WHERE since IS NOT NULL"
        " GROUP BY ALL)"
    )
