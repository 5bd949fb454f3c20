"""What was observed of contacts that tells of their buying role, each with its row and day.

Every kind counts once per contact: a second reply says little that the first did not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.evidence import EvidenceKind
from bullseye.definitions.role_prior import Act, Assumptions, roles_in, word
from bullseye.synthesize.role_statements import Statement, statements
from bullseye.synthesize.who_is_meant import Colleagues
from bullseye.warehouse.role_facts import ContactFacts, TouchFacts, WrittenRole

CRM_ROLE = "crm_role"
IS_PRIMARY = "is_primary"

QUOTED = {
    EvidenceKind.OBJECTION: "quoted_objection",
    EvidenceKind.PAIN: "quoted_pain",
    EvidenceKind.DESIRED_OUTCOME: "quoted_pain",
    EvidenceKind.SUCCESS_METRIC: "quoted_success_metric",
    EvidenceKind.EVALUATION_CRITERION: "quoted_evaluation_criterion",
}
"""Which evidence a confirmed quote is; a competitor's name tells nothing of a role."""

_ANSWERED = ("replied", "met")
_TOLD_OF_OTHERS = {
    "said_another_decides": "named_as_decider",
    "referred_elsewhere": "named_to_talk_to",
}


@dataclass(frozen=True)
class Observed:
    """One observation of one contact.

    `name` is the kind of evidence (`bullseye roles prior`), `source` the row it stands in, `role`
    the role it names where it names one, and `says` what is shown.
    """

    contact_id: str
    name: str
    on: date
    source: str
    says: str
    opportunity_id: str | None = None
    role: BuyingRole | None = None


class Said(NamedTuple):
    """What a contact of the customer's side said in one turn: `source` as in "S12, turn 3"."""

    contact_id: str
    account_id: str | None
    opportunity_id: str | None
    text: str
    source: str
    on: date


class Quoted(NamedTuple):
    """A quote of a contact that a person confirmed; `source` as in "E17"."""

    contact_id: str
    opportunity_id: str | None
    kind: EvidenceKind
    quote: str
    source: str
    on: date


def written_down(
    rows: Iterable[WrittenRole], assumed: Assumptions
) -> tuple[list[Observed], Mapping[str, int]]:
    """Return what rows of contacts on opportunities say, and the unknown words with their counts.

    A cell may name several roles, as in "Champion; User".
    """
    found, unknown = [], defaultdict[str, int](int)
    for row in rows:
        for text in roles_in(row.role):
            role, is_known = assumed.crm_role(text)
            if role is not None:
                says = f"{text}, set in the CRM"
                found.append(_of_row(row, CRM_ROLE, says, role))
            elif not is_known and word(text):
                unknown[text] += 1
        if row.is_primary:
            found.append(_of_row(row, IS_PRIMARY, "main contact of an opportunity"))
    return found, dict(sorted(unknown.items(), key=lambda each: (-each[1], each[0])))


def acted(rows: Iterable[TouchFacts], assumed: Assumptions) -> list[Observed]:
    """Return what touches show that contacts did."""
    return [
        Observed(
            row.contact_id,
            name,
            row.on,
            f"touch {row.touch_id}",
            assumed.weights[name].means.rstrip(".").lower()
            + (f", {row.touch_count:,} times" if row.touch_count > 1 else ""),
            row.opportunity_id,
        )
        for row in rows
        for name in acts(row, assumed.acts)
    ]


def acts(row: TouchFacts, known: Mapping[str, Act]) -> tuple[str, ...]:
    """Return the acts that the texts of a touch show.

    The subject counts only where the contact did something: on a touch that nobody answered, it
    is our own wish.
    """
    words = [word(each) for each in (row.outcome, row.channel, row.direction)]
    found = [name for name, act in known.items() if _shows(words, words[0], act)]
    if any(name in found for name in _ANSWERED):
        subject = word(row.subject)
        found += [
            name
            for name, act in known.items()
            if act.in_subject and name not in found and _shows([subject], words[0], act)
        ]
    return tuple(found)


def _shows(texts: Sequence[str], outcome: str, act: Act) -> bool:
    yes, no = _pattern(act.words), _pattern(act.unless)
    return not no.search(outcome) and any(
        yes.search(text) and not no.search(text) for text in texts if text
    )


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word(each)) for each in words)})\b")


def told(turns: Iterable[Said], contacts: Iterable[ContactFacts]) -> list[Observed]:
    """Return what contacts said of their own part, and of colleagues who can be told apart.

    "Our CFO has the final say" is evidence on the speaker, and on the one contact of the account
    whom it can mean; where it may mean two, on nobody else.
    """
    colleagues = Colleagues(contacts)
    found = []
    for turn in turns:
        for statement in statements(turn.text):
            found.append(_of_turn(turn, turn.contact_id, statement.name, statement))
            name = _TOLD_OF_OTHERS.get(statement.name)
            if name is None or statement.who is None:
                continue
            meant = colleagues.meant(turn.account_id, statement.who)
            if meant is not None and meant != turn.contact_id:
                found.append(_of_turn(turn, meant, name, statement))
    return found


def quoted(quotes: Iterable[Quoted]) -> list[Observed]:
    """Return what confirmed quotes say of the contacts who are quoted."""
    return [
        Observed(
            each.contact_id,
            QUOTED[each.kind],
            each.on,
            each.source,
            f"{each.kind.value.replace('_', ' ')}: “{each.quote}”",
            each.opportunity_id,
        )
        for each in quotes
        if each.kind in QUOTED
    ]


def by_contact(observed: Iterable[Observed]) -> Mapping[str, tuple[Observed, ...]]:
    """Return the newest observation of each kind and role, by contact."""
    newest: dict[tuple[str, str, BuyingRole | None], Observed] = {}
    for each in observed:
        key = each.contact_id, each.name, each.role
        before = newest.get(key)
        if before is None or (before.on, before.source) < (each.on, each.source):
            newest[key] = each
    grouped = defaultdict[str, list[Observed]](list)
    for (contact_id, *_), each in sorted(newest.items(), key=lambda item: _order(item[1])):
        grouped[contact_id].append(each)
    return {contact_id: tuple(found) for contact_id, found in grouped.items()}


def _order(each: Observed) -> tuple[str, str, str, date]:
    return each.contact_id, each.name, each.role or "", each.on


def _of_row(row: WrittenRole, name: str, says: str, role: BuyingRole | None = None) -> Observed:
    source = f"opportunity contact {row.opportunity_contact_id}"
    return Observed(row.contact_id, name, row.on, source, says, row.opportunity_id, role)


def _of_turn(turn: Said, contact_id: str, name: str, statement: Statement) -> Observed:
    says = f"“{statement.quote}”"
    return Observed(contact_id, name, turn.on, turn.source, says, turn.opportunity_id)
