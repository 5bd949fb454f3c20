"""Which buying role a contact plays: a stated or learnt prior, evidence on top, and abstention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bullseye.definitions.buying_role import BuyingRole, Stance

TITLE = "title"
"""The name of the reason that the prior by title is."""

CONFIRMED = "confirmed"
"""The name of the reason that a person's confirmation is."""

REJECTED = "rejected"
"""The name of the reason that a person's rejection is."""


@dataclass(frozen=True)
class RoleReason:
    """One reason for or against one role.

    `name` is the kind of evidence (`bullseye roles prior` lists them), "title" for the prior,
    or "confirmed" or "rejected" where a person decided. `log_odds` is what it adds; None where a
    person decided, which is not weighed. `source` names the row it stands in, `on` its day.
    """

    name: str
    role: BuyingRole
    log_odds: float | None
    says: str
    source: str | None = None
    on: date | None = None
    opportunity_id: str | None = None


@dataclass(frozen=True)
class StanceReason:
    """One observation that a contact is for us, against us, or neither."""

    name: str
    stance: Stance
    says: str
    source: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Range:
    """Where a probability lies in 95 of 100 cases, and the labelled contacts it rests on."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class RoleBelief:
    """What is believed of one contact's part in a purchase, as known on a day.

    Parameters
    ----------
    contact_id, account_id
        The contact; the account is None where it is not known.
    opportunity_ids
        The opportunities the contact is written down on, sorted.
    probabilities
        Per role, 0 to 1; they need not add up to 1, a contact may have several roles.
    ranges
        Per role the interval of its probability; a role is missing where the probability is
        stated, not estimated.
    role
        The role a person confirmed, else the likeliest one if it reaches the threshold and rests
        on more than a title; None, which is usual, says: too little to say.
    is_confirmed
        Whether a person confirmed `role` and it is no inference.
    reasons
        What each role rests on.
    stance
        What was observed or confirmed; None is unknown. Never inferred from a title.
    """

    contact_id: str
    account_id: str | None
    opportunity_ids: tuple[str, ...]
    probabilities: Mapping[BuyingRole, float]
    role: BuyingRole | None
    is_confirmed: bool
    reasons: tuple[RoleReason, ...]
    stance: Stance | None
    stance_reasons: tuple[StanceReason, ...]
    as_of: date
    ranges: Mapping[BuyingRole, Range] = MappingProxyType({})
