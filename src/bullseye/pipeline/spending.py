"""What came of the target accounts of two versions, at equal spend."""

from datetime import date, timedelta

import duckdb
import numpy as np

from bullseye.definitions.field import TableName
from bullseye.validate.run import Spent
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

FOLLOWED = 91
"""Days after a cohort day in which what came of a target account counts."""


def spending(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    cases: Cases,
    sides: list[str],
    capacity: int,
) -> tuple[Spent, ...]:
    """Return what came of the best `capacity` accounts of each day, by each of two versions.

    Both versions have the same number of accounts to spend on. What is looked at: an
    opportunity opened, a meeting held (a touch whose outcome or channel says so), within 91 days
    of the cohort day; each only where such rows are imported.
    """
    ids = tuple(batch.number for batch in workspace.batches(up_to=cases.as_of))
    state = workspace.state(connection, workspace.project, ids, cases.as_of)
    last = cases.as_of - timedelta(days=FOLLOWED)
    opened, touched = (
        reading(state.table(each)) for each in (TableName.OPPORTUNITIES, TableName.TOUCHES)
    )
    looked = (
        (
            f"opportunity opened within {FOLLOWED} days",
            f"SELECT account_id, created_on AS day FROM {opened}",
        ),
        (
            f"meeting within {FOLLOWED} days",
            f"SELECT account_id, occurred_on AS day FROM {touched}"
            " WHERE contains(lower(outcome), 'meeting')",
        ),
    )
    found = (_spent(connection, name, events, sides, capacity, last) for name, events in looked)
    return tuple(each for each in found if each is not None)


def _spent(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    events: str,
    sides: list[str],
    capacity: int,
    last: date,
) -> Spent | None:
    there = connection.execute(f"SELECT count(day) FROM ({events})").fetchall()[0][0]
    if not there:
        return None
    first, second = sides
    table = connection.sql(
        f"""WITH events AS ({events}),
chosen AS (
  SELECT cohort, account_id, COALESCE(a.place <= {int(capacity)}, FALSE) AS tested,
    COALESCE(b.place <= {int(capacity)}, FALSE) AS other
  FROM {first} AS a FULL JOIN {second} AS b USING (cohort, account_id)
  WHERE (a.place <= {int(capacity)} OR b.place <= {int(capacity)})
    AND cohort <= {DUCKDB.literal(last)})
SELECT dense_rank() OVER (ORDER BY account_id) - 1 AS account, tested, other,
  EXISTS (FROM events AS e WHERE e.account_id = c.account_id AND e.day > c.cohort
    AND e.day <= c.cohort + {FOLLOWED}) AS came
FROM chosen AS c ORDER BY cohort, account_id"""
    ).to_arrow_table()
    if not table.num_rows:
        return None
    account = np.asarray(table.column("account"), dtype=np.int64)
    tested, other, came = (
        np.asarray(table.column(each), dtype=bool) for each in ("tested", "other", "came")
    )
    return Spent(name, account, tested, other, came)
