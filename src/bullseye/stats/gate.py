"""Is there anything to find? A permutation test of a whole procedure, clustered by account.

Every method prints a card from pure noise. So the procedure is run on outcomes that were dealt
out anew among the accounts: if it does as well there, nothing was found.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.discrimination import auc

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]

Procedure = Callable[[Places, Places, Bools], NDArray[np.float64]]
"""Fit on the rows of the first argument, score those of the second; the third has all outcomes."""

LEVEL = 0.05
FOLDS = 4
PERMUTATIONS = 59


class Gate(NamedTuple):
    """Whether a procedure finds more than chance.

    `auc` is cross-validated, over `n` cases of `clusters` accounts; `p` is its permutation
    p-value over `permutations` dealings, which stop early once the answer is certain.
    """

    passed: bool
    p: float
    auc: float
    permutations: int
    n: int
    clusters: int


def gate(
    procedure: Procedure,
    outcome: Bools,
    clusters: NDArray[np.int64],
    *,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
    folds: int = FOLDS,
    level: float = LEVEL,
) -> Gate:
    """Test whether the cross-validated AUC of `procedure` beats that of permuted outcomes.

    Parameters
    ----------
    procedure
        Everything that looks at the outcome; run ``folds`` times per permutation.
    outcome
        Shape (n,), both occur.
    clusters
        Shape (n,): the account of each case. All cases of one account fall into one fold, and
        its outcomes are dealt out together.
    seed
        The same seed gives the same dealings.
    permutations
        At most so many dealings; the test ends as soon as `p` must exceed `level`.
    folds
        Parts of the cross-validation.
    level
        The chance to pass where there is nothing to find, at most.

    Notes
    -----
    p = (1 + count of permuted AUCs that reach the observed one) / (permutations + 1) (Phipson
    and Smyth, 2010); the early end is that of Besag and Clifford (1991). Dealing: accounts are
    shuffled and their outcomes read off in that order, so that outcomes of one account stay
    together but for the ends.
    """
    rng = np.random.default_rng(seed)
    groups = np.unique(clusters, return_inverse=True)[1].astype(np.int64)
    parts = folds_by_cluster(groups, outcome, folds, rng)
    seen = _cross_validated(procedure, outcome, parts)
    allowed = int(np.floor(level * (permutations + 1))) - 1
    reached, made = 0, 0
    while made < permutations and reached <= allowed:
        made += 1
        dealt = _dealt(outcome, groups, rng)
        reached += _cross_validated(procedure, dealt, parts) >= seen
    stopped = reached > allowed
    p = reached / made if stopped else (1 + reached) / (made + 1)
    return Gate(not stopped, p, seen, made, len(outcome), int(groups.max()) + 1)


def folds_by_cluster(
    groups: Places, outcome: Bools, folds: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the fold of each case: clusters dealt out in turn, those with the outcome first."""
    count = int(groups.max()) + 1
    has = np.bincount(groups, outcome, minlength=count) > 0
    order = np.lexsort((rng.random(count), ~has))
    fold = np.empty(count, dtype=np.int64)
    fold[order] = np.arange(count) % folds
    return np.asarray(fold[groups], dtype=np.int64)


def _cross_validated(procedure: Procedure, outcome: Bools, parts: Places) -> float:
    """Return the mean AUC over the folds in which both outcomes occur; .5 if there is none."""
    found = []
    for fold in np.unique(parts):
        inside = np.flatnonzero(parts == fold)
        outside = np.flatnonzero(parts != fold)
        if any(len(np.unique(outcome[rows])) < 2 for rows in (inside, outside)):
            continue
        found.append(auc(procedure(outside, inside, outcome), outcome[inside]).value)
    return float(np.mean(found)) if found else 0.5


def _dealt(outcome: Bools, groups: Places, rng: np.random.Generator) -> Bools:
    """Return the outcomes dealt out anew: accounts shuffled, their outcomes kept together."""
    order = rng.permutation(int(groups.max()) + 1)
    shuffled = outcome[np.argsort(order[groups], kind="stable")]
    dealt = np.empty_like(outcome)
    dealt[np.argsort(groups, kind="stable")] = shuffled
    return dealt
