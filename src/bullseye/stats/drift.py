"""Drift: do outcomes still come as often as the past says, with a stated rate of false alarms."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.totals import Z95

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DROP = 0.65
"""What is left of the rate in the drop that the sum looks for: 35 % less."""

RISE = 1 / DROP
"""The same for what we do not want: the rate rises by half and a little."""

SEEN_DROP, SEEN_RISE = 0.6, 1 / 0.6
"""The change for which the chance to see it is told: 40 % less, or that many times as much."""

YEARS = 20_000
"""Simulated watches that the thresholds are quantiles of."""

ROUNDS = 12
HIGHEST = 0.98
"""A rate that rises stays below this."""


@dataclass(frozen=True)
class Reference:
    """What the past says: of each group (as a tier) how many cases it had, and how many happened.

    `yes` and `n` have shape (groups,); they may be fractions, where several cases of one account
    tell less than as many of several (see `thinned`).
    """

    yes: Floats
    n: Floats

    def thinned(self, inflation: float) -> "Reference":
        """Return the past as the number of independent cases that tell as much."""
        return Reference(self.yes / inflation, self.n / inflation)

    @property
    def prior(self) -> float:
        """The rate of all groups together: what one further case in each is taken to say.

        Jeffreys' even prior would raise the small rates of small groups, and with them the wins
        that are expected.
        """
        return float((self.yes.sum() + 0.5) / (self.n.sum() + 1.0))

    @property
    def rate(self) -> Floats:
        """The rate of each group, drawn a little towards that of all; never 0 or 1."""
        return np.asarray((self.yes + self.prior) / (self.n + 1.0))

    @property
    def variance(self) -> Floats:
        """The variance of each rate, as a Beta law has it."""
        rate = self.rate
        return np.asarray(rate * (1 - rate) / (self.n + 2.0))


@dataclass(frozen=True)
class Ratio:
    """Observed over expected with its 95 % interval; None where nothing was expected."""

    observed: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Watch:
    """What was watched, what alarmed, and what such a watch can see.

    `sums` is the running sum per period, which alarms above its limit, and `zs` the score of each
    quarter, None between, which alarms below its limit. `since` is the period the sum last left
    zero in before its alarm, None without one. `false_alarms` is the simulated chance of any
    alarm if nothing changed, `caught` that of an alarm within the watch if the rate changed by
    `SEEN_DROP` or `SEEN_RISE` at its start, and `caught_in_quarter` that within a quarter.
    """

    sums: tuple[float, ...]
    sum_limit: float
    zs: tuple[float | None, ...]
    z_limit: float
    alarm_at: int | None
    since: int | None
    false_alarms: float
    caught: float
    caught_in_quarter: float


def observed_expected(yes: Ints, n: Ints, reference: Reference, *, inflation: float = 1.0) -> Ratio:
    """Return how often it happened over how often the past rates of the groups expect.

    Parameters
    ----------
    yes, n
        Per group what happened of how many in the period, shape (groups,).
    reference
        The past.
    inflation
        By how much cases scatter more than independent ones (several cases of one account).

    Notes
    -----
    The ratios r that a two-sided test of size 5 % does not refuse: (O - rE)^2 <= z^2 V(r), where
    V(r) is the scatter of the cases at rates r times as high plus that of the expectation, which
    rests on finitely many cases itself (a score interval, as of Rao and Wilson).
    """
    observed, expected = int(yes.sum()), float((n * reference.rate).sum())
    if expected == 0:
        return Ratio(observed, expected, None, None, None, int(n.sum()))
    squares = float((n * reference.rate**2).sum())
    known = float((n * n * reference.variance).sum())
    z2 = Z95 * Z95 * inflation
    # (O - rE)^2 = z2 (rE - r^2 S + r^2 K) is a quadratic in r
    a = expected**2 + z2 * (squares - known)
    b = -(2 * observed * expected + z2 * expected)
    c = float(observed * observed)
    low, high = _roots(a, b, c)
    return Ratio(observed, expected, observed / expected, max(0.0, low), high, int(n.sum()))


def watch(
    yes: Ints,
    n: Ints,
    reference: Reference,
    *,
    rises: bool = False,
    quarter: int = 3,
    false_alarms: float = 0.10,
    inflation: float = 1.0,
    seed: int = 0,
) -> Watch:
    """Watch for a drop of the rate, or a rise, over some periods, with limits simulated for them.

    Parameters
    ----------
    yes, n
        Cases that happened and cases decided, shape (periods, groups), oldest first.
    reference
        The past, whose rates are expected to hold; thinned where its cases are clustered.
    rises
        Watch for a rise: for what we do not want.
    quarter
        How many periods are a quarter.
    false_alarms
        The chance of any alarm during the whole watch if nothing changed; both limits share it.
    inflation
        By how much the cases of a period scatter more than independent ones.
    seed
        Of the simulation: the same seed gives the same limits.

    Notes
    -----
    The sum is Page's CUSUM of the log-likelihood ratio of a rate 35 % lower (Steiner et al. 2000,
    Biostatistics 1, 441-452); the score is that of the last quarter, once a quarter. In each
    simulated watch the true rates are drawn from what the reference leaves open (a Beta law), so
    that a short past does not raise the rate of false alarms; then the two limits are set at the
    same tail each, such that together they alarm as often as stated.
    """
    chart = _Chart(reference, RISE if rises else DROP, quarter)
    random = np.random.default_rng(seed)
    simulated = _Simulated(n, reference, inflation, random)
    sums, zs = chart.sums(yes.astype(np.float64), n), chart.scores(yes.astype(np.float64), n)
    quiet = simulated.yes(1.0)
    peak = chart.sums(quiet, n).max(axis=1)
    deepest = np.nan_to_num(chart.scores(quiet, n), nan=0.0).min(axis=1)
    sum_limit, z_limit = _limits(peak, deepest, false_alarms)
    changed = simulated.yes(SEEN_RISE if rises else SEEN_DROP)
    seen = _alarms(chart.sums(changed, n), chart.scores(changed, n), sum_limit, z_limit)
    alarms = _alarms(sums[None], zs[None], sum_limit, z_limit)[0]
    at = int(np.argmax(alarms)) if alarms.any() else None
    return Watch(
        tuple(float(each) for each in sums),
        sum_limit,
        tuple(None if np.isnan(each) else float(each) for each in zs),
        z_limit,
        at,
        None if at is None else _since(sums, at),
        float(((peak > sum_limit) | (deepest < z_limit)).mean()),
        float(seen.any(axis=1).mean()),
        float(seen[:, :quarter].any(axis=1).mean()),
    )


@dataclass(frozen=True)
class _Chart:
    """The two statistics of a watch; the last two axes of `yes` are periods and groups."""

    reference: Reference
    times: float
    quarter: int

    def sums(self, yes: Floats, n: Ints) -> Floats:
        """Return the running sum after each period."""
        rate = self.reference.rate
        gain = np.log((1 - np.minimum(self.times * rate, HIGHEST)) / (1 - rate))
        each = np.log(np.minimum(self.times, HIGHEST / rate))
        steps = np.asarray((yes * each + (n - yes) * gain).sum(axis=-1), dtype=np.float64)
        sums: Floats = np.empty_like(steps)
        running = np.zeros(steps.shape[:-1])
        for period in range(steps.shape[-1]):
            running = np.maximum(0.0, running + steps[..., period])
            sums[..., period] = running
        return sums

    def scores(self, yes: Floats, n: Ints) -> Floats:
        """Return the score at the end of each quarter, NaN between; low is what alarms."""
        rate, sign = self.reference.rate, 1.0 if self.times < 1 else -1.0
        scores = np.full(yes.shape[:-1], np.nan)
        for end in range(self.quarter - 1, n.shape[0], self.quarter):
            window = slice(end - self.quarter + 1, end + 1)
            cases = n[window].sum(axis=0)
            spread = float((cases * rate * (1 - rate)).sum())
            spread += float((cases * cases * self.reference.variance).sum())
            seen = yes[..., window, :].sum(axis=(-2, -1)) - float((cases * rate).sum())
            scores[..., end] = sign * seen / sqrt(spread) if spread > 0 else 0.0
        return scores


@dataclass(frozen=True)
class _Simulated:
    """Watches as they come if the past rates, as far as they are known, hold or change."""

    n: Ints
    reference: Reference
    inflation: float
    random: np.random.Generator

    def yes(self, times: float) -> Floats:
        """Return simulated counts, shape (watches, periods, groups), at `times` the past rates."""
        past = self.reference
        shape = (YEARS, len(past.n))
        rates = times * self.random.beta(
            past.yes + past.prior, past.n - past.yes + 1 - past.prior, shape
        )
        rates = np.minimum(rates, HIGHEST)
        chances = np.broadcast_to(rates[:, None, :], (YEARS, *self.n.shape))
        if self.inflation > 1:
            alike = np.minimum(0.9, (self.inflation - 1) / np.maximum(self.n - 1, 1))
            spread = 1 / np.maximum(alike, 1e-9) - 1
            chances = self.random.beta(
                np.maximum(chances * spread, 1e-9), np.maximum((1 - chances) * spread, 1e-9)
            )
        return self.random.binomial(self.n[None], chances).astype(np.float64)


def _limits(peak: Floats, deepest: Floats, chance: float) -> tuple[float, float]:
    """Return the limits of sum and score that together are passed in `chance` of the watches."""
    low, high = 0.0, chance
    for _ in range(ROUNDS):
        tail = (low + high) / 2
        limits = _tails(peak, deepest, tail)
        both = float(((peak > limits[0]) | (deepest < limits[1])).mean())
        low, high = (tail, high) if both <= chance else (low, tail)
    return _tails(peak, deepest, low)


def _tails(peak: Floats, deepest: Floats, tail: float) -> tuple[float, float]:
    return (
        float(np.quantile(peak, 1 - tail, method="higher")),
        float(np.quantile(deepest, tail, method="lower")),
    )


def _alarms(sums: Floats, scores: Floats, sum_limit: float, z_limit: float) -> NDArray[np.bool_]:
    """Return in which periods either limit is passed, shape (watches, periods)."""
    with np.errstate(invalid="ignore"):
        return np.asarray((sums > sum_limit) | (scores < z_limit))


def _since(sums: Floats, at: int) -> int:
    """Return the first period of the climb that the alarm stands on."""
    zero = np.flatnonzero(sums[: at + 1] == 0)
    return int(zero[-1]) + 1 if len(zero) and zero[-1] < at else (0 if not len(zero) else at)


def _roots(a: float, b: float, c: float) -> tuple[float, float]:
    """Return where the parabola is not above zero; no upper end where it opens downwards."""
    inside = max(0.0, b * b - 4 * a * c)
    if a <= 0:
        return 2 * c / (-b + sqrt(inside)), float("inf")
    return (-b - sqrt(inside)) / (2 * a), (-b + sqrt(inside)) / (2 * a)
