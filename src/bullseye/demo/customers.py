"""Subscriptions that run or end, what their support costs, and how much they are used."""

from dataclasses import dataclass

import numpy as np

from bullseye.demo.accounts import Accounts
from bullseye.demo.chance import Bools, Floats, Ints
from bullseye.demo.opportunities import Opportunities
from bullseye.demo.signals import ABSENT
from bullseye.demo.story import INDUSTRIES, SMALL, TECHNOLOGIES
from bullseye.demo.truth import Effects

_YEAR = 365
_SUPPORT_DAYS = 182
_FULL_USAGE_ACCOUNTS = 100_000
_USAGE_DAYS = 240
_LEAST_USAGE_DAYS = 28
_SUNDAY = 3  # 1970-01-01 was a Thursday
_WEEKDAYS = 5


@dataclass(frozen=True)
class Subscriptions:
    """One subscription per account that ever bought; `account` is a row of the block."""

    account: Ints
    started_day: Ints
    ended_day: Ints
    churned: Bools
    seats: Ints
    arr: Floats
    support_cost: Floats
    detail: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True)
class Usage:
    """One row per subscription and day on which anyone was active."""

    subscription: Ints
    day: Ints
    active_users: Ints
    event_count: Ints


def subscriptions_block(
    random: np.random.Generator,
    opportunities: Opportunities,
    traits: Accounts,
    effects: Effects,
    today: int,
) -> Subscriptions:
    """Start a subscription for each account's first win, and end some of them."""
    won = _first_wins(opportunities, len(traits))
    account = opportunities.account[won]
    started = opportunities.close_day[won] + random.integers(1, 22, len(won))
    small = traits.band[account] == SMALL
    risk = effects.churn_in_a_year * np.where(small, effects.small_churn_ratio, 1.0)
    days = np.ceil(random.exponential(1.0, len(won)) * _YEAR / -np.log1p(-risk))
    ended = started + days.astype(np.int64)
    spread = random.lognormal(-0.5, 1.0, len(won))
    cost = effects.support_cost * spread * np.where(small, effects.small_support_ratio, 1.0)
    kept = np.flatnonzero(started <= today)
    seen = np.minimum(ended, today) - started
    return Subscriptions(
        account=account[kept],
        started_day=started[kept],
        ended_day=ended[kept],
        churned=(ended <= today)[kept],
        seats=opportunities.seats[won][kept],
        arr=opportunities.amount[won][kept],
        support_cost=np.round(cost * np.minimum(seen / _SUPPORT_DAYS, 1.0), 2)[kept],
        detail=opportunities.detail[won][kept],
    )


def usage_block(
    random: np.random.Generator,
    subscriptions: Subscriptions,
    traits: Accounts,
    effects: Effects,
    today: int,
    days: int,
) -> Usage:
    """Draw the use of the last `days` days: working days at full share, weekends hardly."""
    first = np.maximum(subscriptions.started_day, today - days + 1)
    last = np.where(subscriptions.churned, subscriptions.ended_day, today)
    lengths = np.maximum(last - first + 1, 0)
    row = np.repeat(np.arange(len(subscriptions)), lengths)
    starts = np.cumsum(lengths) - lengths
    day = first[row] + np.arange(len(row)) - starts[row]
    share = _active_shares(random, subscriptions, traits, effects)[row]
    weekend = (day - _SUNDAY - 1) % 7 >= _WEEKDAYS
    users = random.binomial(subscriptions.seats[row], np.where(weekend, 0.004, share))
    events = users + random.poisson(users * 6.0)
    kept = np.flatnonzero(users > 0)
    return Usage(row[kept], day[kept], users[kept], events[kept])


def usage_days(accounts: int) -> int:
    """Return how many days of usage a world of this size holds, so that files stay usable."""
    fair = _USAGE_DAYS * _FULL_USAGE_ACCOUNTS // max(accounts, 1)
    return min(max(fair, _LEAST_USAGE_DAYS), _USAGE_DAYS)


def _first_wins(opportunities: Opportunities, accounts: int) -> Ints:
    rows = np.flatnonzero(opportunities.won & opportunities.closed)
    order = rows[np.lexsort((opportunities.close_day[rows], opportunities.account[rows]))]
    first = np.full(accounts, ABSENT, dtype=np.int64)
    first[opportunities.account[order][::-1]] = order[::-1]
    return first[first < ABSENT]


def _active_shares(
    random: np.random.Generator, subscriptions: Subscriptions, traits: Accounts, effects: Effects
) -> Floats:
    account = subscriptions.account
    industry = list(INDUSTRIES).index(effects.sticky_industry)
    technology = [t.name for t in TECHNOLOGIES].index(effects.sticky_technology)
    ratio = np.where(traits.industry[account] == industry, effects.sticky_industry_ratio, 1.0)
    uses = traits.technologies[account, technology]
    ratio = ratio * np.where(uses, effects.sticky_technology_ratio, 1.0)
    spread = random.lognormal(0.0, 0.2, len(account))
    return np.minimum(effects.active_share * ratio * spread, 0.95)
