"""Select few conditions out of many: by score test, exact refit and swaps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bullseye.stats.conditions import UNKNOWN, YES, Conditions, Floats
from bullseye.stats.logistic import logistic_fit

_OWN = 0.05
"""A condition that the chosen ones explain but for this share brings nothing of its own."""

_TRIED = 4
_ROUNDS = 2
_NEAR = 40
"""Columns that a step keeps for the swaps; the others were far from joining."""


@dataclass(frozen=True)
class Selected:
    """Chosen columns, their weights with the constant first, and the loss reached."""

    columns: tuple[int, ...]
    beta: Floats
    loss: float


class Selection:
    """Conditions and outcomes, ready to be selected from.

    An unknown answer counts as the mean of the known ones, so it says nothing either way; or as
    a no, which `unknown_is_no` asks for.
    """

    def __init__(
        self,
        conditions: Conditions,
        outcome: NDArray[np.bool_],
        ridge: float,
        *,
        unknown_is_no: bool = False,
    ) -> None:
        self.conditions = conditions
        self.outcome = outcome.astype(np.float64)
        self.ridge = ridge
        shares = conditions.shares
        self._shares = np.zeros_like(shares) if unknown_is_no else shares
        self._x = self._centred()
        self._looked_at = np.arange(conditions.count)
        self._near: set[int] = set()
        self._rows = self._x

    def _centred(self) -> NDArray[np.float32]:
        cells, shares = self.conditions.cells, self._shares.astype(np.float32)[:, None]
        x: NDArray[np.float32] = (cells == YES).astype(np.float32) - shares
        x[cells == UNKNOWN] = 0.0
        return x

    def choose(self, most: int, least_gain: float) -> Selected:
        """Return at most `most` columns, each of which lowers the deviance by `least_gain`."""
        fit = self.forward(most, least_gain)
        self._look_nearer()
        return self._swapped(fit)

    def _look_nearer(self) -> None:
        """Look from now on only at the columns that were among the best at some step."""
        self._looked_at = np.array(sorted(self._near), dtype=np.int64)
        self._rows = self._x[self._looked_at]

    def forward(self, most: int, least_gain: float, *, tried: int = _TRIED) -> Selected:
        """Return the columns that join one after the other, the best of `tried` each time."""
        fit = self.refit(())
        while len(fit.columns) < most:
            longer = self._with_one_more(fit, tried)
            if longer is None or 2 * (fit.loss - longer.loss) < least_gain:
                break
            fit = longer
        return fit

    def _swapped(self, fit: Selected) -> Selected:
        """Return the fit after taking each column out and putting the best one in."""
        for _ in range(_ROUNDS):
            before = fit
            for column in fit.columns:
                rest = self.refit(tuple(c for c in fit.columns if c != column))
                other = self._with_one_more(rest)
                if other is not None and other.loss < fit.loss - 1e-6 * abs(fit.loss):
                    fit = other
            if fit is before:
                break
        return fit

    def _with_one_more(self, fit: Selected, tried: int = _TRIED) -> Selected | None:
        trials = (self.refit((*fit.columns, column)) for column in self.screened(fit, tried))
        allowed = [trial for trial in trials if self._is_monotone(trial)]
        return min(allowed, key=lambda trial: trial.loss, default=None)

    def _is_monotone(self, fit: Selected) -> bool:
        """Whether bounds of one field all pull the same way."""
        return self.conditions.is_monotone(fit.columns, np.sign(fit.beta[1:]))

    def screened(self, fit: Selected, most: int) -> Iterator[int]:
        """Yield up to `most` columns by score statistic, given those chosen, best first."""
        design = self.design(fit.columns)
        p = expit(design @ fit.beta)
        v = (p * (1 - p)).astype(np.float32)
        gradient = (self._rows @ (self.outcome - p).astype(np.float32)).astype(np.float64)
        weighted = (design * v[:, None]).astype(np.float32)
        cross = (self._rows @ weighted).astype(np.float64)
        information = design.T @ (design * v[:, None]) + 1e-6 * np.eye(design.shape[1])
        own = np.einsum("ij,ij,j->i", self._rows, self._rows, v).astype(np.float64)
        adjusted = own - np.einsum("ij,ij->i", cross, np.linalg.solve(information, cross.T).T)
        usable = (adjusted > _OWN * own) & (own > 0) & ~np.isin(self._looked_at, fit.columns)
        statistic = np.where(usable, gradient**2 / np.maximum(adjusted, 1e-9), -1.0)
        order = np.argsort(-statistic, kind="stable")
        order = order[usable[order]]
        self._near.update(map(int, self._looked_at[order[:_NEAR]]))
        found = 0
        for column in map(int, self._looked_at[order]):
            if found == most:
                return
            if not any(self.conditions.conflicts(column, chosen) for chosen in fit.columns):
                found += 1
                yield column

    def refit(self, columns: tuple[int, ...]) -> Selected:
        """Return the exact fit of these columns, over cases that answer alike."""
        first, group = self.alike(columns)
        weight = np.bincount(group).astype(np.float64)
        share = np.bincount(group, self.outcome) / weight
        design = np.ones((len(first), len(columns) + 1))
        for at, column in enumerate(columns, 1):
            design[:, at] = self._x[column, first]
        beta, loss = logistic_fit(design, share, weight, ridge=self.ridge)
        return Selected(columns, beta, loss)

    def foretold(self, fit: Selected, others: Conditions) -> Floats:
        """Return the log-odds that a fit foretells of other cases."""
        eta = np.full(others.cells.shape[1], fit.beta[0])
        for column, weight in zip(fit.columns, fit.beta[1:], strict=True):
            cells = others.cells[column]
            eta += weight * np.where(cells == UNKNOWN, 0.0, (cells == YES) - self._shares[column])
        return eta

    def alike(self, columns: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return one case per pattern of answers to these columns, and each case's pattern."""
        key = np.zeros(len(self.outcome), dtype=np.int64)
        for column in columns:
            key = 3 * key + self.conditions.cells[column]
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        return first, group

    def design(self, columns: tuple[int, ...]) -> Floats:
        """Return the constant and these columns for every case, shape (n, columns + 1)."""
        constant = np.ones((1, len(self.outcome)), dtype=np.float32)
        return np.vstack([constant, self._x[list(columns)]]).T.astype(np.float64)
