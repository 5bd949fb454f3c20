"""The log-rank test: whether segments move at one pace, with open cases counted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from bullseye.stats.survival import YES, Counts, Floats, LifeTable, life_table


class LogRank(NamedTuple):
    """A test that segments end at the same pace: `p` is small where they do not.

    `observed` and `expected` count the yes of each segment, as seen and as if all were alike.
    """

    chi2: float
    degrees: int
    p: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(tables: Sequence[LifeTable]) -> LogRank:
    """Return the log-rank test that the segments' cases end in yes at one pace.

    The other end counts as not seen any longer: what is compared is the hazard of yes among those
    still open. Segments nobody is in do not count.

    Notes
    -----
    Mantel (1966), Cancer Chemotherapy Reports 50, 163-170, with the hypergeometric variance.

    >>> fast, slow = (life_table(np.arange(1, 9) * k, np.ones(8)) for k in (1, 3))
    >>> round(log_rank([fast, slow]).p, 4)
    0.0024
    """
    used = [table for table in tables if table.n]
    days = np.unique(np.concatenate([t.days[t.yes > 0] for t in used] or [np.zeros(0)]))
    shape = (len(used), len(days))
    risk = np.array([_at(t, t.at_risk, days, running=True) for t in used]).reshape(shape)
    yes = np.array([_at(t, t.yes, days, running=False) for t in used]).reshape(shape)
    total, ended = risk.sum(axis=0), yes.sum(axis=0)
    portion = risk / total if len(days) else risk
    expected = (portion * ended).sum(axis=1)
    weight = np.where(total > 1, ended * (total - ended) / np.maximum(total - 1, 1), 0.0)
    spread = np.diag((portion * weight).sum(axis=1)) - (portion * weight) @ portion.T
    return _tested(yes.sum(axis=1), expected, spread)


def _at(table: LifeTable, counts: Counts, days: Floats, *, running: bool) -> Floats:
    """Return the counts on other days: those at risk then, or those that ended exactly then."""
    place = np.searchsorted(table.days, days)
    padded = np.concatenate([counts.astype(np.float64), [0.0]])
    if running:
        return padded[place]
    exact = np.concatenate([table.days, [np.inf]])[place] == days
    return np.where(exact, padded[place], 0.0)


def clustered_log_rank(
    days: NDArray[np.generic],
    state: NDArray[np.generic],
    segment: NDArray[np.integer],
    cluster: NDArray[np.integer],
) -> LogRank:
    """Return the log-rank test with a variance that knows that cases of one account are alike.

    Each case's part in observed minus expected is summed over its account, and the squares of the
    sums give the variance (Lin and Wei 1989, JASA 84, 1074-1078). `segment` and `cluster` (n,)
    number segments and accounts from 0. Needs many accounts: below about ten in a segment it
    alarms too often.
    """
    segments = int(segment.max()) + 1 if len(segment) else 0
    own = [life_table(days[segment == g], state[segment == g]) for g in range(segments)]
    plain = log_rank(own)
    everyone = life_table(days, state)
    risk = np.array([_at(t, t.at_risk, everyone.days, running=True) for t in own])
    portion = risk / everyone.at_risk
    hazard = everyone.yes / everyone.at_risk
    place = np.searchsorted(everyone.days, np.asarray(days, dtype=np.float64))
    cumulated = np.cumsum(hazard)[place]
    won = (np.asarray(state) == YES).astype(np.float64)
    accounts = int(cluster.max()) + 1 if len(cluster) else 0
    sums = np.zeros((segments, accounts))
    for g in range(segments):
        mine = (segment == g).astype(np.float64)
        part = won * (mine - portion[g][place]) - (
            mine * cumulated - np.cumsum(portion[g] * hazard)[place]
        )
        sums[g] = np.bincount(cluster, weights=part, minlength=accounts)
    spread = sums @ sums.T * (accounts / max(accounts - 1, 1))
    kept = [g for g in range(segments) if own[g].n]
    return _tested(np.array(plain.observed), np.array(plain.expected), spread[np.ix_(kept, kept)])


def _tested(observed: Floats, expected: Floats, spread: Floats) -> LogRank:
    degrees = len(observed) - 1
    if degrees < 1:
        return LogRank(0.0, 0, 1.0, tuple(observed.tolist()), tuple(expected.tolist()))
    gap = (observed - expected)[:-1]
    value = float(gap @ np.linalg.pinv(spread[:-1, :-1]) @ gap)
    p = float(chi2.sf(value, degrees))
    return LogRank(value, degrees, p, tuple(observed.tolist()), tuple(expected.tolist()))
