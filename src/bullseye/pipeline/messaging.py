"""Who is who, what each needs to hear, and where nothing can be said: steps 2 and 4 together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.definitions.contract import Breach
from bullseye.definitions.field import TableName
from bullseye.definitions.journey import JourneyStage
from bullseye.definitions.message import Message
from bullseye.errors import UnknownName, UsageError
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.prioritize.why_now import WhyNow
from bullseye.store import runs
from bullseye.suppression import suppression_list
from bullseye.synthesize.coverage import Cell, CellState, CoverageMap
from bullseye.synthesize.messages import LiveSignal, Recipient, Refused, Written
from bullseye.synthesize.persona_cards import PersonaCard, Standing
from bullseye.synthesize.run import messaging
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.personas import segments_sql
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

__all__ = [
    "Breach",
    "Cell",
    "CellState",
    "CoverageMap",
    "MessageRow",
    "PersonaCard",
    "Refused",
    "Standing",
    "Written",
    "coverage",
    "message_rows",
    "message_to",
    "persona",
    "persona_list",
]


@dataclass(frozen=True)
class MessageRow:
    """One message, and everything by which it breaks the contract today."""

    definition: Message
    breaches: tuple[Breach, ...]


@dataclass(frozen=True)
class _People:
    """The contacts as known on a day, opened for questions; `segments` as a run says."""

    connection: duckdb.DuckDBPyConnection
    state: State
    segments: str | None
    corrected: tuple[Corrected, ...]


def persona_list(workspace: Workspace, *, as_of: date | None = None) -> tuple[PersonaCard, ...]:
    """Return every persona with the contacts it has, and what it stands on."""
    with _people(workspace, as_of) as people:
        if people is None:
            return messaging.cards(workspace, as_of or workspace.today, None)
        counted = messaging.contacts_by_persona(
            workspace, people.connection, people.state, people.segments, people.corrected
        )
        return messaging.cards(workspace, people.state.as_of, counted)


def persona(workspace: Workspace, name: str, *, as_of: date | None = None) -> PersonaCard:
    """Return one persona, or raise `UnknownName`."""
    if name not in workspace.project.personas:
        raise UnknownName("persona", name, workspace.project.personas)
    return next(each for each in persona_list(workspace, as_of=as_of) if each.name == name)


def coverage(workspace: Workspace, *, as_of: date | None = None) -> CoverageMap:
    """Return who can be told what at which stage by which channel, and the gaps."""
    with _people(workspace, as_of) as people:
        if people is None:
            return messaging.empty_coverage(workspace, as_of or workspace.today)
        return messaging.coverage(
            workspace, people.connection, people.state, people.segments, people.corrected
        )


def message_rows(workspace: Workspace) -> tuple[MessageRow, ...]:
    """Return every message by persona, stage and name, held against the contract of today."""
    broken = messaging.broken_messages(workspace, workspace.today)
    stages = list(JourneyStage)
    messages = sorted(
        workspace.project.messages.values(),
        key=lambda each: (each.persona, stages.index(each.stage), each.name),
    )
    return tuple(MessageRow(each, broken[each.name]) for each in messages)


def message_to(
    workspace: Workspace,
    name: str,
    account: str,
    *,
    contact_id: str | None = None,
    as_of: date | None = None,
) -> Written | Refused:
    """Return a message as written to a contact at an account, or why it is refused.

    Parameters
    ----------
    workspace
        Where the message is.
    name
        The message.
    account
        The account's id, domain or name, as the newest run knows it.
    contact_id
        The contact; without it the message greets nobody by name.
    as_of
        The day meant; the newest run's where absent.

    Raises
    ------
    UnknownName
        If the message, the account or the contact is not known.
    UsageError
        If the message is for another tier, or the contact is left alone.
    """
    message = messaging.message_named(workspace, name)
    found = prioritize.explain(workspace, account, as_of=as_of)
    tier = found.target.tier
    if message.tier is not None and message.tier is not tier:
        raise UsageError(
            f"Message {name} is for {message.tier} accounts; {found.target.label} is"
            f" {tier or 'of no tier'}.",
            hint="See which others there are: bullseye messages",
        )
    contact = None
    if contact_id is not None:
        contact = _given_name(workspace, contact_id, found.target.account_id, as_of)
    live = found.verdicts[0].signals if found.verdicts else ()
    signals = tuple(live_signal(each) for each in live if each.strength > 0)
    recipient = Recipient(found.target.label, contact, signals)
    customers = customer_names(workspace, as_of)
    return messaging.write_message(workspace, name, recipient, found.as_of, customers)


def live_signal(live: WhyNow) -> LiveSignal:
    """Return a live signal as messages read it."""
    event = live.event
    facts = {
        "subject": event.subject or "",
        "detail": event.detail or "",
        "value": "" if event.value is None else f"{event.value:g}",
    }
    return LiveSignal(live.signal, live.sentence, live.occurred_on, live.strength, facts)


def _given_name(
    workspace: Workspace, contact_id: str, account_id: str, as_of: date | None
) -> str | None:
    """Return the given name of a contact at an account; None where it is not known."""
    with _people(workspace, as_of) as people:
        row = None
        if people is not None:
            contacts = contacts_sql(people.state.table(TableName.CONTACTS))
            rows = people.connection.execute(
                f"SELECT first_name, email, do_not_contact FROM {contacts} WHERE contact_id ="
                f" {DUCKDB.literal(contact_id)} AND account_id = {DUCKDB.literal(account_id)}"
            ).fetchall()
            row = rows[0] if rows else None
    if row is None:
        hint = "See who is there: bullseye contacts ACCOUNT"
        raise UnknownName("contact at this account", contact_id, (), hint=hint)
    because = suppression_list(workspace).why(contact_id, row[1], row[2])
    if because is not None:
        raise UsageError(
            f"Contact {contact_id} is left alone: {because}.",
            hint="Write to somebody else: nothing is written to a contact who is left alone.",
        )
    return row[0].strip() or None if row[0] else None


def customer_names(workspace: Workspace, as_of: date | None) -> tuple[str, ...]:
    """Return the names of the accounts that buy from us: only proofs about them may drop them."""
    with _people(workspace, as_of) as people:
        if people is None:
            return ()
        rows = people.connection.execute(
            f"SELECT DISTINCT name FROM {reading(people.state.accounts)}"
            " WHERE is_customer AND name IS NOT NULL ORDER BY name"
        ).fetchall()
    return tuple(str(name) for (name,) in rows)


@contextmanager
def _people(workspace: Workspace, as_of: date | None) -> Iterator[_People | None]:
    """Yield the contacts as known on a day; None where none are imported."""
    batches = workspace.batches(up_to=as_of)
    if not any(batch.table is TableName.CONTACTS for batch in batches):
        yield None
        return
    corrected = corrected_titles(workspace)
    if runs.done_as_of(workspace.store, as_of or date.max) is not None:
        with prioritize.opened(workspace, as_of=as_of) as run:
            segments = segments_sql(run.scoring.rendered(run.scores))
            yield _People(run.connection, run.state, segments, corrected)
        return
    with workspace.connection() as connection:
        ids = tuple(batch.number for batch in batches)
        state = workspace.state(connection, workspace.project, ids, as_of or workspace.today)
        yield _People(connection, state, None, corrected)
