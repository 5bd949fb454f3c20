"""Customers as rows: what was measured of each, and the facts as known before."""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from bullseye.definitions.field import Field
from bullseye.segment.customers import Customers, Missing
from bullseye.segment.use import LEAST_DAYS, Window, use_sql
from bullseye.warehouse.cases import CASE_KEY, Cases
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.facts import read_facts
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State


def write_customers(
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    latest: State,
    before: State,
    used: Window,
    window: int,
) -> tuple[Missing, ...]:
    """Write the temporary tables `customers` and `customer_facts`; return who is not in them.

    A customer's facts are those known before its opportunity began, else those known before its
    use was measured.
    """
    until = DUCKDB.literal(cases.until)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE used AS {use_sql(latest, used)}")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE wins AS
SELECT account_id, case_no, ended_on AS won_on, days, discount,
  ended_on > {until} - {int(window)} AS is_in_window
FROM {cases.relation} WHERE state = 1 AND ended_on IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY account_id
  ORDER BY is_in_window DESC, ended_on, unit_id) = 1"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE everybody AS
SELECT account_id, w.case_no, w.won_on, w.is_in_window, w.days, w.discount,
  CASE WHEN NOT u.is_new THEN u.users END AS users,
  CASE WHEN NOT u.is_new THEN u.events END AS events, u.seats, u.observed,
  coalesce(u.is_new, FALSE) AS is_new, b.account_id IS NOT NULL AS is_known,
  coalesce(w.is_in_window, FALSE) OR coalesce(NOT u.is_new, FALSE) AS can_be_listed
FROM wins AS w FULL JOIN used AS u USING (account_id)
LEFT JOIN {reading(before.accounts)} AS b USING (account_id)"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE customers AS
SELECT row_number() OVER (ORDER BY e.account_id) - 1 AS customer_no, e.*, a.name
FROM everybody AS e LEFT JOIN {reading(latest.accounts)} AS a USING (account_id)
WHERE can_be_listed AND (case_no IS NOT NULL OR is_known) ORDER BY customer_no"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE customer_facts AS
SELECT c.customer_no, f.* EXCLUDE ({CASE_KEY}) FROM customers AS c
JOIN {cases.facts} AS f ON f.{CASE_KEY} = c.case_no
UNION ALL BY NAME
SELECT c.customer_no, a.* FROM customers AS c
JOIN {reading(before.accounts)} AS a USING (account_id) WHERE c.case_no IS NULL"""
    )
    counts = connection.execute(
        "SELECT count(*) FILTER (is_new), count(*) FILTER (can_be_listed AND case_no IS NULL"
        " AND NOT is_known) FROM everybody"
    ).fetchall()[0]
    reasons = (
        f"customers for less than {LEAST_DAYS} days: their use is not measured yet",
        "their facts were not known before they were won, nor before their use was measured",
    )
    return tuple(Missing(why, n) for why, n in zip(reasons, counts, strict=True) if n)


def read_customers(connection: duckdb.DuckDBPyConnection, fields: Mapping[str, Field]) -> Customers:
    """Return the customers that `write_customers` wrote, with these of their facts."""
    rows = connection.sql("SELECT * FROM customers ORDER BY customer_no").to_arrow_table()

    def numbers(name: str, where: Any = None) -> Any:
        values = np.array(rows[name].to_pylist(), dtype=float)
        return values if where is None else np.where(where, values, np.nan)

    in_window = np.array([bool(each) for each in rows["is_in_window"].to_pylist()], dtype=bool)
    return Customers(
        account_ids=tuple(rows["account_id"].to_pylist()),
        names=tuple(rows["name"].to_pylist()),
        won_on=tuple(rows["won_on"].to_pylist()),
        days=numbers("days", in_window),
        discount=numbers("discount", in_window),
        users=numbers("users"),
        events=numbers("events"),
        seats=numbers("seats"),
        observed=numbers("observed"),
        facts=read_facts(connection, "customer_facts", fields, order="customer_no"),
    )
