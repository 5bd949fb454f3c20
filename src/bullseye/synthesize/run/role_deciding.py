"""Let a person confirm, reject or take back a contact's buying role or stance."""

import duckdb

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.store import roles as decisions
from bullseye.store.roles import About, NewRoleDecision, RoleDecision
from bullseye.synthesize.run.role_reading import contacts_on, state_on
from bullseye.warehouse.role_facts import ContactFacts, account_of_opportunity, accounts_called
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

WORDS = (*(each.value for each in BuyingRole), *(each.value for each in Stance))
"""What can be confirmed or rejected."""

__all__ = ["WORDS", "account_called", "decide", "decisions_kept", "withdraw"]


def decide(
    workspace: Workspace,
    contact_id: str,
    value: str,
    *,
    holds: bool,
    reason: str,
    opportunity_id: str | None = None,
    dry_run: bool = False,
) -> NewRoleDecision:
    """Record that a contact has, or has not, a role or a stance; it goes before any inference.

    Parameters
    ----------
    workspace
        Where the contact is.
    contact_id
        The contact.
    value
        One of `WORDS`.
    holds
        Whether the contact has it.
    reason
        Why, in a sentence.
    opportunity_id
        The one purchase it is said of; all of them if absent.
    dry_run
        Check everything, record nothing.

    Raises
    ------
    UnknownName
        If there is no such contact, role or opportunity.
    UsageError
        If the reason is blank, or the opportunity is another account's.
    """
    if value not in WORDS:
        raise UnknownName("role or stance", value, WORDS)
    if not reason.strip():
        raise UsageError("A decision needs its reason.", hint="Say it with: --reason TEXT")
    _check(workspace, contact_id, opportunity_id)
    new = NewRoleDecision(
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        about=About.ROLE if value in set(BuyingRole) else About.STANCE,
        value=value,
        holds=holds,
        author=workspace.actor,
        reason=reason,
        created_at=workspace.now(),
    )
    if dry_run:
        return new
    with workspace.alone("decide a role"):
        return decisions.add(workspace.store, new)


def withdraw(
    workspace: Workspace,
    contact_id: str,
    value: str,
    *,
    opportunity_id: str | None = None,
    dry_run: bool = False,
) -> RoleDecision:
    """Take back what was decided on a role or stance of a contact; the inference shows again.

    Raises
    ------
    UnknownName
        If nothing is decided on it.
    """
    if dry_run:
        wanted = (contact_id, value, opportunity_id)
        for each in decisions.active(workspace.store):
            if (each.contact_id, each.value, each.opportunity_id) == wanted:
                return each
        hint = "See what is decided with: bullseye roles decisions"
        raise UnknownName("decided role", f"{value} of {contact_id}", (), hint=hint)
    with workspace.alone("withdraw a role"):
        return decisions.withdraw(
            workspace.store,
            contact_id,
            value,
            opportunity_id=opportunity_id,
            at=workspace.now(),
            actor=workspace.actor,
        )


def decisions_kept(workspace: Workspace) -> tuple[RoleDecision, ...]:
    """Return what people decided and holds, in the order they did."""
    return decisions.active(workspace.store)


def account_called(workspace: Workspace, wanted: str) -> tuple[str, str | None]:
    """Return the id and name of the account called so: its id, domain or name.

    Raises
    ------
    UnknownName
        If no account is called so.
    UsageError
        If more than one is.
    """
    with workspace.connection() as connection:
        found = accounts_called(connection, _state(workspace, connection), wanted)
    if not found:
        hint = "See them with: bullseye accounts"
        raise UnknownName("account", wanted, (), hint=hint)
    if len(found) > 1:
        ids = ", ".join(account_id for account_id, _ in found[:5])
        raise UsageError(f"{len(found):,} accounts are called {wanted!r}.", hint=f"Name one: {ids}")
    return found[0]


def _check(workspace: Workspace, contact_id: str, opportunity_id: str | None) -> None:
    with workspace.connection() as connection:
        state = _state(workspace, connection)
        contact = _contact(workspace, connection, state, contact_id)
        if opportunity_id is None:
            return
        accounts = account_of_opportunity(connection, state, opportunity_id)
    if not accounts:
        raise UnknownName(
            "opportunity", opportunity_id, (), hint="Import it: bullseye import opportunities FILE"
        )
    if None not in (accounts[0], contact.account_id) and accounts[0] != contact.account_id:
        raise UsageError(
            f"Opportunity {opportunity_id!r} is of account {accounts[0]!r}, and the contact of"
            f" {contact.account_id!r}.",
            hint="Leave --opportunity out, or name one of the contact's account.",
        )


def _contact(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, state: State, contact_id: str
) -> ContactFacts:
    if state.table(TableName.CONTACTS).exists():
        for each in contacts_on(workspace, connection, state):
            if each.contact_id == contact_id:
                return each
    raise UnknownName("contact", contact_id, (), hint="See them with: bullseye roles ACCOUNT")


def _state(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> State:
    if not workspace.batches():
        raise NotEnoughEvidence(
            "Nothing is imported yet.", hint="Import with: bullseye import contacts FILE"
        )
    return state_on(workspace, connection, workspace.today)
