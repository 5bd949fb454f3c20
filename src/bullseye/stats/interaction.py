"""Whether account, contact and time work together: effects on the log-odds beyond their sum."""

from dataclasses import dataclass
from itertools import combinations, product
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.proportions import Share, wilson

Bools = NDArray[np.bool_]

Z95 = 1.959964
FEWEST = 5
"""A contrast is told only where each cell it rests on has so many yes and so many no."""
_HALF = 0.5


@dataclass(frozen=True)
class Cell:
    """Cases that have the same of every factor, and how often it happened among them."""

    has: tuple[bool, ...]
    share: Share
    yes: int


@dataclass(frozen=True)
class Contrast:
    """How much more two or three factors do together than each of them apart.

    `times` is a ratio of odds ratios, 1 where the factors only add up on the log-odds, with its
    95 % interval; `thinnest` is the smallest count of yes or no in a cell it rests on. `told` is
    False where that is too thin.
    """

    factors: tuple[str, ...]
    times: float
    low: float
    high: float
    thinnest: int
    told: bool

    @property
    def answer(self) -> str:
        """What can be said: more, less, or cannot tell yet."""
        if not self.told or self.low <= 1 <= self.high:
            return "cannot tell yet"
        return "more together" if self.low > 1 else "less together"


@dataclass(frozen=True)
class Together:
    """The eight cells of three factors, and the contrasts between them."""

    factors: tuple[str, ...]
    n: int
    cells: tuple[Cell, ...]
    contrasts: tuple[Contrast, ...]


def together(factors: dict[str, Bools], happened: Bools) -> Together:
    """Return the cells of some factors and all their contrasts of two and more.

    Parameters
    ----------
    factors
        Whether each case has each factor, by name, shape (n,) each; cases are independent.
    happened
        Whether the outcome came, shape (n,).

    Notes
    -----
    Differences of logits with half a case added to every count (Haldane, 1956; Anscombe, 1956),
    variance the sum of 1 / count. A contrast of two factors is the mean over the levels of the
    third, weighted by its precision.

    Examples
    --------
    >>> a = np.arange(400) % 2 == 0
    >>> b = np.arange(400) // 2 % 2 == 0
    >>> found = together({"a": a, "b": b}, (a & b) ^ (np.arange(400) % 7 == 0))
    >>> found.contrasts[0].factors, found.contrasts[0].answer
    (('a', 'b'), 'more together')
    """
    names = tuple(factors)
    masks = np.array([factors[name] for name in names], dtype=bool).reshape(len(names), -1)
    cells = []
    for has in product((False, True), repeat=len(names)):
        inside = np.all(masks == np.array(has)[:, None], axis=0)
        yes, n = int(happened[inside].sum()), int(inside.sum())
        cells.append(Cell(has, wilson(yes, n), yes))
    contrasts = tuple(
        _contrast(names, tuple(cells), chosen)
        for size in range(2, len(names) + 1)
        for chosen in combinations(range(len(names)), size)
    )
    return Together(names, len(happened), tuple(cells), contrasts)


def _contrast(names: tuple[str, ...], cells: tuple[Cell, ...], chosen: tuple[int, ...]) -> Contrast:
    others = [at for at in range(len(names)) if at not in chosen]
    estimates, weights = [], []
    thinnest = min(min(cell.yes, cell.share.n - cell.yes) for cell in cells)
    for levels in product((False, True), repeat=len(others)):
        value = variance = 0.0
        for cell in cells:
            if any(cell.has[at] != level for at, level in zip(others, levels, strict=True)):
                continue
            yes, no = cell.yes + _HALF, cell.share.n - cell.yes + _HALF
            missing = sum(not cell.has[at] for at in chosen)
            value += (-1) ** missing * float(np.log(yes / no))
            variance += 1 / yes + 1 / no
        estimates.append(value)
        weights.append(1 / variance)
    middle = float(np.average(estimates, weights=weights))
    spread = Z95 / sqrt(sum(weights))
    return Contrast(
        tuple(names[at] for at in chosen),
        exp(middle),
        exp(middle - spread),
        exp(middle + spread),
        thinnest,
        thinnest >= FEWEST,
    )
