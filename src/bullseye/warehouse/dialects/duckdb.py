"""DuckDB, 1.5 and 2.x: the embedded engine."""

from collections.abc import Sequence

from bullseye.warehouse.dialects.base import Dialect


class DuckDb(Dialect):
    """The embedded engine's hooks.

    Its own `lower` goes letter by letter just as `folded` does, and is far faster than
    replacing letters. It also trusts the statistics of a Parquet file, which leave NaN out, and
    so may take a column to lie between bounds that NaN is beyond: only `isfinite` looks.
    """

    name = "duckdb"
    grammar = "duckdb"

    def finite(self, column: str) -> str:
        return f"CASE WHEN isfinite({column}) THEN {column} END"

    def modulo(self, number: str, divisor: int) -> str:
        if divisor & (divisor - 1):
            return super().modulo(number, divisor)
        return f"({number} & {divisor - 1})"  # a division takes far longer

    def day_number(self, column: str) -> str:
        return f"date_diff('day', DATE '1970-01-01', {column})"

    def lowered(self, column: str, texts: Sequence[str]) -> str:
        return f"lower({column})"

    def contains(self, text: str, part: str) -> str:
        return f"contains({text}, {part})"

    def has(self, column: str, item: str) -> str:
        return f"list_contains({column}, {item})"


DUCKDB = DuckDb()
