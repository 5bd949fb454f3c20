"""What happened to the accounts of each tier: how often, how soon, for how much."""

from dataclasses import dataclass

import numpy as np

from bullseye.stats.amounts import Amount, mean_amount
from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.survival import aalen_johansen, clustered_share_by, life_table
from bullseye.validate.seen import STANDINGS, Bools, Happened, Judged

MIN_PACED = 10
"""Cases with known days below which no pace is shown."""


@dataclass(frozen=True)
class Pace:
    """The share of cases in which it had happened by a day, with its 95 % interval.

    The day is one for all standings: by it half of those in which it ever was seen to happen
    had happened. What ended otherwise counts as such, what is open as not known further. None
    where the cases were not watched for that long, or are too few.
    """

    day: float | None
    share: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Standing:
    """The cases of one tier or status, and what followed.

    `rate` is over the decided cases, with its interval and the accounts it rests on; `amount`
    the mean of those in which it happened.
    """

    name: str
    cases: int
    undecided: int
    rate: Rate
    pace: Pace
    amount: Amount


def standings(happened: Happened, judged: Judged) -> tuple[Standing, ...]:
    """Return every tier and status, best first, also those without a case."""
    decided = happened.decided
    rates = Clustered.of(
        happened.yes[decided] == 1,
        happened.account[decided],
        judged.standing[decided],
        len(STANDINGS),
    )
    day = pace_day(happened)
    found = []
    for code, name in enumerate(STANDINGS):
        here = judged.standing == code
        won = here & (happened.yes == 1)
        found.append(
            Standing(
                name,
                int(here.sum()),
                int((here & ~decided).sum()),
                rates.rate(code),
                _pace(happened, here, day),
                mean_amount(happened.amount[won], happened.account[won]),
            )
        )
    return tuple(found)


def pace_day(happened: Happened) -> float | None:
    """Return the day by which half of all that was seen to happen had happened."""
    known = np.isfinite(happened.days) & (happened.days >= 0)
    table = life_table(happened.days[known], happened.state[known])
    if not table.n or not table.yes.any():
        return None
    curve = aalen_johansen(table)
    return float(curve.days[np.flatnonzero(curve.share >= curve.share[-1] / 2)[0]])


def _pace(happened: Happened, here: Bools, day: float | None) -> Pace:
    known = here & np.isfinite(happened.days) & (happened.days >= 0)
    n = int(known.sum())
    if day is None or n < MIN_PACED:
        return Pace(day, None, None, None, n)
    account = np.unique(happened.account[known], return_inverse=True)[1]
    found = clustered_share_by(happened.days[known], happened.state[known], account, day)
    return Pace(day, found.share, found.low, found.high, n)
