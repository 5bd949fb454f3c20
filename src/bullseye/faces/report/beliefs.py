"""The part of the report about definitions: what the team believes, who answers for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bullseye.definitions.base import Definition
from bullseye.definitions.icp import Clause, Figures, Icp, Mode
from bullseye.definitions.project import KINDS, Project
from bullseye.definitions.signal import Change, Signal
from bullseye.faces.report.charts import share_mark
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.words import clipped, first_of, percent, span, thousands
from bullseye.prioritize.run import CriterionCount, SignalCount

KIND_NAMES = {
    "icps": "ICP",
    "exclusions": "exclusion",
    "signals": "signal",
    "tiers": "tier policy",
    "markets": "market",
    "personas": "persona",
    "proofs": "proof",
    "messages": "message",
    "roles": "assumption on roles",
    "outcomes": "outcome",
    "terms": "term",
    "themes": "theme",
    "sources": "source",
}
"""What a definition of each kind is called."""


@dataclass(frozen=True)
class CriterionRow:
    """One criterion or exclusion, and how many accounts meet it; `figures` back it up."""

    name: str
    mode: str
    rule: str
    points: str
    because: str
    figures: str
    met: str
    unknown: str
    mark: Markup


@dataclass(frozen=True)
class IcpPart:
    """One ICP as written, with its criteria."""

    name: str
    goal: str
    facts: str
    rows: tuple[CriterionRow, ...]
    shown: str


@dataclass(frozen=True)
class SignalRow:
    """One signal as written, and on how many accounts it is live."""

    name: str
    reads: str
    window: str
    half_life: str
    points: str
    accounts: str
    tiered: str
    mark: Markup


@dataclass(frozen=True)
class EntryRow:
    """What an account needs to enter one tier of one policy."""

    policy: str
    tier: str
    fit: str
    coverage: str
    strength: str
    signals: str


@dataclass(frozen=True)
class OwnedRow:
    """Who answers for a definition, and until when it holds."""

    kind: str
    name: str
    owner: str
    review_by: str
    review_when: str
    is_overdue: bool


@dataclass(frozen=True)
class BeliefPart:
    """All definitions of the run."""

    icps: tuple[IcpPart, ...]
    icps_shown: str
    exclusions: tuple[CriterionRow, ...]
    signals: tuple[SignalRow, ...]
    entries: tuple[EntryRow, ...]
    owned: tuple[OwnedRow, ...]
    owned_shown: str
    overdue: int
    definitions: int


def belief_part(
    project: Project,
    criteria: Sequence[CriterionCount],
    signals: Sequence[SignalCount],
    today: date,
    limits: Limits,
) -> BeliefPart:
    """Return what the team believes, and what of it is overdue for review on `today`."""
    counts = {(each.icp, each.criterion): each for each in criteria}
    by_name = {each.criterion: each for each in reversed(criteria)}
    icps = sorted(project.icps.values(), key=lambda icp: icp.name)
    owned = sorted(_owned(project, today, limits), key=lambda row: (not row.is_overdue,))
    excluded = sorted(project.exclusions.values(), key=lambda each: each.name)
    return BeliefPart(
        tuple(_icp(icp, counts, limits) for icp in icps[: limits.icps]),
        first_of(min(limits.icps, len(icps)), len(icps), "ICP"),
        tuple(
            _criterion(each.clause, by_name.get(each.name), limits)
            for each in excluded[: limits.criteria]
        ),
        tuple(_signal(project.signals[s.signal], s, limits) for s in signals[: limits.criteria]),
        tuple(_entries(project))[: limits.criteria],
        tuple(owned[: limits.definitions]),
        first_of(min(limits.definitions, len(owned)), len(owned), "definition"),
        sum(row.is_overdue for row in owned),
        len(owned),
    )


def _icp(icp: Icp, counts: Mapping[tuple[str, str], CriterionCount], limits: Limits) -> IcpPart:
    facts = [
        f"market {icp.market}" if icp.market else "",
        f"tier policy {icp.tiers}",
        f"insufficient-data below {percent(icp.min_coverage)} coverage",
        f"too broad above {percent(icp.max_share)} of the market",
    ]
    rows = tuple(
        _criterion(clause, counts.get((icp.name, clause.name)), limits)
        for clause in icp.criteria[: limits.criteria]
    )
    return IcpPart(
        icp.name,
        clipped(icp.goal or "", limits.text),
        " · ".join(fact for fact in facts if fact),
        rows,
        first_of(len(rows), len(icp.criteria), "criterion")
        if len(icp.criteria) != len(rows)
        else "",
    )


def _criterion(clause: Clause, count: CriterionCount | None, limits: Limits) -> CriterionRow:
    met, unknown, total = 0, 0, 0
    if count:
        met, unknown = count.met, count.unknown
        total = met + unknown + count.not_met
    because = " · ".join(said for said in (clause.because, clause.source) if said)
    return CriterionRow(
        clause.name,
        str(clause.mode),
        clipped(clause.rule, limits.text),
        f"{clause.points:+d}" if clause.mode is Mode.SCORE else "",
        clipped(because, limits.text),
        _figures(clause.figures),
        thousands(met),
        thousands(unknown),
        share_mark(met / total, "bad" if clause.mode is Mode.EXCLUDE else "t2", unknown / total)
        if total
        else share_mark(0),
    )


def _figures(figures: Figures | None) -> str:
    if figures is None:
        return "no figures"
    value = "" if figures.value is None else f" {figures.value:g}"
    times = "" if figures.times is None else f" {figures.times:g}x the base"
    measure = clipped(figures.measure, 80)
    return f"{measure}{value}{times}; n {figures.n:,}, {figures.measured_on.isoformat()}"


def _signal(signal: Signal, count: SignalCount, limits: Limits) -> SignalRow:
    return SignalRow(
        signal.name,
        clipped(_reads(signal), limits.text),
        span(signal.window),
        span(signal.half_life),
        f"{signal.points:+d}",
        thousands(count.accounts),
        thousands(count.tiered),
        share_mark(count.tiered / count.accounts if count.accounts else 0, "signal"),
    )


def _reads(signal: Signal) -> str:
    if signal.change:
        return f"change: {_change(signal.change)}"
    said = f"event {signal.event}"
    if signal.subject:
        about = [*signal.subject.any_of, *(f"*{part}*" for part in signal.subject.contains)]
        said += f" about {', '.join(about)}"
    return said


def _change(change: Change) -> str:
    within = f" within {span(change.within)}" if change.within else ""
    if change.becomes is not None:
        return f"{change.field} becomes {change.becomes}"
    if change.gains is not None:
        return f"{change.field} gains {', '.join(change.gains) or 'anything'}"
    if change.grows_over is not None:
        return f"{change.field} grows over {percent(change.grows_over)}{within}"
    if change.falls_over is not None:
        return f"{change.field} falls over {percent(change.falls_over)}{within}"
    return f"{change.field} changes"


def _entries(project: Project) -> Iterator[EntryRow]:
    used = {icp.tiers for icp in project.icps.values()}
    for name, policy in sorted(project.tiers.items()):
        for entry in policy.tiers if name in used else ():
            signals = " or ".join(entry.signals) or "none needed"
            yield EntryRow(
                name,
                str(entry.tier),
                f"{entry.fit}",
                percent(entry.coverage),
                f"{entry.signal_strength}",
                signals,
            )


def _owned(project: Project, today: date, limits: Limits) -> Iterator[OwnedRow]:
    for kind in KINDS:
        for _, each in sorted(project.of_kind(kind).items()):
            yield _owner(KIND_NAMES[kind], each, today, limits)


def _owner(kind: str, each: Definition, today: date, limits: Limits) -> OwnedRow:
    return OwnedRow(
        kind,
        each.name,
        clipped(each.owner, 60),
        each.review_by.isoformat(),
        clipped("; ".join(each.review_when), limits.text),
        each.is_stale(today),
    )
