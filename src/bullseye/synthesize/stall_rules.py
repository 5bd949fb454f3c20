"""The stall rules: each judges one open opportunity, and says so where it cannot."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.contract.topics import topics, topics_of
from bullseye.definitions.message import Message, Topic
from bullseye.definitions.proof import SAFETY
from bullseye.definitions.role_prior import Assumptions
from bullseye.synthesize.one_contact import ONE_CONTACT
from bullseye.synthesize.role_evidence import acts
from bullseye.synthesize.stall_cases import (
    Answer,
    Case,
    Row,
    StallRule,
    finding_of,
    invitation,
    is_young,
    members_of,
    role_words,
)
from bullseye.warehouse.committee import Touched
from bullseye.warehouse.role_facts import TouchFacts

REVIEW = timedelta(weeks=4)
"""A security review that waits longer than this without proof is stuck."""

_SAFE = frozenset({Topic.COMPLIANCE, Topic.INTEGRATION})


def _one_role(case: Case) -> Sequence[Answer]:
    if not case.roles_imported:
        return (Answer(unknown="no roles on opportunities are imported"),)
    if is_young(case):
        return ()
    roles = {*case.committee.covered, *case.committee.likely}
    if len(roles) > 1:
        return ()
    wanted = case.committee.missing
    what = f"Only the {role_words(next(iter(roles)))} is known" if roles else "No role is known"
    on_it = case.committee.contacts
    says = f"{what}, and {on_it or 'no'} contact{'' if on_it == 1 else 's'} on it."
    missing = wanted[0] if wanted else None
    do = invitation(case, missing) if missing else "Bring in a second contact."
    since = max((m.on for m in case.committee.members if m.on is not None), default=None)
    opened = case.committee.opportunity.opened_on
    return (
        finding_of(
            case, "CMT001", says, do, role=missing, since=since or opened, evidence=members_of(case)
        ),
    )


def _no_buyer(case: Case) -> Sequence[Answer]:
    if not case.roles_imported:
        return (Answer(unknown="no roles on opportunities are imported"),)
    known = {*case.committee.covered, *case.committee.likely}
    champion, buyer = BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER
    if is_young(case) or champion not in known or buyer in known:
        return ()
    since = min((m.on for m in case.committee.of(champion) if m.on is not None), default=None)
    return (
        finding_of(
            case,
            "CMT002",
            "There is a champion, and no economic buyer.",
            invitation(case, buyer),
            role=buyer,
            since=since,
            evidence=members_of(case, champion),
        ),
    )


def _feature_talk(case: Case) -> Sequence[Answer]:
    buyers = {m.contact_id for m in case.committee.of(BuyingRole.ECONOMIC_BUYER)}
    if not buyers:
        return ()
    if case.touches is None:
        return (Answer(unknown="no touches are imported"),)
    ours = [t for t in case.touches if t.contact_id in buyers and t.direction != "inbound"]
    if not ours:
        return ()
    told = [(touch, *_speaks_of(touch, case.messages)) for touch in ours]
    told = [each for each in told if each[1]]
    if not told:
        return (Answer(unknown="what the economic buyer was told is not known"),)
    last_outcome = max((t.on for t, what, _ in told if Topic.OUTCOME in what), default=date.min)
    rows = [
        Row("touches", touch.touch_id, touch.on, how)
        for touch, what, how in told
        if Topic.FEATURE in what and Topic.OUTCOME not in what and touch.on > last_outcome
    ]
    if not rows:
        return ()
    return (
        finding_of(
            case,
            "CMT003",
            "The economic buyer was told of features, and of no outcome since.",
            "Send a message that speaks of outcomes, with a proof.",
            role=BuyingRole.ECONOMIC_BUYER,
            since=rows[0].on,
            evidence=rows,
        ),
    )


def _speaks_of(touch: Touched, messages: Mapping[str, Message]) -> tuple[frozenset[Topic], str]:
    """Return what a touch speaks of, and how that is known."""
    message = messages.get(touch.message.strip())
    if message is not None:
        found = topics_of(message)
        return found, f"message {message.name} speaks of {_listed(found)}"
    found = topics(touch.subject)
    return found, f"its subject speaks of {_listed(found)}, by its words"


def _listed(found: frozenset[Topic]) -> str:
    return ", ".join(sorted(topic.value.replace("_", " ") for topic in found)) or "nothing known"


def _review(case: Case) -> Sequence[Answer]:
    if case.touches is None:
        return (Answer(unknown="no touches are imported"),)
    reviewed = [touch for touch in case.touches if _is_review(touch, case.assumed)]
    if not reviewed or case.as_of - reviewed[0].on <= REVIEW:
        return ()
    if not case.names_messages:
        return (Answer(unknown="touches name no messages, so nobody knows what was sent"),)
    first = reviewed[0]
    if any(touch.on >= first.on and _gives_proof(touch, case) for touch in case.touches):
        return ()
    return (
        finding_of(
            case,
            "CMT004",
            f"A security review is under way since {first.on}, and no proof was sent.",
            "Send the security and compliance proofs to whoever reviews.",
            since=first.on,
            evidence=[Row("touches", first.touch_id, first.on, first.subject or first.outcome)],
        ),
    )


def _is_review(touch: Touched, assumed: Assumptions) -> bool:
    facts = TouchFacts(
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
    return "security_reviewed" in acts(facts, assumed.acts)


def _gives_proof(touch: Touched, case: Case) -> bool:
    message = case.messages.get(touch.message.strip())
    if message is None:
        return False
    cited = [case.proofs[name].kind for name in message.proofs if name in case.proofs]
    return bool(_SAFE & topics_of(message)) or any(kind in SAFETY for kind in cited)


def _quiet(case: Case) -> Sequence[Answer]:
    if case.touches is None or case.seen_until is None:
        return (Answer(unknown="no touches are imported"),)
    if (case.as_of - case.seen_until).days >= case.quiet:
        return (Answer(unknown=f"touches are known up to {case.seen_until} only"),)
    found = dict(_quiet_roles(case))
    if not found:
        return ()
    since = min(found.values())
    named = ", ".join(role_words(role) for role in found)
    last = [day for role in found if (day := case.committee.last_touch(role)) is not None]
    says = f"Nobody touched the {named} in {case.quiet} days; the last touch was " + (
        f"on {max(last)}." if last else "never."
    )
    do = "Write to them."
    if BuyingRole.CHAMPION in {*case.committee.covered, *case.committee.likely} - found.keys():
        do = "Write to them, or ask the champion to."
    rows = [row for role in found for row in members_of(case, role)]
    one = next(iter(found)) if len(found) == 1 else None
    return (finding_of(case, "CMT005", says, do, role=one, since=since, evidence=rows),)


def _quiet_roles(case: Case) -> Iterator[tuple[BuyingRole, date]]:
    """Yield the roles that nobody touched for so long, and since when."""
    for role in (*case.committee.covered, *case.committee.likely):
        members = case.committee.of(role)
        if role is BuyingRole.BLOCKER or any(member.is_left_alone for member in members):
            continue
        days = [m.on for m in members if m.on is not None]
        opened = case.committee.opportunity.opened_on
        since = case.committee.last_touch(role) or min(days, default=opened)
        if since is not None and (case.as_of - since).days >= case.quiet:
            yield role, since


_NO_ROLES = "roles on opportunities (opportunity_contacts)"

RULES = (
    StallRule(
        "CMT001",
        "one-role-only",
        "An open opportunity on which at most one buying role is known, 14 days after it was"
        " opened.",
        "If that one contact leaves, or has no say, nobody else carries the purchase on.",
        _NO_ROLES,
        "Ask who else decides, and write the answer down; the finding names who is likely.",
        _one_role,
    ),
    StallRule(
        "CMT002",
        "champion-without-economic-buyer",
        "A champion is known, no economic buyer is, 14 days after the opportunity was opened.",
        "A champion wants it; the economic buyer pays for it. Deals that everybody likes are not"
        " signed where nobody with a budget was met.",
        _NO_ROLES,
        "Ask the champion who signs, and for an introduction.",
        _no_buyer,
    ),
    StallRule(
        "CMT003",
        "feature-talk-to-economic-buyer",
        "Touches of the economic buyer spoke of features, and none since spoke of an outcome."
        " Known by the message that a touch names, else by the words of its subject.",
        "An economic buyer compares outcomes with their cost. A list of features leaves that to"
        " them.",
        "touches, with the name of the message or a subject that says something",
        "Send a message that speaks of outcomes and cites a proof.",
        _feature_talk,
    ),
    StallRule(
        "CMT004",
        "security-review-without-proof",
        "A touch shows that a security review began more than four weeks ago, and no message with"
        " compliance, security or integration proof was sent since.",
        "Reviewers wait for documents. Four weeks of waiting is mostly our own silence.",
        "touches with outcome and subject, and the names of messages",
        "Send the proof set to whoever reviews.",
        _review,
    ),
    StallRule(
        "CMT005",
        "quiet-role",
        "Roles of which nobody was touched for 30 days; another number with --quiet. Of a blocker"
        " it says nothing.",
        "A committee forgets. A role that hears nothing decides by what it hears from others.",
        "touches, imported within that time",
        "Write to them, or ask the champion to.",
        _quiet,
    ),
    ONE_CONTACT,
)
"""Every rule, in order of code."""
