"""Which segments fare worse than all others, after every segment that was looked at is counted.

The largest of a thousand ratios is large by chance. So the outcomes are dealt out anew many
times, and what the *largest* deviation of such a deal is, decides what counts as seen: the
adjusted p and the lower bound of every ratio hold for all segments at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.costs import LogMoments
from bullseye.stats.rate_ratio import ratio_bound

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHUFFLES = 500
MIN_CASES = 15
"""Cases in a segment, and outside it, below which it is not looked at."""

MIN_YES = 5
"""Cases of a segment in which it happened, below which no ratio is claimed."""

SINGLES_SHARE = 0.8
"""The part of the permitted error that goes to single conditions; the rest goes to pairs."""

_BLOCK = 2_000_000
"""Answers turned into floats at a time."""


@dataclass(frozen=True, eq=False)
class Found:
    """What was seen of m segments, each against all others whose answer is known; arrays (m,).

    `n` and `others` are cases, `yes` and `others_yes` those in which it happened (for costs: those
    with a cost above zero). `ratio` is how many times the others' rate or mean; `low` its lower
    bound, true for all segments at once with the confidence asked for; `z` the deviation, `p`
    the adjusted probability of one so large anywhere where nothing matters. All NaN or 1 where a
    segment is too small.
    """

    n: Ints
    yes: Ints
    others: Ints
    others_yes: Ints
    ratio: Floats
    low: Floats
    z: Floats
    p: Floats


@dataclass(frozen=True, eq=False)
class Answered:
    """The answers of m segments on n cases: where each holds, and where that is known; (m, n).

    `is_pair` (m,) marks those of two conditions; they share the smaller part of the error.
    """

    yes: Bools
    known: Bools
    is_pair: Bools

    def blocks(self) -> Iterator[slice]:
        """Yield slices of segments that are small enough to become floats."""
        size = max(1, _BLOCK // max(self.yes.shape[1], 1))
        for start in range(0, len(self.yes), size):
            yield slice(start, start + size)


# -- how often something happened ------------------------------------------------------------


def worse_rates(
    answered: Answered,
    happened: Bools,
    account: Ints,
    *,
    shuffles: int = SHUFFLES,
    confidence: float = 0.95,
    seed: int = 0,
) -> Found:
    """Return in which segments something happened more often, and at least how many times so.

    Parameters
    ----------
    answered
        The segments on n cases.
    happened, account
        Whether it happened, and whose case it is, shape (n,).
    shuffles, seed
        Deals of the outcomes, and their seed.
    confidence
        That all lower bounds are true at once.

    Notes
    -----
    Max-T: Westfall and Young (1993), Resampling-based multiple testing. Outcomes are dealt out by
    account: those of one account stay together. The bound inverts the score test of a ratio
    (Koopman 1984, Biometrics 40, 513-517) at the critical value of the largest deviation; where
    accounts have several cases, its variance grows by that of the deals.
    """
    dealt = _dealt(happened.astype(np.float32)[:, None], account, shuffles, seed)[..., 0]
    m = len(answered.yes)
    n, others, x, others_x = (np.zeros(m) for _ in range(4))
    z, dealt_z = np.zeros(m), np.zeros((m, shuffles), dtype=np.float32)
    columns = np.column_stack([np.ones(len(happened)), happened, dealt]).astype(np.float32)
    for block in answered.blocks():
        inside = (answered.yes[block].astype(np.float32) @ columns).astype(np.float64)
        known = (answered.known[block].astype(np.float32) @ columns).astype(np.float64)
        n[block], x[block] = inside[:, 0], inside[:, 1]
        others[block], others_x[block] = (known - inside)[:, :2].T
        every = _rate_z(inside[:, :1], known[:, :1], inside[:, 1:], known[:, 1:])
        z[block], dealt_z[block] = every[:, 0], every[:, 1:]
    fits = (np.minimum(n, others) >= MIN_CASES) & (x + others_x > 0)
    alike = _alike(dealt_z, account)
    critical, p = _largest(z / alike, dealt_z / alike[:, None], fits, answered.is_pair, confidence)
    claimed = fits & (x >= MIN_YES)
    low = np.full(m, np.nan)
    low[claimed] = ratio_bound(
        x[claimed], n[claimed], others_x[claimed], others[claimed], (critical * alike)[claimed]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(fits, (x / n) / (others_x / others), np.nan)
    seen = np.where(fits, z / alike, np.nan)
    return Found(_whole(n), _whole(x), _whole(others), _whole(others_x), ratio, low, seen, p)


def _whole(counts: Floats) -> Ints:
    return counts.astype(np.int64)


def _rate_z(n: Floats, known: Floats, x: Floats, known_x: Floats) -> Floats:
    """Return how many standard deviations `x` is above what `n` of the `known` would have."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = known_x / known
        spread = n * (1 - n / known) * p * (1 - p) * known / (known - 1)
        z = (x - n * p) / np.sqrt(spread)
    return np.where(np.isfinite(z), z, 0.0)


# -- what something cost ---------------------------------------------------------------------


def worse_costs(
    answered: Answered,
    costs: Floats,
    account: Ints,
    *,
    shuffles: int = SHUFFLES,
    confidence: float = 0.95,
    seed: int = 0,
) -> Found:
    """Return in which segments something cost more, and at least how many times so.

    As `worse_rates`, for `costs` (n,) from 0 up, none unknown. The deviation is that of the
    difference of two log means (`bullseye.stats.costs`) from none, by its standard error.
    """
    positive = costs > 0
    logs = np.log(costs, out=np.zeros_like(costs), where=positive)
    parts = np.column_stack([positive, logs, logs**2]).astype(np.float32)
    dealt = _dealt(parts, account, shuffles, seed)
    every = np.concatenate([parts[:, None, :], dealt], axis=1)
    m = len(answered.yes)
    middle, error = (np.zeros((m, shuffles + 1), dtype=np.float32) for _ in range(2))
    n, others, x, others_x = (np.zeros(m) for _ in range(4))
    flat = every.reshape(len(costs), -1)
    for block in answered.blocks():
        inside = answered.yes[block].astype(np.float32)
        outside = (answered.known[block] & ~answered.yes[block]).astype(np.float32)
        n[block], others[block] = inside.sum(axis=1), outside.sum(axis=1)
        these, rest = (_moments(each, flat) for each in (inside, outside))
        x[block], others_x[block] = these.positive[:, 0], rest.positive[:, 0]
        middle[block] = these.log_mean - rest.log_mean
        error[block] = np.sqrt(these.log_error + rest.log_error)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num(middle / error, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float64)
    fits = (np.minimum(n, others) >= MIN_CASES) & (np.minimum(x, others_x) >= MIN_YES)
    alike = _alike(z[:, 1:], account)
    scaled = z / alike[:, None]
    critical, p = _largest(scaled[:, 0], scaled[:, 1:], fits, answered.is_pair, confidence)
    bound = middle[:, 0] - critical * alike * error[:, 0]
    ratio, low = (np.where(fits, np.exp(each), np.nan) for each in (middle[:, 0], bound))
    seen = np.where(fits, scaled[:, 0], np.nan)
    return Found(_whole(n), _whole(x), _whole(others), _whole(others_x), ratio, low, seen, p)


def _moments(members: NDArray[np.float32], flat: NDArray[np.float32]) -> LogMoments:
    sums = (members @ flat).astype(np.float64).reshape(len(members), -1, 3)
    n = members.sum(axis=1, dtype=np.float64)[:, None]
    return LogMoments.of_sums(n, sums[..., 0], sums[..., 1], sums[..., 2])


# -- deals -----------------------------------------------------------------------------------


def _dealt(
    values: NDArray[np.float32], account: Ints, shuffles: int, seed: int
) -> NDArray[np.float32]:
    """Return `values` (n, k) dealt out anew `shuffles` times, shape (n, shuffles, k).

    The values of one account stay together and in order: the accounts' runs are laid end to end
    in random order and read off along the cases sorted by account.
    """
    random = np.random.default_rng(seed)
    order = np.argsort(account, kind="stable")
    starts = np.flatnonzero(np.diff(account[order], prepend=-1 if len(order) else 0))
    lengths = np.diff(starts, append=len(order))
    dealt = np.empty((len(values), shuffles, values.shape[1]), dtype=np.float32)
    place = np.arange(len(order))
    for at in range(shuffles):
        shuffled = random.permutation(len(starts))
        long = lengths[shuffled]
        begin = np.cumsum(long) - long
        dealt[order, at] = values[order[place + np.repeat(starts[shuffled] - begin, long)]]
    return dealt


def _alike(dealt_z: NDArray[np.floating[Any]], account: Ints) -> Floats:
    """Return the scatter of the deviation over the deals, where accounts have several cases."""
    if len(np.unique(account)) == len(account):
        return np.ones(len(dealt_z))
    return np.asarray(np.maximum(1.0, dealt_z.std(axis=1)), dtype=np.float64)


def _largest(
    z: Floats, dealt_z: NDArray[np.floating[Any]], fits: Bools, is_pair: Bools, confidence: float
) -> tuple[Floats, Floats]:
    """Return the critical value and the adjusted p of each segment, by the largest deviation."""
    critical, p = np.full(len(z), np.inf), np.ones(len(z))
    families = [(mine & fits, part) for mine, part in _families(is_pair & fits, fits)]
    for mine, part in families:
        if not mine.any():
            continue
        largest = np.sort(dealt_z[mine].max(axis=0))
        allowed = int(np.floor((1 - confidence) * part * (len(largest) + 1)))
        critical[mine] = largest[-allowed] if allowed else np.inf
        above = len(largest) - np.searchsorted(largest, z[mine] - 1e-9)
        p[mine] = np.minimum((1 + above) / (len(largest) + 1) / part, 1.0)
    return critical, p


def _families(pairs: Bools, fits: Bools) -> list[tuple[Bools, float]]:
    singles = fits & ~pairs
    if not pairs.any() or not singles.any():
        return [(fits, 1.0)]
    return [(singles, SINGLES_SHARE), (pairs, 1 - SINGLES_SHARE)]
