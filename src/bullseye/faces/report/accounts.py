"""The part of the report about accounts: the top of the list, and why now."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bullseye.faces.report.charts import fit_mark, share_mark
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.words import between, clipped, percent, points, thousands
from bullseye.prioritize.run import Target, WhyNow


@dataclass(frozen=True)
class Reason:
    """Why now: the sentence, and the day, freshness, strength and source of its event."""

    sentence: str
    on: str
    freshness: str
    strength: str
    mark: Markup
    source: str
    expires_on: str


@dataclass(frozen=True)
class AccountRow:
    """One account; every field is text ready to show, `facts` what tells it from others."""

    label: str
    facts: str
    icp: str
    tier: str
    tier_range: str
    overridden_by: str
    is_bullseye: bool
    fit: str
    fit_range: str
    fit_mark: Markup
    coverage: str
    coverage_mark: Markup
    strength: str
    why_now: Reason | None
    role: str
    fill_next: str
    fill_chance: str


def account_rows(targets: Sequence[Target], limits: Limits) -> list[AccountRow]:
    """Return the rows of these targets, in their order."""
    strongest = max((t.why_now.strength for t in targets if t.why_now), default=0) or 1
    return [_row(target, strongest, limits) for target in targets]


def _row(target: Target, strongest: float, limits: Limits) -> AccountRow:
    standing = target.standing
    low, high = points(standing.fit_low), points(standing.fit_high)
    worst, best = (str(tier or "no tier") for tier in (standing.tier_low, standing.tier_high))
    return AccountRow(
        clipped(target.label, 60),
        _facts(target),
        standing.icp,
        str(target.tier or standing.status),
        "sure" if worst == best else f"{best} to {worst}",
        clipped(target.overridden_by or "", 40),
        bool(target.is_bullseye),
        points(standing.fit_score),
        "exactly" if low == high else between(low, high),
        fit_mark(standing.fit_score, standing.fit_low, standing.fit_high),
        percent(standing.fit_coverage),
        share_mark(standing.fit_coverage, "t2", 1 - standing.fit_coverage),
        points(standing.signal_strength),
        _reason(target.why_now, strongest, limits) if target.why_now else None,
        target.role,
        target.fill_next or "",
        percent(target.fill_chance) if target.fill_chance is not None else "",
    )


def _facts(target: Target) -> str:
    size = None if target.employees is None else f"{thousands(target.employees)} employees"
    owner = f"owner {clipped(target.owner, 30)}" if target.owner else None
    known = (target.domain, target.industry, target.country, size, owner)
    return " · ".join(clipped(fact, 40) for fact in known if fact)


def _reason(why: WhyNow, strongest: float, limits: Limits) -> Reason:
    return Reason(
        clipped(why.sentence, limits.text),
        why.occurred_on.isoformat(),
        why.freshness,
        points(why.strength),
        share_mark(max(why.strength, 0) / strongest, "signal"),
        clipped(why.event.source or "derived from imports", 40),
        why.expires_on.isoformat(),
    )
