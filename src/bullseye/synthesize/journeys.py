"""At which stage of the journey each contact is, as far as the tables tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.journey import JourneyStage
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State

NEW_CUSTOMER_DAYS = 90
"""Days from the first subscription in which a customer counts as onboarding."""

TOUCHED_DAYS = 180
"""Days in which a touch still says something."""

HOW = (
    "Customers are onboarding in the first 90 days of their first running subscription, then at"
    " renewal. An open opportunity is decision. Without one: solution where the contact replied,"
    " met us or came to us within 180 days, problem where they were only touched, else unaware."
    " These are assumptions, not measurements."
)
"""How the stage is told: stated, not measured."""

_ANSWERED = r"(?i)\b(repl|answer|meeting|met\b|demo|attended|booked|conversation|connected)"
"""Outcomes of a touch by which the contact did something, as vendors write them ..."""

_UNANSWERED = r"(?i)\b(no|not|never|without|cancel\w*|declined|bounced?|unanswered)\b"
"""... and words that take it back, as in "No answer"."""


@dataclass(frozen=True)
class Reach:
    """The contacts of one persona at one stage, and the money that hangs on them.

    `persona` is None for contacts of no persona. `pipeline` is the sum of the known amounts of
    the open opportunities of their accounts, each counted once; `amounts_unknown` counts the
    others. `by_email`, `by_phone` and `by_linkedin` count contacts who can be reached so.
    """

    persona: str | None
    stage: JourneyStage
    contacts: int
    accounts: int
    by_email: int
    by_phone: int
    by_linkedin: int
    pipeline: float
    opportunities: int
    amounts_unknown: int


def reach(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    personas: str,
    suppressed: str,
    corrected: Sequence[Corrected] = (),
) -> tuple[Reach, ...]:
    """Return how many contacts of each persona are at each stage, and what hangs on them.

    Parameters
    ----------
    connection, state
        The engine, and what was known on a day.
    personas
        A table expression of `contact_id` and `persona`, see `bullseye.warehouse.personas`.
    suppressed
        The table of contacts that are left alone; they are not counted.
    corrected
        What people say titles mean.
    """
    rows = connection.execute(_sql(state, personas, suppressed, corrected)).fetchall()
    return tuple(Reach(row[0], JourneyStage(row[1]), *row[2:]) for row in rows)


def _sql(state: State, personas: str, suppressed: str, corrected: Sequence[Corrected]) -> str:
    day = f"DATE {DUCKDB.literal(state.as_of.isoformat())}"
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    return f"""WITH bought AS (
  SELECT account_id, min(started_on) AS since FROM {reading(state.table(TableName.SUBSCRIPTIONS))}
  WHERE started_on <= {day} AND coalesce(ended_on > {day}, TRUE) AND account_id IS NOT NULL
  GROUP BY account_id),
opened AS (
  SELECT account_id, count(*) AS n, sum(coalesce(amount, 0)) AS amount,
    count(*) - count(amount) AS unknown
  FROM {reading(state.table(TableName.OPPORTUNITIES))}
  WHERE coalesce(outcome, 'open') NOT IN ('won', 'lost') AND coalesce(closed_on > {day}, TRUE)
    AND coalesce(created_on <= {day}, TRUE) AND account_id IS NOT NULL
  GROUP BY account_id),
touched AS (
  SELECT contact_id, bool_or(coalesce(lower(direction) = 'inbound', FALSE)
    OR coalesce(regexp_matches(outcome, {DUCKDB.literal(_ANSWERED)})
      AND NOT regexp_matches(outcome, {DUCKDB.literal(_UNANSWERED)}), FALSE)) AS answered
  FROM {reading(state.table(TableName.TOUCHES))}
  WHERE contact_id IS NOT NULL AND occurred_on BETWEEN {day} - {TOUCHED_DAYS} AND {day}
  GROUP BY contact_id),
staged AS (
  SELECT p.persona, c.contact_id, c.account_id, c.email, c.phone, c.linkedin_url,
    CASE WHEN b.since > {day} - {NEW_CUSTOMER_DAYS} THEN 'onboarding'
      WHEN b.since IS NOT NULL OR a.is_customer THEN 'renewal'
      WHEN o.n > 0 THEN 'decision'
      WHEN t.answered THEN 'solution'
      WHEN t.contact_id IS NOT NULL THEN 'problem' ELSE 'unaware' END AS stage
  FROM {contacts} AS c
  JOIN {personas} AS p ON p.contact_id = c.contact_id
  LEFT JOIN {reading(state.accounts)} AS a ON a.account_id = c.account_id
  LEFT JOIN bought AS b ON b.account_id = c.account_id
  LEFT JOIN opened AS o ON o.account_id = c.account_id
  LEFT JOIN touched AS t ON t.contact_id = c.contact_id
  ANTI JOIN {suppressed} AS s ON s.contact_id = c.contact_id),
people AS (
  SELECT persona, stage, count(*) AS contacts, count(DISTINCT account_id) AS accounts,
    count(email) AS by_email, count(phone) AS by_phone, count(linkedin_url) AS by_linkedin
  FROM staged GROUP BY ALL),
money AS (
  SELECT d.persona, d.stage, sum(o.amount) AS amount, sum(o.n) AS n, sum(o.unknown) AS unknown
  FROM (SELECT DISTINCT persona, stage, account_id FROM staged) AS d
  JOIN opened AS o ON o.account_id = d.account_id GROUP BY ALL)
SELECT p.persona, p.stage, p.contacts, p.accounts, p.by_email, p.by_phone, p.by_linkedin,
  CAST(coalesce(m.amount, 0) AS DOUBLE), CAST(coalesce(m.n, 0) AS BIGINT),
  CAST(coalesce(m.unknown, 0) AS BIGINT)
FROM people AS p LEFT JOIN money AS m
  ON m.persona IS NOT DISTINCT FROM p.persona AND m.stage = p.stage
ORDER BY ALL"""
