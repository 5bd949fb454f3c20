"""How well named roles hold: precision and coverage at a threshold, Brier score, macro-F1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.calibration import calibration_error
from bullseye.stats.proportions import Share, wilson

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS = 400
SEED = 20_261_122


@dataclass(frozen=True)
class Figure:
    """A number with its 95 % interval and the cases it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Named:
    """What happens at one threshold.

    `precision` is the share of named roles that were right, `coverage` the share of the tested
    cases that got a name, `macro_f1` the mean over roles that occur of the F1 of naming them.
    """

    threshold: float
    precision: Share
    coverage: Share
    macro_f1: Figure


@dataclass(frozen=True)
class Held:
    """How well probabilities held: mean squared error per case and role, and calibration error."""

    brier: Figure
    calibration_error: float


def names(probabilities: Floats, threshold: float) -> NDArray[np.int64]:
    """Return the likeliest role of each case by its place, -1 where it is below the threshold.

    >>> names(np.array([[0.8, 0.1], [0.4, 0.5]]), 0.7)
    array([ 0, -1])
    """
    sure = probabilities.max(axis=1) >= threshold
    return np.where(sure, probabilities.argmax(axis=1), -1).astype(np.int64)


def named(probabilities: Floats, is_role: Flags, threshold: float) -> Named:
    """Return how often the named roles are right, and how many cases get one.

    Parameters
    ----------
    probabilities
        Shape (n, roles), n above 0; 0 where a role may not be named.
    is_role
        Shape (n, roles): which roles the cases really have.
    threshold
        From which a role is named.

    Notes
    -----
    Intervals of shares are Wilson's; that of the macro-F1 is the percentile bootstrap over cases
    (Efron 1979), with a fixed seed.
    """
    given = names(probabilities, threshold)
    has = given >= 0
    right = has & is_role[np.arange(len(given)), np.maximum(given, 0)]
    count = int(has.sum())
    return Named(
        threshold,
        wilson(int(right.sum()), count),
        wilson(count, len(given)),
        _macro_f1(given, is_role),
    )


def held(probabilities: Floats, is_role: Flags, known: Flags) -> Held:
    """Return how well probabilities held over all cases and roles that are known.

    Parameters
    ----------
    probabilities, is_role, known
        Shape (n, roles), with at least one known.
    """
    return Held(
        _mean((probabilities - is_role) ** 2, known),
        calibration_error(probabilities[known], is_role[known]),
    )


def gained(probabilities: Floats, others: Floats, is_role: Flags, known: Flags) -> Figure:
    """Return by how much the mean squared error of `probabilities` is below that of `others`.

    Both are judged on the same cases, so the interval is of the difference itself.
    """
    return _mean((others - is_role) ** 2 - (probabilities - is_role) ** 2, known)


def _mean(values: Floats, known: Flags) -> Figure:
    """Return the mean of the known values, with the bootstrap over cases (rows)."""
    total, count = np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1)
    random = np.random.default_rng(SEED)
    picks = random.integers(0, len(total), (DRAWS, len(total)))
    drawn = total[picks].sum(axis=1) / np.maximum(count[picks].sum(axis=1), 1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(total.sum() / count.sum()), float(low), float(high), len(total))


def _macro_f1(given: NDArray[np.int64], is_role: Flags) -> Figure:
    roles = is_role.shape[1]
    is_named = given[:, None] == np.arange(roles)
    random = np.random.default_rng(SEED)
    picks = random.integers(0, len(given), (DRAWS, len(given)))
    hits, said = is_named & is_role, is_named.astype(np.float64)
    parts = [np.asarray(each, dtype=np.float64) for each in (hits, said, is_role)]
    drawn = _f1(*(each[picks].sum(axis=1) for each in parts))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(
        float(_f1(*(each.sum(axis=0)[None] for each in parts))[0]),
        float(low),
        float(high),
        len(given),
    )


def _f1(hits: Floats, said: Floats, really: Floats) -> Floats:
    """Return the mean F1 over the roles that occur, for each row of counts."""
    occurs = really > 0
    score = np.where(occurs, 2 * hits / np.maximum(said + really, 1.0), 0.0)
    return np.asarray(score.sum(axis=1) / np.maximum(occurs.sum(axis=1), 1), dtype=np.float64)
