"""What a backtest looks at: what happened in each case, and how a version had judged it before."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STANDINGS = ("T1", "T2", "T3", "no tier", "insufficient-data", "out-of-scope", "excluded")
"""Where an account can stand, best first: its tier, else why it has none."""

T1 = 0
TIERS = 3


@dataclass(frozen=True)
class Happened:
    """What happened in n cases, each of an account with facts of a cohort day.

    `account` numbers the accounts and `cohort` the days, both from 0; `yes` is 1, 0 or -1 (not
    decided yet); `state` is 0 open, 1 yes, 2 the other end; `days` to that end, NaN where not
    known; `amount` NaN where not known. All of shape (n,).
    """

    account: Ints
    cohort: Ints
    yes: Ints
    state: Ints
    days: Floats
    amount: Floats

    @property
    def decided(self) -> Bools:
        """Which cases are decided."""
        return np.asarray(self.yes >= 0)


@dataclass(frozen=True)
class Judged:
    """How one version of an ICP had judged the same n cases on their cohort days.

    `standing` indexes `STANDINGS`; `fit` is NaN where nothing is known; `place` is the account's
    place in the list of that day, from 1, among `accounts` of that day. All of shape (n,).
    """

    standing: Ints
    fit: Floats
    place: Ints
    accounts: Ints

    @property
    def is_t1(self) -> Bools:
        """Which cases were in T1."""
        return np.asarray(self.standing == T1)

    @property
    def is_targeted(self) -> Bools:
        """Which cases were in any tier."""
        return np.asarray(self.standing < TIERS)

    def within(self, capacity: int) -> Bools:
        """Return which cases are of the best `capacity` accounts of their day."""
        return np.asarray(self.place <= capacity)

    def best(self, share: float) -> Bools:
        """Return which cases are of the best `share` of the accounts of their day."""
        return np.asarray(self.place <= np.maximum(1.0, share * self.accounts))


@dataclass(frozen=True)
class Question:
    """What is asked: which definition, of which outcome, over which days.

    `outcome_sentence` says the outcome in words; `is_good` tells whether we want it. `version`
    is the hash of the definitions, first seen on `written_on`. `left_out` says which cases are
    none and why, `warning` what must be shown beside every number.
    """

    icp: str
    outcome: str
    outcome_sentence: str
    is_good: bool
    version: str
    written_on: date | None
    as_of: date
    cohorts: tuple[date, ...]
    dated: bool
    warning: str
    left_out: tuple[tuple[str, int], ...]
