"""Whom to write to at an account first: personas, roles and answers, and who is left alone."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.definitions.role_prior import Assumptions
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Opened
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.suppression import suppression_list
from bullseye.synthesize.ranking import (
    RECENT,
    Answered,
    ContactFound,
    RankedContact,
    RankReason,
    Says,
    ranked,
)
from bullseye.synthesize.role_evidence import acts
from bullseye.synthesize.run.role_reading import assumed_by
from bullseye.synthesize.run.roles import RoleBelief, role_beliefs
from bullseye.warehouse.committee import Touched, touches_of
from bullseye.warehouse.contacts import contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.personas import personas_sql, segments_sql
from bullseye.warehouse.role_facts import TouchFacts
from bullseye.workspace import Workspace

__all__ = [
    "AccountContacts",
    "Answered",
    "ContactFound",
    "RankReason",
    "RankedContact",
    "Says",
    "account_contacts",
    "alone_among",
    "contacts_of",
]

_ANSWERS = frozenset({"replied", "met", "introduced", "signed"})
"""Acts of a contact that are an answer to us."""


@dataclass(frozen=True)
class AccountContacts:
    """The contacts of one account in the order to write to them, as known on a day.

    `on_file` counts all, `left_alone` those that may not be written to, by why. `has_contacts`
    and `has_touches` say whether any are imported in the whole workspace.
    """

    account_id: str
    account: str
    as_of: date
    ranked: tuple[RankedContact, ...]
    on_file: int
    left_alone: Mapping[str, int]
    has_contacts: bool
    has_touches: bool


@dataclass(frozen=True)
class _Row:
    contact_id: str
    name: str | None
    email: str | None
    title: str | None
    level: str | None
    function: str | None
    do_not_contact: bool | None
    persona: str | None


def account_contacts(
    workspace: Workspace, account: str, *, as_of: date | None = None
) -> AccountContacts:
    """Return the contacts of an account, whom to write to first.

    Parameters
    ----------
    workspace
        Where the contacts are.
    account
        The account's id, domain or name.
    as_of
        The newest run not after this day, instead of the newest of all.

    Raises
    ------
    UnknownName
        If no account, or more than one, is called so.
    NotEnoughEvidence
        If nothing has been scored yet, or not by that day.
    """
    found = prioritize.explain(workspace, account, as_of=as_of)
    with prioritize.opened(workspace, as_of=found.as_of) as run:
        return contacts_of(workspace, run, found.target.account_id, found.target.label)


def contacts_of(workspace: Workspace, run: Opened, account_id: str, label: str) -> AccountContacts:
    """Return the contacts of one account of an opened run."""
    imported = {batch.table for batch in workspace.batches(ids=run.run.batch_ids)}
    has_contacts, has_touches = TableName.CONTACTS in imported, TableName.TOUCHES in imported
    if not has_contacts:
        return AccountContacts(account_id, label, run.run.as_of, (), 0, {}, False, has_touches)
    rows = _rows(workspace, run, account_id)
    listed = suppression_list(workspace)
    why = {
        row.contact_id: because
        for row in rows
        if (because := listed.why(row.contact_id, row.email, row.do_not_contact)) is not None
    }
    free = [row for row in rows if row.contact_id not in why]
    beliefs = {
        each.contact_id: each
        for each in role_beliefs(workspace, as_of=run.run.as_of, accounts=[account_id])
    }
    ids = [row.contact_id for row in free]
    touched = _touched(run, ids, assumed_by(workspace)) if has_touches else None
    found = (_found(row, beliefs.get(row.contact_id), touched, run.project) for row in free)
    return AccountContacts(
        account_id,
        label,
        run.run.as_of,
        ranked(found, run.run.as_of),
        len(rows),
        dict(Counter(str(because) for because in why.values())),
        has_contacts,
        has_touches,
    )


def alone_among(workspace: Workspace, run: Opened, contact_ids: Collection[str]) -> frozenset[str]:
    """Return which of some contacts are left alone, and must not be named."""
    listed = suppression_list(workspace)
    table = run.state.table(TableName.CONTACTS)
    if not contact_ids or not table.exists():
        return frozenset(each for each in contact_ids if listed.why(each) is not None)
    ids = ", ".join(DUCKDB.literal(each) for each in sorted(contact_ids))
    rows = run.connection.execute(
        f"SELECT contact_id, email, do_not_contact FROM {contacts_sql(table)}"
        f" WHERE contact_id IN ({ids})"
    ).fetchall()
    known = {str(row[0]): row for row in rows}
    return frozenset(
        each for each in contact_ids if listed.why(*known.get(each, (each, None, None))) is not None
    )


def _rows(workspace: Workspace, run: Opened, account_id: str) -> list[_Row]:
    corrected = corrected_titles(workspace)
    contacts = contacts_sql(run.state.table(TableName.CONTACTS), corrected)
    segments = segments_sql(run.scoring.rendered(run.scores))
    personas = personas_sql(run.project, run.state, corrected, segments)
    rows = run.connection.execute(
        "SELECT c.contact_id, coalesce(nullif(trim(c.full_name), ''),"
        " nullif(trim(concat_ws(' ', c.first_name, c.last_name)), '')), c.email, c.title,"
        " c.level, c.function, c.do_not_contact, p.persona"
        f" FROM {contacts} AS c JOIN {personas} AS p USING (contact_id)"
        f" WHERE c.account_id = {DUCKDB.literal(account_id)} ORDER BY c.contact_id"
    ).fetchall()
    return [_Row(*row) for row in rows]


def _touched(run: Opened, contacts: Sequence[str], assumed: Assumptions) -> Mapping[str, Answered]:
    """Return what came of the touches of some contacts."""
    mine: dict[str, list[Touched]] = {each: [] for each in contacts}
    for touch in touches_of(run.connection, run.state, contacts):
        if touch.contact_id in mine:
            mine[touch.contact_id].append(touch)
    return {each: _answered(found, assumed, run.run.as_of) for each, found in mine.items()}


def _answered(touches: Sequence[Touched], assumed: Assumptions, as_of: date) -> Answered:
    answers = [each.on for each in touches if _ANSWERS & {*acts(_facts(each), assumed.acts)}]
    return Answered(
        len(touches),
        sum(each.on >= as_of - RECENT for each in touches),
        max((each.on for each in touches), default=None),
        max(answers, default=None),
    )


def _facts(touch: Touched) -> TouchFacts:
    return TouchFacts(
        touch.contact_id,
        touch.outcome,
        touch.channel,
        touch.direction,
        touch.subject,
        1,
        touch.touch_id,
        touch.opportunity_id,
        touch.on,
    )


def _found(
    row: _Row,
    belief: RoleBelief | None,
    touched: Mapping[str, Answered] | None,
    project: Project,
) -> ContactFound:
    persona = project.personas.get(row.persona) if row.persona else None
    role = belief.role if belief else None
    confirmed = belief is not None and belief.is_confirmed
    between = belief.ranges.get(role) if belief and role else None
    return ContactFound(
        row.contact_id,
        row.name,
        row.title,
        row.level,
        row.function,
        row.persona,
        True if row.persona else None if not (row.title or "").strip() else False,
        persona.priority if persona else None,
        role,
        confirmed,
        belief.is_written(role) if belief and role else False,
        belief.probabilities.get(role) if belief and role and not confirmed else None,
        between.low if between else None,
        between.high if between else None,
        belief.stance if belief else None,
        touched[row.contact_id] if touched is not None else None,
    )
