"""Rules about sources: they agree about types, about who wins, and about each column."""

from collections.abc import Iterator
from itertools import combinations

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.field import KEYS
from bullseye.definitions.known import stored_fields
from bullseye.definitions.source import Source
from bullseye.definitions.survivorship import MERGEABLE, Survivorship, survival_rules
from bullseye.errors import DefinitionError


def _pairs(context: Context) -> Iterator[tuple[Source, Source, list[str]]]:
    """Yield two sources of one table with the fields both fill, keys aside."""
    for first, second in combinations(context.project.sources.values(), 2):
        if first.table is second.table:
            keys = {KEYS[first.table], "account_id", "domain", "name", "account_name"}
            shared = [name for name in second.columns if name in first.columns]
            yield first, second, [name for name in shared if name not in keys]


@coded(
    "SRC001",
    "priority-tie",
    Severity.WARNING,
    wrong="""
# sources/crm.yaml: priority 100, columns: {employees: Employees}
# sources/enrichment.yaml: priority 100, columns: {employees: headcount}
""",
    right="""
# sources/crm.yaml: priority 100
# sources/enrichment.yaml: priority 50   # the smaller one wins
""",
)
def priority_tie(context: Context) -> Iterator[Hit]:
    """Both sources know the same field of the same account with the same priority.

    Which one wins is then settled by which file came last, not by which one is right.
    """
    for first, second, shared in _pairs(context):
        if shared and first.priority == second.priority:
            message = f"{first.name} has priority {second.priority} too and fills {_some(shared)}"
            hint = "Give the one you trust more the smaller priority."
            yield Hit("sources", second.name, ("priority",), message, hint)


@coded(
    "SRC002",
    "type-contradiction",
    Severity.ERROR,
    wrong="""
# sources/crm.yaml: columns: {arr_band: {column: ARR, type: money}}
# sources/enrichment.yaml: columns: {arr_band: {column: ARR band, type: text}}
""",
    right="columns: {arr: {column: ARR, type: money}, arr_band: {column: ARR band, type: text}}",
)
def type_contradiction(context: Context) -> Iterator[Hit]:
    """One field cannot be a number in one file and text in another.

    It would compare with itself in two ways.
    """
    for first, second, shared in _pairs(context):
        types = {field.name: field.type for field in first.fields}
        others = {field.name: field.type for field in second.fields}
        for name in shared:
            if types[name] is not others[name]:
                message = f"{name} is a {types[name]} in {first.name} and a {others[name]} here"
                hint = "Give it one type in both, or another name in one of them."
                yield Hit("sources", second.name, ("columns", name), message, hint)


@coded(
    "SRC003",
    "column-filled-and-ignored",
    Severity.ERROR,
    wrong="""
columns: {employees: Employees}
ignore: [Employees]
""",
    right="""
columns: {employees: Employees}
ignore: [Fax]
""",
)
def column_filled_and_ignored(context: Context) -> Iterator[Hit]:
    """The same column is said to fill a field and to be left out.

    Only one can be meant.
    """
    for source in context.project.sources.values():
        for name, column in source.columns.items():
            if column.column in source.ignore:
                message = f"column {column.column!r:.60} fills {name} and is ignored"
                at = source.ignore.index(column.column)
                yield Hit("sources", source.name, ("ignore", at), message, "Drop one of the two.")


@coded(
    "SRC004",
    "survivorship-misfit",
    Severity.ERROR,
    wrong="""
# bullseye.yaml
survivorship: {accounts: {technologies: longest}, contacts: {do_not_contact: newest known}}
""",
    right="""
# bullseye.yaml
survivorship: {accounts: {name: longest, employees: newest known}}
""",
)
def survivorship_misfit(context: Context) -> Iterator[Hit]:
    """A rule for merged records names no field, or does not suit its field.

    A list can only be united, and the refusal of a person cannot be outvoted.
    """
    stated = context.project.settings.survivorship
    for table in MERGEABLE:
        try:
            fields = stored_fields(context.project, table)
        except DefinitionError:
            continue  # types that contradict each other have their own rule
        for name, rule in stated.of(table).items():
            alone = Survivorship.model_validate({table.value: {name: rule}})
            try:
                survival_rules(table, fields, alone)
            except DefinitionError as error:
                path = ("survivorship", table.value, name)
                yield Hit("settings", "", path, error.problem, error.hint)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


CHECKS = (priority_tie, type_contradiction, column_filled_and_ignored, survivorship_misfit)
