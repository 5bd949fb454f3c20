"""How well an order sorts what happens later: lift at capacity, gains, fit bands, calibration."""

from dataclasses import dataclass

import numpy as np

from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.comparison import Effect
from bullseye.stats.discrimination import Estimate, auc
from bullseye.stats.drift import Ratio, Reference, observed_expected
from bullseye.validate.seen import Bools, Happened, Ints, Judged

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75)
"""Shares of the accounts of a day at which gains are read off."""

EDGES = (20, 40, 60, 80)
"""Where one fit band ends and the next begins."""


@dataclass(frozen=True)
class Lift:
    """The cases of a selection: their rate, and how many times the rate of all that is.

    `share` of the decided cases is in the selection.
    """

    name: str
    share: float
    rate: Rate
    lift: Effect


@dataclass(frozen=True)
class Gain:
    """What the best `share` of the accounts of each day holds of all that happened later.

    `captured` is a share of the outcomes, 0-1, `lift` the rate over that of all; n decided
    cases are among them.
    """

    share: float
    captured: Effect
    lift: Effect
    n: int


@dataclass(frozen=True)
class Band:
    """The cases with a fit score from `low` up to below `high` (100 included in the last)."""

    low: int
    high: int
    rate: Rate


@dataclass(frozen=True)
class Calibration:
    """Whether rates by fit band of the earlier days held on the later ones.

    `ratio` is what happened on the later days over what the earlier rates expect.
    """

    earlier: int
    later: int
    ratio: Ratio


def lift_of(name: str, happened: Happened, chosen: Bools) -> Lift:
    """Return the lift of a selection, over the decided cases."""
    decided = happened.decided
    yes, account = happened.yes[decided] == 1, happened.account[decided]
    cases = Clustered.of(yes, account, chosen[decided].astype(np.int64), 2)
    return Lift(name, cases.share(0, 1), cases.rate(1), cases.lift(0, 1))


def gains(happened: Happened, judged: Judged) -> tuple[Gain, ...]:
    """Return what each share of the list would have captured."""
    found = []
    for share in SHARES:
        each = lift_of("", happened, judged.best(share))
        captured = (min(1.0, each.share * value) for value in _of(each.lift))
        found.append(Gain(share, Effect(*captured), each.lift, each.rate.n))
    return tuple(found)


def _of(effect: Effect) -> tuple[float, float, float]:
    return effect.estimate, effect.low, effect.high


def fit_bands(happened: Happened, judged: Judged) -> tuple[Band, ...]:
    """Return the rate of each fit band; cases whose fit is not known are in none."""
    known = happened.decided & np.isfinite(judged.fit)
    codes = _bands(judged, known)
    cases = Clustered.of(happened.yes[known] == 1, happened.account[known], codes, len(EDGES) + 1)
    edges = (0, *EDGES, 100)
    return tuple(Band(edges[at], edges[at + 1], cases.rate(at)) for at in range(len(EDGES) + 1))


def calibration(happened: Happened, judged: Judged) -> Calibration | None:
    """Hold the rates by fit band of the earlier half of the cohorts against the later half."""
    known = happened.decided & np.isfinite(judged.fit)
    cohorts = np.unique(happened.cohort[known])
    if len(cohorts) < 2:
        return None
    later = happened.cohort[known] >= cohorts[(len(cohorts) + 1) // 2]
    codes, yes = _bands(judged, known), happened.yes[known] == 1
    cases = Clustered.of(yes, happened.account[known], later.astype(np.int64), 2)
    inflation = max(1.0, cases.inflation(0, 1))
    counted = [
        (np.bincount(codes[half & yes], minlength=5), np.bincount(codes[half], minlength=5))
        for half in (~later, later)
    ]
    (yes_before, before), (yes_after, after) = counted
    reference = Reference(yes_before.astype(np.float64), before.astype(np.float64))
    ratio = observed_expected(yes_after, after, reference.thinned(inflation), inflation=inflation)
    return Calibration(int((~later).sum()), int(later.sum()), ratio)


def fit_auc(happened: Happened, judged: Judged) -> Estimate | None:
    """Return how well the fit score alone tells the outcomes apart; None where only one occurs."""
    known = happened.decided & np.isfinite(judged.fit)
    yes = happened.yes[known] == 1
    if not yes.any() or yes.all():
        return None
    return auc(judged.fit[known], yes, clusters=happened.account[known])


def list_auc(happened: Happened, judged: Judged) -> Estimate | None:
    """Return how well the place in the day's list tells the outcomes apart."""
    decided = happened.decided
    yes = happened.yes[decided] == 1
    if not yes.any() or yes.all():
        return None
    order = -(judged.place[decided] / np.maximum(judged.accounts[decided], 1))
    return auc(order, yes, clusters=happened.account[decided])


def _bands(judged: Judged, known: Bools) -> Ints:
    return np.searchsorted(np.array(EDGES), judged.fit[known], side="right").astype(np.int64)
