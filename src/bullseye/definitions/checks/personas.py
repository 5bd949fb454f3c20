"""Rules about personas: about people, and complete enough to write to them."""

from collections.abc import Iterator
from datetime import date

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import CONTACTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.rule_fields import is_misplaced
from bullseye.definitions.checks.written import field_path


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
kpis: [time to first value, renewal rate]
""",
)
def magic_question_blank(context: Context) -> Iterator[Hit]:
    """What keeps a buyer awake, what they would boast of, and what they are measured by.

    A blank says that nobody has asked a buyer yet.
    """
    for persona in context.project.personas.values():
        answers = {
            "anxiety": (persona.anxiety or "").strip(),
            "ambition": (persona.ambition or "").strip(),
            "kpis": "".join(persona.kpis).strip(),
        }
        if blank := [name for name, said in answers.items() if not said]:
            message = f"blank: {', '.join(blank)}"
            hint = "Ask three buyers, and write down what they say."
            yield Hit("personas", persona.name, (blank[0],), message, hint)


CHECKS = (account_level_field, magic_question_blank)
