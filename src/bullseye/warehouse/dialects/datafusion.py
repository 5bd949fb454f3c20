"""DataFusion, the engine inside many newer ones."""

from collections.abc import Mapping, Sequence

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

    def folded(
        self, text: str, long: Mapping[str, str], single: Mapping[str, str], without: str
    ) -> str:
        marks = self.quoted(f"[{without[0]}-{without[-1]}]")
        bare = f"regexp_replace({text}, {marks}, '', 'g')"
        return super().folded(bare, long, single, "")

    def replaced(self, text: str, pattern: str, by: str) -> str:
        return f"regexp_replace({text}, {self.quoted(pattern)}, {self.quoted(by)}, 'g')"

    def has(self, column: str, item: str) -> str:
        return f"array_has({column}, {item})"


DATAFUSION = DataFusion()
