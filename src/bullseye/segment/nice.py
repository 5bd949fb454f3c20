"""Bounds that people can say: the coarsest number that changes next to nothing."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

MOVED = 0.003
"""A rounder bound may move this share of the rows to the other side, no more."""


def nice_bounds(
    values: NDArray[np.float64], places: Sequence[float] | NDArray[np.float64], *, whole: bool
) -> list[int | float]:
    """Return a bound near each place, rising, each once.

    Parameters
    ----------
    values
        The known values, sorted; shape (n,), finite.
    places
        Where bounds are wanted, among the values.
    whole
        Whether a bound must be a whole number.

    Examples
    --------
    A headcount is rounded, a founding year is not: ten years are many rows.

    >>> nice_bounds(np.arange(1.0, 100_000), [49_873.0], whole=True)
    [50000]
    >>> nice_bounds(np.repeat(np.arange(2000.0, 2021), 50), [2013.0], whole=True)
    [2013]
    """
    found = {_nice(values, float(place), whole=whole) for place in places}
    return sorted(found)


def _nice(values: NDArray[np.float64], place: float, *, whole: bool) -> int | float:
    below = int(np.searchsorted(values, place, side="left"))
    allowed = MOVED * len(values)
    for bound in _rounder(place, whole=whole):
        moved = abs(int(np.searchsorted(values, bound, side="left")) - below)
        if moved <= allowed:
            return bound
    return int(place) if place == int(place) else place


def _rounder(place: float, *, whole: bool) -> Iterator[int | float]:
    """Yield numbers near `place`, from the coarsest on."""
    if place == 0:
        return
    power = int(np.floor(np.log10(abs(place)))) + 1
    for exponent in range(power, power - 8, -1):
        if exponent < 0 and whole:
            return
        for times in (5, 2, 1):
            if exponent >= 0:
                step = times * 10**exponent
                yield round(place / step) * step
            else:
                yield _plain(round(round(place * 10**-exponent / times) * times, 0), -exponent)


def _plain(scaled: float, digits: int) -> int | float:
    value = round(scaled / 10**digits, digits)
    return int(value) if value == int(value) else value
