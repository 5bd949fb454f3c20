"""The page object of a brief: every text on it, clipped so that one page of A4 holds it."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.checks import Severity
from bullseye.definitions.icp import Mode
from bullseye.faces.report.charts import fit_mark
from bullseye.faces.report.words import clipped, compact, counted, percent, points
from bullseye.pipeline.brief import MOST_CONTACTS, Brief
from bullseye.pipeline.contacts import RankedContact, Says
from bullseye.pipeline.saying import Line, Standing, ToSay, Written
from bullseye.prioritize.run import Holds, Reason, Verdict
from bullseye.synthesize.run.committee import Committee, Member

MOST_PERSONAS = 2
MOST_PROOFS = 1
MOST_REASONS = 8
MOST_MISSING = 4
MOST_LANGUAGE = 2
MOST_OF_MESSAGE = 520
"""How much of everything one page of A4 holds; the JSON of `bullseye brief` has it all."""

DENSE = 9000
"""Length of all that the page holds, written out, from which paper takes smaller letters."""

SIGNS = {Says.FOR: "for", Says.AGAINST: "against", Says.UNKNOWN: "unknown"}


@dataclass(frozen=True)
class ReasonRow:
    """One part of the fit: its name, its points, and whether it is met."""

    name: str
    points: str
    holds: str
    evidence: str


@dataclass(frozen=True)
class SignalRow:
    """One live signal: its sentence, its day and age, its strength and its last day."""

    sentence: str
    on: str
    freshness: str
    strength: str
    until: str


@dataclass(frozen=True)
class ContactRow:
    """One contact: place, name, title, and reasons with what each says for the contact."""

    place: str
    name: str
    title: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoleRow:
    """One expected role on one opportunity: who has it and how sure, or that nobody has."""

    role: str
    who: str
    css: str


@dataclass(frozen=True)
class OpportunityPart:
    """One open opportunity: its name and money, its roles, and why it may be stuck."""

    name: str
    facts: str
    roles: tuple[RoleRow, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class SayPart:
    """What one persona should hear."""

    persona: str
    to: str
    hook: tuple[str, str] | None
    trap: tuple[str, str] | None
    objection: tuple[str, str] | None
    message: str
    message_note: str
    proofs: tuple[str, ...]
    refused: str


@dataclass(frozen=True)
class QuoteRow:
    """Something that was said: the words, who, when, and whether a person confirmed it."""

    quote: str
    note: str


@dataclass(frozen=True)
class Row:
    """A thing, why it stands here, and the command that does something about it."""

    what: str
    why: str
    command: str


@dataclass(frozen=True)
class BriefPage:
    """The page of one account."""

    @property
    def is_dense(self) -> bool:
        """Whether there is so much on it that paper takes smaller letters."""
        return len(repr(self)) > DENSE

    account: str
    tier: str
    facts: tuple[tuple[str, str], ...]
    sentence: str
    fit_value: str
    fit_note: str
    fit_mark: Markup
    reasons: tuple[ReasonRow, ...]
    signals: tuple[SignalRow, ...]
    contacts: tuple[ContactRow, ...]
    contacts_note: str
    opportunities: tuple[OpportunityPart, ...]
    opportunities_note: str
    to_say: tuple[SayPart, ...]
    quotes: tuple[QuoteRow, ...]
    quotes_note: str
    missing: tuple[Row, ...]
    missing_more: int
    language: tuple[str, ...]
    absent: tuple[Row, ...]


def brief_page(found: Brief) -> BriefPage:
    """Return the page of a brief; long texts from data are cut, lists are cut and say so."""
    target, verdict = found.fit.target, found.fit.verdicts[0]
    standing = verdict.standing
    return BriefPage(
        account=clipped(found.account, 70),
        tier=str(target.tier) if target.tier else standing.status,
        facts=tuple(_facts(found)),
        sentence=clipped(found.fit.sentence, 260),
        fit_value=points(standing.fit_score),
        fit_note=(
            f"of 100, between {points(standing.fit_low)} and {points(standing.fit_high)};"
            f" {percent(standing.fit_coverage)} of the points is known"
        ),
        fit_mark=fit_mark(standing.fit_score, standing.fit_low, standing.fit_high),
        reasons=tuple(_reasons(verdict)),
        signals=tuple(_signals(verdict)),
        contacts=tuple(_contact(each) for each in found.contacts.ranked[:MOST_CONTACTS]),
        contacts_note=_contacts_note(found),
        opportunities=tuple(_opportunities(found)),
        opportunities_note=_opportunities_note(found),
        to_say=tuple(map(_say, found.to_say[:MOST_PERSONAS])),
        quotes=tuple(_quotes(found)),
        quotes_note=_quotes_note(found),
        missing=tuple(
            Row(clipped(m.what, 40), clipped(m.why, 80), m.command)
            for m in found.missing[:MOST_MISSING]
        ),
        missing_more=max(len(found.missing) - MOST_MISSING, 0),
        language=tuple(_language(found)),
        absent=tuple(Row(a.part, clipped(a.why, 80), clipped(a.command, 70)) for a in found.absent),
    )


def _facts(found: Brief) -> Iterator[tuple[str, str]]:
    target = found.fit.target
    yield "As known on", found.as_of.isoformat()
    yield "ICP", clipped(target.standing.icp, 40)
    for name, value in (
        ("Industry", target.industry),
        ("Country", target.country),
        ("Employees", None if target.employees is None else f"{target.employees:,}"),
        ("Owner", target.owner),
    ):
        yield name, clipped(value, 40) if value else "not known"
    yield "Run", found.fit.run_id
    yield "Definitions", found.fit.definitions_hash[:12]
    if found.fit.override:
        yield "By hand", clipped(found.fit.override, 80)


def _reasons(verdict: Verdict) -> Iterator[ReasonRow]:
    telling = [  # what does not refuse the account is no news
        each
        for each in verdict.reasons
        if each.mode is not Mode.EXCLUDE or each.holds is not Holds.NOT_MET
    ]
    for each in telling[:MOST_REASONS]:
        evidence = "; ".join(f"{e.source}, {e.known_on}" for e in each.evidence[:2])
        yield ReasonRow(
            clipped(each.name, 32), _points(each), str(each.holds), clipped(evidence, 44)
        )


def _points(reason: Reason) -> str:
    if reason.mode is not Mode.SCORE:
        return str(reason.mode)
    if reason.holds is Holds.UNKNOWN:
        return f"? of {reason.possible:+d}"
    return f"{reason.points or 0:+d} of {reason.possible:+d}"


def _signals(verdict: Verdict) -> Iterator[SignalRow]:
    for each in verdict.signals[:2]:
        yield SignalRow(
            clipped(each.sentence, 110),
            each.occurred_on.isoformat(),
            each.freshness,
            f"{each.strength:.1f} points",
            each.expires_on.isoformat(),
        )


def _contact(each: RankedContact) -> ContactRow:
    return ContactRow(
        f"{each.place}",
        clipped(each.contact.name or each.contact.contact_id, 40),
        clipped(each.contact.title or "title not known", 40),
        tuple((SIGNS[reason.says], clipped(reason.text, 60)) for reason in each.reasons),
    )


def _contacts_note(found: Brief) -> str:
    contacts = found.contacts
    if not contacts.on_file:
        return ""
    shown = min(MOST_CONTACTS, len(contacts.ranked))
    alone = ", ".join(f"{n:,} {why.replace('_', ' ')}" for why, n in contacts.left_alone.items())
    left = f" Left alone: {alone}." if alone else ""
    return (
        f"{shown} of {counted(contacts.on_file, 'contact')} on file. The order is stated, not"
        f" learnt: persona, stance, role, answers, level.{left}"
    )


def _opportunities(found: Brief) -> Iterator[OpportunityPart]:
    sold = found.committees
    for each in sold.committees[:2] if sold else ():
        opportunity = each.opportunity
        amount = (
            "amount not known"
            if opportunity.amount is None
            else f"{found.currency} {compact(opportunity.amount)}"
        )
        yield OpportunityPart(
            clipped(opportunity.name or opportunity.opportunity_id, 70),
            clipped(f"{opportunity.stage or 'stage not known'}, {amount}", 60),
            tuple(_role_row(each, role) for role in each.expected),
            tuple(_findings(found, opportunity.opportunity_id)),
        )


def _role_row(committee: Committee, role: BuyingRole) -> RoleRow:
    """Return who has a role; somebody who may be named goes first."""
    members = sorted(committee.of(role), key=lambda each: each.is_left_alone)
    name = str(role).replace("_", " ")
    if not members:
        return RoleRow(name, "nobody", "against")
    first = members[0]
    return RoleRow(name, clipped(f"{first.name or first.contact_id} ({_sure(first)})", 40), "for")


def _sure(member: Member) -> str:
    if member.probability is None:
        return str(member.how)
    return "written in the CRM" if member.is_written else f"{member.probability:.0%} inferred"


def _findings(found: Brief, opportunity_id: str) -> Iterator[str]:
    mine = [
        each
        for each in (found.committees.findings if found.committees else ())
        if each.opportunity_id == opportunity_id
    ]
    for each in mine[:2]:
        risk = ""
        if each.at_risk is not None:
            money = each.at_risk
            risk = (
                f" At risk: {found.currency} {compact(money.value)}"
                f" (95 % interval {compact(money.low)} to {compact(money.high)})."
            )
        yield clipped(f"{each.code}: {each.says}{risk} {each.next_action}", 170)


def _opportunities_note(found: Brief) -> str:
    sold = found.committees
    if sold is None or not sold.committees:
        return ""
    more = len(sold.committees) - 2
    shown = f"{more:,} more open. " if more > 0 else ""
    return f"{shown}{clipped(sold.money, 160)}".strip()


def _line(line: Line | None) -> tuple[str, str] | None:
    if line is None:
        return None
    note = {Standing.CONFIRMED: "confirmed", Standing.LINKED: "evidence waits for a person"}
    return clipped(line.says, 110), note.get(line.standing, "a guess")


def _say(each: ToSay) -> SayPart:
    who = each.contact.contact
    message, note, refused = "", "", ""
    proofs: tuple[str, ...] = ()
    if isinstance(each.message, Written):
        done = each.message
        subject = f"{done.subject}\n" if done.subject else ""
        message = _short_text(subject + done.text)
        note = f"{done.message}, {done.channel} for a {str(done.role).replace('_', ' ')}"
        proofs = tuple(
            _proof(p.says, p.dated.isoformat(), p.trade_off) for p in done.proofs[:MOST_PROOFS]
        )
    elif each.message is not None:
        refused = clipped(f"{each.message.message} is refused: {each.message.sentence}", 160)
    else:
        refused = f"There is no message for this persona at the stage {each.stage}."
    return SayPart(
        clipped(each.persona, 50),
        clipped(f"{who.name or who.contact_id}, {each.stage} stage", 80),
        _line(each.hook),
        _line(each.trap),
        _line(each.killer_objection),
        message,
        clipped(note, 90),
        proofs,
        refused,
    )


def _proof(says: str, dated: str, trade_off: str | None) -> str:
    beside = f" Said beside it: {trade_off}" if trade_off else ""
    return clipped(f"{says} ({dated}){beside}", 150)


def _short_text(text: str) -> str:
    """Return a message with its paragraphs, and none of them too long."""
    lines = [clipped(line, 200) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)[:MOST_OF_MESSAGE]


def _quotes(found: Brief) -> Iterator[QuoteRow]:
    for each in found.heard.quotes if found.heard else ():
        who = clipped(each.speaker, 40) if each.speaker else "somebody there"
        day = each.on.isoformat() if each.on else "day not known"
        yield QuoteRow(
            clipped(each.quote, 140),
            f"{each.kind}, {each.status}: {who}, {day}, S{each.source_number} E{each.number}",
        )


def _quotes_note(found: Brief) -> str:
    heard = found.heard
    if heard is None or not heard.quotes:
        return ""
    return f"{heard.confirmed:,} confirmed, {heard.candidates:,} waiting for a person."


def _language(found: Brief) -> Iterator[str]:
    telling = [each for each in found.language if each.severity is not Severity.INFO]
    for each in telling[:MOST_LANGUAGE]:
        yield clipped(f"{each.file}: {each.message} ({each.term}).", 110)
