"""What to say to whom at one account: per persona its card and the message that may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.definitions.journey import JourneyStage
from bullseye.definitions.message import Message
from bullseye.pipeline.contacts import AccountContacts
from bullseye.pipeline.messaging import customer_names, live_signal
from bullseye.prioritize.run import Explanation, Opened
from bullseye.synthesize.journeys import NEW_CUSTOMER_DAYS, TOUCHED_DAYS
from bullseye.synthesize.messages import Recipient, Refused, Written
from bullseye.synthesize.persona_cards import PersonaCard, Standing
from bullseye.synthesize.ranking import ContactFound, RankedContact
from bullseye.synthesize.run import messaging
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

__all__ = ["Line", "Refused", "Standing", "ToSay", "Written", "to_say"]

MOST_PERSONAS = 3


@dataclass(frozen=True)
class Line:
    """One statement about a persona, and on what it stands: evidence, or a guess."""

    says: str
    standing: Standing


@dataclass(frozen=True)
class ToSay:
    """What one persona at the account should hear.

    `contact` is the best ranked of that persona. `stage` is where on the journey that contact
    stands, by the stated rule of the coverage map. `message` is the first message of that
    persona and stage that keeps the contract, or the refusal of the first that does not, or None
    where there is none.
    """

    persona: str
    contact: RankedContact
    stage: JourneyStage
    hook: Line | None
    trap: Line | None
    killer_objection: Line | None
    blanks: tuple[str, ...]
    message: Written | Refused | None


def to_say(
    workspace: Workspace,
    run: Opened,
    found: Explanation,
    contacts: AccountContacts,
    has_open: bool,
) -> tuple[ToSay, ...]:
    """Return what to say to the best ranked contact of each persona, at most three of them.

    Parameters
    ----------
    workspace, run, found
        The workspace, an opened run, and the explanation of the account in it.
    contacts
        The ranked contacts of the account.
    has_open
        Whether the account has an open opportunity.
    """
    cards = {card.name: card for card in messaging.cards(workspace, found.as_of, None)}
    first: dict[str, RankedContact] = {}
    for each in contacts.ranked:
        if each.contact.persona in cards:  # a persona of the run may be gone from the files
            first.setdefault(each.contact.persona, each)
    if not first:
        return ()
    since = _customer_since(run, contacts.account_id)
    customers = customer_names(workspace, found.as_of)
    return tuple(
        _to_say(
            workspace,
            found,
            cards[persona],
            contact,
            _stage(contact.contact, since, has_open, found.as_of),
            customers,
        )
        for persona, contact in list(first.items())[:MOST_PERSONAS]
    )


def _to_say(
    workspace: Workspace,
    found: Explanation,
    card: PersonaCard,
    contact: RankedContact,
    stage: JourneyStage,
    customers: tuple[str, ...],
) -> ToSay:
    lines = {each.entry: Line(each.says, each.standing) for each in card.statements}
    return ToSay(
        card.name,
        contact,
        stage,
        lines.get("hook") or _first(lines, "pains"),
        lines.get("trap"),
        lines.get("killer_objection") or _first(lines, "objections"),
        card.blanks,
        _message(workspace, found, contact.contact, stage, customers),
    )


def _first(lines: Mapping[str, Line], entry: str) -> Line | None:
    return next((line for name, line in lines.items() if name.startswith(entry)), None)


def _message(
    workspace: Workspace,
    found: Explanation,
    contact: ContactFound,
    stage: JourneyStage,
    customers: tuple[str, ...],
) -> Written | Refused | None:
    """Return the message that may be sent; the role it is written for goes first, then the name."""
    tier = found.target.tier
    fitting = [
        each
        for each in workspace.project.messages.values()
        if each.persona == contact.persona and each.stage is stage and each.tier in (None, tier)
    ]
    signals = tuple(live_signal(each) for each in found.verdicts[0].signals if each.strength > 0)
    given = contact.name.split()[0] if contact.name and contact.name.split() else None
    recipient = Recipient(found.target.label, given, signals)
    refused: Refused | None = None
    for each in sorted(fitting, key=lambda m: _suits(m, contact.role)):
        done = messaging.write_message(workspace, each.name, recipient, found.as_of, customers)
        if isinstance(done, Written):
            return done
        refused = refused or done
    return refused


def _suits(message: Message, role: BuyingRole | None) -> tuple[bool, bool, str]:
    return role is not None and message.role is not role, message.tier is None, message.name


def _customer_since(run: Opened, account_id: str) -> date | None:
    """Return since when the account buys from us, far back where only the CRM says so."""
    text = DUCKDB.literal(account_id)
    day = f"DATE {DUCKDB.literal(run.run.as_of.isoformat())}"
    table = run.state.table(TableName.SUBSCRIPTIONS)
    if table.exists():
        rows = run.connection.execute(
            f"SELECT min(started_on) FROM {reading(table)} WHERE account_id = {text}"
            f" AND started_on <= {day} AND coalesce(ended_on > {day}, TRUE)"
        ).fetchall()
        if rows[0][0] is not None:
            since: date = rows[0][0]
            return since
    buys = run.connection.execute(
        f"SELECT is_customer FROM {reading(run.state.accounts)} WHERE account_id = {text}"
    ).fetchall()
    return date.min if buys and buys[0][0] else None


def _stage(contact: ContactFound, since: date | None, has_open: bool, as_of: date) -> JourneyStage:
    """Return where a contact stands, by the rule that the coverage map states."""
    if since is not None:
        is_new = since > as_of - timedelta(days=NEW_CUSTOMER_DAYS) if since > date.min else False
        return JourneyStage.ONBOARDING if is_new else JourneyStage.RENEWAL
    if has_open:
        return JourneyStage.DECISION
    touched, limit = contact.touched, as_of - timedelta(days=TOUCHED_DAYS)
    if touched is not None and touched.last_answer is not None and touched.last_answer >= limit:
        return JourneyStage.SOLUTION
    is_recent = touched is not None and touched.recent > 0
    return JourneyStage.PROBLEM if is_recent else JourneyStage.UNAWARE
