"""How much present customers use the product: active users per day over the last weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

from bullseye.definitions.field import TableName
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State

LEAST_DAYS = 28
"""A customer is measured after so many days: four weeks, so that every weekday counts alike."""


@dataclass(frozen=True)
class Window:
    """The days over which use is measured, both included."""

    first: date
    last: date

    @classmethod
    def before(cls, last: date, days: int) -> "Window":
        """Return the window of so many days that ends on `last`."""
        return cls(last - timedelta(days=days - 1), last)


def last_use_sql(state: State) -> str:
    """Return the select of the last day of use that is known, in one row; null where none is."""
    return f"SELECT max(used_on) FROM {reading(state.table(TableName.USAGE))}"


def use_sql(state: State, window: Window) -> str:
    """Return the use of present customers: one row per account.

    Columns: account_id, `observed` days, `seats` (null where one is not known), `users` and
    `events` per day (null where never counted), `is_new` for customers of fewer than 28 days.
    Present is who has a subscription on the last day; where no subscriptions are imported,
    everybody with use, counted from the first use. A customer that never used the product is
    left out: its use may be nowhere recorded. Rows of one day and subscription are features of
    the same users: the largest counts.
    """
    first, last = DUCKDB.literal(window.first), DUCKDB.literal(window.last)
    usage = reading(state.table(TableName.USAGE))
    subscriptions = reading(state.table(TableName.SUBSCRIPTIONS))
    return f"""WITH used AS (
  SELECT account_id, used_on, sum(users) AS users, sum(events) AS events FROM (
    SELECT account_id, used_on, max(active_users) AS users, sum(event_count) AS events
    FROM {usage} WHERE account_id IS NOT NULL AND used_on <= {last}
    GROUP BY account_id, used_on, coalesce(subscription_id, ''))
  GROUP BY account_id, used_on),
running AS (
  SELECT account_id, min(started_on) AS since,
    CASE WHEN count(seats) = count(*) THEN sum(seats) END AS seats
  FROM {subscriptions}
  WHERE account_id IS NOT NULL AND started_on <= {last}
    AND CASE WHEN ended_on IS NULL THEN coalesce(NOT churned, TRUE) ELSE ended_on > {last} END
  GROUP BY account_id),
present AS (
  SELECT account_id, since, seats FROM running
  UNION ALL SELECT account_id, min(used_on), NULL FROM used
  WHERE NOT EXISTS (FROM {subscriptions}) GROUP BY account_id),
observed AS (
  SELECT p.account_id, any_value(p.seats) AS seats,
    {last} - greatest(any_value(p.since), {first}) + 1 AS observed,
    sum(u.users) FILTER (u.used_on >= {first}) AS users, bool_or(u.users IS NOT NULL) AS counted,
    sum(u.events) FILTER (u.used_on >= {first}) AS events
  FROM present AS p JOIN used AS u ON u.account_id = p.account_id GROUP BY p.account_id)
SELECT account_id, CAST(observed AS DOUBLE) AS observed, CAST(seats AS DOUBLE) AS seats,
  CASE WHEN counted THEN coalesce(users, 0) / observed END AS users,
  coalesce(events, 0) / observed AS events, observed < {LEAST_DAYS} AS is_new
FROM observed WHERE observed > 0"""
