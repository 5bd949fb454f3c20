"""Rules about personas: about people, and complete enough to write to them."""

from collections.abc import Iterator
from datetime import date

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import CONTACTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.rule_fields import is_misplaced
from bullseye.definitions.checks.written import field_path
from bullseye.definitions.known import TOLD_BY_TITLE
from bullseye.definitions.persona import by_priority
from bullseye.definitions.rule import Op
from bullseye.definitions.titles import FUNCTIONS, LEVELS
from bullseye.errors import nearest_name

ENOUGH = 30
"""Of fewer contacts nothing can be said."""

FEW = 5
"""Contacts below which a persona has nobody."""

MOST_UNCOVERED = 0.8
"""Share of contacts without a persona that is still usual: most people are no buyers."""

_EXACT = (Op.IS, Op.ANY_OF, Op.NONE_OF)


@coded(
    "PER001",
    "account-level-field",
    Severity.ERROR,
    wrong="""
who:
  title: {contains: VP Operations}
  employees: {over: 50}
""",
    right="""
who:
  title: {contains: VP Operations}
""",
)
def account_level_field(context: Context) -> Iterator[Hit]:
    """A persona is a human in a role.

    What the account is like belongs into the ICP, or the same persona has to be written again
    for every kind of account.
    """
    for standing in context.rules:
        if standing.table is not CONTACTS:
            continue
        known = context.fields(CONTACTS)
        for test, path in context.tests(standing):
            if test.field not in known and is_misplaced(standing, test.field):
                message = f"{test.field} is a field of accounts, not of contacts"
                hint = "Move it to the ICP, or read a field of the contact."
                place = field_path(path, test.field)
                yield Hit(standing.kind, standing.name, place, message, hint)


@coded(
    "PER002",
    "magic-question-blank",
    Severity.WARNING,
    error_from=date(2027, 7, 1),
    wrong="anxiety: ''",
    right="""
anxiety: A big customer goes live late and blames us in the board meeting.
ambition: To be the one who halved the time to value.
killer_objection: We built our own tool, and people are used to it.
kpis: [time to first value, renewal rate]
""",
)
def magic_question_blank(context: Context) -> Iterator[Hit]:
    """What keeps a buyer awake, what they would boast of, and which objection ends the talk.

    Those are the three magic questions; what they are measured by belongs to them. A blank says
    that nobody has asked a buyer yet.
    """
    for persona in context.project.personas.values():
        if blank := persona.blank_questions:
            message = f"blank: {', '.join(blank)}"
            hint = "Ask three buyers, and write down what they say."
            yield Hit("personas", persona.name, (blank[0],), message, hint)


@coded(
    "PER003",
    "personas-overlap",
    Severity.WARNING,
    wrong="""
who: {level: [head, vp], function: sales}   # another persona fits the same contacts
""",
    right="""
who: {level: [head, vp], function: sales}
priority: 10
""",
    measured=True,
)
def personas_overlap(context: Context) -> Iterator[Hit]:
    """A contact who fits two personas gets the message of one: say of which.

    The persona with the smaller priority goes first. Where both have the same, the alphabet
    decides, which nobody has agreed on.
    """
    facts, personas = context.facts.personas, context.project.personas
    for (first, second), count in sorted(facts.overlaps.items()) if facts else ():
        same = personas[first].priority == personas[second].priority
        if same and count:
            message = f"{count:,} contacts fit {first} too, and both have the same priority"
            hint = "Give the one that should go first a smaller priority."
            yield Hit("personas", second, ("who",), message, hint)


@coded(
    "PER004",
    "contacts-uncovered",
    Severity.INFO,
    wrong="who: {title: {contains: Chief Happiness}}   # 97 % of the contacts fit nobody",
    right="Write a persona for those you sell to, or leave the others alone and say so.",
    measured=True,
)
def contacts_uncovered(context: Context) -> Iterator[Hit]:
    """Most contacts fit no persona: either they are none of yours, or a persona is missing.

    It is held against the persona that goes first, since all of them together leave the gap.
    """
    facts = context.facts.personas
    if facts is None or facts.contact_count < ENOUGH:
        return
    low, high = facts.uncovered_interval
    if low <= MOST_UNCOVERED:
        return
    message = (
        f"{facts.uncovered_share:.1%} of {facts.contact_count:,} imported contacts "
        f"(95 % interval {low:.1%} to {high:.1%}) fit no persona"
    )
    first = by_priority(context.project.personas.values())[0]
    hint = "See what their titles say: bullseye titles list"
    yield Hit("personas", first.name, ("who",), message, hint)


@coded(
    "PER005",
    "too-few-contacts",
    Severity.WARNING,
    wrong="who: {level: cxo, function: procurement}   # 2 of 4,000 contacts",
    right="who: {level: [cxo, vp, head], function: procurement}",
    measured=True,
    unless=("PER001", "RUL001", "RUL002", "RUL003", "RUL004"),
)
def too_few_contacts(context: Context) -> Iterator[Hit]:
    """A persona that hardly any contact fits has nobody to write to, and teaches nothing.

    Mostly the rule is too narrow, or the contacts of that role have never been bought.
    """
    facts = context.facts.personas
    if facts is None or facts.contact_count < ENOUGH:
        return
    for name, count in sorted(facts.fits.items()):
        if count < FEW:
            message = f"{count:,} of {facts.contact_count:,} imported contacts fit it"
            hint = "Widen the rule, or find more contacts of this role."
            yield Hit("personas", name, ("who",), message, hint)


@coded(
    "PER006",
    "unknown-label",
    Severity.ERROR,
    wrong="who: {level: boss}",
    right="who: {level: [head, director]}",
)
def unknown_label(context: Context) -> Iterator[Hit]:
    """What a title tells has fixed names; any other fits no contact.

    A field of your own that is called level or function has the values it has.
    """
    known = {"level": LEVELS, "function": FUNCTIONS}
    for standing in context.rules:
        if standing.table is not CONTACTS:
            continue
        for test, path in context.tests(standing):
            told = context.fields(CONTACTS).get(test.field)
            if test.field not in known or told is not TOLD_BY_TITLE[test.field]:
                continue
            for value in test.values:
                if test.op in _EXACT and str(value).casefold() not in known[test.field]:
                    near = nearest_name(str(value), known[test.field])
                    hint = f"Did you mean {near!r}?" if near else f"One of: {known[test.field]}"
                    place = field_path(path, test.field)
                    yield Hit(
                        standing.kind, standing.name, place, f"no {test.field} is {value!r}", hint
                    )


CHECKS = (
    account_level_field,
    magic_question_blank,
    personas_overlap,
    contacts_uncovered,
    too_few_contacts,
    unknown_label,
)
