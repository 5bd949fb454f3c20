"""Turn a rule into SQL conditions: one for yes, one for no; unknown is neither.

Both conditions are written to stand inside ``CASE WHEN``: they are true, or they are not; no
engine's treatment of NULL in a negation can matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import count

from bullseye.definitions.evaluate import days_before, folded
from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.known import field_named
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule, Test
from bullseye.errors import UnknownName
from bullseye.warehouse.dialect import Dialect

FLOATING = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.SHARE})
"""Types whose columns may hold what is no number."""

WHOLE = frozenset({FieldType.COUNT, FieldType.YEAR})
"""Types whose columns hold whole numbers."""

_FIRST_PRIVATE = 0xE000

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
        The SQL of a field's value, NULL where unknown; its own column's where absent.
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
        self.column = column or self._own

    def _own(self, name: str) -> str:
        return known_value(self.dialect, self.fields, name, self.dialect.column(name))

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

    def known(self, fields: Iterable[str]) -> str:
        """Return the condition that all of `fields` are known: a rule over them then says."""
        return " AND ".join(f"{self.column(field)} IS NOT NULL" for field in sorted(fields))

    def _type(self, name: str) -> FieldType:
        return _type_of(self.fields, name)

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
                return self._contains(test, column)
            case Op.NONE_OF:
                return self._none_of(test, column)
            case _:
                return self._one_of(test, column)

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
                return self._one_of(test, column)
            case _:
                return self._none_of(test, column)

    def _one_of(self, test: Test, column: str) -> str:
        """Return the condition that `column` is one of the values, in the fastest form.

        Comparing takes less time than looking through a list, and codes often lie in a row.
        """
        values = [self.dialect.literal(value) for value in test.values]
        if len(values) == 1:
            return f"{column} = {values[0]}"
        if row := self._in_a_row(test):
            return f"{column} BETWEEN {row[0]} AND {row[1]}"
        return f"{column} IN ({', '.join(values)})"

    def _none_of(self, test: Test, column: str) -> str:
        values = [self.dialect.literal(value) for value in test.values]
        if len(values) == 1:
            return f"{column} <> {values[0]}"
        if row := self._in_a_row(test):
            return f"({column} < {row[0]} OR {column} > {row[1]})"
        return f"{column} NOT IN ({', '.join(values)})"

    def _in_a_row(self, test: Test) -> tuple[int, int] | None:
        """Return the first and last value, where they are whole numbers that leave none out."""
        numbers = {value for value in test.values if isinstance(value, int)}
        if self._type(test.field) not in WHOLE or len(numbers) < len(test.values):
            return None
        first, last = min(numbers), max(numbers)
        return (first, last) if last - first == len(numbers) - 1 else None

    def _list_yes(self, test: Test, column: str) -> str:
        has = [self.dialect.has(column, self.dialect.literal(str(v))) for v in test.values]
        match test.op:
            case Op.ALL_OF:
                return _joined("AND", has)
            case Op.NONE_OF:
                any_of = _joined("OR", has)
                return f"({column} IS NOT NULL AND CASE WHEN {any_of} THEN FALSE ELSE TRUE END)"
            case Op.CONTAINS:
                between = self.dialect.quoted(_mark([str(value) for value in test.values]))
                return self._contains(test, self.dialect.joined(column, between))
            case _:
                return _joined("OR", has)

    def _contains(self, test: Test, text: str) -> str:
        parts = [folded(str(value)) for value in test.values]
        where = self.dialect.lowered(text, parts)
        contains, quoted = self.dialect.contains, self.dialect.quoted
        return _joined("OR", [contains(where, quoted(part)) for part in parts])

    def _first_day(self, test: Test) -> str:
        return self.dialect.literal(days_before(self.as_of, int(test.values[0])))  # type: ignore[arg-type]


def known_value(dialect: Dialect, fields: Mapping[str, Field], name: str, column: str) -> str:
    """Return the SQL of a field's value, NULL where unknown; no number is ever infinite.

    Whether NaN is more than a million is a matter of opinion among engines.
    """
    return dialect.finite(column) if _type_of(fields, name) in FLOATING else column


def _type_of(fields: Mapping[str, Field], name: str) -> FieldType:
    field = field_named(fields, name)
    if field is None:
        raise UnknownName("field", name, fields)
    return field.type


def _mark(texts: Sequence[str]) -> str:
    """Return a character that no text has: none of them spans two items it stands between."""
    used = set("".join(texts))
    return next(letter for n in count(_FIRST_PRIVATE) if (letter := chr(n)) not in used)


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {word} '.join(parts)})"
