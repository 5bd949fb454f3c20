"""Market size: how many accounts could buy (TAM), how many we can serve (SAM), in money too."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bullseye.definitions.field import Field
from bullseye.definitions.market import Market
from bullseye.definitions.rule import AllOf, Rule
from bullseye.definitions.typed import typed
from bullseye.stats.totals import Count, Moments, Total, total
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates


@dataclass(frozen=True)
class Size:
    """One size of a market: accounts with an interval, and yearly money with its own."""

    accounts: Count
    money: Total


@dataclass(frozen=True)
class MarketSize:
    """The sizes of one market on one day."""

    market: str
    as_of: date
    tam: Size
    sam: Size


@dataclass(frozen=True)
class Rules:
    """The typed rules of a market; None means every account."""

    tam: Rule | None
    sam: Rule | None


def market_rules(market: Market, fields: Mapping[str, Field]) -> Rules:
    """Return the rules of `market`; SAM is always inside TAM."""

    def ready(rule: Rule | None) -> Rule | None:
        return rule and typed(rule, fields, country=lambda text: country_code(text) or text)

    tam, sam = ready(market.tam), ready(market.sam)
    inside = AllOf((tam, sam)) if tam and sam else sam or tam
    return Rules(tam, inside)


def size_sql(
    rule: Rule | None, market: Market, fields: Mapping[str, Field], accounts: str, as_of: date
) -> str:
    """Return the select of counts and moments of the accounts `rule` means, in one row.

    Columns: yes, no, unknown; then known, missing, total, mean and sd of the value of the
    accounts that are meant.
    """
    predicates = Predicates(DUCKDB, fields, as_of)
    yes = predicates.yes(rule) if rule else "TRUE"
    no = predicates.no(rule) if rule else "FALSE"
    if market.value is not None:
        value = f"CAST({DUCKDB.literal(market.value)} AS DECIMAL(18,2))"
    else:
        value = f"CAST({DUCKDB.identifier(market.value_field)} AS DECIMAL(18,2))"
    return f"""SELECT count(*) FILTER (answer = 1), count(*) FILTER (answer = 0),
  count(*) FILTER (answer IS NULL),
  count(value) FILTER (answer = 1), count(*) FILTER (answer = 1 AND value IS NULL),
  COALESCE(CAST(sum(value) FILTER (answer = 1) AS DOUBLE), 0),
  COALESCE(CAST(avg(value) FILTER (answer = 1) AS DOUBLE), 0),
  COALESCE(stddev_samp(CAST(value AS DOUBLE)) FILTER (answer = 1), 0)
FROM (SELECT CASE WHEN {yes} THEN 1 WHEN {no} THEN 0 END AS answer, {value} AS value
  FROM {accounts})"""


def size(row: tuple[int, int, int, int, int, float, float, float]) -> Size:
    """Return the size that one row of `size_sql` states.

    The accounts whose membership is unknown enter the money as often as they are expected to
    be meant, at the mean value; the interval reaches from none of them to all of them.
    """
    yes, no, unknown, known, missing, summed, mean, sd = row
    accounts = Count(yes, no, unknown)

    def worth(further: int) -> Total:
        return total(Moments(known, missing + further, summed, mean, sd))

    expected = worth(round(accounts.estimate) - yes)
    low, high = worth(0).low, worth(unknown).high
    return Size(accounts, replace(expected, low=low, high=high))
