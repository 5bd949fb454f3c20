"""Rules about what a single rule says: that some account can meet it, and some cannot."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity

_MISWRITTEN = ("RUL001", "RUL002", "RUL003")


@coded(
    "RUL007",
    "rule-never-holds",
    Severity.ERROR,
    wrong="rule: {employees: {between: [50, 100], over: 500}}",
    right="rule: {employees: {between: [50, 500]}}",
    unless=_MISWRITTEN,
)
def rule_never_holds(context: Context) -> Iterator[Hit]:
    """The conditions of the rule contradict each other, so no account whatever meets it."""
    for standing in context.rules:
        if not context.logic(standing.table).can_hold(standing.rule):
            message = f"nothing can meet {standing.rule!s:.160}"
            hint = "Its conditions contradict each other: drop one, or join them with any."
            yield Hit(standing.kind, standing.name, standing.path, message, hint)


@coded(
    "RUL008",
    "rule-always-holds",
    Severity.WARNING,
    wrong="rule: {any: [{employees: {over: 50}}, {employees: {at_most: 50}}]}",
    right="rule: {employees: {over: 50}}",
    unless=_MISWRITTEN,
)
def rule_always_holds(context: Context) -> Iterator[Hit]:
    """Whatever the field says, the rule is met: it tells no account from another."""
    for standing in context.rules:
        if context.logic(standing.table).always_holds(standing.rule):
            message = f"everything meets {standing.rule!s:.160}"
            hint = "It decides nothing: narrow it, or drop it."
            yield Hit(standing.kind, standing.name, standing.path, message, hint)


CHECKS = (rule_never_holds, rule_always_holds)
