"""The buying roles of the workspace's contacts, as known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.field import TableName
from bullseye.definitions.role_prior import Assumptions
from bullseye.suppression import suppressed_table
from bullseye.synthesize.role_evidence import by_contact
from bullseye.synthesize.role_learning import Learnt, examples, labels, learnt
from bullseye.synthesize.roles import TITLE, Range, RoleBelief, RoleReason, role_belief
from bullseye.synthesize.run.role_reading import Known, assumed_by, known_on, state_on
from bullseye.synthesize.stance import RoleDecided, StanceReason
from bullseye.warehouse.contacts import contacts_sql
from bullseye.workspace import Workspace

__all__ = [
    "TITLE",
    "Range",
    "RoleBelief",
    "RoleList",
    "RoleReason",
    "StanceReason",
    "learnt_from",
    "role_beliefs",
    "role_list",
]


@dataclass(frozen=True)
class RoleList:
    """Beliefs that may be shown, and how many contacts are left alone and so are not named."""

    as_of: date
    beliefs: tuple[RoleBelief, ...]
    left_alone: int


def role_list(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    accounts: Sequence[str] | None = None,
    opportunity: str | None = None,
) -> RoleList:
    """Return the beliefs of `role_beliefs` without the contacts who are to be left alone now.

    Raises
    ------
    InputError
        If the suppression list cannot be read: then nobody may be named.
    """
    day = as_of or workspace.today
    found = role_beliefs(workspace, as_of=day, accounts=accounts, opportunity=opportunity)
    if not found:
        return RoleList(day, (), 0)
    with workspace.connection() as connection:
        contacts = contacts_sql(state_on(workspace, connection, day).table(TableName.CONTACTS))
        table = suppressed_table(workspace, connection, contacts)
        rows = connection.execute(f"SELECT contact_id FROM {table}").fetchall()
    alone = {contact_id for (contact_id,) in rows}
    shown = tuple(each for each in found if each.contact_id not in alone)
    return RoleList(day, shown, len(found) - len(shown))


def role_beliefs(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    accounts: Sequence[str] | None = None,
    opportunity: str | None = None,
) -> tuple[RoleBelief, ...]:
    """Return what is believed of each contact's buying role, in order of account and contact.

    Parameters
    ----------
    workspace
        Where the contacts are.
    as_of
        The day; nothing known later is used. Today if absent.
    accounts
        Only contacts of these accounts; all if absent.
    opportunity
        Only contacts written down on this opportunity, and people's decisions on it or on none.

    Returns
    -------
    tuple
        One belief per contact on file; empty where no contacts are.

    Raises
    ------
    NotEnoughEvidence
        If no accounts are imported.
    DefinitionError
        If the definitions say twice what to assume, or name evidence that does not exist.
    """
    assumed = assumed_by(workspace)
    known = known_on(workspace, assumed, as_of or workspace.today, accounts)
    return beliefs_of(known, assumed, accounts=accounts, opportunity=opportunity)


def beliefs_of(
    known: Known,
    assumed: Assumptions,
    *,
    accounts: Sequence[str] | None = None,
    opportunity: str | None = None,
) -> tuple[RoleBelief, ...]:
    """Return the beliefs that follow from what is known; see `role_beliefs`."""
    taught = learnt_from(known, assumed)
    observed = by_contact(known.observed)
    opportunities = known.opportunities
    wanted = None if accounts is None else set(accounts)
    return tuple(
        role_belief(
            contact,
            observed.get(contact.contact_id, ()),
            _decided(known, contact.contact_id, opportunity),
            taught,
            assumed,
            opportunity_ids=opportunities.get(contact.contact_id, ()),
            as_of=known.as_of,
        )
        for contact in known.contacts
        if (wanted is None or contact.account_id in wanted)
        and (opportunity is None or opportunity in opportunities.get(contact.contact_id, ()))
    )


def learnt_from(known: Known, assumed: Assumptions) -> Learnt:
    """Return what the roles people gave by the day teach."""
    found = labels(known.observed, known.decided)
    return learnt(examples(known.contacts, known.observed, found, assumed), assumed)


def _decided(known: Known, contact_id: str, opportunity: str | None) -> tuple[RoleDecided, ...]:
    """Return the decisions that count: with an opportunity, those on it or on none.

    Without one, a role that was rejected on one opportunity only is not rejected everywhere.
    """
    found = known.decided.get(contact_id, ())
    if opportunity is not None:
        return tuple(each for each in found if each.opportunity_id in (None, opportunity))
    return tuple(each for each in found if each.holds or each.opportunity_id is None)
