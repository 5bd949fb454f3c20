"""Snowflake."""

import re
from collections.abc import Iterable, Sequence

from bullseye.definitions.rule import Value
from bullseye.warehouse.dialects.base import Dialect

_WORD = re.compile(r"[a-z_][a-z0-9_]*")


class Snowflake(Dialect):
    """Snowflake's hooks; bare words mean names in capitals, so our own columns have those."""

    name = "snowflake"
    grammar = "snowflake"
    texts = "ARRAY"

    def column(self, name: str) -> str:
        return self.identifier(name.upper() if _WORD.fullmatch(name) else name)

    def has_bits(self, number: str, bits: int) -> str:
        return f"BITAND({number}, {bits}) > 0"

    def bit_or(self, column: str) -> str:
        return f"BITOR_AGG({column})"

    def day_number(self, column: str) -> str:
        return f"DATEDIFF('day', DATE '1970-01-01', {column})"

    def contains(self, text: str, part: str) -> str:
        return f"CONTAINS({text}, {part})"

    def finds(self, text: str, pattern: str) -> str:
        # REGEXP_LIKE wants the pattern to fit the whole text
        return f"REGEXP_INSTR({text}, {self.quoted(pattern)}) > 0"

    def has(self, column: str, item: str) -> str:
        return f"ARRAY_CONTAINS(CAST({item} AS VARIANT), {column})"

    def rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
        named = ", ".join(map(self.column, columns))
        return f"(SELECT * FROM VALUES\n  {self.tuples(rows)} AS v ({named})) AS {name}"


SNOWFLAKE = Snowflake()
