"""Render stored scores as people read them: one row per account and profile, in plain units.

The scores table keeps integers only; these selects turn them into scores, shares and words on
read. `tier_low` and `tier_high` are the tiers at the worst and the best completion of what is
unknown.
"""

from collections.abc import Sequence

from bullseye.definitions.icp import Mode
from bullseye.definitions.signal import Signal
from bullseye.warehouse.compile import (
    SCALE,
    TIER_CODES,
    WHY,
    Profile,
    Status,
    signal_class,
    tiers_at_ends,
)
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.layout import POINTS

COLUMNS = {
    "account_id": "the account",
    "icp": "name of the profile",
    "status": "scored, excluded, out-of-scope or insufficient-data",
    "fit_score": "0-100 over what is known; null if nothing is",
    "fit_low": "0-100 if everything unknown turns out worst",
    "fit_high": "0-100 if everything unknown turns out best",
    "fit_coverage": "0-1, the share of the points that is known",
    "tier": "T1, T2, T3 or null, as computed",
    "tier_low": "the tier at the worst completion",
    "tier_high": "the tier at the best completion",
    "excluded_by": "name of the first exclusion met, or null",
    "signal_strength": "points of live signals, decayed to the day",
    "live": "one bit per live signal, in order of name",
    "signal_no": "the strongest signal, or null",
    "signal_class": "one bit per tier of the policy whose signals are there",
    "met": "packed answer, see bullseye.warehouse.layout",
    "unknown": "packed answer, see bullseye.warehouse.layout",
}
"""The contract of `rendered`: one row per account and profile."""


def rendered(
    scores: str, profiles: Sequence[Profile], signals: Sequence[Signal], dialect: Dialect
) -> str:
    """Return the select of `COLUMNS` over every profile of the table expression `scores`."""
    return "\nUNION ALL\n".join(
        _one(scores, number, profile, signals, dialect) for number, profile in enumerate(profiles)
    )


def _one(
    scores: str, number: int, profile: Profile, signals: Sequence[Signal], dialect: Dialect
) -> str:
    layout = profile.layout
    span, base = layout.span, layout.base
    worst, best = tiers_at_ends(number, profile, signals, dialect)
    tiers = " ".join(f"WHEN {code} THEN '{tier}'" for tier, code in TIER_CODES.items())
    statuses = " ".join(f"WHEN {int(status)} THEN '{status.label}'" for status in Status)
    exclusions = " ".join(
        f"WHEN {dialect.has_bits(f'met_{number}', layout.bit(at))}"
        f" THEN {dialect.literal(clause.name)}"
        for at, clause in enumerate(layout.clauses)
        if clause.mode is Mode.EXCLUDE
    )
    excluded_by = f"CASE {exclusions} END" if exclusions else f"CAST(NULL AS {dialect.text})"
    known = f"({span} - open_{number})"

    def share(part: str, whole: str) -> str:
        """One division of exact floating numbers: alike to the bit on every engine."""
        return f"CAST({part} AS {dialect.double}) / CAST({whole} AS {dialect.double})"

    if layout.without_points:
        score = low = high = f"CAST(100 AS {dialect.double})"
        coverage = f"CAST(1 AS {dialect.double})"
    else:
        points = f"100 * points_{number}"
        score = f"CASE WHEN {known} > 0 THEN {share(points, known)} END"
        low = share(points, f"{span}")
        high = share(f"100 * (points_{number} + open_{number})", f"{span}")
        coverage = share(known, f"{span}")
    return f"""SELECT account_id, {dialect.literal(profile.icp.name)} AS icp,
  CASE status_{number} {statuses} END AS status,
  {score} AS fit_score, {low} AS fit_low, {high} AS fit_high, {coverage} AS fit_coverage,
  CASE tier_{number} {tiers} END AS tier,
  CASE worst_{number} {tiers} END AS tier_low,
  CASE best_{number} {tiers} END AS tier_high,
  {excluded_by} AS excluded_by,
  {share(f"strength_{number}", f"{SCALE}")} AS signal_strength,
  live_{number} AS live, {dialect.modulo(f"why_{number}", WHY)} AS signal_no,
  {signal_class(number, profile, signals, dialect)} AS signal_class,
  met_{number} AS met, unknown_{number} AS unknown
FROM (SELECT packed.*, {worst} AS worst_{number}, {best} AS best_{number} FROM (
  SELECT account_id, met_{number}, unknown_{number}, strength_{number}, live_{number},
    why_{number}, tier_{number}, status_{number},
    {dialect.modulo(f"met_{number}", POINTS)} - {base} AS points_{number},
    {dialect.modulo(f"unknown_{number}", POINTS)} AS open_{number}
  FROM {scores}) AS packed) AS judged"""
