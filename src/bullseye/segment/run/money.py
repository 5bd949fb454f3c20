"""What accounts pay and cost a year, and whether their amounts are all in one currency."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import numpy as np

from bullseye.definitions.field import TEXTUAL, TableName
from bullseye.definitions.known import stored_fields
from bullseye.errors import NotEnoughEvidence
from bullseye.segment.negative import Money
from bullseye.store import batches
from bullseye.warehouse.currencies import CODES
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

MONTH = 30.4375
YEAR = 365.25

UNCONVERTED_SHARE = 0.01
"""With a larger share of amounts in currencies without a rate, nothing is said about value."""

_PAID = (TableName.SUBSCRIPTIONS, TableName.OPPORTUNITIES)


def latest_state(workspace: Workspace, connection: duckdb.DuckDBPyConnection, as_of: date) -> State:
    """Return the state as known on a day, from everything imported up to it."""
    ids = tuple(batch.number for batch in workspace.batches(up_to=as_of))
    return workspace.state(connection, workspace.project, ids, as_of)


def yearly_money(
    connection: duckdb.DuckDBPyConnection, state: State, account_ids: Sequence[str]
) -> Money:
    """Return what these accounts pay and cost, in their order.

    Revenue is that of the subscription that began last, or where an account has none the mean
    amount of the opportunities it was won with. A subscription that ended was left if it says so,
    or, where it does not say, if no other one of the account runs on or ends later. The discount
    on an opportunity is what its amount would have been without it, less its amount.
    """
    table = connection.sql(_money_sql(state)).to_arrow_table()
    places = {name: at for at, name in enumerate(account_ids)}
    named = table.column("account_id").to_pylist()
    at = np.array([places.get(name, -1) for name in named], dtype=np.int64)
    rows = np.flatnonzero(at >= 0)
    columns = []
    for name in table.column_names[1:]:
        values = np.asarray(table.column(name).fill_null(np.nan), dtype=np.float64)
        column = np.full(len(places), np.nan)
        column[at[rows]] = values[rows]
        columns.append(column)
    return Money(*columns)


def _money_sql(state: State) -> str:
    """Return one row per account: its id, then the columns of `Money` in their order."""
    subscriptions = reading(state.table(TableName.SUBSCRIPTIONS))
    opportunities = reading(state.table(TableName.OPPORTUNITIES))
    day = DUCKDB.literal(state.as_of)
    return f"""WITH told AS (
  SELECT account_id, started_on, CAST(coalesce(arr, 12 * mrr) AS DOUBLE) AS yearly,
    CASE WHEN support_cost >= 0 THEN CAST(support_cost AS DOUBLE) END AS support,
    greatest(1, least(coalesce(ended_on, {day}), {day}) - started_on) / {YEAR} AS years,
    coalesce(ended_on <= {day} AND coalesce(churned, ended_on =
      max(coalesce(ended_on, DATE '9999-12-31')) OVER (PARTITION BY account_id)), FALSE) AS is_left
  FROM {subscriptions} WHERE account_id IS NOT NULL AND started_on <= {day}),
paid AS (
  SELECT account_id, arg_max(yearly, started_on) AS revenue, sum(support) AS support,
    sum(years) FILTER (support IS NOT NULL) AS support_years,
    sum(CASE WHEN is_left THEN yearly ELSE 0 END) FILTER (yearly IS NOT NULL) AS lost,
    sum(years) FILTER (yearly IS NOT NULL) AS paid_years
  FROM told GROUP BY account_id),
bought AS (
  SELECT account_id, CAST(avg(amount) AS DOUBLE) AS revenue,
    sum(CAST(amount AS DOUBLE) * discount / (1 - discount))
      FILTER (discount >= 0 AND discount < 1) AS given,
    count(*) FILTER (discount >= 0 AND discount < 1) AS bought FROM {opportunities}
  WHERE account_id IS NOT NULL AND lower(outcome) = 'won' AND amount > 0 GROUP BY account_id)
SELECT account_id, coalesce(p.revenue, b.revenue) AS revenue, p.support, p.support_years, p.lost,
  p.paid_years, CAST(b.given AS DOUBLE) AS given, CAST(b.bought AS DOUBLE) AS bought
FROM paid AS p FULL JOIN bought AS b USING (account_id)"""


def refuse_mixed_currencies(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, state: State
) -> None:
    """Raise where amounts are in several currencies that were not converted.

    Raises
    ------
    NotEnoughEvidence
        If more than 1 % of the rows of an import had an amount in a currency without a rate, or
        if a field beside the amounts names several currencies.
    """
    for found in _unconverted(workspace, connection, state.as_of):
        raise NotEnoughEvidence(
            f"{found} The amounts that are left would not speak for all.",
            hint="Add the rate under rates: in bullseye.yaml, and import the file again.",
        )
    for table in _PAID:
        for name in _currency_fields(workspace, connection, state, table):
            raise NotEnoughEvidence(
                f"Field {name} of {table} names several currencies, and the amounts beside it are"
                " not converted.",
                hint="Write the currency beside each amount, as in 1,200 EUR, and import again.",
            )


def _unconverted(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, as_of: date
) -> Iterator[str]:
    for batch in batches.listed(workspace.store, up_to=as_of):
        path = workspace.warehouse / batch.quarantine_path if batch.quarantine_path else None
        if batch.table not in _PAID or path is None or not path.is_file():
            continue
        source = DUCKDB.literal(str(path))
        rows = connection.execute(
            f"SELECT count(*), min(reason) FROM read_csv({source}, all_varchar = true)"
            " WHERE reason LIKE 'currency % has no rate%'"
        ).fetchall()
        count, reason = rows[0]
        if count > UNCONVERTED_SHARE * max(batch.rows_read, 1):
            yield f"{batch.file_name}: {count:,} amounts could not be converted ({reason})."


def _currency_fields(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, state: State, table: TableName
) -> Iterator[str]:
    codes = ", ".join(DUCKDB.literal(code) for code in sorted(CODES))
    for name, field in stored_fields(workspace.project, table).items():
        if field.type not in TEXTUAL:
            continue
        column = DUCKDB.identifier(name)
        rows = connection.execute(
            f"SELECT count(DISTINCT upper({column})), bool_and(upper({column}) IN ({codes}))"
            f" FROM {reading(state.table(table))} WHERE {column} IS NOT NULL"
        ).fetchall()
        distinct, are_codes = rows[0]
        if distinct > 1 and are_codes:
            yield name
