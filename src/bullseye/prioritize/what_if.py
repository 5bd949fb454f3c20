"""What if: other points, other cut-offs, and exactly who would be where, from the cube alone.

The cube has one row per distinct answer (criteria met, criteria unknown, whole points of
signal strength, live signals, tier), with how many accounts share it and what they are worth.
Points and cut-offs are applied to its rows; no account is read, so the time does not depend on
how many there are.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.icp import Clause, Mode
from bullseye.definitions.tier import EntryCriteria, Tier
from bullseye.warehouse.compile import NO_TIER, TIER_CODES, Profile
from bullseye.warehouse.layout import FIRST_BIT, HELD, Layout

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cube:
    """The distinct answers of one profile; all arrays have one entry per row of the cube.

    Parameters
    ----------
    met, unknown
        Packed answers, see `bullseye.warehouse.layout`.
    strength
        Whole points of signal strength, rounded down: cut-offs are whole, so nothing is lost.
    live
        One bit per live signal, in order of name.
    accounts
        How many accounts share the row.
    value, valued
        Summed yearly value of those whose value is known, and how many those are.
    """

    met: Integers
    unknown: Integers
    strength: Integers
    live: Integers
    accounts: Integers
    value: Floats
    valued: Integers


@dataclass(frozen=True)
class Moved:
    """How many accounts go from one tier (or none) to another."""

    before: Tier | None
    after: Tier | None
    accounts: int
    value: float


@dataclass(frozen=True)
class Outcome:
    """The answer to a what-if: accounts per tier before and after, and every move."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    moves: tuple[Moved, ...]

    @property
    def entering(self) -> int:
        """Accounts that would newly have a tier."""
        return sum(m.accounts for m in self.moves if m.before is None)

    @property
    def leaving(self) -> int:
        """Accounts that would lose every tier."""
        return sum(m.accounts for m in self.moves if m.after is None)


def tiers(profile: Profile, bits: Mapping[str, int], cube: Cube) -> Integers:
    """Return the tier code of every row of `cube` under `profile`, without hysteresis.

    `bits` is the bit of each signal in `live`. The layout may have other points than the one
    the cube was made with, but the same clauses in the same order.
    """
    layout = profile.layout
    met, unknown = cube.met >> FIRST_BIT, (cube.unknown % HELD) >> FIRST_BIT
    points, open_ = _points(layout, met, unknown)
    span = layout.span
    refused = _any(layout, met, Mode.EXCLUDE) | _fails(layout, met, unknown)
    held = _held(layout, unknown)
    known = span - open_
    worst = _at(profile, bits, cube, points, refused | _could_refuse(layout, unknown))
    best = _at(profile, bits, cube, points + open_, refused)
    thin = 10_000 * known < round(profile.icp.min_coverage * 10_000) * span
    out = refused | held | (thin & (worst != best))
    found = np.full(len(met), NO_TIER, dtype=np.int64)
    for entry in reversed(profile.policy.tiers):
        enters = _signals(entry, bits, cube)
        if not layout.without_points:
            enters &= (100 * points >= entry.fit * known) & (known > 0)
        enters &= 10_000 * known >= round(entry.coverage * 10_000) * span
        found[enters] = TIER_CODES[entry.tier]
    found[out] = NO_TIER
    return found


def compared(cube: Cube, before: Integers, after: Integers) -> Outcome:
    """Return what changes between two tier codes of the same cube."""
    names: dict[int, Tier | None] = {code: tier for tier, code in TIER_CODES.items()}
    names[NO_TIER] = None
    moves = []
    for old in sorted(names):
        for new in sorted(names):
            rows = (before == old) & (after == new)
            accounts = int(cube.accounts[rows].sum())
            if old != new and accounts:
                value = float(cube.value[rows].sum())
                moves.append(Moved(names[old], names[new], accounts, value))
    return Outcome(_counts(cube, before), _counts(cube, after), tuple(moves))


def with_points(profile: Profile, points: Mapping[str, int], relaid: Layout) -> Profile:
    """Return `profile` under the layout `relaid`, made with other points for some criteria."""
    criteria = tuple(
        c.model_copy(update={"points": points.get(c.name, c.points)}) for c in profile.icp.criteria
    )
    icp = profile.icp.model_copy(update={"criteria": criteria})
    return Profile(icp, relaid, profile.policy, profile.signals)


def _counts(cube: Cube, codes: Integers) -> dict[str, int]:
    return {str(tier): int(cube.accounts[codes == code].sum()) for tier, code in TIER_CODES.items()}


def _bit(bits: Integers, clause: int) -> Flags:
    return np.asarray((bits >> clause) & 1, dtype=bool)


def _points(layout: Layout, met: Integers, unknown: Integers) -> tuple[Integers, Integers]:
    """Return points earned, counted from the worst account, and points still open."""
    earned = np.zeros(len(met), dtype=np.int64)
    open_ = np.zeros(len(met), dtype=np.int64)
    for part in layout.parts:
        hidden = _bit(unknown, part.clauses[0])
        total = np.full(len(met), -part.low, dtype=np.int64)
        for at in part.clauses:
            clause, is_met = layout.clauses[at], _bit(met, at)
            total += abs(clause.points) * (is_met if clause.points > 0 else ~is_met)
        earned += np.where(hidden, 0, total)
        open_ += np.where(hidden, part.span, 0)
    return earned, open_


def _any(layout: Layout, bits: Integers, mode: Mode) -> Flags:
    found = np.zeros(len(bits), dtype=bool)
    for at, clause in enumerate(layout.clauses):
        if clause.mode is mode:
            found |= _bit(bits, at)
    return found


def _fails(layout: Layout, met: Integers, unknown: Integers) -> Flags:
    found = np.zeros(len(met), dtype=bool)
    for at, clause in enumerate(layout.clauses):
        if clause.mode is Mode.REQUIRE:
            found |= ~_bit(met, at) & ~_bit(unknown, at)
    return found


def _held(layout: Layout, unknown: Integers) -> Flags:
    found = np.zeros(len(unknown), dtype=bool)
    for at, clause in enumerate(layout.clauses):
        if clause.mode is not Mode.SCORE and clause.holds_when_unknown:
            found |= _bit(unknown, at)
    return found


def _could_refuse(layout: Layout, unknown: Integers) -> Flags:
    return _any(layout, unknown, Mode.REQUIRE) | _any(layout, unknown, Mode.EXCLUDE)


def _at(
    profile: Profile, bits: Mapping[str, int], cube: Cube, points: Integers, refused: Flags
) -> Integers:
    found = np.full(len(points), NO_TIER, dtype=np.int64)
    for entry in reversed(profile.policy.tiers):
        enters = _signals(entry, bits, cube)
        if not profile.layout.without_points:
            enters &= 100 * points >= entry.fit * profile.layout.span
        found[enters] = TIER_CODES[entry.tier]
    found[refused] = NO_TIER
    return found


def _signals(entry: EntryCriteria, bits: Mapping[str, int], cube: Cube) -> Flags:
    found = cube.strength >= entry.signal_strength
    if entry.signals:
        wanted = sum(bits[name] for name in set(entry.signals))
        found = found & ((cube.live & wanted) > 0)
    return np.asarray(found, dtype=bool)


@dataclass(frozen=True)
class Cutoff:
    """A fit cut-off that fills a capacity, and what lies beyond it.

    `accounts` is how many enter the tier at `fit`; `next_fit` is the next lower cut-off that
    lets more in, `next_accounts` how many more, `next_value` their mean yearly value with its
    n; None where there is none, or no value is known.
    """

    fit: int
    accounts: int
    next_fit: int | None
    next_accounts: int
    next_value: float | None
    next_n: int


def cutoff_for(
    profile: Profile, bits: Mapping[str, int], cube: Cube, tier: Tier, capacity: int
) -> Cutoff:
    """Return the lowest whole fit cut-off of `tier` that lets in no more than `capacity`.

    It is never lower than that of the next tier: a tier that its signals already keep below
    capacity is not filled with worse fits. Every other entry criterion stays as it is. The
    marginal value is the mean yearly value of the accounts that the next lower cut-off would
    add: what one place more would be worth.
    """
    lower_tiers = [e.fit for e in profile.policy.tiers if e.tier > tier]
    floor = max(lower_tiers, default=0)
    entering: dict[int, Flags] = {}

    def size(fit: int) -> int:
        if fit not in entering:
            entering[fit] = _entering(profile, bits, cube, tier, fit)
        return int(cube.accounts[entering[fit]].sum())

    # A higher cut-off never lets in more, so both are found by halving.
    fits = range(floor, 101)
    fit = floor + min(bisect_left(fits, x=True, key=lambda f: size(f) <= capacity), 100 - floor)
    held = size(fit)
    lower = floor + bisect_left(range(floor, fit), x=True, key=lambda f: size(f) <= held) - 1
    if lower < floor:
        return Cutoff(fit, held, None, 0, None, 0)
    further = size(lower) - held
    more = entering[lower] & ~entering[fit]
    n = int(cube.valued[more].sum())
    value = float(cube.value[more].sum()) / n if n else None
    return Cutoff(fit, held, lower, further, value, n)


def _entering(profile: Profile, bits: Mapping[str, int], cube: Cube, tier: Tier, fit: int) -> Flags:
    entries = tuple(
        entry.model_copy(update={"fit": fit}) if entry.tier is tier else entry
        for entry in profile.policy.tiers
        if entry.tier <= tier
    )
    policy = profile.policy.model_copy(update={"tiers": entries})
    codes = tiers(Profile(profile.icp, profile.layout, policy, profile.signals), bits, cube)
    return np.asarray(codes == TIER_CODES[tier], dtype=bool)


def cube_of(rows: Sequence[Sequence[Any]]) -> Cube:
    """Return the cube of rows of (met, unknown, strength, live, accounts, value, valued)."""
    columns = list(zip(*rows, strict=True)) or [()] * 7
    met, unknown, strength, live, accounts, valued = (
        np.asarray(column, dtype=np.int64) for column in (*columns[:5], columns[6])
    )
    value = np.asarray([float(each) for each in columns[5]], dtype=np.float64)
    return Cube(met, unknown, strength, live, accounts, value, valued)


def relaid_clauses(clauses: Sequence[Clause], points: Mapping[str, int]) -> tuple[Clause, ...]:
    """Return clauses with other points for the score criteria named."""
    return tuple(
        clause.model_copy(update={"points": points[clause.name]})
        if clause.name in points and clause.mode is Mode.SCORE
        else clause
        for clause in clauses
    )
