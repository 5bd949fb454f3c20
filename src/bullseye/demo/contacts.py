"""Contacts of accounts: some are promoted, some move to another account."""

from dataclasses import dataclass

import numpy as np

from bullseye.demo.accounts import HISTORY_DAYS, Accounts
from bullseye.demo.chance import Bools, Ints, drawn_codes, drawn_days
from bullseye.demo.people import FUNCTIONS, LANGUAGES, LEVELS
from bullseye.demo.signals import ABSENT, Signals
from bullseye.demo.story import COUNTRIES

_MOST_PER_ACCOUNT = 6
_MOVED_SHARE = 0.02
_LANGUAGE_OF = np.array([list(LANGUAGES).index(c.language) for c in COUNTRIES])
_GIVEN = np.array([len(each.given) for each in LANGUAGES.values()])
_FAMILY = np.array([len(each.family) for each in LANGUAGES.values()])
_TOP = len(LEVELS) - 1


@dataclass(frozen=True)
class Contacts:
    """Contacts of one block, in order of account; `account` is a row of the block.

    `person` says who it is: where a contact moved, the contact at the new account has the same
    person, and `left_day` of the old one is the `created_day` of the new one. An account's
    first contact is its champion: `promoted_days` has the days a level was gained.
    """

    account: Ints
    person: Ints
    language: Ints
    given: Ints
    family: Ints
    function: Ints
    first_level: Ints
    promoted_days: Ints
    created_day: Ints
    left_day: Ints
    role: Ints
    opted_out: Bools
    detail: Ints

    def __len__(self) -> int:
        return len(self.account)

    def levels_on(self, day: int) -> Ints:
        """Return the level of each contact on a day, as a position in `people.LEVELS`."""
        gained = (self.promoted_days <= day).sum(axis=1)
        levels: Ints = np.minimum(self.first_level + gained, _TOP)
        return levels

    def counts(self, accounts: int) -> Ints:
        """Return the number of contacts of each account."""
        return np.bincount(self.account, minlength=accounts)


def contacts_block(
    random: np.random.Generator, accounts: Accounts, signals: Signals, today: int
) -> Contacts:
    """Draw the contacts of a block: at least one per account."""
    n = len(accounts)
    counts = 1 + np.minimum(random.poisson(1.3, n), _MOST_PER_ACCOUNT - 1)
    home = np.repeat(np.arange(n), counts)
    champion = np.r_[True, np.diff(home) > 0]
    earliest = np.maximum(accounts.created_day, today - 2 * HISTORY_DAYS)[home]
    created = drawn_days(random, earliest, np.maximum(earliest, today - 30))
    moved = (random.random(len(home)) < _MOVED_SHARE) & ~champion
    movers = np.flatnonzero(moved)
    left = np.full(len(home), ABSENT, dtype=np.int64)
    left[movers] = drawn_days(random, created[movers], np.full(len(movers), today))
    person = np.r_[np.arange(len(home)), movers]
    account = np.r_[home, random.integers(0, n, len(movers))]
    language = _LANGUAGE_OF[accounts.country[home]]
    promoted = np.where(champion[:, None], signals.days_of("champion_promoted", n)[home], ABSENT)
    level = drawn_codes(random, (0.30, 0.32, 0.20, 0.12, 0.06), len(home))
    total = len(person)
    return Contacts(
        account=account,
        person=person,
        language=language[person],
        given=np.floor(random.random(len(home)) * _GIVEN[language]).astype(np.int64)[person],
        family=np.floor(random.random(len(home)) * _FAMILY[language]).astype(np.int64)[person],
        function=random.integers(0, len(FUNCTIONS), len(home))[person],
        first_level=np.where(champion, np.minimum(level, 2), level)[person],
        promoted_days=np.where((np.arange(total) < len(home))[:, None], promoted[person], ABSENT),
        created_day=np.r_[created, left[movers]],
        left_day=np.r_[left, np.full(len(movers), ABSENT)],
        role=np.where(random.random(total) < 0.15, random.integers(0, 4, total), -1),
        opted_out=random.random(total) < 0.04,
        detail=random.integers(0, 2**20, total),
    )
