"""What stall rules read and say: one open opportunity with its touches, findings, evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.message import Message
from bullseye.definitions.proof import Proof
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.presence import Difference
from bullseye.synthesize.committee import Committee
from bullseye.warehouse.committee import Touched

GRACE = timedelta(days=14)
"""Opportunities that were opened less long ago are not judged by who is missing."""

QUIET = 30
"""Days without a touch on a role after which it counts as quiet, where nothing else is said."""


@dataclass(frozen=True)
class Row:
    """A row that a finding rests on: its table, its key, its day, and what it says."""

    table: str
    key: str
    on: date | None
    says: str


@dataclass(frozen=True)
class Finding:
    """One reason why an open opportunity may be stuck.

    `since` is the day from which on it holds, None where that is not known; `amount` that of the
    opportunity; `at_risk` what the missing role goes along with in money, None where that cannot
    be told or no role is missing.
    """

    code: str
    opportunity_id: str
    account_id: str | None
    account: str | None
    role: BuyingRole | None
    says: str
    since: date | None
    evidence: tuple[Row, ...]
    amount: float | None
    at_risk: Difference | None
    next_action: str


class Unknown(NamedTuple):
    """How many open opportunities a rule could not judge, and why."""

    code: str
    opportunities: int
    reason: str


@dataclass(frozen=True, eq=False)
class Case:
    """One committee with all that the rules read.

    `touches` are those of its contacts since the opportunity was opened, oldest first, on it or
    on no opportunity; None where no touches are imported. `seen_until` is the day up to which
    touches are known. `names_messages` says whether any touch of the workspace names a message.
    """

    committee: Committee
    touches: tuple[Touched, ...] | None
    seen_until: date | None
    names_messages: bool
    roles_imported: bool
    messages: Mapping[str, Message]
    proofs: Mapping[str, Proof]
    assumed: Assumptions
    as_of: date
    quiet: int = QUIET


class Answer(NamedTuple):
    """What one rule says of one case: a finding, or why it cannot tell, or neither."""

    finding: Finding | None = None
    unknown: str = ""


@dataclass(frozen=True)
class StallRule:
    """One rule: its code, its name, what it finds, why that matters, and what to do."""

    code: str
    name: str
    finds: str
    why: str
    needs: str
    do: str
    judge: Callable[[Case], Sequence[Answer]]


def finding_of(
    case: Case,
    code: str,
    says: str,
    do: str,
    *,
    role: BuyingRole | None = None,
    since: date | None = None,
    evidence: Sequence[Row] = (),
) -> Answer:
    """Return a finding on the opportunity of a case; its money at risk is told later."""
    sold = case.committee.opportunity
    return Answer(
        Finding(
            code,
            sold.opportunity_id,
            sold.account_id,
            sold.account,
            role,
            says,
            since,
            tuple(evidence),
            sold.amount,
            None,
            do,
        )
    )


def role_words(role: BuyingRole) -> str:
    """Return a role as people say it.

    >>> role_words(BuyingRole.ECONOMIC_BUYER)
    'economic buyer'
    """
    return role.value.replace("_", " ")


def is_young(case: Case) -> bool:
    """Whether the opportunity is too young to say that somebody is missing."""
    opened = case.committee.opportunity.opened_on
    return opened is not None and case.as_of - opened < GRACE


def members_of(case: Case, role: BuyingRole | None = None) -> list[Row]:
    """Return who is on the committee as evidence: all, or those with one role."""
    return [
        Row("contacts", member.contact_id, member.on, f"{role_words(member.role)}, {member.how}")
        for member in case.committee.members
        if role is None or member.role is role
    ]


def invitation(case: Case, role: BuyingRole) -> str:
    """Return what to do about a missing role: whom to bring in, or what to ask."""
    for each in case.committee.candidates:
        if each.role is role:
            who = f"{each.name or each.contact_id} ({each.title or 'title unknown'})"
            return f"Bring in {who}: likely the {role_words(role)}."
    return f"Ask your contact who the {role_words(role)} is, and write the answer down."
