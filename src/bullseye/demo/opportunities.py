"""Opportunities: won and lost by two hazards that compete, week by week.

Where the hazards of winning and losing are `w` and `l`, an opportunity that closes is won with
odds w / l whatever its age; hence one planted figure is both a hazard ratio and log-odds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bullseye.demo.accounts import HISTORY_DAYS, Accounts
from bullseye.demo.chance import Bools, Floats, Ints, drawn_days
from bullseye.demo.signals import ABSENT, MOST_OF_A_KIND, Signals
from bullseye.demo.story import (
    BANDS,
    ECONOMIC_BUYER,
    INDUSTRIES,
    LARGE,
    LIST_PRICE_PER_SEAT,
    LUCKY_OWNER,
    OWNERS,
    ROLES,
    TECHNOLOGIES,
)
from bullseye.demo.truth import Effects, TraitEffect

_MEAN_COUNT = 1.3
_WEEKS = 78
_LOSING_PER_WEEK = 0.06
_START = np.array([0.1, 0.3, 0.6, 0.8])
_YEAR = 365
_INDUSTRY_NAMES = tuple(INDUSTRIES)
_TECHNOLOGY_NAMES = tuple(t.name for t in TECHNOLOGIES)
_BAND_NAMES = tuple(b.name for b in BANDS)


@dataclass(frozen=True)
class Drivers:
    """The traits and events that outcomes follow: an account's own, or a ghost's."""

    accounts: Accounts
    signals: Signals


@dataclass(frozen=True)
class Opportunities:
    """Opportunities of one block; `account` is a row of the block.

    `close_day` is when it will close, in the future where it is open on the day of the export.
    `role_days` has one column per role: the day a contact in that role became known.
    """

    account: Ints
    created_day: Ints
    close_day: Ints
    won: Bools
    closed: Bools
    seats: Ints
    discount: Floats
    owner: Ints
    role_days: npt.NDArray[np.int64]
    detail: Ints

    def __len__(self) -> int:
        return len(self.account)

    @property
    def amount(self) -> Floats:
        """Contract value of the first year, after discount."""
        return np.round(self.seats * LIST_PRICE_PER_SEAT * (1 - self.discount), 2)

    def first_win_days(self, accounts: int) -> Ints:
        """Return the day each account first bought, or `ABSENT`."""
        days = np.full(accounts, ABSENT, dtype=np.int64)
        rows = np.flatnonzero(self.won & self.closed)
        np.minimum.at(days, self.account[rows], self.close_day[rows])
        return days


def trait_log_odds(accounts: Accounts, effects: Effects) -> Floats:
    """Return the log-odds of winning that an account's traits add up to, base included."""
    total = np.full(len(accounts), effects.base_log_odds)
    for effect in effects.traits:
        total += effect.log_odds * _has(accounts, effect)
    return total


def opportunities_block(
    random: np.random.Generator,
    accounts: Accounts,
    drivers: Drivers,
    effects: Effects,
    today: int,
    *,
    lucky: bool,
) -> Opportunities:
    """Draw opportunities of the last three years and let them run until they close."""
    account, created = _opened(random, accounts, today)
    traits = drivers.accounts
    role_days = created[:, None] + np.floor(
        random.exponential(70.0, (len(account), len(ROLES)))
    ).astype(np.int64)
    win = _win_hazards(account, created, role_days[:, ECONOMIC_BUYER], drivers, effects)
    week, won = _closing(random, win, _pace(traits, account, created, effects))
    close = created + 7 * week + random.integers(0, 7, len(account))
    closed = (close <= today) & (week < _WEEKS)
    owner = random.integers(0, len(OWNERS), len(account))
    if lucky:
        given = random.random(len(account)) < effects.lucky_share
        owner[given & won & closed & (close < today - _YEAR)] = OWNERS.index(LUCKY_OWNER)
    added = random.random(role_days.shape) < effects.roles_added_at_win
    late = (won & closed)[:, None] & (role_days > close[:, None]) & added
    return Opportunities(
        account=account,
        created_day=created,
        close_day=close,
        won=won,
        closed=closed,
        seats=_seats(random, traits.employees[account]),
        discount=_discounts(random, traits, account, effects),
        owner=owner,
        role_days=np.where(late, close[:, None], role_days),
        detail=random.integers(0, 2**20, len(account)),
    )


def _has(accounts: Accounts, effect: TraitEffect) -> Bools:
    has = np.ones(len(accounts), dtype=np.bool_)
    if effect.industry:
        has &= accounts.industry == _INDUSTRY_NAMES.index(effect.industry)
    if effect.technology:
        has &= accounts.technologies[:, _TECHNOLOGY_NAMES.index(effect.technology)]
    if effect.band:
        has &= accounts.band == _BAND_NAMES.index(effect.band)
    return has


def _opened(random: np.random.Generator, accounts: Accounts, today: int) -> tuple[Ints, Ints]:
    earliest = np.maximum(accounts.created_day, today - HISTORY_DAYS)
    mean = _MEAN_COUNT * (today - earliest + 1) / HISTORY_DAYS
    account = np.repeat(np.arange(len(accounts)), random.poisson(mean))
    return account, drawn_days(random, earliest[account], np.full(len(account), today))


def _win_hazards(
    account: Ints, created: Ints, buyer_day: Ints, drivers: Drivers, effects: Effects
) -> Floats:
    log_hazard = np.repeat(
        trait_log_odds(drivers.accounts, effects)[account][:, None], _WEEKS, axis=1
    )
    weeks = created[:, None] + 7 * np.arange(_WEEKS)
    if effects.role_effect:
        log_hazard += effects.role_effect * (weeks >= buyer_day[:, None])
    for effect in effects.signals:
        days = drivers.signals.days_of(effect.signal, len(drivers.accounts))[account]
        for slot in range(MOST_OF_A_KIND):
            rows = np.flatnonzero(days[:, slot] < ABSENT)
            age = weeks[rows] - days[rows, slot][:, None]
            decay = np.exp2(-np.maximum(age, 0) / effect.half_life_days)
            log_hazard[rows] += effect.log_hazard * np.where(age >= 0, decay, 0.0)
    return _LOSING_PER_WEEK * np.exp(log_hazard)


def _pace(traits: Accounts, account: Ints, created: Ints, effects: Effects) -> Floats:
    start = np.ones(_WEEKS)
    start[: len(_START)] = _START
    fast = traits.industry[account] == _INDUSTRY_NAMES.index(effects.fast_industry)
    middles = (created[:, None] + 7 * np.arange(_WEEKS) + 3).astype("datetime64[D]")
    month = middles.astype("datetime64[M]").astype(np.int64) % 12
    paces = np.asarray(effects.seasons)[month] * start
    return np.where(fast, effects.fast_ratio, 1.0)[:, None] * paces


def _closing(random: np.random.Generator, win: Floats, pace: Floats) -> tuple[Ints, Bools]:
    total = (win + _LOSING_PER_WEEK) * pace
    closes = random.random(total.shape) < -np.expm1(-total)
    week = np.where(closes.any(axis=1), closes.argmax(axis=1), _WEEKS)
    at = win[np.arange(len(win)), np.minimum(week, _WEEKS - 1)]
    won: Bools = random.random(len(win)) < at / (at + _LOSING_PER_WEEK)
    return week.astype(np.int64), won


def _seats(random: np.random.Generator, employees: Ints) -> Ints:
    share = random.uniform(0.08, 0.20, len(employees))
    return np.clip(np.rint(employees * share), 3, 2_000).astype(np.int64)


def _discounts(
    random: np.random.Generator, traits: Accounts, account: Ints, effects: Effects
) -> Floats:
    fast = traits.industry[account] == _INDUSTRY_NAMES.index(effects.fast_industry)
    large = traits.band[account] == LARGE
    mean = effects.discount + effects.fast_discount * fast + effects.large_discount * large
    discounts: Floats = np.round(np.clip(random.normal(mean, 0.04), 0, 0.5), 2)
    return discounts
