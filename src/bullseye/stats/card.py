"""Fit a points card: few conditions with small whole-number points, ready to be an ICP.

1. Select (`bullseye.stats.selection`): a score test ranks every condition, the best few are
   fitted exactly, the best of them joins; then each is taken out and the best one put in. It is
   done with an unknown answer as the mean of the known ones, and as a no; the better one stays.
2. Round (`bullseye.stats.points`): scale the weights to points, then change points and
   conditions one at a time while the loss of the *fit_score*, which the product will compute of
   them, falls.
3. Map: a logistic line gives the probability at a fit_score.

It is the problem of sparse integer scoring systems (Liu et al., "FasterRisk: Fast and Accurate
Interpretable Risk Scores", arXiv 2210.05846), with a simpler search. No randomness.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.calibration import LogisticMap, logistic_map
from bullseye.stats.conditions import UNKNOWN, Conditions, Floats, fit_scores, raw_scores
from bullseye.stats.points import Limits, Pointed, polished, rounded
from bullseye.stats.selection import Selection

MAX_POINTS = 10
LEAST_GAIN = 7.0
"""A condition joins if it lowers the deviance by this much: one in 120 does by chance."""

RIDGE = 1.0


@dataclass(frozen=True)
class Card:
    """Conditions with their points, and the probability at a fit_score.

    Parameters
    ----------
    columns
        Indices into the conditions it was fitted on; empty if nothing could be separated.
    points
        One whole number per column, none of them 0.
    probability
        From the fit_score, 0-100, to the probability of the outcome.
    """

    columns: tuple[int, ...]
    points: tuple[int, ...]
    probability: LogisticMap

    def fit_scores(self, conditions: Conditions) -> Floats:
        """Return the fit_score of each case, 0-100; NaN where nothing is known."""
        return fit_scores(conditions, self.columns, self.points)

    def raw_scores(self, conditions: Conditions) -> NDArray[np.int64]:
        """Return the sum of points of each case; an unknown answer earns nothing."""
        return raw_scores(conditions, self.columns, self.points)

    def probabilities(self, conditions: Conditions) -> Floats:
        """Return the probability of the outcome of each case; the base where nothing is known."""
        return self.probability.at(self.fit_scores(conditions))


def fit_card(
    conditions: Conditions,
    outcome: NDArray[np.bool_],
    *,
    max_criteria: int = 10,
    max_points: int = MAX_POINTS,
    least_gain: float = LEAST_GAIN,
    ridge: float = RIDGE,
) -> Card:
    """Fit a card to the answers and outcomes of n cases.

    Parameters
    ----------
    conditions
        c conditions on n cases.
    outcome
        Shape (n,); both outcomes must occur.
    max_criteria
        The card has this many conditions or fewer.
    max_points
        Largest absolute number of points of one condition.
    least_gain
        Deviance that one more condition must save.
    ridge
        Penalty on the squared weights; it keeps exact separation finite.

    Raises
    ------
    ValueError
        If shapes differ, an outcome does not occur, or a limit is below 1.
    """
    _check(conditions, outcome, max_criteria, max_points)
    limits = Limits(max_criteria, max_points, least_gain)
    found = []
    for unknown_is_no in (False, True) if (conditions.cells == UNKNOWN).any() else (False,):
        selection = Selection(conditions, outcome, ridge, unknown_is_no=unknown_is_no)
        chosen = selection.choose(max_criteria, least_gain)
        pointed = rounded(selection, chosen, max_points)
        found.append((polished(selection, pointed, limits), selection))
    best, selection = min(found, key=lambda each: each[0].loss)
    return _card(selection, best)


def refit_card(
    conditions: Conditions,
    outcome: NDArray[np.bool_],
    start: Card,
    *,
    max_points: int = MAX_POINTS,
    ridge: float = RIDGE,
) -> Card:
    """Return the card `start` with points and probabilities fitted on these cases."""
    _check(conditions, outcome, 1, max_points)
    selection = Selection(conditions, outcome, ridge)
    chosen = selection.refit(start.columns)
    return _card(selection, rounded(selection, chosen, max_points, start.points))


def _card(selection: Selection, pointed: Pointed) -> Card:
    scores = fit_scores(selection.conditions, pointed.columns, pointed.points)
    return Card(pointed.columns, pointed.points, logistic_map(scores, selection.outcome))


def _check(
    conditions: Conditions, outcome: NDArray[np.bool_], max_criteria: int, max_points: int
) -> None:
    if outcome.shape != (conditions.cells.shape[1],):
        raise ValueError("outcome must have one value per case.")
    if outcome.all() or not outcome.any():
        raise ValueError("both outcomes must occur.")
    if max_criteria < 1 or max_points < 1:
        raise ValueError("max_criteria and max_points must be at least 1.")
