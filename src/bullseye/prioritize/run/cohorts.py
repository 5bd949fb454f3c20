"""Score accounts as they were known on past days: what a backtest and the watch for drift read."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from bullseye.errors import UnknownName
from bullseye.prioritize.run.past import Progress, silent
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.warehouse.cases import known_days
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

ORDER = (
    "COALESCE(tier, 'T9'), CASE status WHEN 'scored' THEN 0 WHEN 'insufficient-data' THEN 1"
    " ELSE 2 END, signal_strength DESC, fit_score DESC NULLS LAST, fit_coverage DESC, account_id"
)
"""The order of the target list, carried on through the accounts without a tier."""


def score_cohorts(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    icp: str,
    days: Sequence[date],
    *,
    as_of: date,
    name: str = "cohort_scores",
    progress: Progress = silent,
) -> str:
    """Score every account as known on each day and return the name of the temporary table.

    Parameters
    ----------
    workspace
        Its definitions are the ones that score; a version under test is put in their place.
    connection
        To the embedded engine; the table lives as long as it.
    icp
        The name of one ICP.
    days
        The days, each scored afresh: without hysteresis, as no run came before.
    as_of
        The day of the question: imports that speak of later days are not read.
    name
        Of the table.
    progress
        Is told which day is scored.

    Returns
    -------
    str
        The quoted name of a table with one row per account and day: `cohort` DATE, `account_id`,
        `status`, `tier`, `fit_score`, `fit_coverage`, `signal_strength` as in a run, `place`
        BIGINT (1 is the best of the day, in the order of the target list) and `accounts` BIGINT
        (how many there were that day).

    Raises
    ------
    UnknownName
        If there is no such ICP.
    """
    project = workspace.project
    if icp not in project.icps:
        raise UnknownName("ICP", icp, tuple(project.icps))
    table = DUCKDB.identifier(name)
    load_weights(connection, project)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} (cohort DATE, account_id VARCHAR, status VARCHAR,"
        " tier VARCHAR, fit_score DOUBLE, fit_coverage DOUBLE, signal_strength DOUBLE,"
        " place BIGINT, accounts BIGINT)"
    )
    for state in _states(workspace, connection, days, as_of, progress):
        scoring = Scoring.of(project, state.as_of)
        scores = scoring.sql(
            accounts=reading(state.accounts), events=reading(state.signals), previous=None
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE scored_afresh AS {scores}")
        connection.execute(
            f"INSERT INTO {table} SELECT {DUCKDB.literal(state.as_of)}, account_id, status, tier,"
            " fit_score, fit_coverage, signal_strength,"
            f" row_number() OVER (ORDER BY {ORDER}), count(*) OVER ()"
            f" FROM ({scoring.rendered('scored_afresh')}) WHERE icp = {DUCKDB.literal(icp)}"
        )
    connection.execute("DROP TABLE IF EXISTS scored_afresh")
    return table


def _states(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    days: Sequence[date],
    as_of: date,
    progress: Progress,
) -> Iterator[State]:
    """Yield the state of each day, of the batches that can matter to it."""
    batches = workspace.batches(up_to=as_of)
    first = {
        batch.number: min(known_days(connection, [batch], batch.table), default=date.max)
        for batch in batches
    }
    for day in days:
        progress(f"Scoring accounts as known on {day}")
        ids = tuple(number for number, known in first.items() if known <= day)
        yield workspace.state(connection, workspace.project, ids, day)
