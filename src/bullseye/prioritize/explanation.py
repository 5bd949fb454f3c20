"""Why an account has its score and tier: every part, its evidence, and what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bullseye.definitions.icp import Clause, Mode
from bullseye.definitions.tier import EntryCriteria, Tier
from bullseye.prioritize.listing import Standing, Target
from bullseye.prioritize.verdict import Answer
from bullseye.prioritize.why_now import WhyNow
from bullseye.warehouse.compile import Profile


class Holds(StrEnum):
    """The three answers of a criterion."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Provenance:
    """Where a value came from: the source, its file, and the day it was known."""

    field: str
    value: Any
    source: str
    file: str
    known_on: date


@dataclass(frozen=True)
class Reason:
    """One named part of a score: a criterion, its answer, its points and its evidence.

    `points` are those earned, None while unknown; `possible` are those it could earn.
    `inherited` says that a field it reads is the ultimate parent's.
    """

    name: str
    mode: Mode
    rule: str
    holds: Holds
    points: int | None
    possible: int
    because: str | None
    evidence: tuple[Provenance, ...]
    inherited: bool = False


@dataclass(frozen=True)
class Step:
    """What separates an account from one tier, in words; empty if nothing does."""

    tier: Tier
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """One profile's explanation: standing, waterfall, signals, and the way to each tier."""

    standing: Standing
    reasons: tuple[Reason, ...]
    signals: tuple[WhyNow, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything said about one account on one day.

    The best profile comes first in `verdicts`. `sentence` is what a rep says in ten seconds.
    """

    target: Target
    as_of: date
    run_id: str
    definitions_hash: str
    override: str | None
    verdicts: tuple[Verdict, ...]

    @property
    def sentence(self) -> str:
        """The explanation in one breath."""
        return spoken(self.target, self.verdicts[0])


def reasons(
    profile: Profile, answer: Answer, evidence: Mapping[str, Provenance]
) -> tuple[Reason, ...]:
    """Return the parts of one account's score under one profile, in order of the clauses."""
    found = []
    inherit = frozenset(profile.icp.hierarchy.inherit)
    for at, clause in enumerate(profile.layout.clauses):
        holds = _holds(profile, answer, at)
        found.append(
            Reason(
                clause.name,
                clause.mode,
                str(clause.rule),
                holds,
                _points(clause, holds),
                clause.points,
                clause.because,
                tuple(evidence[name] for name in sorted(clause.fields) if name in evidence),
                holds is not Holds.UNKNOWN and bool((clause.fields & inherit) - evidence.keys()),
            )
        )
    return tuple(found)


def _holds(profile: Profile, answer: Answer, clause: int) -> Holds:
    if profile.layout.is_unknown(answer.unknown, clause):
        return Holds.UNKNOWN
    return Holds.MET if profile.layout.is_met(answer.met, clause) else Holds.NOT_MET


def _points(clause: Clause, holds: Holds) -> int | None:
    if holds is Holds.UNKNOWN:
        return None
    return clause.points if holds is Holds.MET else 0


def steps(profile: Profile, standing: Standing, live: tuple[WhyNow, ...]) -> tuple[Step, ...]:
    """Return, per tier of the policy, what the account lacks to enter it."""
    names = {reason.signal for reason in live}
    return tuple(
        Step(entry.tier, tuple(_missing(entry, standing, names))) for entry in profile.policy.tiers
    )


def _missing(entry: EntryCriteria, standing: Standing, live: set[str]) -> list[str]:
    missing = []
    if standing.status != "scored":
        missing.append(f"it is {standing.status}")
    if (standing.fit_score or 0) < entry.fit - 1e-9:
        missing.append(f"fit {_one(standing.fit_score)} of {entry.fit}")
    if standing.fit_coverage < entry.coverage - 1e-9:
        missing.append(f"coverage {standing.fit_coverage:.0%} of {entry.coverage:.0%}")
    if standing.signal_strength < entry.signal_strength:
        missing.append(f"signal strength {standing.signal_strength:.0f} of {entry.signal_strength}")
    if entry.signals and not live & set(entry.signals):
        missing.append(f"a live signal: {' or '.join(entry.signals)}")
    return missing


def spoken(target: Target, verdict: Verdict) -> str:
    """Return what a rep can say about an account in ten seconds."""
    standing = verdict.standing
    where = f"{target.tier}" if target.tier else f"in no tier ({standing.status})"
    if target.overridden_by:
        where += f" by decision of {target.overridden_by}"
    met = [r.name for r in verdict.reasons if r.holds is Holds.MET and (r.points or 0) > 0]
    unknown = [r.name for r in verdict.reasons if r.holds is Holds.UNKNOWN]
    parts = [f"{target.label} is {where} for {standing.icp}"]
    if standing.excluded_by:
        reason = next(r for r in verdict.reasons if r.name == standing.excluded_by)
        parts.append(f"we refuse it: {reason.because}")
    elif standing.fit_score is not None:
        low, high = _one(standing.fit_low), _one(standing.fit_high)
        known = f"{standing.fit_coverage:.0%} known"
        doubt = known if low == high else f"between {low} and {high}; {known}"
        parts.append(f"fit {_one(standing.fit_score)} ({doubt})")
    if met:
        parts.append("because of " + ", ".join(met))
    if target.why_now:
        parts.append(f"now: {target.why_now}")
    if unknown:
        parts.append("not known: " + ", ".join(unknown))
    return "; ".join(parts) + "."


def _one(number: float | None) -> str:
    return "unknown" if number is None else f"{number:.1f}".removesuffix(".0")
