"""Stall findings: why an open opportunity may be stuck, each with evidence, day and next action.

A finding is a value. Where the data that a rule needs is not there, the opportunity counts as
unknown for that rule; it is not passed over in silence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.contract.topics import topics, topics_of
from bullseye.definitions.message import Message, Topic
from bullseye.definitions.proof import SAFETY, Proof
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.presence import Difference
from bullseye.synthesize.committee import Committee, How
from bullseye.synthesize.role_evidence import acts
from bullseye.warehouse.committee import Touched
from bullseye.warehouse.role_facts import TouchFacts

GRACE = timedelta(days=14)
"""Opportunities that were opened less long ago are not judged by who is missing."""

REVIEW = timedelta(weeks=4)
"""A security review that waits longer than this without proof is stuck."""

QUIET = 30
"""Days without a touch on a role after which it counts as quiet, where nothing else is said."""

_SAFE = frozenset({Topic.COMPLIANCE, Topic.INTEGRATION})


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


class _Answer(NamedTuple):
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
    judge: Callable[[Case], Sequence[_Answer]]


def stall_findings(
    cases: Sequence[Case], at_risk: Mapping[tuple[str, BuyingRole], Difference]
) -> tuple[tuple[Finding, ...], tuple[Unknown, ...]]:
    """Return the findings on open opportunities, most money first, and what could not be judged.

    Parameters
    ----------
    cases
        One per open opportunity.
    at_risk
        Money by opportunity and missing role, where it can be told.
    """
    found: list[Finding] = []
    unknown: dict[tuple[str, str], int] = {}
    for rule in RULES:
        for case in cases:
            for answer in rule.judge(case):
                if answer.finding is not None:
                    found.append(_priced(answer.finding, at_risk))
                elif answer.unknown:
                    key = rule.code, answer.unknown
                    unknown[key] = unknown.get(key, 0) + 1
    found.sort(key=lambda each: (-(each.amount or 0.0), each.opportunity_id, each.code))
    return tuple(found), tuple(Unknown(code, n, why) for (code, why), n in unknown.items())


def _priced(finding: Finding, at_risk: Mapping[tuple[str, BuyingRole], Difference]) -> Finding:
    if finding.role is None or finding.code not in _LACKING:
        return finding
    money = at_risk.get((finding.opportunity_id, finding.role))
    return Finding(**{**finding.__dict__, "at_risk": money})


def _finding(
    case: Case,
    code: str,
    says: str,
    do: str,
    *,
    role: BuyingRole | None = None,
    since: date | None = None,
    evidence: Sequence[Row] = (),
) -> _Answer:
    sold = case.committee.opportunity
    return _Answer(
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


def _words(role: BuyingRole) -> str:
    return role.value.replace("_", " ")


def _is_young(case: Case) -> bool:
    opened = case.committee.opportunity.opened_on
    return opened is not None and case.as_of - opened < GRACE


def _who(case: Case, role: BuyingRole | None = None) -> list[Row]:
    return [
        Row(
            "opportunity_contacts",
            member.contact_id,
            member.on,
            _member_words(member.role, member.how),
        )
        for member in case.committee.members
        if role is None or member.role is role
    ]


def _member_words(role: BuyingRole, how: How) -> str:
    return f"{_words(role)}, {how.value}"


def _invite(case: Case, role: BuyingRole) -> str:
    for each in case.committee.candidates:
        if each.role is role:
            who = each.name or each.contact_id
            return f"Bring in {who} ({each.title or 'title unknown'}): likely the {_words(role)}."
    return f"Ask your contact who the {_words(role)} is, and write the answer down."


# -- rules -------------------------------------------------------------------------------------


def _one_role(case: Case) -> Sequence[_Answer]:
    if not case.roles_imported:
        return (_Answer(unknown="no roles on opportunities are imported"),)
    if _is_young(case):
        return ()
    roles = {*case.committee.covered, *case.committee.likely}
    if len(roles) > 1:
        return ()
    wanted = case.committee.missing
    what = f"Only the {_words(next(iter(roles)))} is known" if roles else "No role is known"
    says = f"{what} on {case.committee.contacts} contacts."
    missing = wanted[0] if wanted else None
    do = _invite(case, missing) if missing else "Bring in a second contact."
    since = max((m.on for m in case.committee.members if m.on is not None), default=None)
    opened = case.committee.opportunity.opened_on
    return (
        _finding(
            case, "CMT001", says, do, role=missing, since=since or opened, evidence=_who(case)
        ),
    )


def _no_buyer(case: Case) -> Sequence[_Answer]:
    if not case.roles_imported:
        return (_Answer(unknown="no roles on opportunities are imported"),)
    known = {*case.committee.covered, *case.committee.likely}
    champion, buyer = BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER
    if _is_young(case) or champion not in known or buyer in known:
        return ()
    since = min((m.on for m in case.committee.of(champion) if m.on is not None), default=None)
    return (
        _finding(
            case,
            "CMT002",
            "There is a champion, and no economic buyer.",
            _invite(case, buyer),
            role=buyer,
            since=since,
            evidence=_who(case, champion),
        ),
    )


def _feature_talk(case: Case) -> Sequence[_Answer]:
    buyers = {m.contact_id for m in case.committee.of(BuyingRole.ECONOMIC_BUYER)}
    if not buyers:
        return ()
    if case.touches is None:
        return (_Answer(unknown="no touches are imported"),)
    ours = [t for t in case.touches if t.contact_id in buyers and t.direction != "inbound"]
    if not ours:
        return ()
    told = [(touch, *_speaks_of(touch, case.messages)) for touch in ours]
    told = [each for each in told if each[1]]
    if not told:
        return (_Answer(unknown="what the economic buyer was told is not known"),)
    last_outcome = max((t.on for t, what, _ in told if Topic.OUTCOME in what), default=date.min)
    rows = [
        Row("touches", touch.touch_id, touch.on, how)
        for touch, what, how in told
        if Topic.FEATURE in what and Topic.OUTCOME not in what and touch.on > last_outcome
    ]
    if not rows:
        return ()
    return (
        _finding(
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


def _review(case: Case) -> Sequence[_Answer]:
    if case.touches is None:
        return (_Answer(unknown="no touches are imported"),)
    reviewed = [touch for touch in case.touches if _is_review(touch, case.assumed)]
    if not reviewed or case.as_of - reviewed[0].on <= REVIEW:
        return ()
    if not case.names_messages:
        return (_Answer(unknown="touches name no messages, so nobody knows what was sent"),)
    first = reviewed[0]
    if any(touch.on >= first.on and _gives_proof(touch, case) for touch in case.touches):
        return ()
    return (
        _finding(
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


def _quiet(case: Case) -> Sequence[_Answer]:
    if case.touches is None or case.seen_until is None:
        return (_Answer(unknown="no touches are imported"),)
    if (case.as_of - case.seen_until).days >= case.quiet:
        return (_Answer(unknown=f"touches are known up to {case.seen_until} only"),)
    found = dict(_quiet_roles(case))
    if not found:
        return ()
    since = min(found.values())
    named = ", ".join(_words(role) for role in found)
    last = [day for role in found if (day := case.committee.last_touch(role)) is not None]
    says = f"Nobody touched the {named} in {case.quiet} days; the last touch was " + (
        f"on {max(last)}." if last else "never."
    )
    do = "Write to them."
    if BuyingRole.CHAMPION in {*case.committee.covered, *case.committee.likely} - found.keys():
        do = "Write to them, or ask the champion to."
    rows = [row for role in found for row in _who(case, role)]
    one = next(iter(found)) if len(found) == 1 else None
    return (_finding(case, "CMT005", says, do, role=one, since=since, evidence=rows),)


def _quiet_roles(case: Case) -> Iterator[tuple[BuyingRole, date]]:
    """Yield the roles that nobody touched for so long, and since when."""
    for role in (*case.committee.covered, *case.committee.likely):
        if role is BuyingRole.BLOCKER:
            continue
        days = [m.on for m in case.committee.of(role) if m.on is not None]
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
)
"""Every rule, in order of code."""

_LACKING = frozenset({"CMT001", "CMT002"})
"""Rules about a role that is missing: money at risk belongs to them."""


def stall_pages() -> Mapping[str, str]:
    """Return the documentation page of each rule, and the index, by file name."""
    found = {f"{rule.code}.md": _page(rule) for rule in RULES}
    rows = "\n".join(f"| [{r.code}]({r.code}.md) | {r.name} | {r.finds} |" for r in RULES)
    head = (
        "# Stall findings\n\nWhy an open opportunity may be stuck. `bullseye committee --findings`"
        " lists them; codes are stable.\n\n| code | name | finds |\n|---|---|---|\n"
    )
    return {**found, "index.md": f"{head}{rows}\n"}


def _page(rule: StallRule) -> str:
    return (
        f"# {rule.code} {rule.name}\n\n{rule.finds}\n\n{rule.why}\n\n"
        f"## What it needs\n\nIt reads {rule.needs}. Where that is not there, the opportunity is"
        f" counted as unknown, and never as fine.\n\n## What to do\n\n{rule.do}\n"
    )
