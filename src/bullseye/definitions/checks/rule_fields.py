"""Rules about the fields that rules read: known, at the right level, filled, rightly compared."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, CONTACTS, Context, Path, Standing
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.nearest import one_edit_apart
from bullseye.definitions.checks.written import field_path
from bullseye.definitions.field import NUMERIC, STANDARD_FIELDS, FieldType, TableName
from bullseye.definitions.known import field_named, growth
from bullseye.definitions.rule import MEMBERSHIP, ORDER, Op, Test
from bullseye.errors import nearest_name

SCARCE = 0.2
"""Below this known share a field is too empty to decide much."""

_DATED = frozenset({Op.BETWEEN, Op.OVER, Op.UNDER, Op.AT_LEAST, Op.AT_MOST, Op.WITHIN})
_ALLOWED: dict[FieldType, frozenset[Op]] = {
    FieldType.DATE: _DATED | {Op.IS, Op.ANY_OF, Op.NONE_OF},
    FieldType.FLAG: frozenset({Op.IS, Op.ANY_OF, Op.NONE_OF}),
    FieldType.LIST: MEMBERSHIP,
}
_ALLOWED_NUMERIC = ORDER | {Op.IS, Op.ANY_OF, Op.NONE_OF}
_ALLOWED_TEXT = MEMBERSHIP - {Op.ALL_OF}
_INSTEAD = {
    FieldType.DATE: "Use within, between, over or under, as in {within: 90 days}.",
    FieldType.FLAG: "Write true or false.",
    FieldType.LIST: "Use any_of, all_of or none_of.",
}


def level_of(name: str) -> TableName | None:
    """Return the table a standard field belongs to, if it is not one of accounts."""
    tables = [t for t, fields in STANDARD_FIELDS.items() if name in {f.name for f in fields}]
    return None if not tables or ACCOUNTS in tables else tables[0]


def is_misplaced(standing: Standing, name: str) -> bool:
    """Whether a field is known, but about something else than what the rule is about."""
    if standing.table is ACCOUNTS:
        return level_of(name) is not None
    own = {field.name for field in STANDARD_FIELDS[CONTACTS]}
    account = {field.name for field in STANDARD_FIELDS[ACCOUNTS]}
    return name not in own and (name in account or growth(name) is not None)


def _hit(standing: Standing, path: Path, message: str, hint: str = "") -> Hit:
    return Hit(standing.kind, standing.name, path, message, hint)


@coded(
    "RUL001",
    "unknown-field",
    Severity.ERROR,
    wrong="rule: {industy: Fintech}",
    right="rule: {industry: Fintech}",
    fixable=True,
)
def unknown_field(context: Context) -> Iterator[Hit]:
    """A rule can only read a field that is standard, declared by a source, or derived.

    Derived is, for example, headcount_growth_6m. A misspelt field would be unknown for every
    account, and the whole list would wait for data that never comes.
    """
    for standing in context.rules:
        fields = context.fields(standing.table)
        for test, path in context.tests(standing):
            if is_misplaced(standing, test.field) or field_named(fields, test.field):
                continue
            near = nearest_name(test.field, tuple(fields))
            place = field_path(path, test.field)
            fix = None
            if near and one_edit_apart(near, test.field):
                fix = context.renaming(standing.kind, standing.name, place, near)
            hint = f"Did you mean {near!r}?" if near else "Declare it as a column of a source."
            message = f"no field of {standing.table} is named {test.field!r}"
            yield Hit(standing.kind, standing.name, place, message, hint, fix)


@coded(
    "RUL002",
    "comparison-does-not-fit",
    Severity.ERROR,
    wrong="rule: {industry: {over: 50}}",
    right="rule: {employees: {over: 50}}",
)
def comparison_does_not_fit(context: Context) -> Iterator[Hit]:
    """Each type of field has its own comparisons.

    Size only means something for numbers and days, text is compared by equality or by what it
    contains, and only a list can have all of several values.
    """
    for standing in context.rules:
        fields = context.fields(standing.table)
        for test, path in context.tests(standing):
            field = field_named(fields, test.field)
            if field is None or fits(field.type, test):
                continue
            message = f"{test.op} does not fit {test.field}, which is a {field.type}"
            yield _hit(standing, path, message, _instead(field.type))


def fits(type_: FieldType, test: Test) -> bool:
    """Whether a field of a type can be compared the way a test does."""
    fallback = _ALLOWED_NUMERIC if type_ in NUMERIC else _ALLOWED_TEXT
    allowed = _ALLOWED.get(type_, fallback)
    return test.op in allowed or (test.op is Op.ALL_OF and len(test.values) == 1)


def _instead(type_: FieldType) -> str:
    if type_ in NUMERIC:
        return "Use between, over, under, at_least or at_most."
    return _INSTEAD.get(type_, "Use any_of, none_of or contains.")


@coded(
    "RUL005",
    "field-never-imported",
    Severity.WARNING,
    wrong="rule: {funding_stage: Series B}   # and no file has a funding stage",
    right="Import a file that fills the field, or drop the rule.",
    measured=True,
)
def field_never_imported(context: Context) -> Iterator[Hit]:
    """While no imported row knows the field, the rule is unknown for every account.

    A requirement holds them all back, a criterion earns nobody points.
    """
    for standing, test, path, share in _shares(context):
        if share == 0:
            message = f"{test.field} is known for none of the imported {standing.table}"
            hint = f"Import {standing.table} from a file that has it, or drop the rule."
            yield _hit(standing, field_path(path, test.field), message, hint)


@coded(
    "RUL006",
    "field-mostly-unknown",
    Severity.WARNING,
    wrong="rule: {revenue: {over: 50M}}   # known for 8 % of accounts",
    right="Fill the field from an enrichment source, or use one that is known more often.",
    measured=True,
)
def field_mostly_unknown(context: Context) -> Iterator[Hit]:
    """A field known for fewer than one account in five decides little.

    It leaves the others with a wide range of possible scores, and what it decides rests on few.
    """
    for standing, test, path, share in _shares(context):
        if 0 < share < SCARCE:
            facts = context.facts.of(standing.table, test.field)
            n = facts.row_count if facts else 0
            message = f"{test.field} is known for {share:.0%} of {n:,} imported {standing.table}"
            hint = "Fill it from an enrichment source, or use a field that is known more often."
            yield _hit(standing, field_path(path, test.field), message, hint)


def _shares(context: Context) -> Iterator[tuple[Standing, Test, Path, float]]:
    """Yield each field a rule reads, once per rule, with the share of rows that know it."""
    for standing in context.rules:
        if not context.facts.has(standing.table):
            continue
        fields = context.fields(standing.table)
        seen: set[str] = set()
        for test, path in context.tests(standing):
            if test.field in seen or field_named(fields, test.field) is None:
                continue
            seen.add(test.field)
            facts = context.facts.of(standing.table, test.field)
            if facts is not None:
                yield standing, test, path, facts.known_share
            elif growth(test.field) is None:
                yield standing, test, path, 0.0


CHECKS = (unknown_field, comparison_does_not_fit, field_never_imported, field_mostly_unknown)
