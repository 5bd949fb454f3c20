"""Spark SQL, 3.5 and 4."""

from bullseye.errors import UsageError
from bullseye.warehouse.dialects.base import Dialect

_DOLLAR = "\\u0024"


class Spark(Dialect):
    """Spark's hooks.

    Before it parses a statement, Spark replaces ``${name}`` by a setting or a variable of the
    environment, inside quotes too: so no dollar sign of ours reaches it as one.
    """

    name = "spark"
    grammar = "spark"
    text = "STRING"
    texts = "ARRAY<STRING>"

    def identifier(self, name: str) -> str:
        if "${" in name:
            raise UsageError(
                f"Spark cannot be asked for a column or table called {name!r}:"
                " it replaces ${...} before it reads the name.",
                hint="Give it another name, or read it through a view.",
            )
        return super().identifier(name)

    def quoted(self, text: str) -> str:
        return super().quoted(text).replace("$", _DOLLAR)

    def day_number(self, column: str) -> str:
        return f"unix_date({column})"

    def contains(self, text: str, part: str) -> str:
        return f"contains({text}, {part})"

    def has(self, column: str, item: str) -> str:
        return f"array_contains({column}, {item})"

    def joined(self, column: str, separator: str) -> str:
        return f"array_join({column}, {separator})"


SPARK = Spark()
