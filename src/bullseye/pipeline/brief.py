"""The brief: what a seller needs to know about one account, on one page; steps 2 to 5 together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bullseye.errors import BullseyeError, NotEnoughEvidence
from bullseye.pipeline.contacts import AccountContacts, alone_among, contacts_of
from bullseye.pipeline.saying import ToSay, to_say
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Explanation, Holds, Opened
from bullseye.research.run.evidence import Quote, quotes
from bullseye.research.source import Side, Status
from bullseye.store import research
from bullseye.synthesize.language import LanguageFinding, Text, language_findings
from bullseye.synthesize.messages import Written
from bullseye.synthesize.prose import Format
from bullseye.synthesize.run.committee import Committees, committees
from bullseye.workspace import Workspace

MOST_CONTACTS = 3
MOST_QUOTES = 3


@dataclass(frozen=True)
class Absent:
    """A part of the brief that the data cannot fill: why, and what fills it."""

    part: str
    why: str
    command: str


@dataclass(frozen=True)
class Missing:
    """One thing worth finding out, why, and what to do."""

    what: str
    why: str
    command: str


@dataclass(frozen=True)
class Said:
    """What somebody at the account said: the source's own words."""

    number: int
    source_number: int
    kind: str
    status: Status
    quote: str
    speaker: str | None
    on: date | None


@dataclass(frozen=True)
class Heard:
    """What was said at the account: a few quotes, confirmed ones first, of so many on file."""

    quotes: tuple[Said, ...]
    confirmed: int
    candidates: int


@dataclass(frozen=True)
class Brief:
    """Everything on the page of one account, as known on `as_of`.

    A part without data is None or empty, and stands in `absent` with the command that fills it.
    `fit` is the explanation of the account's best profile first; its numbers carry their ranges.
    """

    account_id: str
    account: str
    as_of: date
    written_on: date
    currency: str
    fit: Explanation
    contacts: AccountContacts
    committees: Committees | None
    to_say: tuple[ToSay, ...]
    heard: Heard | None
    missing: tuple[Missing, ...]
    language: tuple[LanguageFinding, ...]
    absent: tuple[Absent, ...]


def brief(
    workspace: Workspace,
    account: str,
    *,
    as_of: date | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Brief:
    """Return the brief of one account.

    Parameters
    ----------
    workspace
        Where everything is.
    account
        The account's id, domain or name.
    as_of
        The newest run not after this day, and what was known by then; the newest of all where
        absent. What was said is dated by the day it was said.
    progress
        Is told what is being done.

    Raises
    ------
    UnknownName
        If no account, or more than one, is called so.
    NotEnoughEvidence
        If nothing has been scored yet, or not by that day.
    """
    progress("fit")
    found = prioritize.explain(workspace, account, as_of=as_of)
    account_id, label = found.target.account_id, found.target.label
    absent: list[Absent] = []
    progress("contacts")
    with prioritize.opened(workspace, as_of=found.as_of) as run:
        contacts = contacts_of(workspace, run, account_id, label)
        progress("committee")
        sold = _committees(workspace, account_id, found.as_of, absent)
        progress("messages")
        said = to_say(workspace, run, found, contacts, bool(sold and sold.committees))
        progress("quotes")
        heard = _heard(workspace, run, account_id)
    made = Brief(
        account_id,
        label,
        found.as_of,
        workspace.today,
        workspace.project.settings.currency,
        found,
        contacts,
        sold,
        said,
        heard,
        (),
        _language(workspace, said),
        (),
    )
    absent += _absent(workspace, made)
    return replace(made, missing=_missing(made), absent=tuple(absent))


def _committees(
    workspace: Workspace, account_id: str, as_of: date, absent: list[Absent]
) -> Committees | None:
    try:
        return committees(workspace, account_id, as_of=as_of)
    except NotEnoughEvidence as error:
        absent.append(_absent_by("Opportunities", error))
        return None


def _absent_by(part: str, error: BullseyeError) -> Absent:
    return Absent(part, error.problem.rstrip("."), error.hint)


def _heard(workspace: Workspace, run: Opened, account_id: str) -> Heard | None:
    """Return what was said at an account by a day; None where no research is on file at all."""
    if not research.listed(workspace.store):
        return None
    found = [
        each
        for each in quotes(workspace, account=account_id)
        if each.status is not Status.REJECTED
        and each.side is Side.CUSTOMER
        and (each.occurred_on is None or each.occurred_on <= run.run.as_of)
    ]
    found.sort(key=_confirmed_and_newest_first)
    alone = alone_among(workspace, run, {each.contact_id for each in found if each.contact_id})
    confirmed = sum(each.status is Status.CONFIRMED for each in found)
    return Heard(
        tuple(_said(each, each.contact_id not in alone) for each in found[:MOST_QUOTES]),
        confirmed,
        len(found) - confirmed,
    )


def _confirmed_and_newest_first(each: Quote) -> tuple[bool, int, int]:
    day = each.occurred_on or date.min
    return each.status is not Status.CONFIRMED, -day.toordinal(), each.number


def _said(each: Quote, may_be_named: bool) -> Said:
    return Said(
        each.number,
        each.source_number,
        str(each.kind).replace("_", " "),
        each.status,
        each.quote,
        each.speaker if may_be_named else None,
        each.occurred_on,
    )


def _language(workspace: Workspace, said: tuple[ToSay, ...]) -> tuple[LanguageFinding, ...]:
    """Return what the messages on the page say against the shared language."""
    texts = [
        Text(f"message {each.message.message}", each.message.text, Format.PLAIN)
        for each in said
        if isinstance(each.message, Written)
    ]
    return tuple(language_findings(texts, workspace.project.terms)) if texts else ()


def _absent(workspace: Workspace, made: Brief) -> list[Absent]:
    project, contacts, found = workspace.project, made.contacts, list[Absent]()
    if not contacts.has_contacts:
        found.append(Absent("Who", "no contacts are imported", "bullseye import contacts FILE"))
    elif not contacts.on_file:
        found.append(
            Absent("Who", "no contact of this account is on file", "bullseye import contacts FILE")
        )
    elif not contacts.ranked:
        found.append(Absent("Who", "everybody here is left alone", "bullseye suppressions"))
    if contacts.has_contacts and not contacts.has_touches:
        why = "no touches are imported, so nobody's answers are known"
        found.append(Absent("Answers", why, "bullseye import touches FILE"))
    if not project.personas:
        found.append(Absent("What to say", "no persona is defined", "bullseye personas"))
    elif contacts.ranked and not made.to_say:
        why = "no contact here fits a persona"
        found.append(Absent("What to say", why, "bullseye titles list --unknown"))
    if made.heard is None:
        why = "no conversations are imported"
        found.append(Absent("What they said", why, "bullseye research import FILES"))
    elif not made.heard.quotes:
        why = "nothing that was said here is kept as evidence"
        found.append(Absent("What they said", why, "bullseye research evidence"))
    if not project.terms:
        why = "no term is defined, so no word is checked"
        found.append(Absent("Language", why, "bullseye language check"))
    return found


def _missing(made: Brief) -> tuple[Missing, ...]:
    target, verdict = made.fit.target, made.fit.verdicts[0]
    found = list[Missing]()
    if target.fill_next is not None:
        why = "the field to fill first"
        if target.fill_chance is not None:
            why = f"filling it changes the tier with a chance of {target.fill_chance:.0%}"
        found.append(Missing(target.fill_next, why, "bullseye worklist"))
    found += [
        Missing(reason.name, f"not known: {reason.rule}", "bullseye worklist")
        for reason in verdict.reasons
        if reason.holds is Holds.UNKNOWN
    ]
    for each in made.committees.committees if made.committees else ():
        name = each.opportunity.name or each.opportunity.opportunity_id
        found += [
            Missing(
                str(role).replace("_", " "), f"nobody has this role on {name}", "bullseye roles"
            )
            for role in each.missing
        ]
    for said in made.to_say:
        blank = ", ".join(each.replace("_", " ") for each in said.blanks)
        if blank:
            why = f"blank for {said.persona}: ask three of them"
            found.append(Missing(blank, why, f"bullseye personas show {said.persona}"))
        if said.message is None:
            why = f"no message for {said.persona} at this stage"
            found.append(Missing(f"stage {said.stage}", why, "bullseye coverage"))
    return tuple(found)
