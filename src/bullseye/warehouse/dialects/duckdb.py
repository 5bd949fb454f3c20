"""DuckDB, 1.5 and 2.x: the embedded engine."""

from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

from bullseye.warehouse.dialects.base import Dialect

_LATIN = "\x01-\x7f\u00c0-\u024f\u1e00-\u1eff"
"""ASCII and the letters of which `strip_accents` leaves the bare one, as `translate` would."""

_BEYOND = 0x2100
"""Signs from here on are rare enough to be looked up one by one."""


def _is_alone(sign: str, letter: str) -> bool:
    """Whether a usual sign becomes `letter`, though not by losing its accents."""
    if sign.isascii() or ord(sign) >= _BEYOND:
        return False
    bare = "".join(each for each in normalize("NFD", sign) if not combining(each))
    return bare.lower() != letter


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
        # A long `translate` takes microseconds per text: most texts need none, or a short one.
        asked = super().folded(text, long, single, without)
        plain, latin = f"lower({text})", text
        for sign, letters in long.items():
            to = f"{self.quoted(sign)}, {self.quoted(letters)}"
            latin = f"replace({latin}, {to})"
            if sign.isascii():
                plain = f"replace({plain}, {to})"
        few = {sign: to for sign, to in single.items() if _is_alone(sign, to)}
        signs, letters = "".join(few), "".join(few.values())
        latin = f"translate({latin}, {self.quoted(signs)}, {self.quoted(letters)})"
        known = "".join(sign for sign in (*long, *few) if len(sign) == 1 and not sign.isascii())
        is_latin = f"regexp_full_match({text}, {self.quoted(f'[{_LATIN}{known}]*')})"
        return (
            f"CASE WHEN strlen({text}) = length({text}) THEN {plain}"
            f" WHEN {is_latin} THEN lower(strip_accents({latin})) ELSE {asked} END"
        )

    def finds(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, {self.quoted(pattern)})"

    def replaced(self, text: str, pattern: str, by: str) -> str:
        done = f"regexp_replace({text}, {self.quoted(pattern)}, {self.quoted(by)}, 'g')"
        return f"CASE WHEN {self.finds(text, pattern)} THEN {done} ELSE {text} END"

    def has(self, column: str, item: str) -> str:
        return f"list_contains({column}, {item})"


DUCKDB = DuckDb()
