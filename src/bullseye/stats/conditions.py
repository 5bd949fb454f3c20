"""Conditions with three answers on n cases, and the score they earn together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.int8]
Patterns = NDArray[np.bool_]

NO, YES, UNKNOWN = 0, 1, 2


class Shape(StrEnum):
    """How a condition stands to others on the same field."""

    ALONE = "alone"  # a level, a flag, an item of a list, a pair: free of the others
    FROM = "from"  # a number from a bound on: all of one field pull the same way
    BAND = "band"  # a number between two bounds: the only condition on its field


Reach = Callable[[tuple[int, ...]], Patterns | None]
"""Which answers some value of a field gives to conditions on it; None if there are too many.

Shape of the patterns: (patterns, conditions)."""


@dataclass(frozen=True, eq=False)
class Conditions:
    """What c conditions answer on n cases.

    Parameters
    ----------
    cells
        Shape (c, n): `NO`, `YES` or `UNKNOWN`.
    fields
        Per condition the fields it reads, by any number.
    shapes
        Per condition its shape.
    reach
        Which answers conditions on one field can give together.
    """

    cells: Cells
    fields: tuple[tuple[int, ...], ...]
    shapes: tuple[Shape, ...]
    reach: Reach

    @property
    def count(self) -> int:
        """How many conditions there are."""
        return len(self.fields)

    def rows(self, chosen: NDArray[np.generic]) -> "Conditions":
        """Return the same conditions on some of the cases."""
        return Conditions(self.cells[:, chosen], self.fields, self.shapes, self.reach)

    def only(self, columns: Sequence[int]) -> "Conditions":
        """Return some of the conditions, in the order given."""

        def reach(some: tuple[int, ...]) -> Patterns | None:
            return self.reach(tuple(columns[at] for at in some))

        return Conditions(
            self.cells[list(columns)],
            tuple(self.fields[column] for column in columns),
            tuple(self.shapes[column] for column in columns),
            reach,
        )

    @cached_property
    def shares(self) -> Floats:
        """Per condition the share of the known cases that meet it; 0 where nothing is known."""
        yes = (self.cells == YES).sum(axis=1)
        known = (self.cells != UNKNOWN).sum(axis=1)
        return np.asarray(yes / np.maximum(known, 1), dtype=np.float64)

    def conflicts(self, one: int, other: int) -> bool:
        """Whether two conditions must not stand on one card: a band shares its field with none."""
        shapes = (self.shapes[one], self.shapes[other])
        on_one_field = self.fields[one] == self.fields[other]
        return on_one_field and Shape.BAND in shapes and Shape.ALONE not in shapes

    def must_agree(self, one: int, other: int) -> bool:
        """Whether two conditions must pull the same way: bounds of one field."""
        shapes = {self.shapes[one], self.shapes[other]}
        return self.fields[one] == self.fields[other] and shapes == {Shape.FROM}

    def is_monotone(self, columns: Sequence[int], signs: Sequence[float] | Floats) -> bool:
        """Whether bounds of one field all pull the same way, given the sign of each column."""
        return not any(
            signs[one] * signs[other] < 0
            for one in range(len(columns))
            for other in range(one)
            if self.must_agree(columns[one], columns[other])
        )


class Part(NamedTuple):
    """Conditions whose points become known together, the fewest and most they can earn."""

    columns: tuple[int, ...]
    low: int
    high: int


def parts(conditions: Conditions, columns: Sequence[int], points: Sequence[int]) -> list[Part]:
    """Return the parts of a score: conditions on one field together, any other alone."""
    earns = dict(zip(columns, points, strict=True))
    by_field: dict[tuple[int, ...], list[int]] = {}
    for column in columns:
        key = conditions.fields[column]
        by_field.setdefault(key if len(key) == 1 else (-1, column), []).append(column)
    return [_part(conditions, tuple(members), earns) for members in by_field.values()]


def _part(conditions: Conditions, columns: tuple[int, ...], earns: dict[int, int]) -> Part:
    points = np.array([earns[column] for column in columns], dtype=np.int64)
    patterns = conditions.reach(columns) if len(columns) > 1 else None
    if patterns is None:
        low, high = int(points[points < 0].sum()), int(points[points > 0].sum())
    else:
        totals = patterns @ points
        low, high = int(totals.min()), int(totals.max())
    return Part(columns, low, high)


def fit_scores(conditions: Conditions, columns: Sequence[int], points: Sequence[int]) -> Floats:
    """Return the fit_score of every case, 0-100; NaN where nothing is known.

    100 x (points - fewest possible) / (most possible - fewest possible) over the conditions
    whose answer is known: what the product computes of the same criteria.
    """
    n = conditions.cells.shape[1]
    earned, span = np.zeros(n), np.zeros(n)
    earns = dict(zip(columns, points, strict=True))
    for part in parts(conditions, columns, points):
        cells = conditions.cells[list(part.columns)]
        known = (cells != UNKNOWN).all(axis=0)
        each = np.array([earns[column] for column in part.columns], dtype=np.float64)
        earned += np.where(known, each @ (cells == YES) - part.low, 0.0)
        span += np.where(known, part.high - part.low, 0)
    scores = np.full(n, np.nan)
    np.divide(100 * earned, span, out=scores, where=span > 0)
    return scores


def raw_scores(
    conditions: Conditions, columns: Sequence[int], points: Sequence[int]
) -> NDArray[np.int64]:
    """Return the sum of points of the conditions that hold; an unknown one earns nothing."""
    each = np.array(points, dtype=np.int64)
    return np.asarray(each @ (conditions.cells[list(columns)] == YES), dtype=np.int64)
