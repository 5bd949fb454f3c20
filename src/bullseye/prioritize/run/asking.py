"""What-if questions to a published run: other points, other cut-offs, a capacity to fill."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

import pyarrow.parquet as pq

from bullseye.definitions.field import TableName
from bullseye.definitions.icp import Mode
from bullseye.definitions.known import readable_fields
from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName, UsageError
from bullseye.prioritize.profiles import signals
from bullseye.prioritize.run.past import cube_path
from bullseye.prioritize.run.published import Opened, opened
from bullseye.prioritize.what_if import (
    Cube,
    Cutoff,
    Outcome,
    compared,
    cube_of,
    cutoff_for,
    relaid_clauses,
    tiers,
    with_points,
)
from bullseye.warehouse.compile import Profile
from bullseye.warehouse.layout import layout
from bullseye.warehouse.publish import publish
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Question:
    """What is to be otherwise.

    Parameters
    ----------
    points
        Criterion: points it would count.
    fit, strength
        Tier: smallest fit score, smallest signal strength it would ask for.
    capacity
        Tier: how many accounts it may hold; its fit cut-off is then chosen to fill it.
    """

    points: Mapping[str, int]
    fit: Mapping[Tier, int]
    strength: Mapping[Tier, int]
    capacity: Mapping[Tier, int]


@dataclass(frozen=True)
class Answered:
    """The answer, exact, for the accounts of one run; `milliseconds` is the time it took."""

    icp: str
    run_id: str
    as_of: date
    accounts: int
    outcome: Outcome
    cutoffs: Mapping[str, Cutoff]
    milliseconds: float


def what_if(workspace: Workspace, icp: str, question: Question) -> Answered:
    """Return who would be in which tier if points or cut-offs were otherwise.

    Hysteresis is left out on both sides: the answer is about entering.

    Raises
    ------
    UnknownName
        If there is no such ICP, criterion, or tier in its policy.
    NotEnoughEvidence
        If nothing has been scored yet.
    """
    with opened(workspace) as run:
        if icp not in run.scoring.icps:
            raise UnknownName("ICP", icp, run.scoring.icps)
        number = run.scoring.icps.index(icp)
        profile = run.scoring.profiles[number]
        cube = read_cube(workspace, run, number)
        bits = {signal.name: 1 << at for at, signal in enumerate(signals(run.project))}
        started = perf_counter()
        changed = _changed(run, profile, question)
        cutoffs = {}
        for tier, capacity in sorted(question.capacity.items()):
            _check_tier(changed, tier)
            found = cutoff_for(changed, bits, cube, tier, capacity)
            cutoffs[str(tier)] = found
            changed = _with_entry(changed, tier, fit=found.fit)
        outcome = compared(cube, tiers(profile, bits, cube), tiers(changed, bits, cube))
        spent = 1000 * (perf_counter() - started)
        total = int(cube.accounts.sum())
        return Answered(icp, run.run.id, run.run.as_of, total, outcome, cutoffs, round(spent, 2))


def _changed(run: Opened, profile: Profile, question: Question) -> Profile:
    names = [c.name for c in profile.layout.clauses if c.mode is Mode.SCORE]
    for name, points in question.points.items():
        if name not in names:
            raise UnknownName("criterion with points", name, names)
        if not points:
            raise UsageError(f"{name} with 0 points is no criterion.", hint="Use 1 or more.")
    if question.points:
        clauses = relaid_clauses(profile.layout.clauses, question.points)
        fields = readable_fields(run.project, TableName.ACCOUNTS)
        relaid = layout(clauses, fields, run.run.as_of)
        profile = with_points(profile, question.points, relaid)
    for tier, fit in question.fit.items():
        _check_tier(profile, tier)
        profile = _with_entry(profile, tier, fit=fit)
    for tier, strength in question.strength.items():
        _check_tier(profile, tier)
        profile = _with_entry(profile, tier, signal_strength=strength)
    return profile


def _check_tier(profile: Profile, tier: Tier) -> None:
    known = [str(entry.tier) for entry in profile.policy.tiers]
    if str(tier) not in known:
        raise UnknownName("tier of the policy", str(tier), known)


def _with_entry(profile: Profile, tier: Tier, **changes: int) -> Profile:
    entries = tuple(
        entry.model_copy(update=changes) if entry.tier is tier else entry
        for entry in profile.policy.tiers
    )
    return replace(profile, policy=profile.policy.model_copy(update={"tiers": entries}))


def read_cube(workspace: Workspace, run: Opened, number: int) -> Cube:
    """Return the cube of one profile, from disk where the run kept it."""
    path = cube_path(workspace, run.run, number)
    if not path.exists():
        publish(run.connection, run.cube_sql(number), path)
    table = pq.read_table(path)
    return cube_of(list(zip(*(column.to_pylist() for column in table.columns), strict=True)))
