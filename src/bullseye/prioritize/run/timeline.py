"""The history of one account: every run in which something about it changed."""

from dataclasses import dataclass
from datetime import date, datetime

from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.prioritize.run.past import project_of
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
    with workspace.connection() as connection:
        for run in sorted(done, key=lambda each: (each.as_of, each.id)):
            scoring = Scoring.of(project_of(workspace, run), run.as_of)
            delta = reading(workspace.warehouse / str(run.delta_path))
            only = f"account_id = {DUCKDB.literal(account_id)}"
            rows = connection.execute(
                f"SELECT r.icp, status, tier, fit_score, fit_coverage, signal_strength, d.gone"
                f" FROM ({scoring.rendered(f'(SELECT * FROM {delta} WHERE {only})')}) AS r"
                f" JOIN (SELECT account_id, gone FROM {delta} WHERE {only}) AS d USING (account_id)"
                " ORDER BY r.icp"
            ).fetchall()
            for icp, status, tier, score, coverage, strength, gone in rows:
                named = Tier(tier) if tier else None
                moment = Moment(
                    run.as_of, run.id, icp, status, named, score, coverage, strength, gone
                )
                moments += [moment] if _differs(moments, moment) else []
    decided = tuple(
        Decided(o.created_at, o.author, o.tier, o.reason, o.expires_on, o.withdrawn_at)
        for o in overrides.listed(workspace.store, account_id=account_id)
    )
    if not moments and not decided:
        raise UnknownName("scored account", account_id, (), hint="List them: bullseye accounts")
    return Timeline(account_id, tuple(moments), decided)


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
