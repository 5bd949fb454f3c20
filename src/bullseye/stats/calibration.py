"""How well probabilities hold: the map from a score, calibration error, rates by band."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import expit

from bullseye.stats.logistic import logistic_fit
from bullseye.stats.proportions import Share

Floats = NDArray[np.float64]


class LogisticMap(NamedTuple):
    """A probability from a score: ``1 / (1 + exp(-(intercept + slope * score)))``.

    `base` is the share of the outcome among the cases fitted: what holds where the score is
    unknown.
    """

    intercept: float
    slope: float
    base: float

    def at(self, scores: ArrayLike) -> Floats:
        """Return the probability at each score; `base` where the score is NaN."""
        given = np.asarray(scores, dtype=np.float64)
        p = expit(self.intercept + self.slope * np.nan_to_num(given))
        return np.asarray(np.where(np.isnan(given), self.base, p), dtype=np.float64)


def logistic_map(
    scores: ArrayLike, outcome: ArrayLike, weight: ArrayLike | None = None
) -> LogisticMap:
    """Fit the probability of an outcome to a score.

    Parameters
    ----------
    scores
        Shape (n,); NaN where unknown: such cases only count for the base.
    outcome
        Shape (n,): false or true, or the mean of merged cases.
    weight
        How many cases each stands for; 1 where absent.

    Notes
    -----
    Platt, J. (1999), Probabilistic outputs for support vector machines; with a slight ridge, so
    that a score which separates exactly stays finite.

    Examples
    --------
    >>> line = logistic_map([0, 0, 100, 100], [False, True, True, True])
    >>> line.at([0, 100, np.nan]).round(2)
    array([0.56, 0.94, 0.75])
    """
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    base = float(w @ y / w.sum())
    known = ~np.isnan(x)
    spread = float(np.ptp(x[known])) if known.any() else 0.0
    if spread == 0.0:
        held = min(max(base, 1e-6), 1 - 1e-6)
        return LogisticMap(float(np.log(held / (1 - held))), 0.0, base)
    middle = float(x[known].mean())
    design = np.column_stack([np.ones(int(known.sum())), (x[known] - middle) / spread])
    beta = logistic_fit(design, y[known], w[known], ridge=0.05).beta
    slope = float(beta[1]) / spread
    return LogisticMap(float(beta[0]) - slope * middle, slope, base)


def calibration_error(probabilities: ArrayLike, outcome: ArrayLike, *, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between foretold and happened.

    Parameters
    ----------
    probabilities
        Shape (n,), 0-1.
    outcome
        Shape (n,), false or true.
    bins
        Bins of about the same number of cases; equal probabilities stay in one bin.

    Notes
    -----
    Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian
    binning, with bins of equal counts. With few cases it is above 0 by chance alone: about
    ``sqrt(bins * p * (1 - p) * 2 / (pi * n))``.

    Examples
    --------
    >>> calibration_error([0.2, 0.2, 0.8, 0.8], [False, False, True, True])
    0.2
    """
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    place = np.searchsorted(np.sort(p), p, side="left")
    group = np.unique(place * bins // len(p), return_inverse=True)[1]
    gaps = np.abs(np.bincount(group, p) - np.bincount(group, y))
    return round(float(gaps.sum() / len(p)), 12)


def jeffreys(count: int, n: int, *, confidence: float = 0.95) -> Share:
    """Return the share `count` of `n` with the Jeffreys interval.

    Notes
    -----
    Quantiles of Beta(1/2 + count, 1/2 + n - count); 0 and 1 are bounds where nothing or
    everything counts (Brown, Cai and DasGupta, 2001).

    Examples
    --------
    >>> [round(each, 3) for each in jeffreys(7, 20)]
    [0.35, 0.172, 0.568, 20]
    """
    if n == 0:
        return Share(0.0, 0.0, 1.0, 0)
    tail = (1 - confidence) / 2
    low, high = stats.beta.ppf([tail, 1 - tail], 0.5 + count, 0.5 + n - count)
    return Share(
        count / n, 0.0 if count == 0 else float(low), 1.0 if count == n else float(high), n
    )


class Band(NamedTuple):
    """Cases with a score from `low` to below `high` (100 is in the last band)."""

    low: float
    high: float
    rate: Share
    foretold: float


def bands(
    scores: ArrayLike, probabilities: ArrayLike, outcome: ArrayLike, bounds: Sequence[float]
) -> list[Band]:
    """Return the rate of the outcome per band of the score, lowest band first.

    Parameters
    ----------
    scores
        Shape (n,), NaN where unknown.
    probabilities
        Shape (n,): what was foretold.
    outcome
        Shape (n,), false or true.
    bounds
        Where bands begin and end, rising.
    """
    x, p = np.asarray(scores, dtype=np.float64), np.asarray(probabilities, dtype=np.float64)
    y = np.asarray(outcome, dtype=bool)
    found = []
    for low, high in pairwise(bounds):
        with np.errstate(invalid="ignore"):
            inside = (x >= low) & ((x < high) | (high == bounds[-1]) & (x <= high))
        n = int(inside.sum())
        foretold = float(p[inside].mean()) if n else float("nan")
        found.append(Band(float(low), float(high), jeffreys(int(y[inside].sum()), n), foretold))
    return found
