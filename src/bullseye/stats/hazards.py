"""Why a segment is faster: how much of its pace other facts about it explain.

Time is cut into periods. In each period, a case that is still open happens or does not; the odds
of it follow a logistic model of the segment, of other facts and of the season. How the segment's
effect splits into what other facts explain and what stays is read off that model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from bullseye.stats.survival import YES

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_SD = 2.5
"""Standard deviation of the weak prior on every log-odds; keeps them finite."""

MIN_YES = 30
"""Cases that happened below which nothing is explained."""


@dataclass(frozen=True, eq=False)
class Periods:
    """One row per case and period in which it was open at the beginning; arrays (r,).

    `case` is the row's case, `period` counts from 0, `happened` says that it ended in yes then.
    """

    case: Ints
    period: Ints
    happened: Bools


class Effect(NamedTuple):
    """A difference of log-odds per period, with its interval; e to its power is a ratio."""

    value: float
    low: float
    high: float


class Part(NamedTuple):
    """What one fact explains: its part of the effect, and the share of the whole, 0-1."""

    name: str
    effect: Effect
    share: Effect | None


@dataclass(frozen=True)
class Explained:
    """The effect of a segment on the pace, split.

    `total` is the whole, `direct` what stays when the other facts are alike, `parts` what each
    explains; they add up to the total. `share` is the explained share of the total; it and the
    shares of the parts are None where the total cannot be told from none.
    """

    total: Effect
    direct: Effect
    share: Effect | None
    parts: tuple[Part, ...]
    cases: int
    happened: int


def periods(
    days: NDArray[np.generic], state: NDArray[np.generic], *, width: float, last: int
) -> Periods:
    """Return the periods of `width` days that each case (n,) was open in, at most `last` of them.

    A case seen for less than half of a period, and then still open, does not count in it.

    >>> found = periods(np.array([20, 5]), np.array([1, 0]), width=14, last=6)
    >>> found.case.tolist(), found.period.tolist(), found.happened.tolist()
    ([0, 0], [0, 1], [False, True])
    """
    seen = np.asarray(days, dtype=np.float64)
    ended = np.asarray(state) > 0
    whole = np.where(ended, np.floor(seen / width) + 1, np.floor(seen / width + 0.5))
    count = np.clip(whole, 0, last).astype(np.int64)
    case = np.repeat(np.arange(len(seen)), count)
    start = np.repeat(np.cumsum(count) - count, count)
    period = np.arange(len(case)) - start
    final = period == np.repeat(whole, count) - 1
    return Periods(case, period, final & (np.asarray(state) == YES)[case])


def explained(
    rows: Periods,
    segment: Bools,
    facts: Mapping[str, Floats],
    account: Ints,
    *,
    confidence: float = 0.95,
) -> Explained | None:
    """Return how much of a segment's pace each of `facts` explains; None where n is too small.

    Parameters
    ----------
    rows
        Cases by period.
    segment
        Whether each case is in the segment, shape (n,).
    facts
        By name a matrix of one row per period row and any number of columns, shape (r, c).
    account
        The account of each case, shape (n,): cases of one account are not independent.
    confidence
        Coverage of the intervals.

    Notes
    -----
    Discrete-time hazard: Allison (1982), Sociological Methodology 13, 61-98. The split is that of
    Karlson, Holm and Breen (2012), Sociological Methodology 42, 286-313: the effect that other
    facts explain is their coefficient times the segment's difference in them, all in one model, so
    that the parts add up. Variances by influence functions summed over accounts (the infinitesimal
    jackknife). Another end, as lost, ends the watch: this is the cause-specific hazard.
    """
    happened = int(rows.happened.sum())
    inside = segment[rows.case].astype(np.float64)
    if happened < MIN_YES or not 0 < inside.mean() < 1:
        return None
    clock = _dummies(rows.period)
    names = list(facts)
    columns = [facts[name] for name in names]
    covariates = np.column_stack(columns) if columns else np.zeros((len(inside), 0))
    design = np.column_stack([clock, inside, covariates])
    free = np.zeros(design.shape[1])
    free[clock.shape[1] :] = PRIOR_SD**-2
    fitted, pulls = _logistic(design, rows.happened.astype(np.float64), free)
    at = clock.shape[1]
    slopes, slope_pulls = _differences(clock, inside, covariates)
    weights, weight_pulls = fitted[at + 1 :], pulls[:, at + 1 :]
    part, part_pulls = weights * slopes, weight_pulls * slopes + slope_pulls * weights
    own = account[rows.case]
    made = _Maker(np.unique(own, return_inverse=True)[1], float(ndtri(0.5 + confidence / 2)))
    edges = np.cumsum([0, *(each.shape[1] for each in columns)])
    blocks = [slice(low, high) for low, high in pairwise(edges)]
    total = fitted[at] + part.sum(), pulls[:, at] + part_pulls.sum(axis=1)
    whole = made.effect(*total)
    told = whole.low > 0 or whole.high < 0
    parts = []
    for name, block in zip(names, blocks, strict=True):
        mine = part[block].sum(), part_pulls[:, block].sum(axis=1)
        parts.append(Part(name, made.effect(*mine), made.share(mine, total) if told else None))
    everything = part.sum(), part_pulls.sum(axis=1)
    return Explained(
        whole,
        made.effect(float(fitted[at]), pulls[:, at]),
        made.share(everything, total) if told and names else None,
        tuple(parts),
        len(np.unique(rows.case)),
        happened,
    )


class _Maker(NamedTuple):
    """Makes intervals of estimates and what each row pulls at them."""

    account: Ints
    reach: float

    def effect(self, value: float, pulls: Floats) -> Effect:
        sums = np.bincount(self.account, weights=pulls)
        accounts = len(sums)
        error = float(np.sqrt((sums**2).sum() * accounts / max(accounts - 1, 1)))
        middle = float(value)
        return Effect(middle, middle - self.reach * error, middle + self.reach * error)

    def share(self, part: tuple[float, Floats], total: tuple[float, Floats]) -> Effect:
        ratio = part[0] / total[0]
        return self.effect(ratio, (part[1] - ratio * total[1]) / total[0])


def _dummies(codes: Ints) -> Floats:
    """Return one column per distinct code."""
    place = np.unique(codes, return_inverse=True)[1]
    return np.eye(int(place.max()) + 1)[place]


def _logistic(design: Floats, happened: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients (c,) of a logistic model, and each row's pull at them (r, c)."""
    weights = np.zeros(design.shape[1])
    information = np.eye(design.shape[1])
    for _ in range(25):
        p = expit(design @ weights)
        gradient = design.T @ (happened - p) - ridge * weights
        information = (design * (p * (1 - p))[:, None]).T @ design + np.diag(ridge + 1e-6)
        step = np.linalg.solve(information, gradient)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    residual = happened - expit(design @ weights)
    pulls = np.linalg.solve(information, (design * residual[:, None]).T).T
    return weights, pulls


def _differences(clock: Floats, inside: Floats, covariates: Floats) -> tuple[Floats, Floats]:
    """Return how much higher each covariate is inside the segment, and each row's pull at it."""
    counts = clock.sum(axis=0)
    centred = inside - clock @ (clock.T @ inside / counts)
    weight = float(centred @ inside)
    if weight <= 0:
        return np.zeros(covariates.shape[1]), np.zeros_like(covariates)
    slopes = centred @ covariates / weight
    level = clock @ (clock.T @ (covariates - np.outer(inside, slopes)) / counts[:, None])
    residual = covariates - np.outer(inside, slopes) - level
    return slopes, centred[:, None] * residual / weight
