"""Dialects: the only engine-specific lines, as a few hooks each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from bullseye.definitions.rule import Value

_BIG = 2**63
"""Whole numbers from here on are written as floating ones, which every column compares with."""


@dataclass(frozen=True)
class Dialect:
    """How one engine writes what the compiler needs; the defaults are DuckDB's."""

    name: str = "duckdb"
    big: str = "BIGINT"

    def identifier(self, name: str) -> str:
        """Return `name` quoted, whatever it contains."""
        return exp.to_identifier(name, quoted=True).sql(dialect=self.name)

    def literal(self, value: Value) -> str:
        """Return `value` as a literal; text is quoted, whatever it contains."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return str(value) if abs(value) < _BIG else f"{Decimal(value):.17e}"
        if isinstance(value, float):
            return repr(value) if abs(value) < 1e15 else f"{value:.0f}"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return exp.Literal.string(value).sql(dialect=self.name)

    def has(self, column: str, item: str) -> str:
        """Return the condition that the list in `column` has the literal `item`."""
        return f"list_contains({column}, {item})"

    def text_contains(self, column: str, part: str) -> str:
        """Return the condition that `column` contains the lower-case literal `part`."""
        return f"contains(lower({column}), {part})"

    def item_contains(self, column: str, part: str) -> str:
        """Return the condition that an item of the list contains the lower-case literal `part`."""
        return f"len(list_filter({column}, lambda x: {self.text_contains('x', part)})) > 0"

    def bit_or(self, column: str) -> str:
        """Return the aggregate that joins the bits of `column`."""
        return f"bit_or({column})"


DUCKDB = Dialect()
