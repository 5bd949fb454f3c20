"""The people part of the page: what each persona can be told, and who is missing where we sell."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_parts import Body, Listing
from bullseye.faces.report.words import clipped, compact, counted, first_of, percent
from bullseye.pipeline.messaging import CoverageMap, PersonaCard, Standing
from bullseye.pipeline.people import PeopleFound
from bullseye.research.run.theming import Novelty, Rule, ThemeCount, Themes
from bullseye.synthesize.run.committee import RULES, Committee, Committees


@dataclass(frozen=True)
class PeoplePart:
    """One question about people with its answer.

    `body` is None where there is none: `missing` says so, `why` says why, and `command` is what
    shows or brings it.
    """

    anchor: str
    asks: str
    body: Body | None
    missing: str
    why: str
    command: str


def people_parts(found: PeopleFound, limits: Limits) -> tuple[PeoplePart, ...]:
    """Return what the page says about people beyond how many accounts have somebody."""
    return (
        _to_say(found.personas, found.coverage, limits),
        _said(found.themes, limits),
        _committees(found, limits),
    )


# -- what can be said ----------------------------------------------------------------------


def _to_say(cards: Sequence[PersonaCard], coverage: CoverageMap, limits: Limits) -> PeoplePart:
    asks, command = "What can each persona be told?", "bullseye coverage"
    if not cards:
        why = "No persona is defined."
        return PeoplePart("say", asks, None, "Cannot tell yet.", why, "Write one into personas/.")
    ok = sum(not cell.is_gap for cell in coverage.cells)
    guesses = sum(card.count(Standing.GUESS) for card in cards)
    said = sum(len(card.statements) for card in cards)
    shown = cards[: limits.personas]
    body = Body(
        answer=f"{ok:,} of {len(coverage.cells):,} combinations of persona, stage and channel have"
        f" a message that holds. {guesses:,} of {counted(said, 'statement')} on personas are"
        " guesses: no quote of a buyer stands behind them.",
        standing=f"{ok:,} of {len(coverage.cells):,}",
        facts=(
            ("As of", coverage.as_of.isoformat()),
            ("Contacts", _number(coverage.contacts)),
            ("Of no persona", _number(coverage.nobody)),
            ("To be left alone", _number(coverage.left_alone)),
        ),
        listings=(
            Listing(
                "What do we know of each?",
                ("Persona", "Contacts", "Of all, 95 %", "Quoted", "Guesses", "Unanswered"),
                tuple(_persona(card) for card in shown),
                first_of(len(shown), len(cards), "persona"),
            ),
            _map(shown, coverage),
            _gaps(coverage, limits),
        ),
        lines=(f"{coverage.how.rstrip('.')}.",),
    )
    return PeoplePart("say", asks, body, "", "", command)


def _persona(card: PersonaCard) -> tuple[str, ...]:
    quoted = card.count(Standing.CONFIRMED, Standing.LINKED)
    share = "no contacts"
    if card.share is not None:
        share = f"{percent(card.share.low)} to {percent(card.share.high)}"
    return (
        clipped(card.name, 60),
        _number(card.contacts),
        share,
        f"{quoted:,} of {len(card.statements):,}",
        f"{card.count(Standing.GUESS):,}",
        clipped(", ".join(card.blanks) or "none", 60),
    )


def _map(cards: Sequence[PersonaCard], coverage: CoverageMap) -> Listing:
    stages = list(dict.fromkeys(cell.stage for cell in coverage.cells))
    rows = []
    for card in cards:
        cells = [cell for cell in coverage.cells if cell.persona == card.name]
        held = Counter(cell.stage for cell in cells if not cell.is_gap)
        every = Counter(cell.stage for cell in cells)
        told = (f"{held[each]:,} of {every[each]:,}" for each in stages)
        rows.append((clipped(card.name, 60), *told))
    return Listing(
        "Through how many channels, by stage of the journey?",
        ("Persona", *(stage.value.capitalize() for stage in stages)),
        tuple(rows),
    )


def _gaps(coverage: CoverageMap, limits: Limits) -> Listing:
    shown = coverage.gaps[: limits.work]
    return Listing(
        "Where does most hang on saying nothing?",
        ("Persona", "Stage", "Channel", "State", "Contacts", f"Open pipeline, {coverage.currency}"),
        tuple(
            (
                clipped(cell.persona, 60),
                cell.stage.value,
                cell.channel.value,
                cell.state.value,
                _number(cell.contacts),
                _pipeline(cell.pipeline, cell.opportunities),
            )
            for cell in shown
        ),
        first_of(len(shown), len(coverage.gaps), "gap"),
    )


def _pipeline(amount: float | None, opportunities: int | None) -> str:
    if not opportunities:
        return "none" if opportunities == 0 else "unknown"
    return f"{compact(amount or 0)} ({counted(opportunities, 'open one', 'open ones')})"


def _number(count: int | None) -> str:
    return "none on file" if count is None else f"{count:,}"


# -- what they said --------------------------------------------------------------------------


def _said(themes: Themes, limits: Limits) -> PeoplePart:
    asks, command = "What do buyers say?", "bullseye research themes"
    if not themes.quotes:
        why = "No quote of a buyer is kept."
        do = "Bring conversations in with: bullseye research import FILES"
        return PeoplePart("said", asks, None, "Cannot tell yet.", why, do)
    fired = [each for each in themes.counts if each.rule is Rule.FIRED]
    new = [each for each in themes.counts if each.novelty is Novelty.NEW]
    shown = themes.counts[: limits.work]
    body = Body(
        answer=f"{_named(fired)} said by three accounts within 30 days; {_named(new)} said more"
        " than before.",
        standing=f"{len(fired):,} of {len(themes.counts):,}",
        facts=(
            ("Up to", themes.as_of.isoformat()),
            ("Quotes", f"{themes.quotes:,}, {themes.confirmed:,} confirmed"),
            ("Of no theme", f"{themes.left_over:,}"),
            ("Noise", f"{themes.noise:,}"),
            ("Compared by", themes.reader),
        ),
        listings=(
            Listing(
                "Which themes, in how many accounts?",
                ("Theme", "Kind", "Accounts", "Of those heard, 95 %", "Quotes", "Rule", "New?"),
                tuple(_theme(each) for each in shown),
                first_of(len(shown), len(themes.counts), "theme"),
            ),
        ),
        lines=("Whether it is new is told against six windows before, for all themes at once.",),
    )
    return PeoplePart("said", asks, body, "", "", command)


def _named(counts: Sequence[ThemeCount]) -> str:
    if not counts:
        return "No theme is"
    names = ", ".join(clipped(each.theme, 40) for each in counts[:3])
    more = f" and {len(counts) - 3:,} more" if len(counts) > 3 else ""
    return f"{names}{more} {'is' if len(counts) == 1 else 'are'}"


def _chance(q: float) -> str:
    return "below 0.01" if q < 0.01 else f"{q:.2f}"


def _theme(each: ThemeCount) -> tuple[str, ...]:
    share = each.share
    heard = f"{percent(share.low)} to {percent(share.high)} of {share.n:,}" if share.n else "nobody"
    new = each.novelty.value if each.q is None else f"{each.novelty.value}, q {_chance(each.q)}"
    return (
        clipped(each.theme, 60),
        _words(each.kind),
        f"{each.accounts:,}",
        heard,
        f"{each.quotes:,}",
        each.rule.value,
        new,
    )


# -- committees ----------------------------------------------------------------------------


def _committees(found: PeopleFound, limits: Limits) -> PeoplePart:
    asks, command = "Who is missing where we sell?", "bullseye committee"
    told = found.committees
    if told is None:
        missing = "Cannot tell yet."
        return PeoplePart("committees", asks, None, missing, found.why_no_committees, command)
    every = len(told.committees)
    stuck = {finding.opportunity_id for finding in told.findings}
    shown = told.committees[: limits.work]
    body = Body(
        answer=f"{len(stuck):,} of {counted(every, 'open opportunity', 'open opportunities')}"
        " may be stuck by who is on them, or by what they were told.",
        standing=f"{len(stuck):,} of {every:,}",
        facts=(
            ("As of", told.as_of.isoformat()),
            ("Expected", ", ".join(_words(role) for role in told.expected)),
            ("Said by", clipped(told.expected_by, limits.text)),
            (
                "Touches known until",
                told.touched_until.isoformat() if told.touched_until else "never",
            ),
        ),
        listings=(
            _stuck(told),
            Listing(
                "Which are worth most?",
                ("Opportunity", "Account", "Stage", "Amount", "Covered", "Missing", "May be stuck"),
                tuple(_committee(each, told) for each in shown),
                first_of(len(shown), every, "open one"),
            ),
        ),
        lines=_untold(told),
    )
    return PeoplePart("committees", asks, body, "", "", command)


def _stuck(told: Committees) -> Listing:
    rows = []
    for rule in RULES:
        amounts = {e.opportunity_id: e.amount for e in told.findings if e.code == rule.code}
        worth = compact(sum(amount or 0.0 for amount in amounts.values()))
        unknown = sum(each.opportunities for each in told.unknown if each.code == rule.code)
        rows.append((f"{rule.code}, {rule.name}", f"{len(amounts):,}", worth, f"{unknown:,}"))
    return Listing(
        "Why may they be stuck?",
        ("Finding", "Opportunities", f"Worth, {told.currency}", "Cannot tell for"),
        tuple(rows),
    )


def _committee(each: Committee, told: Committees) -> tuple[str, ...]:
    sold = each.opportunity
    codes = sorted({f.code for f in told.findings if f.opportunity_id == sold.opportunity_id})
    return (
        clipped(sold.opportunity_id, 40),
        clipped(sold.account or "?", 60),
        clipped(sold.stage or "?", 40),
        "unknown" if sold.amount is None else compact(sold.amount),
        f"{len(set(each.covered) & set(each.expected)):,} of {len(each.expected):,}",
        ", ".join(_words(role) for role in each.missing) or "none",
        ", ".join(codes) or "no sign",
    )


def _untold(told: Committees) -> tuple[str, ...]:
    unknown = tuple(
        f"{each.code} is unknown for {each.opportunities:,}: {each.reason.rstrip('.')}."
        for each in told.unknown
    )
    return (*unknown, told.money) if told.money else unknown


def _words(role: str) -> str:
    return role.replace("_", " ")
