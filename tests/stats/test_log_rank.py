"""The log-rank test: the numbers of the library, and rarely an alarm where accounts repeat."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.stats.log_rank import clustered_log_rank, log_rank
from bullseye.stats.survival import YES, life_table

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines.statistics import multivariate_logrank_test

Cases = tuple[NDArray[np.int64], NDArray[np.int64]]


def random_cases(rng: np.random.Generator, *, ties: bool) -> Cases:
    """Return days and states of a random size, some tables without any yes or any open."""
    n = int(rng.integers(1, 120))
    last = int(rng.integers(3, 40)) if ties else 10**6
    days = rng.integers(0, last, n) if ties else rng.choice(10**6, n, replace=False) + 1
    return days, rng.choice(3, n, p=rng.dirichlet([1, 1, 1]))


def waiting(rng: np.random.Generator, n: int, pace: float = 1.0) -> Cases:
    """Return cases won, lost or still open: half of them are open when the watch ends."""
    won, lost = rng.exponential(100 / pace, n), rng.exponential(150, n)
    watched = rng.uniform(5, 150, n)
    days = np.minimum(np.minimum(won, lost), watched)
    state = np.where(days == won, 1, np.where(days == lost, 2, 0))
    return np.ceil(days).astype(np.int64), state


@pytest.mark.parametrize("seed", range(60))
def test_the_log_rank_test_is_that_of_lifelines(seed: int) -> None:
    rng = np.random.default_rng(2000 + seed)
    days, state = random_cases(rng, ties=True)
    days, state = np.concatenate([days, [1, 2, 3]]), np.concatenate([state, [1, 1, 0]])
    segment = rng.integers(0, int(rng.integers(2, 5)), len(days))
    segment[-3:] = [0, 1, 1]
    tables = [life_table(days[segment == g], state[segment == g]) for g in np.unique(segment)]
    found = log_rank(tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = multivariate_logrank_test(days, segment, state == YES)
    assert found.chi2 == pytest.approx(theirs.test_statistic, rel=1e-10, abs=1e-12)
    assert found.p == pytest.approx(theirs.p_value, rel=1e-9, abs=1e-12)


def test_the_clustered_log_rank_alarms_rarely_where_accounts_repeat() -> None:
    rng = np.random.default_rng(8)
    clustered = plain = 0
    for _ in range(400):
        days, state = (np.repeat(each, 4) for each in waiting(rng, 80))
        account = np.repeat(np.arange(80), 4)
        segment = rng.integers(0, 2, 80)[account]
        clustered += clustered_log_rank(days, state, segment, account).p < 0.05
        tables = [life_table(days[segment == g], state[segment == g]) for g in (0, 1)]
        plain += log_rank(tables).p < 0.05
    assert clustered <= 0.08 * 400
    assert plain > 0.2 * 400


def test_segments_without_cases_are_not_compared() -> None:
    empty = life_table(np.zeros(0), np.zeros(0))
    assert log_rank([empty, empty]).p == 1
    assert log_rank([empty, life_table(np.array([1, 2]), np.array([1, 1]))]).degrees == 0
