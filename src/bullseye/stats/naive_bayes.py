"""The naive Bayes that open CRMs score leads with: the floor a card has to beat.

Per field the frequency of each value among won and lost, 0.1 added to each, as independent
factors on the base rate; a value never seen, or unknown, changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ADDED = 0.1
"""What every count starts from."""

LEAST, MOST = 0.0001, 0.9999
"""No case is certain."""


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How often each value of one field was won and lost, shape (values,) each; 0 if unseen."""

    won: Floats
    lost: Floats

    def factors(self) -> tuple[Floats, Floats]:
        """Return what each value multiplies the chances of won and of lost by."""
        seen = (self.won + self.lost) > 0
        return (
            np.where(seen, self.won / self.won.sum(), 1.0),
            np.where(seen, self.lost / self.lost.sum(), 1.0),
        )


@dataclass(frozen=True)
class NaiveBayes:
    """Counts of won and lost, and per field the frequencies of its values."""

    won: float
    lost: float
    fields: Mapping[str, Frequencies]

    def probabilities(self, values: Mapping[str, NDArray[np.bool_]]) -> Floats:
        """Return the chance of won per case.

        Parameters
        ----------
        values
            Per field shape (n, values): which values each case has; several where it is a list,
            none where it is unknown.
        """
        log_won, log_lost = np.log(self.won), np.log(self.lost)
        total = np.zeros(len(next(iter(values.values()))))
        for name, has in values.items():
            won, lost = self.fields[name].factors()
            total += has @ (np.log(won) - np.log(lost))
        odds = np.clip(log_won - log_lost + total, -700, 700)
        return np.asarray(np.clip(1 / (1 + np.exp(-odds)), LEAST, MOST))


def naive_bayes(values: Mapping[str, NDArray[np.bool_]], won: NDArray[np.bool_]) -> NaiveBayes:
    """Count the values of won and lost cases.

    Parameters
    ----------
    values
        Per field shape (n, values), as `membership` gives them.
    won
        Shape (n,).

    Notes
    -----
    The predictive lead scoring of Odoo's CRM (``addons/crm/models/crm_lead.py``), without its
    stages and teams; the oracle of the tests is ``addons/crm/tests/test_crm_pls.py``.

    Examples
    --------
    >>> industry = membership(np.array([0, 0, 1, 1, -1]), 2)
    >>> model = naive_bayes({"industry": industry}, np.array([1, 1, 0, 1, 0], dtype=bool))
    >>> model.probabilities({"industry": membership(np.array([0, 1, -1]), 2)}).round(2)
    array([0.92, 0.36, 0.6 ])
    """
    fields = {}
    for name, has in values.items():
        of_won, of_lost = has[won].sum(axis=0), has[~won].sum(axis=0)
        seen = (of_won + of_lost) > 0
        fields[name] = Frequencies(
            np.where(seen, of_won + ADDED, 0.0), np.where(seen, of_lost + ADDED, 0.0)
        )
    return NaiveBayes(float(won.sum()) + ADDED, float((~won).sum()) + ADDED, fields)


def membership(codes: NDArray[np.integer], level_count: int) -> NDArray[np.bool_]:
    """Return which level each case has, shape (n, levels); none where the code is negative."""
    return np.asarray(codes[:, None] == np.arange(level_count))


def binned(values: Floats, bounds: Sequence[float]) -> NDArray[np.int64]:
    """Return the bin of each number, counted from 0; -1 where it is NaN."""
    codes = np.searchsorted(np.asarray(bounds), values, side="right")
    return np.where(np.isnan(values), -1, codes).astype(np.int64)
