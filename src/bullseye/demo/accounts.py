"""Accounts as they truly are, before anyone writes them down badly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bullseye.demo.chance import Bools, Floats, Ints, drawn_codes, drawn_days
from bullseye.demo.story import (
    BANDS,
    COUNTRIES,
    FIRST_ADOPTABLE,
    FIRST_ROUND,
    FUNDING_SHARES,
    INDUSTRIES,
    OWNERS,
    TECHNOLOGIES,
)

HISTORY_DAYS = 3 * 365
"""How far back opportunities and signals go."""

_CHANGING_DAYS = 730
_NEVER = 2**31
_LOWS = np.array([band.low for band in BANDS])
_HIGHS = np.array([band.high for band in BANDS])


@dataclass(frozen=True)
class Accounts:
    """One block of accounts: arrays of one value per account; codes are positions in `story`.

    Days count from 1970-01-01. `parent` is a row of the block, or -1. `technologies` has one
    column per technology and holds today's state.
    """

    index: Ints
    industry: Ints
    country: Ints
    city: Ints
    band: Ints
    employees: Ints
    quarterly_growth: Floats
    revenue: Floats
    founded_year: Ints
    funding: Ints
    funding_total: Floats
    technologies: npt.NDArray[np.bool_]
    adopted: Ints
    adopted_day: Ints
    hiring_from: Ints
    hiring_until: Ints
    created_day: Ints
    owner: Ints
    parent: Ints

    def __len__(self) -> int:
        return len(self.index)

    def employees_on(self, day: int, today: int) -> Ints:
        """Return headcounts on an earlier day; no account has left its band since."""
        quarters = (today - day) / 91
        then = np.rint(self.employees * np.exp(-self.quarterly_growth * quarters))
        return np.clip(then, _LOWS[self.band], _HIGHS[self.band]).astype(np.int64)

    def technologies_on(self, day: int) -> npt.NDArray[np.bool_]:
        """Return which technologies were in use on a day."""
        then = self.technologies.copy()
        later = np.flatnonzero(self.adopted_day > day)
        later = later[self.adopted[later] >= 0]
        then[later, self.adopted[later]] = False
        return then

    def hiring_on(self, day: int) -> Bools:
        """Return which accounts had open positions on a day."""
        hiring: Bools = (self.hiring_from <= day) & (day <= self.hiring_until)
        return hiring


def accounts_block(random: np.random.Generator, first: int, n: int, today: int) -> Accounts:
    """Draw accounts number `first` to `first + n - 1`; all traits independent but for size."""
    band = drawn_codes(random, [b.share for b in BANDS], n)
    employees = _log_uniform(random, _LOWS[band], _HIGHS[band])
    country = drawn_codes(random, [c.share for c in COUNTRIES], n)
    cities = np.array([len(c.cities) for c in COUNTRIES])
    technologies = random.random((n, len(TECHNOLOGIES))) < [t.share for t in TECHNOLOGIES]
    adopted, adopted_day = _adoptions(random, technologies, today)
    hiring_from, hiring_until = _hiring(random, n, today)
    funding, funding_total = _funding(random, band)
    return Accounts(
        index=np.arange(first, first + n, dtype=np.int64),
        industry=drawn_codes(random, list(INDUSTRIES.values()), n),
        country=country,
        city=np.floor(random.random(n) * cities[country]).astype(np.int64),
        band=band,
        employees=employees,
        quarterly_growth=_growth(random, n),
        revenue=np.rint(employees * random.lognormal(11.7, 0.5, n) / 1000) * 1000,
        founded_year=_founded(random, n, today),
        funding=funding,
        funding_total=funding_total,
        technologies=technologies,
        adopted=adopted,
        adopted_day=adopted_day,
        hiring_from=hiring_from,
        hiring_until=hiring_until,
        created_day=_created(random, n, today),
        owner=random.integers(0, len(OWNERS), n),
        parent=_parents(random, first, n),
    )


def _log_uniform(random: np.random.Generator, low: Ints, high: Ints) -> Ints:
    drawn = np.exp(np.log(low) + random.random(len(low)) * (np.log(high + 1) - np.log(low)))
    whole: Ints = np.clip(np.floor(drawn), low, high).astype(np.int64)
    return whole


def _growth(random: np.random.Generator, n: int) -> Floats:
    fast = random.random(n) < 0.15
    return np.where(fast, random.normal(0.09, 0.03, n), random.normal(0.01, 0.02, n))


def _founded(random: np.random.Generator, n: int, today: int) -> Ints:
    this_year = 1970 + int(today / 365.2425)
    return this_year - 3 - np.floor(random.gamma(2.0, 8.0, n)).clip(0, 120).astype(np.int64)


def _created(random: np.random.Generator, n: int, today: int) -> Ints:
    old = random.random(n) < 0.65
    latest = np.where(old, today - HISTORY_DAYS, today - 1)
    earliest = np.where(old, today - 2 * HISTORY_DAYS, today - HISTORY_DAYS)
    return drawn_days(random, earliest, latest)


def _adoptions(
    random: np.random.Generator, technologies: npt.NDArray[np.bool_], today: int
) -> tuple[Ints, Ints]:
    n = len(technologies)
    which = random.integers(FIRST_ADOPTABLE, len(TECHNOLOGIES), n)
    day = today - random.integers(0, _CHANGING_DAYS, n)
    adopted = np.where((random.random(n) < 0.15) & technologies[np.arange(n), which], which, -1)
    return adopted, np.where(adopted >= 0, day, 0)


def _hiring(random: np.random.Generator, n: int, today: int) -> tuple[Ints, Ints]:
    kind = random.random(n)
    start = today - random.integers(0, _CHANGING_DAYS, n)
    always, sometimes = kind < 0.15, kind < 0.40
    start = np.where(always, 0, np.where(sometimes, start, _NEVER))
    stop = np.where(always, _NEVER, start + random.integers(60, 400, n))
    return start, stop


def _funding(random: np.random.Generator, band: Ints) -> tuple[Ints, Floats]:
    edges = np.cumsum(np.array(FUNDING_SHARES), axis=1)
    edges /= edges[:, -1:]
    stage = (random.random(len(band))[:, None] >= edges[band]).sum(axis=1).astype(np.int64)
    raised = random.lognormal(13.0, 0.4, len(band)) * 2.4 ** np.maximum(stage - FIRST_ROUND, 0)
    return stage, np.where(stage >= FIRST_ROUND, np.rint(raised / 1e5) * 1e5, 0.0)


def _parents(random: np.random.Generator, first: int, n: int) -> Ints:
    rows = np.arange(n)
    above = np.floor(random.random(n) * rows).astype(np.int64)
    parent = np.where((random.random(n) < 0.10) & (rows > 0), above, -1)
    if first == 0:  # two accounts that own each other, and one that owns itself
        parent[[3, 7, 11]] = [7, 3, 11]
    return parent
