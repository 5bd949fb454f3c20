"""Rules about outcomes: the field can turn that way, and the event is one that is imported."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.nearest import one_edit_apart
from bullseye.definitions.checks.rule_fields import level_of
from bullseye.definitions.checks.signals import DERIVED
from bullseye.definitions.field import NUMERIC, TEXTUAL, FieldType, TableName
from bullseye.definitions.known import field_named
from bullseye.definitions.outcome import Turn
from bullseye.errors import nearest_name


@coded(
    "OUT001",
    "outcome-of-unknown-field",
    Severity.ERROR,
    wrong="change: {field: is_hirin, becomes: true}",
    right="change: {field: is_hiring, becomes: true}",
    fixable=True,
)
def outcome_of_unknown_field(context: Context) -> Iterator[Hit]:
    """An outcome of this kind watches one field of the account.

    A field nobody knows never turns, so nothing could ever be learnt.
    """
    fields = context.fields(ACCOUNTS)
    for outcome in context.project.outcomes.values():
        name = outcome.change.field if outcome.change else None
        if name is None or field_named(fields, name):
            continue
        near, level = nearest_name(name, tuple(fields)), level_of(name)
        path = ("change", "field")
        close = near is not None and one_edit_apart(near, name)
        fix = context.rewriting("outcomes", outcome.name, path, near) if near and close else None
        hint = f"It is a field of {level}." if level else ""
        hint = hint or (f"Did you mean {near!r}?" if near else "Declare it in a source.")
        message = f"no field of accounts is named {name!r}"
        yield Hit("outcomes", outcome.name, path, message, hint, fix)


@coded(
    "OUT002",
    "outcome-does-not-fit",
    Severity.ERROR,
    wrong="change: {field: industry, grows_over: 20%}",
    right="change: {field: employees, grows_over: 20%}",
)
def outcome_does_not_fit(context: Context) -> Iterator[Hit]:
    """Only numbers grow or fall, only lists gain values.

    And only a text or a flag becomes another one.
    """
    fields = context.fields(ACCOUNTS)
    for outcome in context.project.outcomes.values():
        field = field_named(fields, outcome.change.field) if outcome.change else None
        problem = misfit(field.type, outcome.change) if field and outcome.change else ""
        if field and problem:
            message = f"{field.name} is a {field.type}: {problem}"
            hint = "Watch another field, or another kind of turn."
            yield Hit("outcomes", outcome.name, ("change",), message, hint)


def misfit(type_: FieldType, turn: Turn) -> str:
    """Return why a field of a type cannot turn that way; empty where it can."""
    moves = turn.grows_over is not None or turn.falls_over is not None
    if moves and type_ not in NUMERIC:
        return "it cannot grow or fall"
    if turn.gains is not None and type_ is not FieldType.LIST:
        return "it cannot gain values"
    if turn.becomes is None:
        return ""
    if type_ is FieldType.LIST:
        return "it gains values, it does not become one"
    if type_ not in TEXTUAL | {FieldType.FLAG}:
        return "use grows_over or falls_over"
    if (type_ is FieldType.FLAG) != isinstance(turn.becomes, bool):
        return "becomes takes true or false" if type_ is FieldType.FLAG else "becomes takes a text"
    return ""


@coded(
    "OUT003",
    "outcome-event-never-imported",
    Severity.WARNING,
    wrong="event: demo-booked   # the data says demo_booked",
    right="event: demo_booked",
    measured=True,
)
def outcome_event_never_imported(context: Context) -> Iterator[Hit]:
    """Events are matched by their type, exactly as imported.

    A type that no imported signal has happens nowhere, and every case would be a no.
    """
    facts = context.facts.of(TableName.SIGNALS, "type")
    if facts is None or not facts.values_are_complete:
        return
    known = [type_ for type_ in facts.values if not type_.startswith(DERIVED)]
    for outcome in context.project.outcomes.values():
        if outcome.event is None or outcome.event in known or not known:
            continue
        near = nearest_name(outcome.event, known)
        some = ", ".join(f"{each:.40}" for each in known[:5])
        hint = f"Did you mean {near!r:.80}?" if near else f"Imported are {some}."
        message = f"no imported signal has the type {outcome.event!r:.80}"
        yield Hit("outcomes", outcome.name, ("event",), message, hint)


CHECKS = (outcome_of_unknown_field, outcome_does_not_fit, outcome_event_never_imported)
"""The rules of this module, in the order of their codes."""
