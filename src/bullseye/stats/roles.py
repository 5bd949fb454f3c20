"""Probabilities of buying roles: odds, a table learnt from few labels, and how well it holds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaln, expit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STRENGTH = 20.0
"""Labelled cases that a stated probability is worth while it agrees with what is seen."""

DOUBT = 0.2
"""How likely a stated probability is beside the point, before anything is seen."""


def logit(p: float) -> float:
    """Return the logarithm of the odds of a probability above 0 and below 1.

    >>> round(logit(0.9), 2)
    2.2
    """
    return float(np.log(p) - np.log1p(-p))


@dataclass(frozen=True)
class LearntShare:
    """A share after a stated one met `count` of `n` cases.

    `mean` is what is expected, and `low` to `high` hold 95 % of what is believed. `error` is the
    standard deviation of its log-odds, as the interval has it.
    """

    mean: float
    low: float
    high: float
    count: int
    n: int

    @cached_property
    def error(self) -> float:
        """The standard deviation of the log-odds."""
        return (logit(self.high) - logit(self.low)) / (2 * 1.959964)


def learnt_share(
    stated: float, count: float, n: float, *, strength: float = STRENGTH, doubt: float = DOUBT
) -> LearntShare:
    """Return a share learnt from cases, beginning at a stated one that may be beside the point.

    Parameters
    ----------
    stated
        The probability stated before, above 0 and below 1.
    count
        Cases that have the property.
    n
        Cases that were looked at.
    strength
        Cases the stated probability is worth.
    doubt
        How likely it is beside the point; then any share is as likely.

    Notes
    -----
    A mixture of two beta priors: the stated one and a flat one, weighted by how well each foretold
    the cases. So a stated probability that the data contradict gives way faster than one worth
    `strength` cases would (Schmidli et al., 2014, Robust meta-analytic-predictive priors in
    clinical trials with historical control information, Biometrics 70, 1023-1032).

    Examples
    --------
    >>> agreed = learnt_share(0.5, 15, 30)
    >>> round(agreed.mean, 2), round(agreed.low, 2), round(agreed.high, 2)
    (0.5, 0.36, 0.64)
    >>> round(learnt_share(0.9, 5, 50).mean, 2)
    0.12
    """
    parts = [(strength * stated, strength * (1 - stated)), (1.0, 1.0)]
    weights = np.array([1 - doubt, doubt])
    logs = np.array([betaln(a + count, b + n - count) - betaln(a, b) for a, b in parts])
    weights = weights * np.exp(logs - logs.max())
    weights = weights / weights.sum()
    after = [(a + count, b + n - count) for a, b in parts]
    mean = float(sum(w * a / (a + b) for w, (a, b) in zip(weights, after, strict=True)))

    def quantile(q: float) -> float:
        def above(x: float) -> float:
            total = sum(w * betainc(a, b, x) for w, (a, b) in zip(weights, after, strict=True))
            return float(total) - q

        return float(brentq(above, 1e-12, 1 - 1e-12, xtol=1e-9))

    return LearntShare(mean, quantile(0.025), quantile(0.975), int(count), int(n))


@dataclass(frozen=True, eq=False)
class Recalibration:
    """How log-odds are corrected: ``intercept + slope * log_odds``, with their covariance."""

    intercept: float
    slope: float
    covariance: Floats

    def at(self, log_odds: float) -> float:
        """Return the corrected log-odds."""
        return self.intercept + self.slope * log_odds

    def error(self, log_odds: float) -> float:
        """Return the standard deviation of the corrected log-odds that the fit itself has."""
        x = np.array([1.0, log_odds])
        return float(np.sqrt(x @ self.covariance @ x))


def recalibration(log_odds: Floats, outcome: Flags, *, strength: float = STRENGTH) -> Recalibration:
    """Fit how log-odds have to be corrected to foretell an outcome.

    Parameters
    ----------
    log_odds
        Shape (n,).
    outcome
        Shape (n,).
    strength
        Cases that "no correction" is worth: with few cases little is corrected.

    Notes
    -----
    Cox, D. R. (1958), Two further applications of a model for binary regression, Biometrika 45,
    562-565, with a normal prior around intercept 0 and slope 1 whose precision is that of
    `strength` cases at even odds (Platt 1999 without the prior).

    Examples
    --------
    >>> x = np.repeat([-2.0, 2.0], 200)
    >>> found = recalibration(x, np.tile([True, False], 200))
    >>> abs(found.slope) < 0.1
    True
    """
    x, y = np.asarray(log_odds, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    penalty = np.full(2, strength / 4)
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        p = expit(design @ beta)
        gradient = design.T @ (p - y) + penalty * (beta - [0.0, 1.0])
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta = beta - step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-9:
            break
    return Recalibration(float(beta[0]), float(beta[1]), np.linalg.inv(hessian))
