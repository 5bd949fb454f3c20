"""Touches: outreach to contacts, and the few that are answered."""

from dataclasses import dataclass

import numpy as np

from bullseye.demo.accounts import HISTORY_DAYS, Accounts
from bullseye.demo.chance import Bools, Ints, drawn_codes, drawn_days
from bullseye.demo.contacts import Contacts
from bullseye.demo.signals import Signals
from bullseye.demo.truth import Effects

CHANNELS = ("Email", "Call", "LinkedIn")
OUTCOMES = ("", "Replied", "Meeting Booked", "Bounced")
_MEAN_COUNT = 3.0
_FRESH_DAYS = 45
_MEETING_SHARE = 0.3
_BOUNCE_RATE = 0.03


@dataclass(frozen=True)
class Touches:
    """Touches of one block; `account` and `contact` are rows of the block.

    `channel` and `outcome` are positions in `CHANNELS` and `OUTCOMES`.
    """

    account: Ints
    contact: Ints
    day: Ints
    channel: Ints
    outcome: Ints

    @property
    def replied(self) -> Bools:
        """Which touches were answered, by a reply or a meeting."""
        answered: Bools = (self.outcome == 1) | (self.outcome == 2)
        return answered


def touches_block(
    random: np.random.Generator,
    accounts: Accounts,
    contacts: Contacts,
    driving: Signals,
    effects: Effects,
    today: int,
) -> Touches:
    """Draw touches of the last three years; a recent executive hire makes replies likelier."""
    n = len(accounts)
    account = np.repeat(np.arange(n), random.poisson(_MEAN_COUNT, n))
    order = np.argsort(contacts.account, kind="stable")
    counts = contacts.counts(n)
    firsts = np.cumsum(counts) - counts
    pick = np.floor(random.random(len(account)) * counts[account]).astype(np.int64)
    contact = order[firsts[account] + pick]
    earliest = np.maximum(contacts.created_day[contact], today - HISTORY_DAYS)
    day = drawn_days(random, earliest, np.full(len(account), today))
    age = day[:, None] - driving.days_of("executive_hire", n)[account]
    fresh = ((age >= 0) & (age <= _FRESH_DAYS)).any(axis=1)
    log_odds = np.log(effects.reply_rate / (1 - effects.reply_rate))
    log_odds = log_odds + effects.reply_after_hire * fresh
    replied = random.random(len(account)) < 1 / (1 + np.exp(-log_odds))
    meeting = random.random(len(account)) < _MEETING_SHARE
    bounced = random.random(len(account)) < _BOUNCE_RATE
    return Touches(
        account=account,
        contact=contact,
        day=day,
        channel=drawn_codes(random, (0.6, 0.25, 0.15), len(account)),
        outcome=np.where(replied, np.where(meeting, 2, 1), np.where(bounced, 3, 0)),
    )
