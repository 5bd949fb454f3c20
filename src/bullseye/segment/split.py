"""Split cases into those to learn from and later ones to report on."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]

EPOCH = date(1970, 1, 1)
LATER = 0.3
"""About this share of the cases is reported on."""

LEAST_EACH = 10
"""Both parts need so many cases of each outcome."""


@dataclass(frozen=True, eq=False)
class Split:
    """Rows to learn from and rows to report on.

    `day` is the first day of the later cases, and all of the past were decided before it; None
    where the cases could not be split in time: then the other rows are other accounts.
    """

    past: Places
    future: Places
    day: date | None


def split(
    outcome: Bools,
    began: Floats,
    decided: Floats,
    clusters: Places,
    *,
    seed: int = 0,
) -> Split:
    """Return the split nearest to 70 : 30, in time if the days allow it.

    Parameters
    ----------
    outcome
        Shape (n,).
    began, decided
        Days since 1970 on which each case began and was decided, NaN where not known. What was
        decided after the later cases begin could not have been learnt from, and is left out.
    clusters
        The account of each case; one is on one side where the split is not in time.
    seed
        Draws the accounts that are left aside where the split is not in time.
    """
    days = np.unique(began[~np.isnan(began)])
    for day in sorted(days, key=lambda each: (abs((began >= each).mean() - LATER), each)):
        past, future = np.flatnonzero(decided < day), np.flatnonzero(began >= day)
        if _is_enough(outcome[past]) and _is_enough(outcome[future]):
            return Split(past, future, EPOCH + timedelta(days=int(day)))
    groups = np.unique(clusters, return_inverse=True)[1]
    draw = np.random.default_rng(seed).random(int(groups.max(initial=0)) + 1)[groups]
    return Split(np.flatnonzero(draw >= LATER), np.flatnonzero(draw < LATER), None)


def _is_enough(outcome: Bools) -> bool:
    return int(outcome.sum()) >= LEAST_EACH and int((~outcome).sum()) >= LEAST_EACH
