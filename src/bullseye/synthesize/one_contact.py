"""The stall rule on opportunities that hang on one contact, who has every role that is known."""

from collections.abc import Sequence

from bullseye.definitions.buying_role import BuyingRole
from bullseye.synthesize.stall_cases import (
    Answer,
    Case,
    StallRule,
    finding_of,
    is_young,
    members_of,
    role_words,
)


def _one_contact(case: Case) -> Sequence[Answer]:
    if not case.roles_imported:
        return (Answer(unknown="no roles on opportunities are imported"),)
    found = case.committee
    known = {*found.covered, *found.likely}
    roles = [role_words(role) for role in BuyingRole if role in known]
    # With one role at most, the opportunity is the matter of CMT001.
    if is_young(case) or found.placed != 1 or len(roles) < 2:
        return ()
    named = f"{', '.join(roles[:-1])} and {roles[-1]}"
    says = f"One contact is {named}; if that one leaves, nobody else carries the purchase on."
    if found.unplaced:
        says += f" Others on it with no known role: {found.unplaced:,}."
    said = max((each.on for each in found.members if each.on is not None), default=None)
    since = said or found.opportunity.opened_on
    return (finding_of(case, "CMT006", says, _next(case), since=since, evidence=members_of(case)),)


def _next(case: Case) -> str:
    """Return whom to ask for more contacts; who is left alone is neither asked nor named."""
    one = case.committee.members[0]
    do = f"Ask {one.name or one.contact_id} who else works on it, and write the answer down."
    if one.is_left_alone:
        do = "That contact is left alone: bring in another one of the account."
    likely: dict[str, list[str]] = {}
    for each in case.committee.candidates:
        who = f"{each.name or each.contact_id} ({each.title or 'title unknown'})"
        likely.setdefault(who, []).append(role_words(each.role))
    some = "; ".join(f"{who}, {' and '.join(roles)}" for who, roles in likely.items())
    return f"{do} Likely: {some}." if some else do


ONE_CONTACT = StallRule(
    "CMT006",
    "one-contact-only",
    "An open opportunity on which two or more buying roles are known and one contact has them all,"
    " 14 days after it was opened.",
    "If that one contact leaves, nobody else carries the purchase on. Several roles look like a"
    " committee, and are one mailbox.",
    "roles on opportunities (opportunity_contacts)",
    "Ask that contact who else works on it, and write the answer down; the finding names who is"
    " likely. A contact who is left alone is not asked.",
    _one_contact,
)
"""Finds opportunities of one contact with several roles."""
