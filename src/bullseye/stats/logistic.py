"""Logistic regression by damped Newton steps: small, exact, and finite where data separate."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

_HALVINGS = 14
_SETTLED = 1e-9


class Fit(NamedTuple):
    """Weights, the free constant first, and the penalised loss they reach."""

    beta: Floats
    loss: float


def logistic_fit(
    design: Floats,
    share: Floats,
    weight: Floats,
    *,
    ridge: float = 0.5,
    start: Floats | None = None,
    steps: int = 25,
) -> Fit:
    """Return the weights that minimise the ridge-penalised logistic loss.

    Parameters
    ----------
    design
        Shape (rows, columns); the first column is the constant and is not penalised.
    share
        Mean outcome of each row, 0-1.
    weight
        How many cases each row stands for.
    ridge
        Penalty on half the squared weights: it keeps them finite where the columns separate
        the outcomes exactly.
    start
        Weights to start from; zeros where absent.
    steps
        Newton steps at most.

    Notes
    -----
    Steps are halved until the loss falls: undamped steps diverge on nearly collinear columns.

    Examples
    --------
    >>> design = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> fit = logistic_fit(design, np.array([0.5, 0.8]), np.array([10.0, 10.0]), ridge=0.0)
    >>> [round(float(weight), 3) for weight in fit.beta]
    [0.0, 1.386]
    """
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-8
    beta = np.zeros(design.shape[1]) if start is None else start
    loss = _loss(design, share, weight, penalty, beta)
    for _ in range(steps):
        p = expit(design @ beta)
        gradient = design.T @ (weight * (p - share)) + penalty * beta
        hessian = (design * (weight * p * (1 - p))[:, None]).T @ design
        hessian[np.diag_indices_from(hessian)] += penalty + 1e-9
        step = np.linalg.solve(hessian, gradient)
        before = loss
        for halving in range(_HALVINGS):
            trial = beta - step / 2**halving
            trial_loss = _loss(design, share, weight, penalty, trial)
            if trial_loss <= loss:
                beta, loss = trial, trial_loss
                break
        if before - loss <= _SETTLED * abs(before):
            break
    return Fit(beta, loss)


def _loss(design: Floats, share: Floats, weight: Floats, penalty: Floats, beta: Floats) -> float:
    eta = design @ beta
    return float(weight @ (np.logaddexp(0, eta) - share * eta) + 0.5 * penalty @ beta**2)
