"""What the workspace knows of its contacts and their parts: tables, decisions, and words said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import duckdb

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.evidence import Side, Status
from bullseye.definitions.field import TableName
from bullseye.definitions.role_prior import Assumptions, assumptions
from bullseye.errors import DefinitionError
from bullseye.store import evidence, research
from bullseye.store import roles as decisions
from bullseye.store import titles as title_overrides
from bullseye.store.research import KeptTurn
from bullseye.store.roles import About, RoleDecision
from bullseye.synthesize.role_evidence import (
    QUOTED,
    Observed,
    Quoted,
    Said,
    acted,
    quoted,
    told,
    written_down,
)
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.contacts import Corrected
from bullseye.warehouse.role_facts import (
    ContactFacts,
    WrittenRole,
    contact_facts,
    touch_facts,
    wanted_accounts,
    written_roles,
)
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Known:
    """What is known of contacts on a day.

    `observed` holds every observation, `decided` people's decisions by contact, `unknown_words`
    the roles of the CRM that mean none of ours, with their rows, and `waiting` counts the quotes
    of contacts that would count if a person confirmed them.
    """

    as_of: date
    contacts: tuple[ContactFacts, ...]
    observed: tuple[Observed, ...]
    written: tuple[WrittenRole, ...]
    decided: Mapping[str, tuple[RoleDecided, ...]]
    unknown_words: Mapping[str, int]
    waiting: int

    @property
    def opportunities(self) -> Mapping[str, tuple[str, ...]]:
        """The opportunities each contact is written down on."""
        found: dict[str, list[str]] = {}
        for row in self.written:
            found.setdefault(row.contact_id, []).append(row.opportunity_id)
        return {contact_id: tuple(ids) for contact_id, ids in found.items()}


def assumed_by(workspace: Workspace) -> Assumptions:
    """Return the stated prior and weights that hold in a workspace.

    Raises
    ------
    DefinitionError
        If there is more than one definition, or it names evidence that does not exist.
    """
    own = workspace.project.roles
    if len(own) > 1:
        raise DefinitionError(
            f"{len(own)} definitions say what to assume of buying roles: {', '.join(sorted(own))}.",
            place="roles/",
            hint="Keep one of them.",
        )
    return assumptions(next(iter(own.values()), None))


def state_on(workspace: Workspace, connection: duckdb.DuckDBPyConnection, day: date) -> State:
    """Return what was known on a day."""
    ids = tuple(batch.number for batch in workspace.batches(up_to=day))
    return workspace.state(connection, workspace.project, ids, day)


def contacts_on(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    state: State,
    accounts: Sequence[str] | None = None,
) -> tuple[ContactFacts, ...]:
    """Return the contacts as known in a state; people's word on titles goes before the rules."""
    corrected = tuple(
        Corrected(each.title_norm, each.level, each.function)
        for each in title_overrides.active(workspace.store)
    )
    return tuple(contact_facts(connection, state, corrected, accounts))


def known_on(
    workspace: Workspace, assumed: Assumptions, day: date, accounts: Sequence[str] | None = None
) -> Known:
    """Return what is known on a day of the contacts of some accounts, or of all.

    The accounts in which people gave a role are there too, so that the same is learnt whichever
    accounts are asked about.
    """
    decided = decided_by(workspace, day)
    with workspace.connection() as connection:
        state = state_on(workspace, connection, day)
        if not state.table(TableName.CONTACTS).exists():
            return Known(day, (), (), (), MappingProxyType({}), MappingProxyType({}), 0)
        written = written_roles(connection, state)
        wanted = None
        if accounts is not None:
            labelled = sorted({*decided, *(row.contact_id for row in written if row.role)})
            wanted = wanted_accounts(connection, state, accounts, labelled)
        contacts = contacts_on(workspace, connection, state, wanted)
        touches = touch_facts(connection, state, wanted)
    by_id = {each.contact_id: each for each in contacts}
    on_opportunities, unknown_words = written_down(written, assumed)
    quotes, waiting = _quotes(workspace, by_id, day)
    observed = (
        *on_opportunities,
        *acted(touches, assumed),
        *told(_said(workspace, by_id, day), contacts),
        *quoted(quotes),
    )
    return Known(
        day,
        contacts,
        tuple(each for each in observed if each.on <= day),
        tuple(written),
        decided,
        MappingProxyType(dict(unknown_words)),
        waiting,
    )


def decided_by(workspace: Workspace, day: date) -> Mapping[str, tuple[RoleDecided, ...]]:
    """Return what people had decided by the end of a day, by contact.

    What is said of one opportunity comes after what is said of all, and goes before it. What was
    decided on a contact that was merged away since holds for the one that stays.
    """
    stays = workspace.decisions().survivors(TableName.CONTACTS)
    moment = datetime.combine(day + timedelta(days=1), time(), UTC)
    known_at = None if day >= workspace.today else moment
    found: dict[str, list[RoleDecided]] = {}
    kept = decisions.active(workspace.store, known_at=known_at)
    for each in sorted(kept, key=lambda one: (one.opportunity_id is not None, one.id)):
        contact_id = stays.get(each.contact_id, each.contact_id)
        found.setdefault(contact_id, []).append(_decided(each))
    return {contact_id: tuple(each) for contact_id, each in found.items()}


def _decided(each: RoleDecision) -> RoleDecided:
    return RoleDecided(
        role=BuyingRole(each.value) if each.about is About.ROLE else None,
        stance=Stance(each.value) if each.about is About.STANCE else None,
        holds=each.holds,
        author=each.author,
        reason=each.reason,
        source=f"decision {each.id}",
        on=each.created_at.date(),
        opportunity_id=each.opportunity_id,
    )


def _said(workspace: Workspace, contacts: Mapping[str, ContactFacts], day: date) -> Iterable[Said]:
    """Yield what these contacts said by a day, in sources that were there by then."""
    sources = {
        each.id: each
        for each in research.listed(workspace.store)
        if each.imported_at.date() <= day and (each.occurred_on or each.imported_at.date()) <= day
    }
    if not sources:
        return
    for source_id, turn, contact_id in _turns(workspace):
        contact = contacts.get(contact_id)
        if contact is None or source_id not in sources:
            continue
        source = sources[source_id]
        yield Said(
            contact.contact_id,
            contact.account_id,
            source.opportunity_id,
            turn.text,
            f"S{source_id}, turn {turn.turn_index}",
            source.occurred_on or source.imported_at.date(),
        )


def _turns(workspace: Workspace) -> Iterator[tuple[int, KeptTurn, str]]:
    """Yield the turns of known contacts who are not of our side, with the contact that stays."""
    stays = workspace.decisions().survivors(TableName.CONTACTS)
    for source_id, turn in research.all_turns(workspace.store):
        if turn.contact_id is not None and turn.side is not Side.US:
            yield source_id, turn, stays.get(turn.contact_id, turn.contact_id)


def _quotes(
    workspace: Workspace, contacts: Mapping[str, ContactFacts], day: date
) -> tuple[list[Quoted], int]:
    """Return the confirmed quotes of these contacts, and how many wait for a person."""
    sources = {each.id: each for each in research.listed(workspace.store)}
    kept = [
        each
        for each in evidence.listed(workspace.store)
        if each.kind in QUOTED
        and each.status is not Status.REJECTED
        and each.created_at.date() <= day
    ]
    if not kept:
        return [], 0
    speakers = {
        (source_id, turn.turn_index): contact_id
        for source_id, turn, contact_id in _turns(workspace)
        if contact_id in contacts
    }
    found, waiting = [], 0
    for each in kept:
        speaker = speakers.get((each.source_id, each.turn_index))
        if speaker is None:
            continue
        if each.status is not Status.CONFIRMED or (
            each.reviewed_at is not None and each.reviewed_at.date() > day
        ):
            waiting += 1
            continue
        source = sources[each.source_id]
        on = source.occurred_on or source.imported_at.date()
        found.append(
            Quoted(speaker, source.opportunity_id, each.kind, each.quote, f"E{each.id}", on)
        )
    return found, waiting
