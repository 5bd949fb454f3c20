"""How much of a market the profiles select, in accounts and money."""

from collections.abc import Sequence

from bullseye.prioritize.run.published import Opened
from bullseye.stats.totals import Moments
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading


def selected(run: Opened, icps: Sequence[str], *, value_field: str, value: float | None) -> Moments:
    """Return how many accounts some of `icps` put into a tier, and the moments of their value.

    `value` stands for every account's; where it is None, `value_field` is read. `known` plus
    `missing` is the number of accounts selected.
    """
    if value is None:
        worth = f"CAST(a.{DUCKDB.identifier(value_field)} AS DECIMAL(18,2))"
    else:
        worth = f"CAST({DUCKDB.literal(value)} AS DECIMAL(18,2))"
    wanted = ", ".join(DUCKDB.literal(name) for name in icps) or "NULL"
    row = run.connection.execute(
        f"""SELECT count(value), count(*) - count(value), COALESCE(CAST(sum(value) AS DOUBLE), 0),
  COALESCE(CAST(avg(value) AS DOUBLE), 0), COALESCE(stddev_samp(CAST(value AS DOUBLE)), 0)
FROM (
  SELECT {worth} AS value FROM {reading(run.state.accounts)} AS a
  SEMI JOIN (SELECT account_id FROM ({run.scoring.rendered(run.scores)})
    WHERE tier IS NOT NULL AND icp IN ({wanted})) AS t USING (account_id))"""
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives one row
    return Moments(*row)
