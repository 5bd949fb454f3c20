"""The leaky funnel: right people at wrong accounts, and wrong people at right accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.clusters import Clustered, Rate

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Fit(StrEnum):
    """Whether somebody or something is one of those we want; unknown is not wrong."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


FITS = tuple(Fit)
"""The order of the codes 0, 1 and 2."""


@dataclass(frozen=True)
class Cell:
    """Contacts of one kind at accounts of one kind.

    `contacts` and `accounts` on file; `touches` since the first day asked about, `answered` how
    often of them, with an interval that knows that touches of one account are alike; None without
    touches. `money` is the open amount of opportunities with such contacts, shared out equally
    among the contacts on each.
    """

    account: Fit
    contact: Fit
    contacts: int
    accounts: int
    touches: int
    answered: Rate | None
    money: float

    @property
    def leaks(self) -> bool:
        """Whether effort here is surely spent on a wrong account or a wrong contact."""
        return Fit.WRONG in (self.account, self.contact)


@dataclass(frozen=True)
class Leaky:
    """Where the funnel leaks, as known on `as_of`; touches are those since `since`.

    `leaking` is the share of touches that went to a wrong account or a wrong contact, None without
    touches. `empty` of the `right_accounts` have no right contact on file; `first_empty` names
    some, best tier first. `nobody_right` and `nobody_other` are open amounts with nobody on them,
    of right and of other accounts. `without` names what is not imported, and is not counted.
    """

    as_of: date
    since: date
    currency: str
    cells: tuple[Cell, ...]
    leaking: Rate | None
    right_accounts: int
    empty: int
    first_empty: tuple[str, ...]
    nobody_right: float
    nobody_other: float
    without: tuple[str, ...]

    def cell(self, account: Fit, contact: Fit) -> Cell:
        """Return one cell."""
        return next(c for c in self.cells if c.account is account and c.contact is contact)


@dataclass(frozen=True, eq=False)
class People:
    """Contacts on file; arrays (n,): the account they are at, and codes of `FITS`."""

    account: Ints
    account_fit: Ints
    contact_fit: Ints


@dataclass(frozen=True, eq=False)
class Sent:
    """Touches, one row each; arrays (m,) as in `People`, and whether it was answered."""

    account: Ints
    account_fit: Ints
    contact_fit: Ints
    answered: Bools


def cells(people: People, sent: Sent | None, money: Mapping[tuple[Fit, Fit], float]) -> list[Cell]:
    """Return the nine cells, right accounts and right contacts first."""
    found = []
    rates = None if sent is None else Clustered.of(sent.answered, sent.account, _codes(sent), 9)
    for at, account in enumerate(FITS):
        for to, contact in enumerate(FITS):
            code = at * len(FITS) + to
            mine = (people.account_fit == at) & (people.contact_fit == to)
            rate = None if rates is None else rates.rate(code)
            found.append(
                Cell(
                    account,
                    contact,
                    int(mine.sum()),
                    len(np.unique(people.account[mine])),
                    rate.n if rate else 0,
                    rate if rate and rate.n else None,
                    money.get((account, contact), 0.0),
                )
            )
    return found


def leaking(sent: Sent) -> Rate | None:
    """Return the share of touches that went to a wrong account or a wrong contact.

    Where either is unknown and the other is not wrong, a touch counts as neither and is left out.
    """
    wrong = FITS.index(Fit.WRONG)
    is_wrong = (sent.account_fit == wrong) | (sent.contact_fit == wrong)
    unknown = FITS.index(Fit.UNKNOWN)
    told = is_wrong | ((sent.account_fit != unknown) & (sent.contact_fit != unknown))
    if not told.any():
        return None
    group = np.zeros(int(told.sum()), dtype=np.int64)
    return Clustered.of(is_wrong[told], sent.account[told], group, 1).rate(0)


def shared_money(
    rows: Sequence[tuple[float, Sequence[tuple[Fit, Fit]]]],
) -> Mapping[tuple[Fit, Fit], float]:
    """Return amounts by cell: each is shared out equally among the contacts on its opportunity.

    >>> right, wrong = Fit.RIGHT, Fit.WRONG
    >>> shared_money([(90.0, [(right, right), (right, wrong), (right, wrong)])])[right, wrong]
    60.0
    """
    found: dict[tuple[Fit, Fit], float] = {}
    for amount, contacts in rows:
        for cell in contacts:
            found[cell] = found.get(cell, 0.0) + amount / len(contacts)
    return found


def _codes(sent: Sent) -> Ints:
    codes: Ints = sent.account_fit * len(FITS) + sent.contact_fit
    return codes
