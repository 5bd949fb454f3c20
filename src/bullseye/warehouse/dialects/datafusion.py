"""DataFusion, the engine inside many newer ones."""

from collections.abc import Sequence

from bullseye.warehouse.dialects.base import Dialect, capitals_of


class DataFusion(Dialect):
    """DataFusion's hooks.

    Its `translate` takes a letter and the accents after it for one, its `replace` does not. It
    puts -0.0 before 0.0, until something is added.
    """

    name = "datafusion"
    grammar = ""

    def finite(self, column: str) -> str:
        return super().finite(f"({column} + 0e0)")

    def day_number(self, column: str) -> str:
        return f"CAST({column} AS INT)"

    def lowered(self, column: str, texts: Sequence[str]) -> str:
        for capital, letter in zip(*capitals_of(texts), strict=True):
            column = f"replace({column}, {self.quoted(capital)}, {self.quoted(letter)})"
        return column

    def has(self, column: str, item: str) -> str:
        return f"array_has({column}, {item})"


DATAFUSION = DataFusion()
