"""What the compiler asks of an engine: a few hooks, worded as most engines word them."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import ClassVar

from sqlglot import exp

from bullseye.definitions.rule import Value

LARGEST = sys.float_info.max
"""The largest floating number there is; what lies beyond is infinite."""

_CASED = range(0x20000)
"""Code points among which all letters with two cases lie."""


class Dialect(ABC):
    """How one engine writes what the compiler needs.

    A hook stands here because engines differ in it, or because doing it alike on all of them
    takes care. Whatever is data (names, texts, numbers, days) passes through `identifier`,
    `column` and `literal`; every other argument is SQL.
    """

    name: ClassVar[str]
    grammar: ClassVar[str]
    """What sqlglot calls its syntax; empty for the standard's."""
    big: ClassVar[str] = "BIGINT"
    """The type of whole numbers of 64 bits."""
    double: ClassVar[str] = "DOUBLE"
    """The type of floating numbers of 64 bits."""
    text: ClassVar[str] = "VARCHAR"
    """The type of text of any length."""
    texts: ClassVar[str] = "VARCHAR[]"
    """The type of lists of texts."""
    money: ClassVar[str] = "DECIMAL(18, 2)"
    """The type of amounts with two decimals."""

    # -- names and values ------------------------------------------------------------------

    def identifier(self, name: str) -> str:
        """Return `name` quoted, whatever it contains, in exactly these letters."""
        return exp.to_identifier(name, quoted=True).sql(dialect=self.grammar)

    def column(self, name: str) -> str:
        """Return one of our own columns quoted: the one the bare word would mean."""
        return self.identifier(name)

    def literal(self, value: Value) -> str:
        """Return `value` as a literal; text is quoted, whatever it contains.

        Fractions, and whole numbers beyond 64 bits, are floating numbers of 64 bits on every
        engine: never a decimal here and a float there.
        """
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return str(value) if abs(value) < 1 << 63 else _floating(value)
        if isinstance(value, float):
            return _floating(value)
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return self.quoted(value)

    def quoted(self, text: str) -> str:
        """Return `text` as a literal, whatever it contains."""
        return exp.Literal.string(text).sql(dialect=self.grammar)

    # -- numbers ---------------------------------------------------------------------------

    def finite(self, column: str) -> str:
        """Return the floating number in `column`, NULL where it is infinite or no number."""
        return f"CASE WHEN {column} BETWEEN {-LARGEST!r} AND {LARGEST!r} THEN {column} END"

    def modulo(self, number: str, divisor: int) -> str:
        """Return what dividing leaves; neither is negative."""
        return f"{number} % {divisor}"

    def has_bits(self, number: str, bits: int) -> str:
        """Return the condition that `number` has at least one of `bits`."""
        return f"({number} & {bits}) > 0"

    def bit_or(self, column: str) -> str:
        """Return the aggregate that joins the bits of `column`."""
        return f"bit_or({column})"

    @abstractmethod
    def day_number(self, column: str) -> str:
        """Return the days from 1970-01-01 to the day in `column`."""

    # -- texts and lists -------------------------------------------------------------------

    def lowered(self, column: str, texts: Sequence[str]) -> str:
        """Return the text in `column`, lowered as far as looking for `texts` needs.

        Engines disagree about lower case (a final sigma, a dotted capital I, and whether
        anything but A-Z has two cases at all). So each letter that is the capital of one in
        `texts` is replaced by it, and no other: as `bullseye.definitions.evaluate.folded`
        has it, on every engine.
        """
        capitals, small = capitals_of(texts)
        return f"translate({column}, {self.quoted(capitals)}, {self.quoted(small)})"

    def contains(self, text: str, part: str) -> str:
        """Return the condition that `part` stands in `text`, letter for letter."""
        return f"strpos({text}, {part}) > 0"

    def folded(
        self, text: str, long: Mapping[str, str], single: Mapping[str, str], without: str
    ) -> str:
        """Return `text` with some signs replaced: first `long` ones, then `single` ones.

        `long` become texts, one after the other; each sign of `single` becomes one sign; those
        in `without` are left out.
        """
        for sign, letters in long.items():
            text = f"replace({text}, {self.quoted(sign)}, {self.quoted(letters)})"
        signs, letters = "".join(single) + without, "".join(single.values())
        return f"translate({text}, {self.quoted(signs)}, {self.quoted(letters)})"

    def finds(self, text: str, pattern: str) -> str:
        """Return the condition that a pattern is found in `text`.

        Patterns keep to what all engines read alike: see `bullseye.definitions.titles.words`.
        """
        return f"regexp_like({text}, {self.quoted(pattern)})"

    def replaced(self, text: str, pattern: str, by: str) -> str:
        """Return `text` with everything that a pattern finds replaced."""
        return f"regexp_replace({text}, {self.quoted(pattern)}, {self.quoted(by)})"

    def before(self, text: str, sign: str) -> str:
        """Return what stands before the first `sign` in `text`, which has one."""
        return f"split_part({text}, {self.quoted(sign)}, 1)"

    @abstractmethod
    def has(self, column: str, item: str) -> str:
        """Return the condition that the list in `column` has `item`: true or not, never more."""

    def joined(self, column: str, separator: str) -> str:
        """Return the known items of the list in `column` as one text."""
        return f"array_to_string({column}, {separator})"

    # -- a customer's own columns ----------------------------------------------------------

    def number_in(self, text: str) -> str:
        """Return the floating number a text says, NULL where it says none."""
        return f"TRY_CAST({text} AS {self.double})"

    def day_in(self, text: str) -> str:
        """Return the day a text of the form 2026-03-31 says, NULL where it says none."""
        return f"TRY_CAST({text} AS DATE)"

    def split(self, text: str, separator: str) -> str:
        """Return the list of what stands between the signs `separator` of a text."""
        return f"split({text}, {separator})"

    # -- tables ----------------------------------------------------------------------------

    def rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
        """Return at least one row of values as a table expression called `name`."""
        named = ", ".join(map(self.column, columns))
        return f"(VALUES\n  {self.tuples(rows)}) AS {name} ({named})"

    def tuples(self, rows: Iterable[Sequence[Value]]) -> str:
        """Return rows of values as a list of tuples."""
        return ",\n  ".join(f"({', '.join(map(self.literal, row))})" for row in rows)


def capitals_of(texts: Sequence[str]) -> tuple[str, str]:
    r"""Return the letters that fold to one in `texts`, and to which, place by place.

    >>> capitals = capitals_of(["k1"])
    >>> capitals == ("K\N{KELVIN SIGN}", "kk")
    True
    """
    pairs = [
        (capital, letter)
        for letter in sorted(set("".join(texts)))
        for capital in _capitals().get(letter, "")
    ]
    return "".join(capital for capital, _ in pairs), "".join(letter for _, letter in pairs)


@cache
def _capitals() -> dict[str, str]:
    found: dict[str, str] = {}
    for letter in map(chr, _CASED):
        small = letter.lower()[0]
        if small != letter:
            found[small] = found.get(small, "") + letter
    return found


def _floating(value: float) -> str:
    """Return a number with an exponent, which makes it floating in every engine's grammar."""
    written = repr(float(max(-LARGEST, min(value, LARGEST))))
    return written if "e" in written else f"{written}e0"
