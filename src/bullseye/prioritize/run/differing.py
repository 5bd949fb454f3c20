"""Two versions of the definitions on the same data: who moves, why, and what it touches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from bullseye.definitions.diff import Difference, difference
from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.prioritize.comparison import Side, responsible
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.prioritize.verdict import Answer
from bullseye.stats.proportions import Share, wilson
from bullseye.store import runs, versions
from bullseye.warehouse.compile import TIER_CODES, Profile
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

COHORT = timedelta(days=91)
NAMED = 10
"""Accounts named per move."""


@dataclass(frozen=True)
class Move:
    """Accounts of one ICP that go from one tier to another, with what is responsible.

    `named` are some of them, by id.
    """

    icp: str
    before: Tier | None
    after: Tier | None
    responsible: str
    accounts: int
    named: tuple[str, ...]


@dataclass(frozen=True)
class OwnerEffect:
    """Open opportunities of accounts whose best tier changes, by the owner on our side."""

    owner: str
    accounts: int
    opportunities: int
    amount: float
    without_amount: int


@dataclass(frozen=True)
class Cohort:
    """What happened in the quarter after a past day to the accounts each version put in T1.

    `before` and `after` are the win rates of opportunities closed in that quarter at accounts
    in T1 on that day, as known then; with the Wilson interval and n.
    """

    as_of: date
    before: Share
    after: Share


@dataclass(frozen=True)
class Compared:
    """Two versions compared: the differences in words, and what they do to the accounts."""

    old: str
    new: str
    as_of: date
    differences: tuple[Difference, ...]
    moves: tuple[Move, ...]
    owners: tuple[OwnerEffect, ...]
    cohorts: tuple[Cohort, ...]


def compare(
    workspace: Workspace,
    old: str | None = None,
    new: str | None = None,
    *,
    cohorts: int = 2,
) -> Compared:
    """Compare two versions of the definitions on what is imported now.

    Parameters
    ----------
    workspace
        The workspace.
    old, new
        The beginning of a version's hash, or of a run's id. `old` is the live version where
        absent (or the newest run's), `new` the files as they are.
    cohorts
        How many past quarters to look at.

    Raises
    ------
    UnknownName
        If there is no such version.
    NotEnoughEvidence
        If there is no earlier version to compare with.
    """
    first = _version(workspace, old) if old else _live(workspace)
    second = _version(workspace, new) if new else workspace.project
    found = difference(first, second)
    day = workspace.today
    empty = Compared(first.hash, second.hash, day, found, (), (), ())
    if not found or not _has_accounts(workspace):
        return empty
    with workspace.connection() as connection:
        day = _last_day(workspace)
        scorings = [Scoring.of(project, day) for project in (first, second)]
        for name, scoring in zip(("old_scores", "new_scores"), scorings, strict=True):
            _score(workspace, connection, scoring, name)
        moves = [
            move
            for icp in sorted(set(scorings[0].icps) | set(scorings[1].icps))
            for move in _moves(connection, scorings[0], scorings[1], icp)
        ]
        owners = _owners(workspace, connection, scorings[0], scorings[1])
        past = [
            cohort
            for number in range(1, cohorts + 1)
            if (cohort := _cohort(workspace, connection, first, second, day - number * COHORT))
        ]
    return Compared(first.hash, second.hash, day, found, tuple(moves), tuple(owners), tuple(past))


# -- versions ------------------------------------------------------------------------------


def _version(workspace: Workspace, named: str) -> Project:
    """Return the definitions whose hash, or whose run's id, begins so."""
    known = {version.hash for version in versions.listed(workspace.store)}
    by_run = {r.id: r.definitions_hash for r in runs.listed(workspace.store)}
    found = {hash_ for hash_ in known if hash_.startswith(named)}
    found |= {hash_ for run, hash_ in by_run.items() if run == named}
    if len(found) != 1:
        shown = [each[:12] for each in sorted(known)] + sorted(by_run)
        raise UnknownName("single version", named, shown)
    return Project.from_canonical(versions.get(workspace.store, found.pop()))


def _live(workspace: Workspace) -> Project:
    live = versions.published(workspace.store)
    latest = runs.done_as_of(workspace.store, date.max)
    hash_ = live.definitions_hash if live else latest.definitions_hash if latest else None
    if hash_ is None:
        raise NotEnoughEvidence(
            "There is no earlier version to compare with.",
            hint="Score once with: bullseye run, then change the definitions.",
        )
    return Project.from_canonical(versions.get(workspace.store, hash_))


def _has_accounts(workspace: Workspace) -> bool:
    return any(batch.table is TableName.ACCOUNTS for batch in workspace.batches())


def _last_day(workspace: Workspace) -> date:
    latest = runs.done_as_of(workspace.store, date.max)
    return latest.as_of if latest else workspace.today


# -- moves ---------------------------------------------------------------------------------


def _score(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, scoring: Scoring, name: str
) -> None:
    ids = tuple(batch.number for batch in workspace.batches())
    state = workspace.state(connection, scoring.project, ids, scoring.as_of)
    load_weights(connection, scoring.project)
    sql = scoring.sql(
        accounts=reading(state.accounts), events=reading(state.signals), previous=None
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _moves(
    connection: duckdb.DuckDBPyConnection, old: Scoring, new: Scoring, icp: str
) -> list[Move]:
    if icp not in old.icps or icp not in new.icps:
        return _whole(connection, old if icp in old.icps else new, icp, is_new=icp in new.icps)
    sides = [
        f"(SELECT * FROM ({scoring.rendered(name)}) WHERE icp = {DUCKDB.literal(icp)})"
        for name, scoring in (("old_scores", old), ("new_scores", new))
    ]
    kept = "tier, met, unknown, signal_class, signal_strength"
    columns = ", ".join(f"{side}.{c}" for side in "on" for c in kept.split(", "))
    rows = connection.execute(
        f"SELECT {columns}, count(*), list(n.account_id ORDER BY n.account_id)[1:{NAMED}]"
        f" FROM {sides[0]} AS o JOIN {sides[1]} AS n USING (account_id)"
        " WHERE o.tier IS DISTINCT FROM n.tier GROUP BY ALL"
    ).fetchall()
    profiles = _profile(old, icp), _profile(new, icp)
    counted: dict[tuple[Tier | None, Tier | None, str], int] = defaultdict(int)
    named: dict[tuple[Tier | None, Tier | None, str], list[str]] = defaultdict(list)
    for row in rows:
        before, after = _side(row[:5]), _side(row[5:10])
        key = (before.tier, after.tier, responsible(*profiles, before, after))
        counted[key] += row[10]
        named[key] = sorted({*named[key], *row[11]})[:NAMED]
    moves = [
        Move(icp, before, after, reason, n, tuple(named[before, after, reason]))
        for (before, after, reason), n in counted.items()
    ]
    return sorted(moves, key=lambda m: (str(m.before), str(m.after), -m.accounts, m.responsible))


def _whole(
    connection: duckdb.DuckDBPyConnection, scoring: Scoring, icp: str, *, is_new: bool
) -> list[Move]:
    """Return the moves of an ICP that only one version has: all its tiers come or go."""
    name = "new_scores" if is_new else "old_scores"
    rows = connection.execute(
        f"SELECT tier, count(*), list(account_id ORDER BY account_id)[1:{NAMED}]"
        f" FROM ({scoring.rendered(name)}) WHERE icp = {DUCKDB.literal(icp)}"
        " AND tier IS NOT NULL GROUP BY tier ORDER BY tier"
    ).fetchall()
    reason = "the ICP is new" if is_new else "the ICP is gone"
    return [
        Move(icp, None, Tier(t), reason, n, tuple(ids))
        if is_new
        else Move(icp, Tier(t), None, reason, n, tuple(ids))
        for t, n, ids in rows
    ]


def _profile(scoring: Scoring, icp: str) -> Profile:
    return scoring.profiles[scoring.icps.index(icp)]


def _side(row: Sequence[object]) -> Side:
    tier, met, unknown, signal_class, strength = row
    answer = Answer(int(str(met)), int(str(unknown)), int(str(signal_class)))
    return Side(answer, Tier(str(tier)) if tier else None, float(str(strength)))


# -- what it touches -----------------------------------------------------------------------


def _best(scoring: Scoring, scores: str) -> str:
    """Return `account_id` and the best tier code over all profiles, 4 for none."""
    codes = " ".join(f"WHEN '{tier}' THEN {code}" for tier, code in TIER_CODES.items())
    return (
        f"(SELECT account_id, min(CASE tier {codes} ELSE 4 END) AS code"
        f" FROM ({scoring.rendered(scores)}) GROUP BY account_id)"
    )


def _owners(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, old: Scoring, new: Scoring
) -> list[OwnerEffect]:
    ids = tuple(batch.number for batch in workspace.batches())
    state = workspace.state(connection, new.project, ids, new.as_of)
    rows = connection.execute(
        f"""SELECT COALESCE(p.owner, a.owner, 'nobody'), count(DISTINCT o.account_id),
  count(p.opportunity_id), COALESCE(CAST(sum(p.amount) AS DOUBLE), 0),
  count(p.opportunity_id) - count(p.amount)
FROM {_best(old, "old_scores")} AS o
JOIN {_best(new, "new_scores")} AS n USING (account_id)
JOIN {reading(state.accounts)} AS a USING (account_id)
LEFT JOIN (SELECT * FROM {reading(state.table(TableName.OPPORTUNITIES))}
  WHERE outcome = 'open') AS p USING (account_id)
WHERE o.code <> n.code GROUP BY ALL ORDER BY 4 DESC, 2 DESC, 1"""
    ).fetchall()
    return [OwnerEffect(*row) for row in rows]


def _cohort(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    old: Project,
    new: Project,
    day: date,
) -> Cohort | None:
    """Return the win rates of the quarter after `day`; None if nothing was known then."""
    shares = []
    for project in (old, new):
        scoring = Scoring.of(project, day)
        _score(workspace, connection, scoring, "past_scores")
        known = connection.execute("SELECT count(*) FROM past_scores").fetchone()
        if not known or not known[0]:
            return None
        ids = tuple(batch.number for batch in workspace.batches())
        present = workspace.state(connection, project, ids, _last_day(workspace))
        row = connection.execute(
            f"SELECT count(*) FILTER (outcome = 'won'), count(*)"
            f" FROM {reading(present.table(TableName.OPPORTUNITIES))} AS p"
            f" JOIN {_best(scoring, 'past_scores')} AS b USING (account_id)"
            f" WHERE b.code = 1 AND outcome IN ('won', 'lost')"
            f" AND closed_on > {DUCKDB.literal(day)}"
            f" AND closed_on <= {DUCKDB.literal(day + COHORT)}"
        ).fetchone()
        shares.append(wilson(*(row or (0, 0))))
    return Cohort(day, shares[0], shares[1])
