"""The buying roles of the workspace's contacts, as known on a day."""

from collections.abc import Sequence
from datetime import date

from bullseye.synthesize.roles import Range, RoleBelief, RoleReason, StanceReason
from bullseye.workspace import Workspace

__all__ = ["Range", "RoleBelief", "RoleReason", "StanceReason", "role_beliefs"]


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
    """
    return ()
