"""Win and loss by one field: which parts differ from all others, after everything looked at."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.comparison import Effect
from bullseye.stats.discoveries import q_values
from bullseye.validate.seen import Bools, Happened, Ints


@dataclass(frozen=True)
class Part:
    """The cases of one value of the field against all others of known value.

    `rate` is over decided cases. `difference` is the rate less that of the others; `q` how sure
    that it is none of chance, after everything that was looked at (Benjamini-Hochberg).
    """

    name: str
    cases: int
    rate: Rate
    difference: Effect
    p: float
    q: float


@dataclass(frozen=True)
class OutcomeSplit:
    """An outcome by one field.

    `parts` are the values, the most frequent first; `unknown` the decided cases without one.
    `is_share` tells that the field is a reason: each rate is then the share of that reason among
    the `base` cases in which the outcome did not come, and `unknown` counts such cases only.
    """

    by: str
    outcome: str
    outcome_sentence: str
    as_of: date
    warning: str
    base: Rate
    parts: tuple[Part, ...]
    unknown: int
    is_share: bool
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Split:
    """A field as parts of n cases: `has` says per part which cases are in it, `known` which can be.

    Parts may overlap, as entries of a list do.
    """

    names: tuple[str, ...]
    has: tuple[Bools, ...]
    known: Bools


def parts(happened: Happened, split: Split) -> tuple[Part, ...]:
    """Return every part with its rate, and its difference from all other cases."""
    usable = happened.decided & split.known
    yes, account = happened.yes[usable] == 1, happened.account[usable]
    counted = [Clustered.of(yes, account, has[usable].astype(np.int64), 2) for has in split.has]
    p = np.array([each.chance(0, 1) for each in counted])
    q = q_values(p)
    found = [
        Part(
            name,
            int((has & split.known).sum()),
            each.rate(1),
            each.difference(0, 1),
            float(p[at]),
            float(q[at]),
        )
        for at, (name, has, each) in enumerate(zip(split.names, split.has, counted, strict=True))
    ]
    return tuple(sorted(found, key=lambda each: (-each.rate.n, each.name)))


def reasons(happened: Happened, split: Split) -> tuple[Part, ...]:
    """Return the share of each value among the cases in which the outcome did not come.

    For fields that are filled in when a case is lost: a win rate by them would say nothing.
    """
    lost = (happened.yes == 0) & split.known
    account = happened.account[lost]
    found = []
    for name, has in zip(split.names, split.has, strict=True):
        rate = Clustered.of(has[lost], account, _zeros(account), 1).rate(0)
        found.append(Part(name, int((has & lost).sum()), rate, Effect(0.0, 0.0, 0.0), 1.0, 1.0))
    return tuple(sorted(found, key=lambda each: (-each.cases, each.name)))


def base(happened: Happened, known: Bools, *, lost_only: bool) -> Rate:
    """Return the rate of all decided cases of known value; for reasons, how many were lost."""
    usable = known & ((happened.yes == 0) if lost_only else happened.decided)
    yes, account = happened.yes[usable] == 1, happened.account[usable]
    return Clustered.of(yes, account, _zeros(account), 1).rate(0)


def _zeros(account: Ints) -> Ints:
    return np.zeros(len(account), dtype=np.int64)
