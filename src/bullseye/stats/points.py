"""Whole-number points for chosen conditions, judged by the fit_score they will give."""

from collections.abc import Iterator
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bullseye.stats.conditions import UNKNOWN, YES, Floats, parts
from bullseye.stats.selection import Selected, Selection

_SCALES = np.linspace(0.2, 1.0, 9)
_WALKS = 4
_ROUNDS = 3
_OTHERS = 6
_STEPS = (1, 2, 3, 5, 8)
_NEWTON_STEPS = 30
_RIDGE = 0.05
_WORTH_A_CHANGE = 0.5
"""Another condition in the place of one must lower the loss by this much."""


class Limits(NamedTuple):
    """Most criteria, largest points, and the deviance that one more criterion must save."""

    criteria: int
    points: int
    least_gain: float


class Pointed(NamedTuple):
    """Columns with their points, none of them 0, and the loss of the fit_score they give."""

    columns: tuple[int, ...]
    points: tuple[int, ...]
    loss: float


def rounded(
    selection: Selection, chosen: Selected, max_points: int, given: tuple[int, ...] | None = None
) -> Pointed:
    """Return the chosen columns with the points that lose least; none if all weights are 0.

    `given` are points to start from too: those the same columns had on other cases.
    """
    beta = chosen.beta[1:]
    largest = float(np.abs(beta).max(initial=0.0))
    if largest == 0.0:
        return Pointed((), (), chosen.loss)
    patterns = _Patterns(selection, chosen.columns)
    starts = {tuple(np.round(beta * s * max_points / largest).astype(int)) for s in _SCALES}
    if given is not None:
        starts.add(given)
    best = min((patterns.loss(start), start) for start in sorted(starts) if any(start))
    return _reduced(_walked(patterns, best, max_points), chosen.columns)


def polished(selection: Selection, pointed: Pointed, limits: Limits) -> Pointed:
    """Return the card after taking conditions out and putting better ones in.

    The selection let unknown answers count as the mean; the fit_score leaves them out of its
    range. Where that differs, another condition may serve the score better.
    """
    for _ in range(_ROUNDS):
        before = pointed
        room = limits.criteria - len(pointed.columns)
        for column in (*pointed.columns, *[None] * room):
            if column is not None and column not in pointed.columns:
                continue
            others = _replaced(selection, pointed, column, limits.points)
            better = min(others, key=lambda each: each.loss, default=pointed)
            gain = _WORTH_A_CHANGE if column is not None else limits.least_gain / 2
            if better.loss < pointed.loss - gain:
                pointed = better
        if pointed is before:
            break
    return pointed


def _replaced(
    selection: Selection, pointed: Pointed, column: int | None, max_points: int
) -> Iterator[Pointed]:
    """Yield the card with another condition in the place of `column`, or beside all."""
    kept = [at for at, each in enumerate(pointed.columns) if each != column]
    columns = tuple(pointed.columns[at] for at in kept)
    points = tuple(pointed.points[at] for at in kept)
    rest = selection.refit(columns)
    for other in selection.screened(rest, _OTHERS):
        if other == column:
            continue
        patterns = _Patterns(selection, (*columns, other))
        tried = [
            (*points, sign * step)
            for sign in (-1, 1)
            for step in _STEPS
            if selection.conditions.is_monotone((*columns, other), (*np.sign(points), sign))
            and step <= max_points
        ]
        best = min(((patterns.loss(each), each) for each in tried), default=(np.inf, ()))
        if best[0] < pointed.loss:
            yield _reduced(_walked(patterns, best, max_points), (*columns, other))


Trial = tuple[float, tuple[int, ...]]


def _walked(patterns: "_Patterns", best: Trial, max_points: int) -> Trial:
    """Return points after single steps that lower the loss; no condition changes its sign."""
    signs = np.sign(best[1])
    for _ in range(_WALKS):
        before = best
        for at in range(len(best[1])):
            for change in (-1, 1):
                points = (*best[1][:at], best[1][at] + change, *best[1][at + 1 :])
                if points[at] * signs[at] < 0 or abs(points[at]) > max_points or not any(points):
                    continue
                trial = (patterns.loss(points), points)
                if trial[0] < best[0] - 1e-7 * abs(best[0]):
                    best = trial
        if best is before:
            break
    return best


def _reduced(best: Trial, columns: tuple[int, ...]) -> Pointed:
    """Return the conditions with points, in the same proportions and the smallest numbers."""
    loss, points = best
    kept = [at for at, value in enumerate(points) if value]
    common = int(np.gcd.reduce([points[at] for at in kept]))
    return Pointed(
        tuple(columns[at] for at in kept), tuple(int(points[at]) // common for at in kept), loss
    )


class _Patterns:
    """Cases merged by their answers to the chosen conditions, and the loss of given points."""

    def __init__(self, selection: Selection, columns: tuple[int, ...]) -> None:
        first, group = selection.alike(columns)
        self.weight = np.bincount(group).astype(np.float64)
        self.yes_weight = np.bincount(group, selection.outcome)
        self.conditions = selection.conditions.only(columns).rows(first)
        self.yes = (self.conditions.cells == YES).astype(np.float64)
        self.known = (self.conditions.cells != UNKNOWN).astype(np.float64)
        self.start = np.zeros(2)

    def loss(self, points: tuple[int, ...]) -> float:
        """Return the logistic loss of the fit_score that these points give."""
        kept = [at for at, value in enumerate(points) if value]
        shape = parts(self.conditions, kept, [points[at] for at in kept])
        heads = [part.columns[0] for part in shape]
        low = np.array([part.low for part in shape], dtype=np.float64)
        span = np.array([part.high - part.low for part in shape], dtype=np.float64)
        known = span @ self.known[heads]
        earned = np.array(points, dtype=np.float64) @ self.yes - low @ self.known[heads]
        is_told = known > 0
        scores = np.divide(earned, known, out=np.zeros_like(earned), where=is_told)
        total, met = float(self.weight.sum()), float(self.yes_weight.sum())
        silent = float(self.weight[~is_told].sum())
        if silent:
            silent_yes, base = float(self.yes_weight[~is_told].sum()), met / total
            told = self._line_loss(scores[is_told], is_told)
            silent_no = silent - silent_yes
            return told - silent_yes * log(base) - silent_no * log(1 - base)
        return self._line_loss(scores, slice(None))

    def _line_loss(self, scores: Floats, rows: NDArray[np.bool_] | slice) -> float:
        """Return the loss of the best logistic line in `scores`, by Newton from the last line."""
        n, y = self.weight[rows], self.yes_weight[rows]
        x = scores - 0.5
        line, best = self.start, np.inf
        for _ in range(_NEWTON_STEPS):
            eta = line[0] + line[1] * x
            loss = float(n @ np.logaddexp(0, eta) - y @ eta) + 0.5 * _RIDGE * line[1] ** 2
            if loss > best - 1e-9 * abs(best):
                if loss <= best or np.abs(line - self.start).max() < 1e-6:
                    break
                line = (line + self.start) / 2  # the step went too far
                continue
            best, self.start = loss, line
            p = expit(eta)
            gap, v = n * p - y, n * p * (1 - p)
            g0, g1 = float(gap.sum()), float(gap @ x) + _RIDGE * line[1]
            vx = v * x
            h00, h01, h11 = float(v.sum()) + 1e-9, float(vx.sum()), float(vx @ x) + _RIDGE
            scale = h00 * h11 - h01 * h01
            line = line - np.array([h11 * g0 - h01 * g1, h00 * g1 - h01 * g0]) / scale
        return best
