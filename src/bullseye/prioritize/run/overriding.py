"""A person's decision about an account's tier, kept apart from the computed one."""

from datetime import date

from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName, UsageError
from bullseye.prioritize.listing import Wish
from bullseye.prioritize.run.published import opened
from bullseye.prioritize.run.target_list import targets_of
from bullseye.store import overrides
from bullseye.store.overrides import NewOverride, Override
from bullseye.workspace import Workspace


def override(
    workspace: Workspace,
    account_id: str,
    tier: Tier,
    *,
    reason: str,
    expires_on: date,
    dry_run: bool = False,
) -> NewOverride:
    """Decide an account's tier by hand until a day; the computed tier stays beside it.

    Raises
    ------
    UnknownName
        If the newest run has no such account.
    UsageError
        If the reason is missing or the day has passed.
    """
    if len(reason.strip()) < 10:
        raise UsageError(
            "An override needs its reason, in a sentence.",
            hint='As in: --reason "Met the CFO at the fair, budget is approved"',
        )
    if expires_on < workspace.today:
        raise UsageError(f"The override would have expired already, on {expires_on}.")
    with opened(workspace) as run:
        if not targets_of(workspace, run, Wish(account_id=account_id)):
            raise UnknownName("account", account_id, (), hint="List them: bullseye accounts")
    new = NewOverride(
        account_id=account_id,
        tier=str(tier),
        author=workspace.actor,
        reason=reason.strip(),
        expires_on=expires_on,
        created_at=workspace.now(),
    )
    if not dry_run:
        overrides.add(workspace.store, new)
    return new


def withdraw(workspace: Workspace, account_id: str, *, dry_run: bool = False) -> Override:
    """Withdraw the active override of an account and return it.

    Raises
    ------
    UnknownName
        If it has none.
    """
    active = overrides.active(workspace.store, workspace.today, known_at=workspace.now())
    mine = next((each for each in active if each.account_id == account_id), None)
    if mine is None:
        raise UnknownName("account with an active override", account_id, ())
    if dry_run:
        return mine
    return overrides.withdraw(workspace.store, mine.id, at=workspace.now(), actor=workspace.actor)
