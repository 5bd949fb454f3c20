"""The page object of the report: everything its template shows, as text and drawings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bullseye import pipeline
from bullseye.faces.report.accounts import AccountRow, account_rows
from bullseye.faces.report.beliefs import BeliefPart, belief_part
from bullseye.faces.report.charts import share_mark
from bullseye.faces.report.findings import Findings
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.markets import MarketPart, market_parts
from bullseye.faces.report.people import PeoplePart, people_parts
from bullseye.faces.report.profiles import Places, ProfilePart, places, profile_parts
from bullseye.faces.report.proof_pages import ProofPart, Shown, proof_parts
from bullseye.faces.report.quality import QualityPart, quality_part
from bullseye.faces.report.words import clipped, counted, first_of, percent, thousands
from bullseye.prioritize.run import PersonaCount


@dataclass(frozen=True)
class Kpi:
    """One number at the top: what it is, the number, and what it rests on."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class PersonaRow:
    """One persona: per tier, in how many accounts somebody fits it."""

    name: str
    cells: tuple[str, ...]
    marks: tuple[Markup, ...]


@dataclass(frozen=True)
class Page:
    """The report of one run.

    The `_shown` texts say how much of a list is on the page. `personas` is None where no
    contacts are imported or no persona is defined.
    """

    title: str
    as_of: str
    written_on: str
    run_id: str
    definitions_hash: str
    result_hash: str
    engine: str
    currency: str
    kpis: tuple[Kpi, ...]
    markets: tuple[MarketPart, ...]
    markets_shown: str
    places: tuple[Places, ...]
    places_shown: str
    profiles: tuple[ProfilePart, ...]
    profiles_shown: str
    why_now: tuple[AccountRow, ...]
    why_now_shown: str
    has_signals: bool
    top: tuple[AccountRow, ...]
    top_shown: str
    personas: tuple[PersonaRow, ...] | None
    people: tuple[PeoplePart, ...]
    quality: QualityPart
    beliefs: BeliefPart
    proofs: tuple[ProofPart, ...]


def page(found: Findings, limits: Limits) -> Page:
    """Return the page of these findings, with lists cut to `limits`."""
    run, project, size = found.opened.run, found.opened.project, found.size
    currency = project.settings.currency
    beliefs = belief_part(project, found.criteria, found.signals, found.today, limits)
    markets, counts = found.funnels, pipeline.counts(run)
    hot, top = found.hot[: limits.why_now], found.top[: limits.targets]
    return Page(
        title=clipped(project.settings.title, 120),
        as_of=run.as_of.isoformat(),
        written_on=found.today.isoformat(),
        run_id=run.id,
        definitions_hash=run.definitions_hash[:12],
        result_hash=(run.result_sha256 or "")[:12],
        engine=run.engine,
        currency=currency,
        kpis=_kpis(found, beliefs),
        markets=tuple(market_parts(project, markets[: limits.markets], currency)),
        markets_shown=first_of(min(limits.markets, len(markets)), len(markets), "market"),
        places=tuple(places(counts[: 2 * limits.icps])),
        places_shown=first_of(min(2 * limits.icps, len(counts)), len(counts), "ICP"),
        profiles=tuple(profile_parts(project, found.profiles, limits)),
        profiles_shown=first_of(min(limits.icps, len(counts)), len(counts), "ICP"),
        why_now=tuple(account_rows(hot, limits)),
        why_now_shown=first_of(len(hot), size.with_why_now, "account"),
        has_signals=bool(project.signals),
        top=tuple(account_rows(top, limits)),
        top_shown=first_of(len(top), size.tiered, "account"),
        personas=_personas(found.personas, limits),
        people=people_parts(found.people, limits),
        quality=quality_part(found.imports, found.opened, limits),
        beliefs=beliefs,
        proofs=proof_parts(
            found.proofs,
            Shown(run.as_of, run.definitions_hash, tuple(sorted(project.icps))),
            limits,
        ),
    )


def _kpis(found: Findings, beliefs: BeliefPart) -> tuple[Kpi, ...]:
    size, capacity = found.size, found.opened.project.settings.capacity
    of_all = f"of {counted(size.accounts, 'account')}"
    n = sum(each.certainty.n for each in found.profiles)
    decided = sum(each.certainty.decided for each in found.profiles)
    return (
        Kpi("T1", thousands(size.t1), of_all),
        Kpi("T2", thousands(size.t2), of_all),
        Kpi("T3", thousands(size.t3), of_all),
        Kpi(
            "In a tier, with a why-now",
            thousands(size.tiered_with_why_now),
            f"of {size.tiered:,} in a tier"
            + (f"; capacity {capacity:,} a quarter" if capacity else ""),
        ),
        Kpi(
            "Verdicts that are final",
            percent(decided / n) if n else "none",
            f"of {n:,} in scope; the rest waits for unknown fields",
        ),
        Kpi(
            "Definitions past review",
            thousands(beliefs.overdue),
            f"of {beliefs.definitions:,}, on {found.today.isoformat()}",
        ),
    )


def _personas(
    counts: Sequence[PersonaCount] | None, limits: Limits
) -> tuple[PersonaRow, ...] | None:
    if counts is None:
        return None
    names: Iterable[str | None] = dict.fromkeys(each.persona for each in counts)
    rows = []
    for name in list(names)[: limits.personas + 1]:
        mine = [each for each in counts if each.persona == name]
        shares = [each.reached / each.known if each.known else 0.0 for each in mine]
        rows.append(
            PersonaRow(
                name or "any persona",
                tuple(map(_reached, mine)),
                tuple(share_mark(share, "t2") for share in shares),
            )
        )
    return tuple(rows)


def _reached(count: PersonaCount) -> str:
    """Return how many accounts are reached, of those with a contact on file."""
    unknown = count.accounts - count.known
    return f"{count.reached:,} of {count.known:,}" + (f", {unknown:,} unknown" if unknown else "")
