"""How large a market is, as one statement of counts and moments that any engine answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from bullseye.definitions.field import Field
from bullseye.definitions.market import Market
from bullseye.definitions.rule import AllOf, Rule
from bullseye.definitions.typed import typed
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.predicates import Predicates


@dataclass(frozen=True)
class Rules:
    """The typed rules of a market; None means every account."""

    tam: Rule | None
    sam: Rule | None


class Sized(NamedTuple):
    """Accounts that are meant, are not and may be; of the first the moments of their value."""

    yes: int
    no: int
    unknown: int
    known: int
    total: float
    sd: float


def market_rules(market: Market, fields: Mapping[str, Field]) -> Rules:
    """Return the rules of `market`; SAM is always inside TAM."""

    def ready(rule: Rule | None) -> Rule | None:
        return rule and typed(rule, fields, country=lambda text: country_code(text) or text)

    tam, sam = ready(market.tam), ready(market.sam)
    inside = AllOf((tam, sam)) if tam and sam else sam or tam
    return Rules(tam, inside)


def size_sql(
    dialect: Dialect,
    rule: Rule | None,
    market: Market,
    fields: Mapping[str, Field],
    accounts: str,
    as_of: date,
) -> str:
    """Return the select of the accounts `rule` means, in one row with the columns of `Sized`.

    `accounts` is a table expression of `fields`; amounts are added up exactly.
    """
    predicates = Predicates(dialect, fields, as_of)
    yes = predicates.yes(rule) if rule else "1 = 1"
    no = predicates.no(rule) if rule else "1 = 0"
    if market.value is not None:
        value = dialect.literal(market.value)
    else:
        value = dialect.column(market.value_field)
    meant = f"CASE WHEN m.answer = 1 THEN CAST(m.worth AS {dialect.double}) END"

    def counted(answer: int) -> str:
        return f"COALESCE(SUM(CASE WHEN m.answer = {answer} THEN 1 ELSE 0 END), 0)"

    return f"""SELECT {counted(1)}, {counted(0)}, {counted(2)},
  COUNT(CASE WHEN m.answer = 1 THEN m.worth END),
  COALESCE(CAST(SUM(CASE WHEN m.answer = 1 THEN m.worth END) AS {dialect.double}), 0),
  COALESCE(STDDEV_SAMP({meant}), 0)
FROM (SELECT CASE WHEN {yes} THEN 1 WHEN {no} THEN 0 ELSE 2 END AS answer,
  CAST({value} AS {dialect.money}) AS worth
  FROM {accounts} AS a) AS m"""


def sized(row: Sequence[Any]) -> Sized:
    """Return the one row of `size_sql`, whatever types the engine's driver gives it."""
    return Sized(*map(int, row[:4]), *map(float, row[4:]))
