"""Which stage makes one segment faster: paths through stages, put together from their parts.

Within a stage, a case waits until it moves on to another stage, is won or is lost. From how long
that takes in each stage follows the share won by a day. To exchange one stage's pace for another
segment's, and to look what that does to the share, tells how much this stage accounts for.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WON, LOST, OPEN = -1, -2, -3
"""What follows a stay in a stage, where it is not another stage."""

RESAMPLES = 200
AT_ONCE = 20


class Points(NamedTuple):
    """A difference of shares, -1 to 1, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Decomposed:
    """How the share won by `day` differs inside a segment, and which stage accounts for it.

    `inside` and `outside` are the shares, put together from stages; `total` is inside less
    outside; `parts` are by stage, and `begin` is the part of beginning in other stages: together
    they are the total. `accounts` were drawn again for the intervals.
    """

    day: int
    inside: float
    outside: float
    total: Points
    parts: tuple[Points, ...]
    begin: Points
    accounts: int


@dataclass(frozen=True, eq=False)
class Stays:
    """Stays in stages; arrays (m,).

    `stage` is 0 to `stages` - 1, `follows` the next stage or `WON`, `LOST`, `OPEN`; `days` of the
    stay; `is_first` marks where a case began; `account` numbers accounts from 0.
    """

    stages: int
    stage: Ints
    follows: Ints
    days: Floats
    is_first: Bools
    account: Ints


def decomposed(
    stays: Stays, inside: Bools, *, day: int, seed: int = 0, confidence: float = 0.95
) -> Decomposed:
    """Return which stages account for the difference between a segment and all others.

    Parameters
    ----------
    stays
        The stays in stages of all cases.
    inside
        Which of them are of cases of the segment, shape (m,).
    day
        The share won by this day is what is split.
    seed, confidence
        Of the draws of accounts, and of the intervals that rest on them.

    Notes
    -----
    A semi-Markov model: how long a stay lasts depends on its stage, not on the way there. Its
    kernel is estimated by Aalen-Johansen within each stage (Lagakos, Sommer and Zelen 1978,
    Biometrika 65, 311-317), the share won follows by renewal equations. Stages are exchanged one
    after the other, first to last and last to first, and the two are averaged (a split in the way
    of Das Gupta 1993, Standardization and decomposition of rates), so parts add up. Intervals: the
    bootstrap over accounts, by Poisson weights, on the normal scale.
    """
    accounts = int(stays.account.max()) + 1
    rng = np.random.default_rng(seed)
    drawn: list[Floats] = [np.ones((1, accounts))]
    drawn += [
        rng.poisson(1.0, (AT_ONCE, accounts)).astype(np.float64)
        for _ in range(RESAMPLES // AT_ONCE)
    ]
    paths = np.concatenate([_paths(stays, inside, day, weights) for weights in drawn])
    ways = stays.stages + 2
    forward, backward = np.diff(paths[:, :ways], axis=1), np.diff(paths[:, ways:], axis=1)
    # Backward exchanges the beginning last; its stages come in the opposite order.
    backward = np.concatenate([backward[:, -1:], backward[:, -2::-1]], axis=1)
    parts = (forward + backward) / 2
    reach = float(ndtri(0.5 + confidence / 2))

    def points(values: Floats) -> Points:
        error = reach * float(np.nanstd(values[1:], ddof=1))
        return Points(float(values[0]), float(values[0]) - error, float(values[0]) + error)

    return Decomposed(
        day,
        float(paths[0, ways - 1]),
        float(paths[0, 0]),
        points(parts.sum(axis=1)),
        tuple(points(parts[:, at + 1]) for at in range(stays.stages)),
        points(parts[:, 0]),
        len(np.unique(stays.account)),
    )


def won_by(kernel: Floats, begin: Floats) -> Floats:
    """Return the share won by the last day of a kernel, for each of b kernels, shape (b,).

    `kernel` (b, k, k + 1, days + 1) is the chance to leave stage j on a day of the stay for each
    other stage, and in the last place for won; `begin` (b, k) is where cases begin.
    """
    batch, stages, _, span = kernel.shape
    moves, won = kernel[:, :, :stages], kernel[:, :, stages].cumsum(axis=2)
    reached = np.zeros((batch, stages, span))
    reached[:, :, 0] = won[:, :, 0]
    for t in range(1, span):
        before = reached[:, :, t - 1 :: -1] if t > 1 else reached[:, :, :1]
        # A stay that goes on to another stage lasts one day at least.
        onward = moves[:, :, :, 1 : t + 1].reshape(batch, stages, -1)
        reached[:, :, t] = won[:, :, t] + np.matmul(onward, before.reshape(batch, -1, 1))[:, :, 0]
    share: Floats = (begin * reached[:, :, -1]).sum(axis=1)
    return share


def _paths(stays: Stays, inside: Bools, day: int, weights: Floats) -> Floats:
    """Return the shares won while stages are exchanged, (b, 2 * (stages + 2)): both ways."""
    draws = weights[:, stays.account]
    sides = _either([_kernel(stays, draws * side, day) for side in (~inside, inside)])
    begins = [_begin(stays, draws * side) for side in (~inside, inside)]
    stages = stays.stages
    found = []
    for order in (range(-1, stages), (*range(stages - 1, -1, -1), -1)):
        kernel, begin = sides[0].copy(), begins[0]
        found.append(won_by(kernel, begin))
        for at in order:
            if at < 0:
                begin = begins[1]
            else:
                kernel[:, at] = sides[1][:, at]
            found.append(won_by(kernel, begin))
    return np.column_stack(found)


def _either(sides: list[Floats]) -> list[Floats]:
    """Return the two kernels; where nobody of one side was in a stage, that of the other."""
    empty = [(side == 0).all(axis=(2, 3))[:, :, None, None] for side in sides]
    return [
        np.where(empty[at], other, side)
        for at, (side, other) in enumerate(zip(sides, sides[::-1], strict=True))
    ]


def _begin(stays: Stays, draws: Floats) -> Floats:
    counts = np.zeros((len(draws), stays.stages))
    first = np.flatnonzero(stays.is_first)
    for at, weights in enumerate(draws):
        counts[at] = np.bincount(stays.stage[first], weights[first], minlength=stays.stages)
    shares: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
    return shares


def _kernel(stays: Stays, draws: Floats, day: int) -> Floats:
    """Return for each draw the chance to leave each stage on each day of a stay, by what follows.

    Shape (b, stages, stages + 1, day + 1).
    """
    stages, span = stays.stages, day + 2  # the last place holds all longer stays
    moved = stays.follows >= 0
    days = np.minimum(np.where(moved, np.maximum(stays.days, 1), stays.days), day + 1)
    place = days.astype(np.int64)
    kind = np.where(moved, stays.follows, stages)
    kind = np.where(stays.follows == LOST, stages + 1, kind)
    kind = np.where(stays.follows == OPEN, stages + 2, kind)
    cell = (stays.stage * (stages + 3) + kind) * span + place
    size = stages * (stages + 3) * span
    counts = np.array([np.bincount(cell, weights, minlength=size) for weights in draws])
    counts = counts.reshape(len(draws), stages, stages + 3, span)
    leaving = counts[:, :, : stages + 2].sum(axis=2)
    at_risk = counts.sum(axis=2)[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]
    hazard = np.divide(leaving, at_risk, out=np.zeros_like(leaving), where=at_risk > 0)
    stayed = np.cumprod(1 - hazard, axis=2)
    before = np.concatenate([np.ones_like(stayed[:, :, :1]), stayed[:, :, :-1]], axis=2)
    chance = np.divide(before, at_risk, out=np.zeros_like(before), where=at_risk > 0)
    kernel: Floats = counts[:, :, : stages + 1] * chance[:, :, None]
    return kernel[..., : day + 1]
