"""Customers in two orders: who was won fastest for least discount, who uses the product most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.lists import beaten
from bullseye.warehouse.facts import Fact

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOSTLY = 0.5
"""A second measure is used where it is known for at least this share of customers."""


@dataclass(frozen=True, eq=False)
class Customers:
    """Customers with what was measured of them, in order of account; arrays of shape (n,).

    `days` from the beginning of the opportunity to its winning and `discount` (a share) are NaN
    unless it was won in the window; `discount` also where it is not known. `users` and `events`
    are per day of the window, NaN where not measured; `seats` NaN where not known. `observed`
    counts the days. `facts` are columns of n rows.
    """

    account_ids: tuple[str, ...]
    names: tuple[str | None, ...]
    won_on: tuple[date | None, ...]
    days: Floats
    discount: Floats
    users: Floats
    events: Floats
    seats: Floats
    observed: Floats
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Missing:
    """How many customers could not be on a list, and why."""

    reason: str
    n: int


@dataclass(frozen=True, eq=False)
class Ranking:
    """Customers in order: `place` is 1 for the first, NaN for those that could not be listed."""

    measure: str
    place: Floats
    missing: tuple[Missing, ...]

    @property
    def pool(self) -> Bools:
        """Who could be on a list, shape (n,)."""
        return ~np.isnan(self.place)

    def listed(self, k: int) -> Bools:
        """Return the first k, or all where there are fewer, shape (n,)."""
        first: Bools = self.place <= k
        return first


def fastest(customers: Customers) -> Ranking:
    """Return the customers won in the window, the fastest for the least discount first.

    A customer comes before all that it beats: won in no more days and for no more discount, and
    better in one. In between the order is by how many others a customer beats, then by days,
    discount and account. Nobody's discount is weighed against somebody's days. Customers whose
    discount is not known are left out where most are known; else days alone decide.
    """
    won = ~np.isnan(customers.days)
    known = won & ~np.isnan(customers.discount)
    both = known.sum() >= MOSTLY * max(won.sum(), 1) and bool(known.any())
    pool = known if both else won
    days = customers.days[pool]
    discount = customers.discount[pool] if both else np.zeros(len(days))
    order = np.lexsort((np.flatnonzero(pool), discount, days, -beaten(days, discount)))
    measure = "days to win, and discount" if both else "days to win; discounts are not known"
    unknown = int((won & ~pool).sum())
    missing = (Missing("their discount is not known", unknown),) if unknown else ()
    return Ranking(measure, _placed(pool, order), missing)


def stickiest(customers: Customers) -> Ranking:
    """Return the present customers, the one with the highest daily active use first.

    Active users per day and seat where most seats are known, else per day; events per day where
    active users were never counted.
    """
    counted = not np.isnan(customers.users).all()
    use = customers.users if counted else customers.events
    measured, unit = ~np.isnan(use), "active users" if counted else "events"
    seats = np.where(customers.seats > 0, customers.seats, np.nan)
    seated = measured & ~np.isnan(seats)
    per_seat = counted and seated.sum() >= MOSTLY * max(measured.sum(), 1) and bool(seated.any())
    pool = seated if per_seat else measured
    value = use[pool] / seats[pool] if per_seat else use[pool]
    unknown = int((measured & ~pool).sum())
    missing = (Missing("their seats are not known", unknown),) if unknown else ()
    measure = f"{unit} per day and seat" if per_seat else f"{unit} per day"
    return Ranking(measure, _placed(pool, np.lexsort((np.flatnonzero(pool), -value))), missing)


def _placed(pool: Bools, order: NDArray[np.int64]) -> Floats:
    place = np.full(len(pool), np.nan)
    place[np.flatnonzero(pool)[order]] = np.arange(1, len(order) + 1)
    return place
