"""What may be claimed after many looks: false-discovery control, and how sure a finding is."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FALSE_DISCOVERIES = 0.05
"""The share of claims that may be wrong, on average."""


class Standing(StrEnum):
    """How far a finding carries."""

    EVIDENCE = "evidence"  # holds after everything that was looked at is counted
    CLUE = "lead"  # its cautious bound points one way; worth watching, not yet acting on
    ANECDOTE = "anecdote"  # the data cannot tell it from chance


def q_values(p: Floats) -> Floats:
    """Return the Benjamini-Hochberg adjusted p-values of all tests that were made.

    Parameters
    ----------
    p
        One p-value per test, shape (m,): all that were looked at, not only the small ones.

    Returns
    -------
    numpy.ndarray
        Shape (m,). Claiming every test with a value of at most .05 keeps the expected share of
        wrong claims at or below .05.

    Notes
    -----
    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57,
    289-300. It holds for independent and for positively dependent tests.

    Examples
    --------
    >>> q_values(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    m = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * m / np.arange(1, m + 1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def standing(q: float, *, is_clue: bool) -> Standing:
    """Return how far a finding carries: by its adjusted p-value, else by its cautious bound."""
    if q <= FALSE_DISCOVERIES:
        return Standing.EVIDENCE
    return Standing.CLUE if is_clue else Standing.ANECDOTE
