"""Which events precede an outcome: accounts that had it, against those at risk that day.

An outcome on day t is compared with everything that could have had it on day t: open
opportunities of about the same age, customers still there. Season and trend therefore cancel.
An event counts from the day it was known, never from the day it happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AGE_BANDS = np.array([7, 14, 28, 56, 112, 224, 448])
"""Days since the beginning that set apart who is compared with whom."""
MOST_OUTCOMES = 2_000
MOST_COMPARED = 500
_FARTHEST = 12.0
"""Log hazard ratios are sought within this distance of 0: beyond, the data give no limit."""


@dataclass(frozen=True)
class Spells:
    """Times at risk; each array of shape (n,), days as counts from 1970.

    At risk from `began` to `ended`, both included; `happened` says whether the outcome came on
    the last day. `account` is an index, the same as in `Events`.
    """

    account: Ints
    began: Ints
    ended: Ints
    happened: Bools


@dataclass(frozen=True)
class Events:
    """Signals of one kind; each array of shape (n,), days as counts from 1970."""

    account: Ints
    occurred: Ints
    known: Ints


@dataclass(frozen=True)
class RiskSets:
    """One set per outcome: the one who had it and those who could have had it on that day.

    `day` has shape (sets,); `row_set`, `row_account` and `row_case` describe the members, one
    row each. `outcomes` is how many there were before a sample was drawn.
    """

    day: Ints
    row_set: Ints
    row_account: Ints
    row_case: Bools
    outcomes: int


@dataclass(frozen=True)
class Ages:
    """How old the known events of the members were; one row per member and event.

    `row` points into the rows of the risk sets, `age` is in days since the event occurred.
    """

    row: Ints
    age: Ints


@dataclass(frozen=True)
class HazardRatio:
    """How many times as soon the outcome comes after an event, with its 95 % interval.

    `low` and `high` are 0 and infinity where the data set no limit; `above` and `below` the
    one-sided 95 % bounds. `outcomes` could have been preceded by the event or not, `exposed`
    were, `expected` would have been without an effect; `rate` is the share of those at risk
    that had the event. `days_before` is the median age of the newest event before an outcome.
    """

    ratio: float
    low: float
    high: float
    above: float
    below: float
    p: float
    outcomes: int
    exposed: int
    expected: float
    rate: float
    days_before: float | None


def risk_sets(spells: Spells, *, by_age: bool, seed: int = 0) -> RiskSets:
    """Return one risk set per outcome.

    Parameters
    ----------
    spells
        Times at risk.
    by_age
        Whether only spells of about the same age are compared (see `AGE_BANDS`): for outcomes
        whose hazard changes with the age of the spell, as winning does.
    seed
        Of the sample that is drawn where there are more than 2,000 outcomes, or more than 500
        others at risk on a day.

    Notes
    -----
    Sampling those at risk keeps the comparison fair: nested case-control, Langholz and
    Goldstein (1996), Statistical Science 11, 35-53.
    """
    random = np.random.default_rng(seed)
    cases = np.flatnonzero(spells.happened)
    outcomes = len(cases)
    if outcomes > MOST_OUTCOMES:
        cases = np.sort(random.choice(cases, MOST_OUTCOMES, replace=False))
    members = [_members(spells, int(case), by_age, random) for case in cases]
    sizes = np.array([len(each) for each in members], dtype=np.int64)
    rows = np.concatenate(members) if members else np.zeros(0, dtype=np.int64)
    sets = np.repeat(np.arange(len(cases)), sizes)
    return RiskSets(spells.ended[cases], sets, spells.account[rows], rows == cases[sets], outcomes)


def ages(sets: RiskSets, events: Events, *, most: int) -> Ages:
    """Return the events known before the day of each set and at most `most` days old."""
    order = np.argsort(events.account, kind="stable")
    account = events.account[order]
    first = np.searchsorted(account, sets.row_account, side="left")
    count = np.searchsorted(account, sets.row_account, side="right") - first
    row = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    event = order[first[row] + step]
    day = sets.day[sets.row_set[row]]
    age = day - events.occurred[event]
    seen = (events.known[event] < day) & (age >= 0) & (age <= most)
    return Ages(row[seen], age[seen])


def hazard_ratio(sets: RiskSets, seen: Ages, *, window: int) -> HazardRatio:
    """Return the hazard ratio of having had an event within the last `window` days.

    Notes
    -----
    Cox's partial likelihood over calendar days, ties as Breslow. Given the risk sets, the
    number of exposed outcomes is a sum of independent draws with known chances (a
    Poisson-binomial variable), so p-value and interval are exact for any number of outcomes;
    the interval inverts mid-p tails, the p-value is the plain two-sided one.
    """
    fresh = seen.age < window
    exposed = np.zeros(len(sets.row_set), dtype=bool)
    exposed[seen.row[fresh]] = True
    number = len(sets.day)
    with_event = np.bincount(sets.row_set[exposed], minlength=number)
    size = np.bincount(sets.row_set, minlength=number)
    telling = (with_event > 0) & (with_event < size)
    case = exposed & sets.row_case
    x = int(telling[sets.row_set[case]].sum())
    share = with_event[telling] / size[telling]
    limits = _limits(x, share)
    newest = np.full(len(sets.row_set), np.inf)
    np.minimum.at(newest, seen.row[fresh], seen.age[fresh].astype(float))
    found = newest[case]
    return HazardRatio(
        *limits,
        _two_sided(x, share),
        number,
        int(case.sum()),
        float((with_event / np.maximum(size, 1)).sum()),
        float(exposed.sum() / len(exposed)) if len(exposed) else 0.0,
        float(np.median(found)) if len(found) else None,
    )


def outcomes_needed(ratio: float, rate: float, *, level: float) -> int | None:
    """Return how many outcomes tell this hazard ratio from 1 with a chance of 80 %.

    Notes
    -----
    Schoenfeld (1983), Biometrics 39, 499-503: (z_level + z_power)^2 / (q (1 - q) log(ratio)^2),
    q the share of those at risk that had the event.

    Examples
    --------
    >>> outcomes_needed(2.0, 0.2, level=0.05)
    103
    """
    if not 0 < rate < 1 or ratio <= 0 or ratio == 1 or np.isinf(ratio):
        return None
    normal = NormalDist()
    z = normal.inv_cdf(1 - level / 2) + normal.inv_cdf(0.8)
    return int(np.ceil(z**2 / (rate * (1 - rate) * np.log(ratio) ** 2)))


def _members(spells: Spells, case: int, by_age: bool, random: np.random.Generator) -> Ints:
    """Return the spells at risk on the day of the outcome of `case`, that one last."""
    day = spells.ended[case]
    there = (spells.began <= day) & (spells.ended >= day)
    if by_age:
        places = np.searchsorted(AGE_BANDS, day - spells.began, side="right")
        there &= places == places[case]
    there[case] = False
    others = np.flatnonzero(there)
    if len(others) > MOST_COMPARED:
        others = np.sort(random.choice(others, MOST_COMPARED, replace=False))
    return np.append(others, case)


def _limits(x: int, share: Floats) -> tuple[float, float, float, float, float]:
    """Return estimate, 95 % interval and one-sided 95 % bounds of the hazard ratio."""
    if not len(share):
        return 1.0, 0.0, np.inf, 0.0, np.inf

    def expected(beta: float) -> float:
        return float(_tilted(share, beta).sum()) - x

    def tail(beta: float, level: float, *, upper: bool) -> float:
        pmf = sum_of_draws(_tilted(share, beta))
        beyond = pmf[x + 1 :].sum() if upper else pmf[:x].sum()
        return float(beyond + pmf[x] / 2 - level)

    def low(level: float) -> float:
        return 0.0 if x == 0 else _root(lambda beta: tail(beta, level, upper=True))

    def high(level: float) -> float:
        return np.inf if x == len(share) else _root(lambda beta: tail(beta, level, upper=False))

    best = 0.0 if x == 0 else np.inf if x == len(share) else _root(expected)
    return best, low(0.025), high(0.025), low(0.05), high(0.05)


def _root(function: Callable[[float], float]) -> float:
    """Return the exponential of where `function` is 0; 0 or infinity where it is beyond reach."""
    from scipy.optimize import brentq  # noqa: PLC0415 - scipy takes long to load: only who asks pays

    low, high = function(-_FARTHEST), function(_FARTHEST)
    if low * high > 0:
        return 0.0 if abs(low) < abs(high) else float(np.inf)
    return float(np.exp(brentq(function, -_FARTHEST, _FARTHEST, xtol=1e-6)))


def _tilted(share: Floats, beta: float) -> Floats:
    """Return the chance that the outcome falls on an exposed member, per set."""
    weight = share * np.exp(beta)
    tilted: Floats = weight / (weight + 1 - share)
    return tilted


def _two_sided(x: int, share: Floats) -> float:
    if not len(share):
        return 1.0
    pmf = sum_of_draws(share)
    return float(min(1.0, 2 * min(pmf[x:].sum(), pmf[: x + 1].sum())))


def sum_of_draws(p: Floats) -> Floats:
    """Return the distribution of the sum of independent yes-or-no draws, shape (n + 1,).

    The Poisson-binomial distribution, by multiplying the draws' polynomials pair by pair.

    Examples
    --------
    >>> sum_of_draws(np.array([0.5, 0.5])).round(3).tolist()
    [0.25, 0.5, 0.25]
    """
    n = len(p)
    width = 1 << max(0, n - 1).bit_length()
    padded = np.concatenate([p, np.zeros(width - n)])
    rows = np.stack([1 - padded, padded], axis=1)
    while len(rows) > 1:
        size = 2 * rows.shape[1] - 1
        spectrum = np.fft.rfft(rows, 2 * rows.shape[1], axis=1)
        rows = np.fft.irfft(spectrum[::2] * spectrum[1::2], 2 * rows.shape[1], axis=1)[:, :size]
    clipped = np.clip(rows[0, : n + 1], 0.0, 1.0)
    pmf: Floats = clipped / clipped.sum()
    return pmf
