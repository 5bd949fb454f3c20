"""Velocity by a field or by tier: in which tier an account was before its opportunity began."""

from collections.abc import Callable, Mapping
from datetime import date

import duckdb
import numpy as np

from bullseye.definitions.field import Field, FieldType
from bullseye.pipeline.frozen import icp_named
from bullseye.pipeline.proving import judged
from bullseye.prioritize import run as prioritize
from bullseye.segment.run.learning import MeasuredVelocity, measure_velocity
from bullseye.validate.run import STANDINGS
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.facts import Fact, TextFact
from bullseye.workspace import Workspace

TIER = "tier"


def measured_velocity(
    workspace: Workspace,
    *,
    by: str | None = None,
    icp: str | None = None,
    as_of: date | None = None,
    as_known_today: bool = False,
    progress: Callable[[str], None] = lambda _stage: None,
) -> MeasuredVelocity:
    """Return how fast opportunities are won, and keep it as a proof of kind velocity.

    Parameters
    ----------
    workspace, as_of, as_known_today, progress
        As `bullseye.segment.run.velocity.measure_velocity`.
    by
        A field of accounts, or ``tier``: the one into which the ICP as it is written now puts the
        account as it was known before its opportunity began.
    icp
        Whose tiers; the only ICP where absent.

    Raises
    ------
    UnknownName, UsageError
        If there is no such field or ICP, or several ICPs and none is named.
    NotEnoughEvidence
        If too few opportunities were won.
    """
    if by != TIER:
        return measure_velocity(
            workspace, by=by, as_of=as_of, as_known_today=as_known_today, progress=progress
        )
    name = icp_named(workspace.project, icp)

    def tiers(connection: duckdb.DuckDBPyConnection, cases: Cases) -> Mapping[str, Fact]:
        scores = prioritize.score_cohorts(
            workspace, connection, name, cases.cohorts, as_of=cases.as_of, progress=progress
        )
        codes = judged(connection, cases, scores).standing.astype(np.int32)
        field = Field(TIER, FieldType.TEXT, f"The tier of ICP {name}.")
        return {TIER: TextFact(field, tuple(STANDINGS), codes)}

    return measure_velocity(
        workspace,
        by=TIER,
        as_of=as_of,
        as_known_today=as_known_today,
        further=tiers,
        progress=progress,
    )
