"""PostgreSQL 14 and later."""

from bullseye.warehouse.dialects.base import Dialect

_NUMBER = r"'^[+-]?([0-9]{1,200}(\.[0-9]{0,200})?|\.[0-9]{1,200})([eE][+-]?[0-9]{1,2})?$'"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DAY = (
    "'^(?!0000)([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    f"|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP})$'"
)
"""PostgreSQL 15 has no cast that tries: only what is right reaches the cast. Year 0 is none."""


class Postgres(Dialect):
    """PostgreSQL's hooks, for `standard_conforming_strings`, which is on unless turned off."""

    name = "postgres"
    grammar = "postgres"
    double = "DOUBLE PRECISION"
    text = "TEXT"
    texts = "TEXT[]"

    def day_number(self, column: str) -> str:
        return f"({column} - DATE '1970-01-01')"

    def number_in(self, text: str) -> str:
        return f"CASE WHEN {text} ~ {_NUMBER} THEN CAST({text} AS {self.double}) END"

    def day_in(self, text: str) -> str:
        return f"CASE WHEN {text} ~ {_DAY} THEN CAST({text} AS DATE) END"

    def split(self, text: str, separator: str) -> str:
        return f"string_to_array({text}, {separator})"

    def finds(self, text: str, pattern: str) -> str:
        return f"{text} ~ {self.quoted(pattern)}"

    def replaced(self, text: str, pattern: str, by: str) -> str:
        return f"regexp_replace({text}, {self.quoted(pattern)}, {self.quoted(by)}, 'g')"

    def has(self, column: str, item: str) -> str:
        return f"{item} = ANY({column})"


POSTGRES = Postgres()
