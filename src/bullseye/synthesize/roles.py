"""Which buying role a contact plays: a stated or learnt prior, evidence on top, and abstention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from scipy.special import expit

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.roles import logit
from bullseye.synthesize.role_evidence import CRM_ROLE, Observed
from bullseye.synthesize.role_learning import Learnt
from bullseye.synthesize.role_rows import Cell, cell_of, stated_share
from bullseye.synthesize.stance import RoleDecided, StanceReason, stance_of
from bullseye.warehouse.role_facts import ContactFacts

TITLE = "title"
"""The name of the reason that the prior by title is."""

CONFIRMED = "confirmed"
"""The name of the reason that a person's confirmation is."""

REJECTED = "rejected"
"""The name of the reason that a person's rejection is."""

CORRECTION = "correction"
"""The name of the reason that the correction learnt from the workspace's own roles is."""

_NEARLY = 6.9
"""Log-odds beyond which nothing is believed: 1 in 1,000."""


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
    ranges: Mapping[BuyingRole, Range] = field(default_factory=lambda: MappingProxyType({}))

    def is_written(self, role: BuyingRole) -> bool:
        """Whether the CRM gives the contact the role: its probability then measures nothing."""
        return any(why.name == CRM_ROLE and why.role is role for why in self.reasons)


@dataclass(frozen=True)
class _Weighed:
    """One role of one contact: its log-odds, their error (None: stated), and what they rest on."""

    log_odds: float
    error: float | None
    n: int
    may_be_named: bool
    reasons: tuple[RoleReason, ...]

    @property
    def probability(self) -> float:
        return float(expit(_held(self.log_odds)))

    @property
    def range(self) -> Range | None:
        if self.error is None:
            return None
        low, high = (self.log_odds + sign * 1.96 * self.error for sign in (-1, 1))
        return Range(float(expit(_held(low))), float(expit(_held(high))), self.n)


def role_belief(
    contact: ContactFacts,
    observed: Sequence[Observed],
    decided: Sequence[RoleDecided],
    learnt: Learnt,
    assumed: Assumptions,
    *,
    opportunity_ids: Sequence[str] = (),
    as_of: date,
) -> RoleBelief:
    """Return what is believed of one contact.

    Parameters
    ----------
    contact
        The contact, as known on the day.
    observed
        What was observed of the contact by then, each kind once.
    decided
        What people decided and holds, what is said of one opportunity after what is said of all.
    learnt
        What the workspace's own roles taught.
    assumed
        The stated prior and weights.
    opportunity_ids
        The opportunities the contact is written down on.
    as_of
        The day.
    """
    cell = cell_of(contact, assumed)
    weighed = {
        role: _weighed(role, cell, contact, observed, learnt, assumed) for role in BuyingRole
    }
    last = {each.role: each for each in decided if each.role is not None}
    confirmed = [role for role, each in last.items() if each.holds]
    rejected = {role for role, each in last.items() if not each.holds}
    probabilities = {
        role: 1.0 if role in confirmed else 0.0 if role in rejected else each.probability
        for role, each in weighed.items()
    }
    open_roles = [
        role
        for role, each in weighed.items()
        if each.may_be_named and role not in rejected and each.probability >= assumed.threshold
    ]
    likeliest = max(open_roles, key=lambda role: probabilities[role], default=None)
    stance, stance_reasons = stance_of(observed, decided, assumed)
    return RoleBelief(
        contact_id=contact.contact_id,
        account_id=contact.account_id,
        opportunity_ids=tuple(sorted(set(opportunity_ids))),
        probabilities=MappingProxyType(probabilities),
        role=confirmed[-1] if confirmed else likeliest,
        is_confirmed=bool(confirmed),
        reasons=tuple(
            reason
            for role, each in weighed.items()
            for reason in ((_decision(role, last[role]),) if role in last else ()) + each.reasons
        ),
        stance=stance,
        stance_reasons=stance_reasons,
        as_of=as_of,
        ranges=MappingProxyType(
            {
                role: each.range
                for role, each in weighed.items()
                if each.range is not None and role not in last
            }
        ),
    )


def _weighed(
    role: BuyingRole,
    cell: Cell,
    contact: ContactFacts,
    observed: Sequence[Observed],
    learnt: Learnt,
    assumed: Assumptions,
) -> _Weighed:
    row = learnt.rows.get((cell, role))
    first = _title(role, cell, contact, learnt, assumed)
    found = [(each, assumed.weights[each.name].of(role, each.role)) for each in observed]
    reasons = [_reason(role, each, weight) for each, weight in found if weight]
    given = sum(weight for each, weight in found if each.name == CRM_ROLE)
    weights = [weight for each, weight in found if each.name != CRM_ROLE]
    before = (first.log_odds or 0.0) + sum(weights)
    corrected = learnt.corrected(role, before)
    if corrected != before:
        says = f"corrected by what {learnt.labelled:,} contacts with a known role taught"
        reasons.append(RoleReason(CORRECTION, role, corrected - before, says))
    return _Weighed(
        corrected + given,
        None if given else learnt.error(cell, role, before, weights),
        row.n if row else 0,
        learnt.is_own(cell, role) or any(weight > 0 for _, weight in found),
        (first, *reasons),
    )


def _title(
    role: BuyingRole, cell: Cell, contact: ContactFacts, learnt: Learnt, assumed: Assumptions
) -> RoleReason:
    row = learnt.rows.get((cell, role))
    if row is not None and not learnt.is_own(cell, role):
        stated = stated_share(cell, role, assumed)
        says = (
            f"{cell.words}: {row.mean:.0%}, from {stated:.0%} as stated and {row.n:,} contacts"
            " with a known role"
        )
        return RoleReason(TITLE, role, logit(row.mean), says)
    if row is not None:
        says = (
            f"{cell.words}: {row.mean:.0%} ({row.low:.0%} to {row.high:.0%}),"
            f" learnt from {row.n:,} contacts with a known role"
        )
        return RoleReason(TITLE, role, logit(row.mean), says)
    share = stated_share(cell, role, assumed)
    said = f"{contact.title!r} " if contact.title else "no title, "
    return RoleReason(TITLE, role, logit(share), f"{said}{cell.words}: {share:.0%} as stated")


def _reason(role: BuyingRole, each: Observed, weight: float) -> RoleReason:
    return RoleReason(each.name, role, weight, each.says, each.source, each.on, each.opportunity_id)


def _decision(role: BuyingRole, each: RoleDecided) -> RoleReason:
    name = CONFIRMED if each.holds else REJECTED
    says = f"{name} by {each.author}: {each.reason}"
    return RoleReason(name, role, None, says, each.source, each.on, each.opportunity_id)


def _held(log_odds: float) -> float:
    return max(-_NEARLY, min(_NEARLY, log_odds))
