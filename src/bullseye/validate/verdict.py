"""The verdict: better, no worse, worse, or cannot tell yet; by a rule that is said beforehand."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.clusters import Clustered
from bullseye.stats.comparison import Effect, cases_needed

MARGIN = 0.2
"""How much worse still counts as no worse: this share of the rate compared with."""

MIN_ACCOUNTS = 5
"""Accounts with the outcome, and as many without, below which nothing is claimed."""

RULE = (
    "The 95 % interval of the difference decides (clustered by account). Above 0: better, which"
    " chance alone gives in about 2.5 % of tests. Below 0: worse. Above minus a fifth of the"
    " rate compared with: no worse. Otherwise: cannot tell yet. Fewer than 5 accounts with the"
    " outcome, or without it: cannot tell yet."
)


class Answer(StrEnum):
    """What a comparison says."""

    BETTER = "better"
    NO_WORSE = "no worse"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True)
class Verdict:
    """An answer with what it rests on.

    `difference` is of the two rates, 0-1, turned so that above 0 is what we want; `margin` is
    how far below 0 still counts as no worse; `n` are the decided cases of both; `needed` is
    about how many further decided cases would tell, None where it can be told.
    """

    answer: Answer
    difference: Effect
    margin: float
    n: int
    needed: int | None


def turned(effect: Effect, is_good: bool) -> Effect:
    """Return an effect on what we want: as it is for a good outcome, negated for a bad one."""
    if is_good:
        return effect
    return Effect(-effect.estimate, -effect.high, -effect.low)


def verdict(difference: Effect, compared: float, n: int, needed: int, *, told: bool) -> Verdict:
    """Return the verdict of a difference, already turned, by `RULE`.

    Parameters
    ----------
    difference
        Above 0 is what we want.
    compared
        The rate it is compared with, 0-1.
    n
        Decided cases of both sides.
    needed
        About how many decided cases in all would tell.
    told
        Whether enough accounts have the outcome, and lack it, to claim anything.
    """
    margin = MARGIN * compared
    if told and difference.low > 0:
        answer = Answer.BETTER
    elif told and difference.high < 0:
        answer = Answer.WORSE
    elif told and margin > 0 and difference.low > -margin:
        answer = Answer.NO_WORSE
    else:
        return Verdict(Answer.CANNOT_TELL, difference, margin, n, rounded(max(needed - n, n, 10)))
    return Verdict(answer, difference, margin, n, None)


def verdict_on(
    happened: NDArray[np.bool_],
    account: NDArray[np.int64],
    chosen: NDArray[np.bool_],
    *,
    is_good: bool,
) -> Verdict:
    """Return whether the chosen cases did better than the rest."""
    cases = Clustered.of(happened, account, chosen.astype(np.int64), 2)
    rest, best = cases.rate(0), cases.rate(1)
    difference = turned(cases.difference(0, 1), is_good)
    needed = 10**9
    if rest.n and best.n:
        gap = max(abs(difference.estimate), MARGIN * rest.share)
        needed = cases_needed(
            rest.share, best.share, cases.share(0, 1), gap=gap, inflation=cases.inflation(0, 1)
        )
    told = bool(rest.n and best.n) and enough(happened, account)
    return verdict(difference, rest.share if rest.n else 0.0, len(happened), needed, told=told)


def enough(happened: NDArray[np.bool_], account: NDArray[np.int64]) -> bool:
    """Whether enough accounts have the outcome, and enough lack it, to claim anything."""
    return all(len(np.unique(account[each])) >= MIN_ACCOUNTS for each in (happened, ~happened))


def rounded(n: int) -> int | None:
    """Return a number to two digits, as in "about 1,200 more"; None where it is out of reach.

    >>> rounded(1234), rounded(10**9)
    (1200, None)
    """
    if n >= 10**8:
        return None
    digits = max(0, len(str(n)) - 2)
    return int(round(n, -digits))
