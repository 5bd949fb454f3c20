"""DuckDB, 1.5 and 2.x: the embedded engine."""

from collections.abc import Mapping, Sequence

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

    def folded(
        self, text: str, long: Mapping[str, str], single: Mapping[str, str], without: str
    ) -> str:
        asked = super().folded(text, long, single, without)
        ascii_only = {sign: letters for sign, letters in long.items() if sign.isascii()}
        plain = f"lower({text})"  # what is ASCII already is most of it, and far faster so
        for sign, letters in ascii_only.items():
            plain = f"replace({plain}, {self.quoted(sign)}, {self.quoted(letters)})"
        return f"CASE WHEN strlen({text}) = length({text}) THEN {plain} ELSE {asked} END"

    def finds(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, {self.quoted(pattern)})"

    def replaced(self, text: str, pattern: str, by: str) -> str:
        done = f"regexp_replace({text}, {self.quoted(pattern)}, {self.quoted(by)}, 'g')"
        return f"CASE WHEN {self.finds(text, pattern)} THEN {done} ELSE {text} END"

    def has(self, column: str, item: str) -> str:
        return f"list_contains({column}, {item})"


DUCKDB = DuckDb()
