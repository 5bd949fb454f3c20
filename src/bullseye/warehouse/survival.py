"""Life tables in the warehouse: one pass over the cases, and a row per segment and distinct day."""

import duckdb
import numpy as np

from bullseye.stats.survival import LifeTable
from bullseye.warehouse.dialect import DUCKDB


def curves_sql(
    relation: str, *, segment: str | None = None, days: str = "days", state: str = "state"
) -> str:
    """Return the SQL of the life table of `relation` with its two curves.

    Parameters
    ----------
    relation
        A table expression with one row per case.
    segment, days, state
        Its columns: the segment (everybody in one where None), the days each case was seen, and
        how it ended: 0 open, 1 yes, 2 the other way. Rows without days or state do not count.

    Returns
    -------
    str
        A query of one row per segment and distinct day, in that order: `segment`, `days`,
        `at_risk` (open just before), `yes` and `other` (ended on the day), `still_open` (0-1,
        Kaplan-Meier, both ends) and `yes_by` (0-1, Aalen-Johansen).

    Notes
    -----
    The product limit is a running sum of logarithms; a day on which everybody left ends it.
    Kaplan and Meier (1958), JASA 53, 457-481; Aalen and Johansen (1978), Scandinavian Journal of
    Statistics 5, 141-150.
    """
    group = f"CAST({DUCKDB.identifier(segment)} AS VARCHAR)" if segment else "''"
    day, end = DUCKDB.identifier(days), DUCKDB.identifier(state)
    return f"""WITH counted AS (
  SELECT {group} AS segment, CAST({day} AS BIGINT) AS days, count(*) AS n,
    count(*) FILTER ({end} = 1) AS yes, count(*) FILTER ({end} = 2) AS other
  FROM {relation} WHERE {day} IS NOT NULL AND {end} IS NOT NULL GROUP BY ALL),
risked AS (
  SELECT *, sum(n) OVER (PARTITION BY segment ORDER BY days DESC) AS at_risk FROM counted),
lived AS (
  SELECT *, exp(sum(CASE WHEN yes + other < at_risk
    THEN ln(1 - CAST(yes + other AS DOUBLE) / at_risk) ELSE -1e9 END)
    OVER (PARTITION BY segment ORDER BY days)) AS still_open FROM risked),
lagged AS (
  SELECT *, lag(still_open, 1, 1.0) OVER (PARTITION BY segment ORDER BY days) AS before
  FROM lived)
SELECT segment, days, CAST(at_risk AS BIGINT) AS at_risk, yes, other, still_open,
  sum(before * CAST(yes AS DOUBLE) / at_risk)
    OVER (PARTITION BY segment ORDER BY days) AS yes_by
FROM lagged ORDER BY segment NULLS LAST, days"""


def life_tables(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    segment: str | None = None,
    days: str = "days",
    state: str = "state",
) -> dict[str | None, LifeTable]:
    """Return the life table of each segment of `relation`, by its text; None where unknown.

    The parameters are those of `curves_sql`.
    """
    query = curves_sql(relation, segment=segment, days=days, state=state)
    table = connection.sql(query).to_arrow_table()
    segments = table.column("segment").to_pylist()
    days_, risk, yes, other = (
        table.column(name).to_numpy() for name in ("days", "at_risk", "yes", "other")
    )
    found: dict[str | None, LifeTable] = {}
    for name in dict.fromkeys(segments):
        mine = np.array([each == name for each in segments])
        found[name] = LifeTable(
            days_[mine].astype(np.float64),
            risk[mine].astype(np.int64),
            yes[mine].astype(np.int64),
            other[mine].astype(np.int64),
        )
    return found
