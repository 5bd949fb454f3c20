"""Events at accounts: drawn at constant rates, whatever the account is like."""

from dataclasses import dataclass

import numpy as np

from bullseye.demo.accounts import HISTORY_DAYS, Accounts
from bullseye.demo.chance import Floats, Ints
from bullseye.demo.story import SIGNAL_KINDS

MOST_OF_A_KIND = 4
ABSENT = 2**40
"""A day that never comes: what `days_of` holds where there is no event."""

_LEAD_DAYS = 180


@dataclass(frozen=True)
class Signals:
    """Events of one block, by account and kind; `account` is a row of the block.

    `kind` is a position in `story.SIGNAL_KINDS`; `slot` numbers an account's events of a kind.
    """

    account: Ints
    kind: Ints
    slot: Ints
    day: Ints
    subject: Ints
    amount: Floats

    def days_of(self, kind: str, accounts: int) -> Ints:
        """Return the days of a kind of event: one row per account, `ABSENT` where unused."""
        names = [each.name for each in SIGNAL_KINDS]
        rows = np.flatnonzero(self.kind == names.index(kind))
        days = np.full((accounts, MOST_OF_A_KIND), ABSENT, dtype=np.int64)
        days[self.account[rows], self.slot[rows]] = self.day[rows]
        return days


def signals_block(random: np.random.Generator, accounts: Accounts, today: int) -> Signals:
    """Draw the events of three years and a half before `today`, in order of account."""
    window = HISTORY_DAYS + _LEAD_DAYS
    rates = np.array([kind.per_year for kind in SIGNAL_KINDS]) * window / 365
    counts = np.minimum(random.poisson(rates, (len(accounts), len(rates))), MOST_OF_A_KIND)
    pair = np.repeat(np.arange(counts.size), counts.ravel())
    account, kind = np.divmod(pair, len(rates))
    n = len(pair)
    firsts = np.cumsum(counts.ravel()) - counts.ravel()
    subjects = np.array([len(kind.subjects) for kind in SIGNAL_KINDS])
    return Signals(
        account=account,
        kind=kind,
        slot=np.arange(n) - firsts[pair],
        day=today - window + random.integers(0, window + 1, n),
        subject=np.floor(random.random(n) * subjects[kind]).astype(np.int64),
        amount=np.rint(random.lognormal(15.5, 0.9, n) / 1e5) * 1e5,
    )
