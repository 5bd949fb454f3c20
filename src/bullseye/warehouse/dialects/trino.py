"""Trino, and Athena after it."""

from bullseye.warehouse.dialects.base import Dialect


class Trino(Dialect):
    """Trino's hooks."""

    name = "trino"
    grammar = "trino"
    texts = "ARRAY(VARCHAR)"

    def has_bits(self, number: str, bits: int) -> str:
        return f"bitwise_and({number}, {bits}) > 0"

    def bit_or(self, column: str) -> str:
        return f"bitwise_or_agg({column})"

    def day_number(self, column: str) -> str:
        return f"date_diff('day', DATE '1970-01-01', {column})"

    def has(self, column: str, item: str) -> str:
        return f"contains({column}, {item})"

    def joined(self, column: str, separator: str) -> str:
        return f"array_join({column}, {separator})"


TRINO = Trino()
