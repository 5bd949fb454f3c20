"""Rules about signals: they last long enough to count, are counted, and have data to read."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.nearest import one_edit_apart
from bullseye.definitions.checks.rule_fields import level_of
from bullseye.definitions.field import NUMERIC, FieldType, TableName
from bullseye.definitions.known import field_named
from bullseye.definitions.signal import CHAMPION_MOVED, Change, Signal
from bullseye.errors import nearest_name

DERIVED = "change:"
"""What the type of a signal begins with that was derived from a change, not imported."""


@coded(
    "SIG001",
    "window-shorter-than-half-life",
    Severity.WARNING,
    wrong="""
window: 30 days
half_life: 90 days
""",
    right="""
window: 90 days
half_life: 30 days
""",
)
def window_shorter_than_half_life(context: Context) -> Iterator[Hit]:
    """A signal that ends before its half-life is cut off while it is still strong.

    Accounts then drop out of a tier from one day to the next.
    """
    for signal in context.project.signals.values():
        if signal.window < signal.half_life:
            message = f"it ends after {signal.window} days, before its half-life of "
            hint = "Lengthen the window, or shorten the half-life."
            yield _hit(signal, f"{message}{signal.half_life} days", hint, "window")


@coded(
    "SIG002",
    "signal-unused",
    Severity.WARNING,
    wrong="signals: [funding-round]   # and signals/executive-hire.yaml exists",
    right="signals: [funding-round, executive-hire]",
)
def signal_unused(context: Context) -> Iterator[Hit]:
    """No ICP counts the signal, so it is watched and paid for without moving any account."""
    project = context.project
    if any(icp.signals is None for icp in project.icps.values()) or not project.icps:
        return
    used = {name for icp in project.icps.values() for name in icp.signals or ()}
    for signal in project.signals.values():
        if signal.name not in used:
            hint = "Name it in the signals of an ICP, or delete the file."
            yield _hit(signal, "no ICP counts it", hint, "name")


@coded(
    "SIG003",
    "event-never-imported",
    Severity.WARNING,
    wrong="event: exec-hire   # the data says executive_hire",
    right="event: executive_hire",
    fixable=True,
    measured=True,
)
def event_never_imported(context: Context) -> Iterator[Hit]:
    """Events are matched by their type, exactly as imported.

    A type that no imported signal has never fires.
    """
    facts = context.facts.of(TableName.SIGNALS, "type")
    if facts is None or not facts.values_are_complete:
        return
    known = [type_ for type_ in facts.values if not type_.startswith(DERIVED)]
    for signal in context.project.signals.values():
        if signal.event in (None, CHAMPION_MOVED) or signal.event in known or not known:
            continue  # job changes are found, not imported, and there may be none
        near = nearest_name(signal.event, known)
        some = ", ".join(f"{each:.40}" for each in known[:5])
        hint = f"Did you mean {near!r:.80}?" if near else f"Imported are {some}."
        same = near and near.casefold() == signal.event.casefold()
        fix = context.rewriting("signals", signal.name, ("event",), near) if near and same else None
        message = f"no imported signal has the type {signal.event!r:.80}"
        yield Hit("signals", signal.name, ("event",), message, hint, fix)


@coded(
    "SIG004",
    "change-of-unknown-field",
    Severity.ERROR,
    wrong="change: {field: technologys, gains: [Salesforce]}",
    right="change: {field: technologies, gains: [Salesforce]}",
    fixable=True,
)
def change_of_unknown_field(context: Context) -> Iterator[Hit]:
    """A derived signal compares one field of the account between dated imports.

    A field nobody knows never changes.
    """
    fields = context.fields(ACCOUNTS)
    for signal in context.project.signals.values():
        name = signal.change.field if signal.change else None
        if name is None or field_named(fields, name):
            continue
        near, level = nearest_name(name, tuple(fields)), level_of(name)
        path = ("change", "field")
        close = near is not None and one_edit_apart(near, name)
        fix = context.rewriting("signals", signal.name, path, near) if near and close else None
        hint = f"It is a field of {level}." if level else ""
        hint = hint or (f"Did you mean {near!r}?" if near else "Declare it in a source.")
        message = f"no field of accounts is named {name!r}"
        yield Hit("signals", signal.name, path, message, hint, fix)


@coded(
    "SIG005",
    "change-does-not-fit",
    Severity.ERROR,
    wrong="change: {field: industry, grows_over: 20%, within: 6 months}",
    right="change: {field: employees, grows_over: 20%, within: 6 months}",
)
def change_does_not_fit(context: Context) -> Iterator[Hit]:
    """Only numbers grow or fall, only lists gain values.

    And only a single value becomes another one.
    """
    fields = context.fields(ACCOUNTS)
    for signal in context.project.signals.values():
        field = field_named(fields, signal.change.field) if signal.change else None
        problem = _misfit(field.type, signal.change) if field and signal.change else ""
        if problem and field:
            message = f"{field.name} is a {field.type}: {problem}"
            yield _hit(signal, message, "Read another field, or another kind of change.", "change")


def _misfit(type_: FieldType, change: Change) -> str:
    moves = change.grows_over is not None or change.falls_over is not None
    if moves and type_ not in NUMERIC:
        return "it cannot grow or fall"
    if change.gains is not None and type_ is not FieldType.LIST:
        return "it cannot gain values"
    if change.becomes is not None and type_ is FieldType.LIST:
        return "it gains values, it does not become one"
    if change.becomes is not None and (type_ is FieldType.FLAG) != isinstance(change.becomes, bool):
        return "becomes takes true or false" if type_ is FieldType.FLAG else "becomes takes a text"
    return ""


def _hit(signal: Signal, message: str, hint: str, at: str) -> Hit:
    return Hit("signals", signal.name, (at,), message, hint)


CHECKS = (
    window_shorter_than_half_life,
    signal_unused,
    event_never_imported,
    change_of_unknown_field,
    change_does_not_fit,
)
