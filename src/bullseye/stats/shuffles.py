"""Label shuffles: what the same question answers when outcomes are dealt out at random."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Control:
    """The answer on the real outcomes beside the answers on shuffled ones.

    `low` and `high` hold the middle 95 % of the shuffled answers, `mean` is their mean; `p` is
    the share of answers, the real one counted in, that are at least as large as the real one.
    """

    seen: float
    mean: float
    low: float
    high: float
    p: float
    shuffles: int


def control(
    answer: Callable[[Bools], float],
    happened: Bools,
    account: Ints,
    *,
    shuffles: int = 199,
    seed: int = 0,
) -> Control:
    """Deal the outcomes of whole accounts to others and ask again, `shuffles` times.

    Parameters
    ----------
    answer
        Of outcomes, shape (n,), in the order of the cases; larger is better.
    happened, account
        The real outcomes and the account of each case, shape (n,).
    shuffles
        How many times; the smallest p is one over this plus one.
    seed
        Of the shuffles: the same seed gives the same numbers.

    Notes
    -----
    Each account gets the outcomes of another one drawn without replacement, in their order: cut
    off, or begun again, where the two have different numbers of cases. So the shuffled cases are
    alike within accounts as the real ones are. p after Phipson, B. and Smyth, G. K. (2010),
    Statistical Applications in Genetics and Molecular Biology 9, 39.
    """
    order = np.argsort(account, kind="stable")
    dealt = happened[order]
    starts = np.flatnonzero(np.diff(account[order], prepend=-1))
    lengths = np.diff(starts, append=len(order))
    own = np.repeat(np.arange(len(starts)), lengths)
    turn = np.arange(len(order)) - starts[own] if len(order) else order
    random = np.random.default_rng(seed)
    seen = answer(happened)
    answers = np.empty(shuffles)
    shuffled = np.empty_like(happened)
    for number in range(shuffles):
        giver = random.permutation(len(starts))[own]
        shuffled[order] = dealt[starts[giver] + turn % lengths[giver]]
        answers[number] = answer(shuffled)
    low, high = np.quantile(answers, [0.025, 0.975]) if shuffles else (np.nan, np.nan)
    p = (1 + int((answers >= seen - 1e-12).sum())) / (shuffles + 1)
    return Control(seen, float(answers.mean()), float(low), float(high), p, shuffles)
