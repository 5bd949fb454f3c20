"""The leaky funnel of a workspace: tiers and personas beside contacts, touches and money."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.prioritize.run.published import Opened, active_overrides, opened
from bullseye.stats.clusters import Rate
from bullseye.synthesize.leaky import (
    FITS,
    Cell,
    Fit,
    Leaky,
    People,
    Sent,
    cells,
    leaking,
    shared_money,
)
from bullseye.synthesize.role_evidence import acts
from bullseye.synthesize.run.role_reading import assumed_by
from bullseye.warehouse.contacts import contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.personas import personas_sql, segments_sql
from bullseye.warehouse.publish import reading
from bullseye.warehouse.role_facts import TouchFacts
from bullseye.warehouse.rows_in import make_table
from bullseye.workspace import Workspace

__all__ = ["YEAR", "Cell", "Fit", "Leaky", "Rate", "leaky_funnel"]

YEAR = 365
LISTED = 100
"""Right accounts without a right contact that are named."""

_ANSWERS = frozenset({"replied", "met", "introduced", "signed"})
_ACCOUNTS = DUCKDB.identifier("leaky-accounts")
_PEOPLE = DUCKDB.identifier("leaky-people")


def leaky_funnel(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    days: int = YEAR,
    progress: Callable[[str], None] = lambda _: None,
) -> Leaky:
    """Return where effort goes to wrong accounts or to wrong contacts.

    An account is right if it has a tier, wrong if it can have none, and unknown where what is not
    known of it decides. A contact is right who fits a persona, wrong who fits none, and unknown
    where nothing is known of level and function. Both are judged as of the newest run.

    Parameters
    ----------
    workspace
        Where runs, contacts, touches and opportunities are.
    as_of
        The newest run not after this day; the newest of all where absent.
    days
        Touches of so many days are counted, the last of which is the day of the run.
    progress
        Is told what is being counted.

    Raises
    ------
    NotEnoughEvidence
        If nothing was scored, if it was scored in a warehouse, or if there are no contacts or no
        personas.
    UsageError
        If `days` is not above 0.
    """
    if days < 1:
        raise UsageError(f"{days} days are no time.", hint="Use --days 365.")
    with opened(workspace, as_of=as_of) as run:
        _require(run)
        since = run.run.as_of - timedelta(days=days - 1)  # the day itself is one of them
        progress("accounts")
        _make_accounts(workspace, run)
        progress("contacts")
        _make_people(workspace, run)
        people = _people(run)
        progress("touches")
        sent = _sent(workspace, run, since)
        progress("money")
        money, nobody = _money(run)
        right, empty = _right_accounts(run)
    without = [] if sent is not None else ["touches"]
    found = tuple(cells(people, sent, money))
    return Leaky(
        run.run.as_of,
        since,
        workspace.project.settings.currency,
        found,
        None if sent is None else leaking(sent),
        right,
        len(empty),
        empty[:LISTED],
        nobody[Fit.RIGHT],
        nobody[Fit.WRONG] + nobody[Fit.UNKNOWN],
        (*without, "spend"),
    )


def _require(run: Opened) -> None:
    if run.is_list:
        raise NotEnoughEvidence(
            "The newest run was made in your warehouse, and brings no contacts.",
            hint="Import accounts and contacts, then score here: bullseye run",
        )
    if not run.project.personas:
        raise NotEnoughEvidence(
            "No persona is defined, so nobody is a right contact.",
            hint="Describe who buys in personas/, then: bullseye run",
        )
    table = run.state.table(TableName.CONTACTS)
    rows = run.connection.execute(f"SELECT count(*) FROM {contacts_sql(table)}").fetchall()
    if not rows[0][0]:
        raise NotEnoughEvidence(
            "No contacts are imported.", hint="Import some with: bullseye import contacts FILE"
        )


def _make_accounts(workspace: Workspace, run: Opened) -> None:
    """Make the temporary table of accounts: their number, and whether they are right."""
    decided = [(each.account_id, each.tier) for each in active_overrides(workspace, run)]
    kinds = {"account_id": "VARCHAR", "tier": "VARCHAR"}
    overrides = make_table(run.connection, "leaky_overrides", kinds, decided)
    right, wrong, unknown = (FITS.index(fit) for fit in (Fit.RIGHT, Fit.WRONG, Fit.UNKNOWN))
    run.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_ACCOUNTS} AS
WITH told AS (
  SELECT account_id, bool_or(tier IS NOT NULL) AS has_tier,
    bool_or(tier_high IS NOT NULL) AS may_have, min(tier) AS tier
  FROM ({run.scoring.rendered(run.scores)}) GROUP BY account_id)
SELECT t.account_id, row_number() OVER (ORDER BY t.account_id) - 1 AS number,
  coalesce(o.tier, t.tier) AS tier,
  CASE WHEN o.account_id IS NOT NULL
      THEN CASE WHEN o.tier IN ('T1', 'T2', 'T3') THEN {right} ELSE {wrong} END
    WHEN has_tier THEN {right} WHEN may_have THEN {unknown} ELSE {wrong} END AS fit
FROM told AS t LEFT JOIN {overrides} AS o USING (account_id)"""
    )


def _make_people(workspace: Workspace, run: Opened) -> None:
    """Make the temporary table of contacts at scored accounts, and whether each is right."""
    corrected = corrected_titles(workspace)
    segments = segments_sql(run.scoring.rendered(run.scores))
    personas = personas_sql(run.project, run.state, corrected, segments)
    contacts = contacts_sql(run.state.table(TableName.CONTACTS), corrected)
    right, wrong, unknown = (FITS.index(fit) for fit in (Fit.RIGHT, Fit.WRONG, Fit.UNKNOWN))
    run.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_PEOPLE} AS
SELECT c.contact_id, a.account_id, a.number, a.fit AS account_fit,
  CASE WHEN p.persona IS NOT NULL THEN {right}
    WHEN c.level IS NULL AND c.function IS NULL THEN {unknown} ELSE {wrong} END AS contact_fit
FROM {contacts} AS c JOIN {personas} AS p USING (contact_id)
JOIN {_ACCOUNTS} AS a ON a.account_id = c.account_id"""
    )


def _people(run: Opened) -> People:
    table = run.connection.sql(
        f"SELECT number, account_fit, contact_fit FROM {_PEOPLE} ORDER BY ALL"
    ).to_arrow_table()
    return People(*(np.asarray(column, dtype=np.int64) for column in table.itercolumns()))


def _sent(workspace: Workspace, run: Opened, since: date) -> Sent | None:
    """Return the touches of the days asked about; None where none are imported."""
    touches = reading(run.state.table(TableName.TOUCHES))
    if not run.connection.execute(f"SELECT 1 FROM {touches} LIMIT 1").fetchall():
        return None
    texts = ("outcome", "channel", "direction", "subject")
    said = ", ".join(f"coalesce(t.{name}, '') AS {name}" for name in texts)
    table = run.connection.sql(
        f"SELECT p.number, p.account_fit, p.contact_fit, {said} FROM {touches} AS t"
        f" JOIN {_PEOPLE} AS p USING (contact_id) WHERE t.occurred_on >= {DUCKDB.literal(since)}"
        f" AND t.occurred_on <= {DUCKDB.literal(run.run.as_of)} ORDER BY ALL"
    ).to_arrow_table()
    known = assumed_by(workspace).acts
    answers: dict[tuple[str, str, str, str], bool] = {}
    outcome, channel, direction, subject = (table.column(name).to_pylist() for name in texts)
    rows = zip(outcome, channel, direction, subject, strict=True)
    answered = []
    for row in rows:
        if row not in answers:
            facts = TouchFacts("", *row, 1, "", None, run.run.as_of)
            answers[row] = bool(_ANSWERS & {*acts(facts, known)})
        answered.append(answers[row])
    number, account, contact = (np.asarray(table.column(at), dtype=np.int64) for at in range(3))
    return Sent(number, account, contact, np.array(answered, dtype=np.bool_))


def _money(run: Opened) -> tuple[Mapping[tuple[Fit, Fit], float], Mapping[Fit, float]]:
    """Return open amounts by cell, and those with nobody on them by the fit of the account."""
    roles = reading(run.state.table(TableName.OPPORTUNITY_CONTACTS))
    day = DUCKDB.literal(run.run.as_of)
    rows = run.connection.execute(
        f"""SELECT CAST(o.amount AS DOUBLE), a.fit,
  list([p.account_fit, p.contact_fit] ORDER BY p.contact_id)
    FILTER (p.contact_id IS NOT NULL)
FROM {reading(run.state.table(TableName.OPPORTUNITIES))} AS o
JOIN {_ACCOUNTS} AS a ON a.account_id = o.account_id
LEFT JOIN (SELECT DISTINCT opportunity_id, contact_id FROM {roles}
  WHERE coalesce(added_on, known_on) <= {day}) AS r ON r.opportunity_id = o.opportunity_id
LEFT JOIN {_PEOPLE} AS p ON p.contact_id = r.contact_id
WHERE coalesce(lower(o.outcome), 'open') NOT IN ('won', 'lost') AND o.amount > 0
  AND coalesce(o.created_on, DATE '1970-01-01') <= {day}
GROUP BY o.opportunity_id, o.amount, a.fit ORDER BY o.opportunity_id"""
    ).fetchall()
    nobody = dict.fromkeys(Fit, 0.0)
    shared = []
    for amount, fit, contacts in rows:
        if contacts:
            shared.append((amount, [(FITS[at], FITS[to]) for at, to in contacts]))
        else:
            nobody[FITS[fit]] += amount
    return shared_money(shared), nobody


def _right_accounts(run: Opened) -> tuple[int, tuple[str, ...]]:
    """Return how many accounts are right, and which have no right contact, best tier first."""
    right = FITS.index(Fit.RIGHT)
    rows = run.connection.execute(
        f"SELECT account_id, account_id IN (SELECT account_id FROM {_PEOPLE} WHERE contact_fit ="
        f" {right}) FROM {_ACCOUNTS} WHERE fit = {right} ORDER BY tier NULLS LAST, account_id"
    ).fetchall()
    return len(rows), tuple(name for name, is_met in rows if not is_met)
