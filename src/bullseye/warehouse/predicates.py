"""Turn a rule into SQL conditions: one for yes, one for no; unknown is neither.

Both conditions are written to stand inside ``CASE WHEN``: they are true, or they are not; no
engine's treatment of NULL in a negation can matter.
"""

from collections.abc import Callable, Mapping
from datetime import date

from bullseye.definitions.evaluate import days_before, folded
from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.known import field_named
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule, Test
from bullseye.errors import UnknownName
from bullseye.warehouse.dialect import Dialect

ColumnOf = Callable[[str], str]
"""Gives the SQL of a field's value."""


class Predicates:
    """Writes conditions for one dialect, one table and one day.

    Parameters
    ----------
    dialect
        The engine's hooks.
    fields
        The fields rules may read, by name; rules are `typed` already.
    as_of
        The day relative conditions count from.
    column
        The SQL of a field's value; the quoted name where absent.
    """

    def __init__(
        self,
        dialect: Dialect,
        fields: Mapping[str, Field],
        as_of: date,
        column: ColumnOf | None = None,
    ) -> None:
        self.dialect = dialect
        self.fields = fields
        self.as_of = as_of
        self.column = column or dialect.identifier

    def yes(self, rule: Rule) -> str:
        """Return the condition that `rule` holds."""
        match rule:
            case Test():
                return self._yes(rule)
            case Not(part):
                return self.no(part)
            case AllOf(parts):
                return _joined("AND", [self.yes(part) for part in parts])
            case AnyOf(parts):
                return _joined("OR", [self.yes(part) for part in parts])

    def no(self, rule: Rule) -> str:
        """Return the condition that `rule` is known not to hold."""
        match rule:
            case Test():
                return self._no(rule)
            case Not(part):
                return self.yes(part)
            case AllOf(parts):
                return _joined("OR", [self.no(part) for part in parts])
            case AnyOf(parts):
                return _joined("AND", [self.no(part) for part in parts])

    def unknown(self, field: str) -> str:
        """Return the condition that `field` is unknown."""
        return f"{self.column(field)} IS NULL"

    def _type(self, name: str) -> FieldType:
        field = field_named(self.fields, name)
        if field is None:
            raise UnknownName("field", name, self.fields)
        return field.type

    def _yes(self, test: Test) -> str:
        column, literal = self.column(test.field), self.dialect.literal
        values = [literal(value) for value in test.values]
        if self._type(test.field) is FieldType.LIST:
            return self._list_yes(test, column)
        match test.op:
            case Op.BETWEEN:
                return f"{column} BETWEEN {values[0]} AND {values[1]}"
            case Op.OVER:
                return f"{column} > {values[0]}"
            case Op.UNDER:
                return f"{column} < {values[0]}"
            case Op.AT_LEAST:
                return f"{column} >= {values[0]}"
            case Op.AT_MOST:
                return f"{column} <= {values[0]}"
            case Op.WITHIN:
                first = self._first_day(test)
                return f"{column} BETWEEN {first} AND {literal(self.as_of)}"
            case Op.CONTAINS:
                parts = self._parts(test)
                return _joined("OR", [self.dialect.text_contains(column, p) for p in parts])
            case Op.NONE_OF:
                return f"{column} NOT IN ({', '.join(values)})"
            case _:
                return f"{column} IN ({', '.join(values)})"

    def _no(self, test: Test) -> str:
        column, literal = self.column(test.field), self.dialect.literal
        values = [literal(value) for value in test.values]
        if self._type(test.field) is FieldType.LIST or test.op is Op.CONTAINS:
            yes = self._yes(test)
            return f"({column} IS NOT NULL AND CASE WHEN {yes} THEN FALSE ELSE TRUE END)"
        match test.op:
            case Op.BETWEEN:
                return f"({column} < {values[0]} OR {column} > {values[1]})"
            case Op.OVER:
                return f"{column} <= {values[0]}"
            case Op.UNDER:
                return f"{column} >= {values[0]}"
            case Op.AT_LEAST:
                return f"{column} < {values[0]}"
            case Op.AT_MOST:
                return f"{column} > {values[0]}"
            case Op.WITHIN:
                first = self._first_day(test)
                return f"({column} < {first} OR {column} > {literal(self.as_of)})"
            case Op.NONE_OF:
                return f"{column} IN ({', '.join(values)})"
            case _:
                return f"{column} NOT IN ({', '.join(values)})"

    def _list_yes(self, test: Test, column: str) -> str:
        parts = self._parts(test)
        has = [self.dialect.has(column, self.dialect.literal(str(v))) for v in test.values]
        match test.op:
            case Op.ALL_OF:
                return _joined("AND", has)
            case Op.NONE_OF:
                any_of = _joined("OR", has)
                return f"({column} IS NOT NULL AND CASE WHEN {any_of} THEN FALSE ELSE TRUE END)"
            case Op.CONTAINS:
                return _joined("OR", [self.dialect.item_contains(column, p) for p in parts])
            case _:
                return _joined("OR", has)

    def _parts(self, test: Test) -> list[str]:
        return [self.dialect.literal(folded(str(value))) for value in test.values]

    def _first_day(self, test: Test) -> str:
        days = int(test.values[0])  # type: ignore[arg-type]
        return self.dialect.literal(days_before(self.as_of, days))


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {word} '.join(parts)})"
