"""Logistic regression on very many sparse columns, and the cut-off that does best."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_STEPS = 60


class Wide(NamedTuple):
    """Weights of the columns, shape (columns,), and the free constant."""

    weights: Floats
    constant: float

    def log_odds(self, rows: csr_matrix) -> Floats:
        """Return the log-odds of each row."""
        return np.asarray(rows @ self.weights + self.constant, dtype=np.float64)


def wide_fit(rows: csr_matrix, happened: Bools, *, strength: float) -> Wide:
    """Return the weights of least ridge-penalised loss.

    Parameters
    ----------
    rows
        Shape (n, columns), sparse.
    happened
        Shape (n,); both answers occur.
    strength
        How much the loss of the rows weighs against half the squared weights.

    Notes
    -----
    L-BFGS (Liu and Nocedal 1989, Mathematical Programming 45, 503-528) from weights of zero and
    the constant of the overall share.
    """
    yes = happened.astype(np.float64)
    signs = 2 * yes - 1
    across = rows.T.tocsr()

    def loss(beta: Floats) -> tuple[float, Floats]:
        weights = beta[:-1]
        eta = rows @ weights + beta[-1]
        value = strength * float(np.logaddexp(0, -signs * eta).sum()) + 0.5 * float(
            weights @ weights
        )
        gap = strength * (expit(eta) - yes)
        slope: Floats = np.append(across @ gap + weights, gap.sum())
        return value, slope

    start = np.zeros(rows.shape[1] + 1)
    start[-1] = logit(yes.mean())
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return Wide(found[:-1], float(found[-1]))


class CutOff(NamedTuple):
    """A score from which on rows are claimed, and the F1 that it reaches."""

    score: float
    f1: float


def best_cut_off(scores: Floats, happened: Bools) -> CutOff:
    """Return the cut-off of the highest F1; both answers occur.

    >>> best_cut_off(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    CutOff(score=1.0, f1=0.8)
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(happened[order])
    claimed = np.arange(1, len(scores) + 1)
    f1 = 2 * hits / (claimed + hits[-1])
    last = np.append(scores[order][1:] != scores[order][:-1], True)  # not between equal scores
    at = int(np.argmax(np.where(last, f1, -1.0)))
    return CutOff(float(scores[order][at]), float(f1[at]))
