"""Market size: how many accounts could buy (TAM), how many we can serve (SAM), in money too."""

from dataclasses import dataclass, replace
from datetime import date

from bullseye.stats.totals import Count, Moments, Total, total
from bullseye.warehouse.sizing import Sized


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


def size(counted: Sized) -> Size:
    """Return the size that the counts and moments of a market state.

    The accounts whose membership is unknown enter the money as often as they are expected to
    be meant, at the mean value; the interval reaches from none of them to all of them.
    """
    accounts = Count(counted.yes, counted.no, counted.unknown)
    missing, known = counted.yes - counted.known, counted.known
    mean = counted.total / known if known else 0.0

    def worth(further: int) -> Total:
        return total(Moments(known, missing + further, counted.total, mean, counted.sd))

    expected = worth(round(accounts.estimate) - counted.yes)
    low, high = worth(0).low, worth(counted.unknown).high
    return Size(accounts, replace(expected, low=low, high=high))
