"""The world itself, block by block, before it is exported: for tests of methods by the thousand.

`simulated_blocks` is what the exports are written from; it touches no disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from bullseye.demo.accounts import Accounts, accounts_block
from bullseye.demo.chance import Stream, random_stream
from bullseye.demo.contacts import Contacts, contacts_block
from bullseye.demo.customers import (
    Subscriptions,
    Usage,
    subscriptions_block,
    usage_block,
    usage_days,
)
from bullseye.demo.opportunities import Drivers, Opportunities, opportunities_block
from bullseye.demo.signals import Signals, signals_block
from bullseye.demo.touches import Touches, touches_block
from bullseye.demo.truth import Truth
from bullseye.errors import UsageError

BLOCK = 20_000
FEWEST, MOST = 20, 10_000_000


@dataclass(frozen=True)
class Block:
    """A part of a world that knows nothing of the other parts; rows refer within the block."""

    number: int
    accounts: Accounts
    signals: Signals
    opportunities: Opportunities
    subscriptions: Subscriptions
    usage: Usage
    contacts: Contacts
    touches: Touches


def simulated_blocks(
    accounts: int, seed: int, today: date, truth: Truth | None = None
) -> Iterator[Block]:
    """Yield a world in blocks of at most 20,000 accounts.

    The same arguments yield the same world. In a null world outcomes follow the traits and
    events of ghosts: accounts drawn the same way that appear nowhere.

    Raises
    ------
    UsageError
        If `accounts` is not between 20 and 10 million, or `seed` is negative.
    """
    if not FEWEST <= accounts <= MOST:
        raise UsageError(
            f"A demo world cannot have {accounts:,} accounts.",
            hint=f"Ask for {FEWEST} to {MOST:,}.",
        )
    if seed < 0:
        raise UsageError(f"The seed {seed} is negative.", hint="Choose zero or more.")
    return _blocks(accounts, seed, today, truth or Truth())


def _blocks(accounts: int, seed: int, today: date, truth: Truth) -> Iterator[Block]:
    window = usage_days(accounts)
    for number, first in enumerate(range(0, accounts, BLOCK)):
        n = min(BLOCK, accounts - first)
        yield _block(number, first, n, seed, day_number(today), window, truth)


def _block(
    number: int, first: int, n: int, seed: int, today: int, window: int, truth: Truth
) -> Block:
    def stream(purpose: Stream) -> np.random.Generator:
        return random_stream(seed, number, purpose)

    effects = truth.effects
    accounts = accounts_block(stream(Stream.ACCOUNTS), first, n, today)
    signals = signals_block(stream(Stream.SIGNALS), accounts, today)
    drivers = Drivers(accounts, signals)
    if not truth.planted:
        ghosts = accounts_block(stream(Stream.GHOST_ACCOUNTS), first, n, today)
        drivers = Drivers(ghosts, signals_block(stream(Stream.GHOST_SIGNALS), ghosts, today))
    opportunities = opportunities_block(
        stream(Stream.OPPORTUNITIES), accounts, drivers, effects, today, lucky=truth.planted
    )
    traits = drivers.accounts
    subscriptions = subscriptions_block(
        stream(Stream.SUBSCRIPTIONS), opportunities, traits, effects, today
    )
    usage = usage_block(stream(Stream.USAGE), subscriptions, traits, effects, today, window)
    contacts = contacts_block(stream(Stream.CONTACTS), accounts, signals, today)
    touches = touches_block(
        stream(Stream.TOUCHES), accounts, contacts, drivers.signals, effects, today
    )
    return Block(number, accounts, signals, opportunities, subscriptions, usage, contacts, touches)


def day_number(day: date) -> int:
    """Return a day as a count from 1970-01-01.

    >>> day_number(date(1970, 1, 8))
    7
    """
    return (day - date(1970, 1, 1)).days
