"""How fast the effect of an event fades: the half-life the data speak for, and its interval."""

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.timing import Ages, RiskSets

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 7.0, 365.0
HALF_LIVES = np.geomspace(SHORTEST, LONGEST, 32)
"""The half-lives that are tried, in days."""
LOOKS_BACK = 2 * int(LONGEST)
"""How old an event may be to count at all, in days."""
_NEAR = 1.96**2 / 2
_STEPS = 40
_STEEPEST = 5.0


@dataclass(frozen=True)
class HalfLife:
    """The half-life an outcome speaks for, in days; None throughout where it cannot tell.

    `low` None means that the interval reaches below 7 days, `high` None above 365 days. `ratio`
    is the hazard ratio on the day of an event. `p` says whether a fading effect is to be seen
    at all.
    """

    days: float | None
    low: float | None
    high: float | None
    ratio: float | None
    p: float

    @property
    def tells(self) -> bool:
        """Whether the data tell the half-life from at least one side."""
        return self.days is not None


def half_life(sets: RiskSets, seen: Ages) -> HalfLife:
    """Return the half-life under which known events explain the outcomes best.

    Each event adds 2 ** (-age / half-life) to a member's exposure; the log hazard is linear in it.

    Notes
    -----
    Profile partial likelihood over a grid of half-lives; the interval holds those within 1.92
    of the best. Whether there is an effect at all is asked with two degrees of freedom: without
    one the half-life means nothing, and the best of a grid is found by looking (Davies, 1987,
    Biometrika 74, 33-43). Without an effect, or where every half-life fits, the answer is none.
    """
    if not len(seen.row):
        return HalfLife(None, None, None, None, 1.0)
    fits = [(0.0, 0.0)]
    for days in HALF_LIVES:
        fits.append(_fitted(sets, seen, float(days), start=fits[-1][1]))
    del fits[0]
    gains = np.array([gain for gain, _ in fits])
    best = int(gains.argmax())
    p = min(1.0, exp(-gains[best]))  # the chi-square tail of twice the gain at two degrees
    inside = np.flatnonzero(gains >= gains[best] - _NEAR)
    low_open, high_open = inside[0] == 0, inside[-1] == len(HALF_LIVES) - 1
    if p > 0.05 or (low_open and high_open):
        return HalfLife(None, None, None, None, p)
    low = None if low_open else float(HALF_LIVES[inside[0] - 1])
    high = None if high_open else float(HALF_LIVES[inside[-1] + 1])
    return HalfLife(float(HALF_LIVES[best]), low, high, float(np.exp(fits[best][1])), p)


def _fitted(sets: RiskSets, seen: Ages, days: float, *, start: float) -> tuple[float, float]:
    """Return what the log partial likelihood gains over no effect, and the log hazard ratio."""
    exposure = np.bincount(seen.row, np.exp2(-seen.age / days), minlength=len(sets.row_set))
    rows = np.flatnonzero(exposure)
    z, at = exposure[rows], sets.row_set[rows]
    number = len(sets.day)
    size = np.bincount(sets.row_set, minlength=number)
    idle = size - np.bincount(at, minlength=number)
    own = float(z[sets.row_case[rows]].sum())

    def sums(beta: float) -> tuple[float, float, float]:
        weight = np.exp(beta * z)
        total = idle + np.bincount(at, weight, minlength=number)
        first = np.bincount(at, weight * z, minlength=number) / total
        second = np.bincount(at, weight * z * z, minlength=number) / total
        gain = beta * own - float(np.log(total / size).sum())
        return gain, own - float(first.sum()), float((second - first**2).sum())

    beta, (gain, slope, bend) = start, sums(start)
    for _ in range(_STEPS):
        if bend <= 0 or abs(slope) < 1e-8:
            break
        step = float(np.clip(slope / bend, -1.0, 1.0))
        beta = float(np.clip(beta + step, -_STEEPEST, _STEEPEST))
        gain, slope, bend = sums(beta)
        if abs(step) < 1e-8:
            break
    return gain, beta
