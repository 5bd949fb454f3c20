"""The history of one account: every run in which something about it changed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.prioritize.run.past import is_base, project_of
from bullseye.prioritize.scores import Scoring
from bullseye.store import overrides, runs
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Moment:
    """One run in which an account's standing under one profile changed.

    `fit_score` is 0-100; `gone` means that the account was no longer among the accounts.
    """

    as_of: date
    run_id: str
    icp: str
    status: str
    tier: Tier | None
    fit_score: float | None
    fit_coverage: float
    signal_strength: float
    gone: bool


@dataclass(frozen=True)
class Decided:
    """One override of an account's tier: who decided, why, and until when."""

    created_at: datetime
    author: str
    tier: str
    reason: str
    expires_on: date
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Timeline:
    """Everything that happened to one account's scores, oldest first."""

    account_id: str
    moments: tuple[Moment, ...]
    overrides: tuple[Decided, ...]


def history(workspace: Workspace, account_id: str) -> Timeline:
    """Return the history of an account's scores and tiers, from the runs' deltas.

    Raises
    ------
    NotEnoughEvidence
        If nothing has been scored yet.
    UnknownName
        If no run ever had the account.
    """
    done = [r for r in runs.listed(workspace.store) if r.status is runs.RunStatus.DONE]
    if not done:
        raise NotEnoughEvidence("Nothing has been scored yet.", hint="Score with: bullseye run")
    moments: list[Moment] = []
    said: dict[str, list[Moment]] = {}
    with workspace.connection() as connection:
        for run in reversed(done):  # in the order begun: after the run it continues
            delta = _delta(workspace, connection, run, account_id)
            if not delta:
                before = said.get(run.previous_run_id or "", [])
                is_out = is_base(workspace, run)  # a whole table, and the account is not in it
                delta = [replace(each, gone=each.gone or is_out) for each in before]
            said[run.id] = delta
    for run in sorted(done, key=lambda each: (each.as_of, each.id)):
        for each in said[run.id]:
            moment = replace(each, as_of=run.as_of, run_id=run.id)
            moments += [moment] if _differs(moments, moment) else []
    decided = tuple(
        Decided(o.created_at, o.author, o.tier, o.reason, o.expires_on, o.withdrawn_at)
        for o in overrides.listed(workspace.store, account_id=account_id)
    )
    if not moments and not decided:
        raise UnknownName("scored account", account_id, (), hint="List them: bullseye accounts")
    return Timeline(account_id, tuple(moments), decided)


def _delta(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, run: runs.Run, account_id: str
) -> list[Moment]:
    """Return what a run's delta says about an account, per profile; empty if nothing."""
    scoring = Scoring.of(project_of(workspace, run), run.as_of)
    delta = reading(workspace.warehouse / str(run.delta_path))
    mine = f"(SELECT * FROM {delta} WHERE account_id = {DUCKDB.literal(account_id)})"
    rows = connection.execute(
        f"SELECT r.icp, status, tier, fit_score, fit_coverage, signal_strength, d.gone"
        f" FROM ({scoring.rendered(mine)}) AS r JOIN {mine} AS d USING (account_id) ORDER BY r.icp"
    ).fetchall()
    return [
        Moment(run.as_of, run.id, icp, status, Tier(tier) if tier else None, *numbers)
        for icp, status, tier, *numbers in rows
    ]


def past_runs(workspace: Workspace) -> list[runs.Run]:
    """Return every run, newest first, however it ended."""
    return list(runs.listed(workspace.store))


def _differs(moments: list[Moment], new: Moment) -> bool:
    """Whether `new` says anything that the last moment of its profile did not."""
    last = next((m for m in reversed(moments) if m.icp == new.icp), None)
    if last is None:
        return True
    return (last.status, last.tier, last.fit_score, last.fit_coverage, last.gone) != (
        new.status,
        new.tier,
        new.fit_score,
        new.fit_coverage,
        new.gone,
    )
