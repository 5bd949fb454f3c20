"""The committee of each open opportunity: roles covered, by whom, how sure, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.role_prior import Assumptions, roles_in
from bullseye.synthesize.roles import Range, RoleBelief
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.committee import OpenOpportunity, Touched
from bullseye.warehouse.role_facts import ContactFacts, WrittenRole

LEFT_ALONE = "left alone"
"""What stands in the place of a contact who asked to be left alone, or is on that list."""


class How(StrEnum):
    """How it is known that a contact has a role, surest first."""

    CONFIRMED = "confirmed"  # a person decided it in Bullseye
    RECORDED = "recorded"  # written down in the CRM
    INFERRED = "inferred"  # believed, with a probability


@dataclass(frozen=True)
class Member:
    """A contact with a role on one opportunity.

    `probability` is 0 to 1 for an inferred role, with its `range` where that is estimated, and
    None where the role was recorded or confirmed. `on` is the day it was written down,
    `last_touch` the day of the last touch of the contact, None where none is known. Who
    `is_left_alone` is counted and not named: `contact_id` is then `LEFT_ALONE`. An inferred role
    `is_written` that the CRM gives the contact on another opportunity.
    """

    contact_id: str
    name: str | None
    title: str | None
    role: BuyingRole
    how: How
    probability: float | None
    range: Range | None
    on: date | None
    last_touch: date | None
    stance: Stance | None
    is_left_alone: bool = False
    is_written: bool = False


@dataclass(frozen=True)
class Candidate:
    """A contact of the account that is not on the opportunity and may have a role on it."""

    contact_id: str
    name: str | None
    title: str | None
    role: BuyingRole
    probability: float


@dataclass(frozen=True)
class Committee:
    """Who is on one open opportunity.

    `covered` are the roles that are recorded or confirmed, `likely` those that are inferred only,
    `missing` the expected ones that are neither. `candidates` may have a missing role, or, where
    one contact has every known role, any expected one. `contacts` are on the opportunity,
    `unplaced` of them with no role known.
    """

    opportunity: OpenOpportunity
    members: tuple[Member, ...]
    expected: tuple[BuyingRole, ...]
    covered: tuple[BuyingRole, ...]
    likely: tuple[BuyingRole, ...]
    missing: tuple[BuyingRole, ...]
    candidates: tuple[Candidate, ...]
    contacts: int
    unplaced: int

    @property
    def placed(self) -> int:
        """How many contacts have a role that is known; who is left alone counts."""
        return self.contacts - self.unplaced

    @property
    def covered_share(self) -> float | None:
        """The share of the expected roles that is covered, 0-1; None where none is expected."""
        found = len(set(self.covered) & set(self.expected))
        return found / len(self.expected) if self.expected else None

    def of(self, role: BuyingRole) -> tuple[Member, ...]:
        """Return who has a role, surest first."""
        return tuple(member for member in self.members if member.role is role)

    def last_touch(self, role: BuyingRole) -> date | None:
        """Return the day of the last touch of anyone with a role."""
        days = [member.last_touch for member in self.of(role) if member.last_touch is not None]
        return max(days, default=None)


@dataclass(frozen=True, eq=False)
class Sources:
    """What committees are made of: all as known on one day, by key."""

    contacts: Mapping[str, ContactFacts]
    written: Mapping[str, tuple[WrittenRole, ...]]
    decided: Mapping[str, tuple[RoleDecided, ...]]
    beliefs: Mapping[str, RoleBelief]
    by_account: Mapping[str, tuple[RoleBelief, ...]]
    last_touch: Mapping[str, date]
    assumed: Assumptions
    left_alone: Set[str] = frozenset()

    @classmethod
    def of(
        cls,
        contacts: Iterable[ContactFacts],
        written: Iterable[WrittenRole],
        decided: Mapping[str, tuple[RoleDecided, ...]],
        beliefs: Iterable[RoleBelief],
        touches: Iterable[Touched],
        assumed: Assumptions,
        left_alone: Set[str] = frozenset(),
    ) -> "Sources":
        """Index what is known by opportunity, contact and account; some are left alone."""
        rows: dict[str, list[WrittenRole]] = {}
        for row in written:
            rows.setdefault(row.opportunity_id, []).append(row)
        at: dict[str, list[RoleBelief]] = {}
        by_contact = {}
        for belief in beliefs:
            by_contact[belief.contact_id] = belief
            if belief.account_id is not None:
                at.setdefault(belief.account_id, []).append(belief)
        return cls(
            {each.contact_id: each for each in contacts},
            {name: tuple(each) for name, each in rows.items()},
            decided,
            by_contact,
            {name: tuple(each) for name, each in at.items()},
            {each.contact_id: each.on for each in touches},  # oldest first: the last one stays
            assumed,
            left_alone,
        )


def committee(
    opportunity: OpenOpportunity, sources: Sources, expected: Sequence[BuyingRole]
) -> Committee:
    """Return the committee of one opportunity.

    What a person confirmed or rejected goes before what the CRM says, and that before what is
    inferred. Only contacts written down on the opportunity are on its committee.
    """
    rows = sources.written.get(opportunity.opportunity_id, ())
    on_it = dict.fromkeys(row.contact_id for row in rows)
    each_of = [_members(each, opportunity.opportunity_id, rows, sources) for each in on_it]
    placed = sum(bool(mine) for mine in each_of)  # those left alone share one id: counted here
    found = [member for mine in each_of for member in mine]
    order = {how: at for at, how in enumerate(How)}
    found.sort(key=lambda m: (m.role, order[m.how], -(m.probability or 1), m.contact_id))
    sure = {member.role for member in found if member.how is not How.INFERRED}
    likely = {member.role for member in found} - sure
    missing = tuple(role for role in expected if role not in sure | likely)
    return Committee(
        opportunity,
        tuple(found),
        tuple(expected),
        tuple(role for role in BuyingRole if role in sure),
        tuple(role for role in BuyingRole if role in likely),
        missing,
        _candidates(opportunity, sources, expected if placed == 1 else missing, on_it.keys()),
        len(on_it),
        len(on_it) - placed,
    )


def _members(
    contact_id: str, opportunity_id: str, rows: Sequence[WrittenRole], sources: Sources
) -> list[Member]:
    mine = [row for row in rows if row.contact_id == contact_id]
    said: dict[BuyingRole, date] = {}
    for row in mine:
        for text in roles_in(row.role):
            role = sources.assumed.crm_role(text)[0]
            if role is not None:
                said[role] = min(row.on, said.get(role, row.on))
    belief = sources.beliefs.get(contact_id)
    found: dict[BuyingRole, tuple[How, date | None]] = {
        role: (How.RECORDED, on) for role, on in said.items()
    }
    if belief is not None and belief.role is not None and belief.role not in found:
        found[belief.role] = (How.INFERRED, None)
    for decision in sources.decided.get(contact_id, ()):
        if decision.opportunity_id not in (None, opportunity_id) or decision.role is None:
            continue
        if decision.holds:
            found[decision.role] = (How.CONFIRMED, decision.on)
        else:
            found.pop(decision.role, None)
    return [_member(contact_id, role, how, on, sources) for role, (how, on) in found.items()]


def _member(
    contact_id: str, role: BuyingRole, how: How, on: date | None, sources: Sources
) -> Member:
    if contact_id in sources.left_alone:
        return Member(LEFT_ALONE, None, None, role, how, None, None, on, None, None, True)
    contact, belief = sources.contacts.get(contact_id), sources.beliefs.get(contact_id)
    inferred = belief if how is How.INFERRED else None
    return Member(
        contact_id,
        contact.full_name if contact else None,
        contact.title if contact else None,
        role,
        how,
        inferred.probabilities.get(role) if inferred else None,
        inferred.ranges.get(role) if inferred else None,
        on,
        sources.last_touch.get(contact_id),
        belief.stance if belief else None,
        is_written=inferred is not None and inferred.is_written(role),
    )


def _candidates(
    opportunity: OpenOpportunity,
    sources: Sources,
    wanted: Sequence[BuyingRole],
    on_it: Set[str],
) -> tuple[Candidate, ...]:
    """Return the likeliest contact of the account for each role, if anyone is likely."""
    at_account = sources.by_account.get(opportunity.account_id or "", ())
    others = [each for each in at_account if each.contact_id not in on_it | sources.left_alone]
    found = []
    for role in wanted:
        best = max(others, key=lambda each: each.probabilities.get(role, 0.0), default=None)
        if best is None or best.probabilities.get(role, 0.0) < sources.assumed.threshold:
            continue
        contact = sources.contacts.get(best.contact_id)
        named = (contact.full_name, contact.title) if contact else (None, None)
        found.append(Candidate(best.contact_id, *named, role, best.probabilities[role]))
    return tuple(found)
