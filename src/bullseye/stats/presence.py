"""What the presence of something goes along with, all else that is known alike.

Cases are looked at on a day on which something was there or was not, and then watched. A logistic
model of how they ended, with what else was known on that day, says how often cases would have ended
in yes with it and without it; the mean difference over a group of cases is the answer.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bullseye.stats.totals import student95

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR = 0.16
"""Penalty on a log-odds: a weak prior with a standard deviation of 2.5."""

MILD = 1.0
"""Penalty on how an effect differs between cases: a standard deviation of 1."""

LEAST_CHANCE = 0.05
"""Chance to be watched for long enough below which a case's weight grows no further."""

KNOTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False)
class Setting:
    """What was known of n cases on the day they were looked at.

    `stage` (n,) counts from 0; `numbers` (n, c) hold what else they are alike or unlike in, NaN
    where unknown; `others` (n, o) other things that were there or were not.
    """

    stage: Ints
    numbers: Floats
    others: Bools

    def taken(self, rows: NDArray[np.generic]) -> "Setting":
        """Return some of the cases, by index or by mask."""
        return Setting(self.stage[rows], self.numbers[rows], self.others[rows])


class Difference(NamedTuple):
    """A difference with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model: `difference` reads answers from it.

    `beta` (p,) are the weights and `covariance` (p, p) says how sure they are, from `accounts`.
    """

    stages: int
    centres: Floats
    scales: Floats
    means: Floats
    beta: Floats
    covariance: Floats
    accounts: int

    def difference(self, setting: Setting, weight: Floats) -> Difference:
        """Return the weighted sum of how much likelier yes is with the thing than without it.

        Parameters
        ----------
        setting
            The cases that are asked about, (n,).
        weight
            How much each counts: 1 / n for a mean share, amounts for money.

        Notes
        -----
        Standardisation, or the g-formula (Robins 1986, Mathematical Modelling 7, 1393-1512). The
        interval is by the delta method with the variance between accounts (Liang and Zeger 1986,
        Biometrika 73, 13-22) and Student's t; the cases asked about are taken as given.
        """
        share, slopes = self._shares(setting)
        value, slope = float(weight @ share), weight @ slopes
        reach = self._quantile * float(np.sqrt(slope @ self.covariance @ slope))
        return Difference(value, value - reach, value + reach)

    def each(self, setting: Setting) -> list[Difference]:
        """Return the difference of each case (n,), with its interval."""
        share, slopes = self._shares(setting)
        variance = np.einsum("np,pq,nq->n", slopes, self.covariance, slopes, optimize=True)
        reach = self._quantile * np.sqrt(variance)
        ends = zip(share, share - reach, share + reach, strict=True)
        return [Difference(float(value), float(low), float(high)) for value, low, high in ends]

    @property
    def _quantile(self) -> float:
        return student95(max(4, self.accounts - 1))

    def _shares(self, setting: Setting) -> tuple[Floats, Floats]:
        """Return how much likelier yes is with the thing (n,), and its slopes (n, p)."""
        n = len(setting.stage)
        there, gone = (_design(setting, np.full(n, present), self) for present in (1.0, 0.0))
        p, q = expit(there @ self.beta), expit(gone @ self.beta)
        return p - q, (p * (1 - p))[:, None] * there - (q * (1 - q))[:, None] * gone


def fitted(
    setting: Setting, present: Bools, yes: Bools, account: Ints, weight: Floats | None = None
) -> Model:
    """Return the model of ending in yes, where something was `present` on the day or was not.

    Parameters
    ----------
    setting
        What else was known then, n cases; stages count from 0 and each has cases of both kinds.
    present, yes
        Whether it was there, and how the case ended; shape (n,).
    account
        Cases of one account are one voice; shape (n,).
    weight
        How many cases each stands for (see `watched_weights`); 1 where absent.

    Notes
    -----
    Numbers enter as linear splines with knots at their quartiles, an unknown one with a term of its
    own. The effect of the presence may differ by stage and along every number (full interaction,
    with a mild penalty): with one common log-odds the mean difference is biased where the effect is
    not the same everywhere.
    """
    stages = int(setting.stage.max()) + 1
    told = np.where(np.isfinite(setting.numbers), setting.numbers, np.nan)
    centres = np.array([_quartiles(column) for column in told.T]).reshape(-1, len(KNOTS))
    scales = np.maximum(centres[:, -1] - centres[:, 0], 0.1) if len(centres) else np.zeros(0)
    frame = Model(stages, centres, scales, np.zeros(0), np.zeros(0), np.zeros((0, 0)), 0)
    means = _numbers(setting, frame).mean(axis=0)
    frame = replace(frame, means=means)
    design = _design(setting, present.astype(np.float64), frame)
    ridge = np.full(design.shape[1], PRIOR)
    ridge[design.shape[1] - len(means) :] = MILD
    drawn = np.ones(len(yes)) if weight is None else weight
    beta, pulls = _weights(design, yes.astype(np.float64), drawn, ridge)
    codes = np.unique(account, return_inverse=True)[1]
    summed = np.zeros((int(codes.max()) + 1, design.shape[1]))
    np.add.at(summed, codes, pulls)
    accounts, n = len(summed), len(yes)
    small = n / max(n - design.shape[1], 1) * accounts / max(accounts - 1, 1)
    return replace(frame, beta=beta, covariance=small * summed.T @ summed, accounts=accounts)


def watched_weights(ended: NDArray[np.generic], could: NDArray[np.generic], span: float) -> Floats:
    """Return how many cases each stands for, so that those watched too briefly are not missed.

    Parameters
    ----------
    ended
        Days until the case ended, NaN where it is open, shape (n,).
    could
        Days for which it could have been watched at most, ended or not, shape (n,).
    span
        What is asked is how it ended within so many days.

    Returns
    -------
    array (n,)
        0 where the answer is not known yet; else 1 over the chance to be watched for as long.

    Notes
    -----
    Inverse probability of censoring weights (Robins and Rotnitzky 1992; Scheike, Zhang and Gerds
    2008, Biometrika 95, 205-220). Cases are only lost to the day of the question, and that day is
    known for every case: the chance is counted, not estimated.

    >>> ends, could = np.array([10.0, np.nan, np.nan]), np.array([90, 90, 20])
    >>> watched_weights(ends, could, 60).round(3).tolist()
    [1.0, 1.5, 0.0]
    """
    days, reach = np.asarray(ended, dtype=np.float64), np.asarray(could, dtype=np.float64)
    early = np.isfinite(days) & (days <= span)
    needed = np.where(early, days, span)
    known = early | (reach >= span)
    chance = 1 - np.searchsorted(np.sort(reach), needed, side="left") / max(len(reach), 1)
    return np.where(known, 1 / np.maximum(chance, LEAST_CHANCE), 0.0)


def _quartiles(column: Floats) -> Floats:
    known = column[np.isfinite(column)]
    return np.quantile(known, KNOTS) if len(known) else np.zeros(len(KNOTS))


def _numbers(setting: Setting, model: Model) -> Floats:
    """Return the splines of the numbers, (n, 4 c): three of its value, one of not knowing it."""
    parts = [np.zeros((len(setting.stage), 0))]
    for at, column in enumerate(setting.numbers.T):
        low, middle, high = model.centres[at]
        known = np.isfinite(column)
        value = np.where(known, column, middle)
        spline = np.column_stack([value - middle, np.maximum(0, value - low), value - high])
        spline[:, 2] = np.maximum(0, spline[:, 2])
        parts.append(np.column_stack([spline / model.scales[at], ~known]))
    return np.column_stack(parts)


def _design(setting: Setting, present: Floats, model: Model) -> Floats:
    """Return the columns: stages, numbers, others, presence by stage, presence by numbers."""
    stages = np.eye(model.stages)[setting.stage]
    numbers = _numbers(setting, model)
    there = present[:, None]
    return np.column_stack(
        [stages, numbers, setting.others, there * stages, there * (numbers - model.means)]
    )


def _weights(design: Floats, yes: Floats, drawn: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Return the weights of a penalised logistic model, and each case's pull at them."""
    beta = np.zeros(design.shape[1])
    information = np.eye(design.shape[1])
    for _ in range(40):
        p = expit(design @ beta)
        gradient = design.T @ (drawn * (yes - p)) - ridge * beta
        information = (design * (drawn * p * (1 - p))[:, None]).T @ design + np.diag(ridge + 1e-9)
        step = np.linalg.solve(information, gradient)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    residual = drawn * (yes - expit(design @ beta))
    return beta, np.linalg.solve(information, (design * residual[:, None]).T).T
