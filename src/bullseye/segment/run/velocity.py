"""Measure velocity in a workspace, and keep the result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from bullseye.definitions.field import TableName
from bullseye.definitions.known import stored_fields
from bullseye.errors import NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.segment.run.asking import Asked, asked_of
from bullseye.segment.run.money import latest_state
from bullseye.segment.segmentation import segmentations
from bullseye.segment.stages import StagesTold, stages_told
from bullseye.segment.velocity import (
    LEAST_WON,
    MOST_EXPLAINED,
    Pace,
    Velocity,
    furthest,
    pace,
    velocity,
)
from bullseye.warehouse.cases import Cases, LeftOut
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.events import ranked_sources
from bullseye.warehouse.facts import Fact
from bullseye.warehouse.publish import reading
from bullseye.warehouse.stages import stage_spells
from bullseye.warehouse.state import State
from bullseye.warehouse.survival import life_tables
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class MeasuredVelocity:
    """How fast opportunities are won, as known on `as_of`, and what it rests on.

    `refused` are fields that the outcome may have filled in: they divide and explain nothing.
    `overall` counts every opportunity, `found` only those whose account and facts are known;
    `stages` says which stage takes how long, where the imports hold a history of stages.
    """

    as_of: date
    until: date
    warning: str
    left_out: tuple[LeftOut, ...]
    refused: tuple[str, ...]
    overall: Pace
    found: Velocity
    stages: StagesTold

    @property
    def lacks_open(self) -> bool:
        """Whether those left out are open more often: then segments look faster than they are."""
        whole, counted = self.overall, self.found.overall
        rest = whole.n - counted.n
        if rest <= 0 or not counted.n:
            return False
        still = counted.n - counted.won - counted.lost
        left = whole.n - whole.won - whole.lost - still
        return left / rest > still / counted.n + OPEN_GAP


OPEN_GAP = 0.05
"""By how much more often those left out may be open without a word about it."""


Further = Callable[[duckdb.DuckDBPyConnection, Cases], Mapping[str, Fact]]
"""Gives facts of cases that the imports do not hold, in order of case, as the tier."""


def no_further(_connection: duckdb.DuckDBPyConnection, _cases: Cases) -> Mapping[str, Fact]:
    """Return no facts but those of the imports."""
    return {}


def measure_velocity(
    workspace: Workspace,
    *,
    by: str | None = None,
    as_of: date | None = None,
    as_known_today: bool = False,
    further: Further = no_further,
    progress: Callable[[str], None] = lambda _: None,
) -> MeasuredVelocity:
    """Return how fast each segment is won, and keep it as a proof of kind velocity.

    Parameters
    ----------
    workspace, as_of, as_known_today, progress
        As `bullseye.cases.cases_of`.
    by
        Only the segments of this field.
    further
        Gives facts to divide by beside those of the accounts.

    Raises
    ------
    NotEnoughEvidence
        If too few opportunities were won to measure a pace.
    UnknownName
        If `by` is no field of the accounts.
    """
    with workspace.connection() as connection:
        asked = asked_of(
            workspace,
            connection,
            "won",
            as_of=as_of,
            as_known_today=as_known_today,
            insist=(by,) if by else (),
            progress=progress,
        )
        extra = further(connection, asked.cases)
        columns = replace(asked.columns, facts={**asked.columns.facts, **extra})
        asked = replace(asked, columns=columns)
        state = latest_state(workspace, connection, asked.cases.as_of)
        overall = _everyone(connection, state, asked.cases.until)
        cases = asked.cases
        found = velocity(asked.columns, by=by)
        progress("stages")
        stages = _stages(workspace, connection, asked, found, by)
    if overall.won < LEAST_WON or found.overall.won < LEAST_WON:
        raise NotEnoughEvidence(
            f"{found.overall.won:,} opportunities with known days were won; at least {LEAST_WON}"
            " are needed to measure a pace.",
            hint="Import older opportunities with their days, or use --as-known-today.",
        )
    result = MeasuredVelocity(
        cases.as_of,
        cases.until,
        cases.warning,
        cases.left_out,
        asked.refused,
        overall,
        found,
        stages,
    )
    keep(workspace, "velocity", "won", cases.as_of, result)
    return result


def _stages(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    asked: Asked,
    found: Velocity,
    by: str | None,
) -> StagesTold:
    """Return the pace by stage, split by the field that is named, or by those that differ most."""
    fields = stored_fields(workspace.project, TableName.OPPORTUNITIES)
    sources = ranked_sources(
        connection,
        workspace.project,
        workspace.batches(up_to=asked.cases.as_of),
        TableName.OPPORTUNITIES,
        fields,
    )
    spells = stage_spells(connection, sources, asked.cases)
    dated = np.flatnonzero(~np.isnan(asked.columns.days))
    columns = asked.columns.taken(dated)
    spells = replace(spells, case=np.searchsorted(dated, spells.case).astype(np.int64))
    differ = {each.field for each in found.fields if by is not None or each.won.differs}
    split = [each for each in segmentations(columns.facts, by) if each.field in differ]
    order = {each.field: at for at, each in reversed(list(enumerate(found.fields)))}
    split.sort(key=lambda each: order[each.field])
    chosen = [(each, furthest(columns, each)) for each in split[:MOST_EXPLAINED]]
    return stages_told(columns, spells, chosen)


def _everyone(connection: duckdb.DuckDBPyConnection, state: State, until: date) -> Pace:
    """Return the pace of every opportunity with days, whatever is known of its account."""
    day = DUCKDB.literal(until)
    relation = DUCKDB.identifier("every-opportunity")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {relation} AS
WITH told AS (
  SELECT coalesce(account_id, '#' || opportunity_id) AS account, created_on,
    CASE lower(outcome) WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS state,
    CASE WHEN closed_on BETWEEN created_on AND {day} THEN closed_on END AS closed_on
  FROM {reading(state.table(TableName.OPPORTUNITIES))} WHERE created_on <= {day})
SELECT account, state, CASE state WHEN 0 THEN {day} ELSE closed_on END - created_on AS days
FROM told WHERE state = 0 OR closed_on IS NOT NULL"""
    )
    rows = connection.sql(
        "SELECT CAST(days AS DOUBLE) AS days, CAST(state AS BIGINT) AS state,"
        f" dense_rank() OVER (ORDER BY account) - 1 AS account FROM {relation} ORDER BY ALL"
    ).to_arrow_table()
    days, ends, account = (rows.column(name).to_numpy() for name in ("days", "state", "account"))
    table = life_tables(connection, relation).get("")
    return pace("all", days, ends, account, table)
