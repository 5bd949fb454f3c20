"""Right account, right contact, right time: whether the three do more together than apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from bullseye.cases import cases_of
from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.pipeline.frozen import icp_named
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.roles import roles_sql
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.stats.interaction import Together, together
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.dialect import DUCKDB
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

KIND = "together"
FACTORS = ("right account", "right contact", "right time")


@dataclass(frozen=True)
class TogetherTold:
    """What the three do together for one ICP and outcome, as known before.

    `right account` is a fit_score of at least `least_fit`, `right contact` a contact on file who
    fits a persona, `right time` a live signal. `unknown` cases lack one of the three.
    """

    icp: str
    outcome: str
    as_of: date
    least_fit: int
    cases: int
    unknown: int
    found: Together


def measured_together(
    workspace: Workspace,
    icp: str | None = None,
    *,
    outcome: str = "won",
    as_of: date | None = None,
    is_kept: bool = True,
    progress: Progress = lambda _stage: None,
) -> TogetherTold:
    """Measure account, contact and time on what happened after days on which they were known.

    Parameters
    ----------
    workspace
        The workspace.
    icp
        The ICP; the only one where absent.
    outcome
        Name of an outcome.
    as_of
        The day of the question; today where absent.
    is_kept
        Whether the result is kept as a proof of kind ``together``.
    progress
        Is told each stage.

    Notes
    -----
    One case per account, its first: so cases are independent.

    Raises
    ------
    NotEnoughEvidence
        If no case is decided of which all three are known.
    """
    name = icp_named(workspace.project, icp)
    least = _least_fit(workspace.project, name)
    with workspace.connection() as connection:
        cases = cases_of(workspace, connection, outcome, as_of=as_of, progress=progress)
        scored = prioritize.score_cohorts(
            workspace, connection, name, cases.cohorts, as_of=cases.as_of, progress=progress
        )
        _roles(workspace, connection, cases, name)
        table = connection.sql(_joined_sql(cases, scored, least)).to_arrow_table()
    rows = [np.array(table[each].to_pylist(), dtype=object) for each in ("fit", "role", "time")]
    known = np.all([[each is not None for each in row] for row in rows], axis=0)
    happened = np.array(table["happened"].to_pylist(), dtype=object)
    if not len(happened) or not known.any():
        raise NotEnoughEvidence(
            f"Of no decided case of outcome {outcome} are fit, contacts and signals all known.",
            hint="Import contacts and signals, write personas, and see: bullseye outcomes",
        )
    factors = {factor: row[known].astype(bool) for factor, row in zip(FACTORS, rows, strict=True)}
    found = together(factors, happened[known].astype(bool))
    told = TogetherTold(
        name, outcome, cases.as_of, least, int(known.sum()), int((~known).sum()), found
    )
    if is_kept:
        keep(workspace, KIND, name, cases.as_of, told)
    return told


def _least_fit(project: Project, icp: str) -> int:
    """Return the smallest fit_score of the best tier."""
    policy = project.tiers[project.icps[icp].tiers]
    return policy.tiers[0].fit


def _roles(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, cases: Cases, icp: str
) -> None:
    """Write which accounts had a contact who fits a persona of the ICP on each cohort day."""
    project = workspace.project
    mine = [p for p in project.personas.values() if not p.icps or icp in p.icps]
    asked = replace(project, personas={p.name: p.model_copy(update={"icps": ()}) for p in mine})
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE roles (cohort DATE, account_id VARCHAR, has_role BOOLEAN)"
    )
    ids = tuple(batch.number for batch in workspace.batches(up_to=cases.as_of))
    corrected = corrected_titles(workspace)
    for day in cases.cohorts:
        state = workspace.state(connection, workspace.project, ids, day)
        connection.execute(
            f"INSERT INTO roles SELECT {DUCKDB.literal(day)}, account_id, has_role"
            f" FROM {roles_sql(asked, state, corrected)}"
        )


def _joined_sql(cases: Cases, scored: str, least: int) -> str:
    """Return the first decided case of each account with what was known on its cohort day."""
    return f"""SELECT c.happened = 1 AS happened, r.has_role AS role,
  s.fit_score >= {int(least)} AS fit, s.signal_strength > 0 AS time
FROM {cases.relation} AS c
LEFT JOIN {scored} AS s ON s.cohort = c.cohort AND s.account_id = c.account_id
LEFT JOIN roles AS r ON r.cohort = c.cohort AND r.account_id = c.account_id
WHERE c.happened IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY c.account_id ORDER BY c.began_on, c.case_no) = 1
ORDER BY c.account_id"""
