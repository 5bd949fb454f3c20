"""BigQuery."""

from collections.abc import Iterable, Sequence

from bullseye.definitions.rule import Value
from bullseye.warehouse.dialects.base import Dialect


class BigQuery(Dialect):
    """BigQuery's hooks. It keeps an unknown list as an empty one: there, none is ever unknown."""

    name = "bigquery"
    grammar = "bigquery"
    big = "INT64"
    double = "FLOAT64"
    text = "STRING"
    texts = "ARRAY<STRING>"
    money = "NUMERIC"

    def modulo(self, number: str, divisor: int) -> str:
        return f"MOD({number}, {divisor})"

    def bit_or(self, column: str) -> str:
        return f"BIT_OR({column})"

    def day_number(self, column: str) -> str:
        return f"UNIX_DATE({column})"

    def finds(self, text: str, pattern: str) -> str:
        return f"REGEXP_CONTAINS({text}, {self.quoted(pattern)})"

    def before(self, text: str, sign: str) -> str:
        return f"SPLIT({text}, {self.quoted(sign)})[OFFSET(0)]"

    def has(self, column: str, item: str) -> str:
        return f"{item} IN UNNEST({column})"

    def number_in(self, text: str) -> str:
        return f"SAFE_CAST({text} AS {self.double})"

    def day_in(self, text: str) -> str:
        return f"SAFE_CAST({text} AS DATE)"

    def rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
        structs = ",\n  ".join(self._struct(columns, row) for row in rows)
        return f"UNNEST([\n  {structs}]) AS {name}"

    def _struct(self, columns: Sequence[str], row: Sequence[Value]) -> str:
        named = zip(map(self.literal, row), map(self.column, columns), strict=True)
        return f"STRUCT({', '.join(f'{value} AS {name}' for value, name in named)})"


BIGQUERY = BigQuery()
