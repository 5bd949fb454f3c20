"""Time until something happens: the same numbers as the libraries, with ties and open cases."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.stats.survival import (
    OPEN,
    YES,
    aalen_johansen,
    clustered_share_by,
    kaplan_meier,
    life_table,
    median_days,
    share_by,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import AalenJohansenFitter, KaplanMeierFitter

Cases = tuple[NDArray[np.int64], NDArray[np.int64]]


def random_cases(rng: np.random.Generator, *, ties: bool) -> Cases:
    """Return days and states of a random size, some tables without any yes or any open."""
    n = int(rng.integers(1, 120))
    last = int(rng.integers(3, 40)) if ties else 10**6
    days = rng.integers(0, last, n) if ties else rng.choice(10**6, n, replace=False) + 1
    return days, rng.choice(3, n, p=rng.dirichlet([1, 1, 1]))


@pytest.mark.parametrize("seed", range(60))
def test_kaplan_meier_and_its_interval_are_those_of_lifelines(seed: int) -> None:
    days, state = random_cases(np.random.default_rng(seed), ties=True)
    curve = kaplan_meier(life_table(days, state))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = KaplanMeierFitter().fit(days, state == YES)
        theirs = fitter.survival_function_["KM_estimate"].loc[curve.days].to_numpy()
        bounds = fitter.confidence_interval_.loc[curve.days].to_numpy()
    np.testing.assert_allclose(curve.share, theirs, rtol=0, atol=1e-12)
    inside = (curve.share > 0) & (curve.share < 1)
    np.testing.assert_allclose(curve.low[inside], bounds[inside, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(curve.high[inside], bounds[inside, 1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_aalen_johansen_and_its_interval_are_those_of_lifelines(seed: int) -> None:
    days, state = random_cases(np.random.default_rng(seed), ties=False)
    curve = aalen_johansen(life_table(days, state))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = AalenJohansenFitter().fit(days, state, event_of_interest=1)
        theirs = fitter.cumulative_density_["CIF_1"].loc[curve.days].to_numpy()
        bounds = fitter.confidence_interval_.loc[curve.days].to_numpy()
    np.testing.assert_allclose(curve.share, theirs, rtol=0, atol=1e-12)
    inside = (curve.share > 0) & (curve.share < 1) & np.isfinite(bounds).all(axis=1)
    np.testing.assert_allclose(curve.low[inside], bounds[inside].min(axis=1), rtol=0, atol=1e-9)
    np.testing.assert_allclose(curve.high[inside], bounds[inside].max(axis=1), rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_aalen_johansen_with_ties_is_exact(seed: int) -> None:
    days, state = random_cases(np.random.default_rng(1000 + seed), ties=True)
    curve = aalen_johansen(life_table(days, state))
    for day, share in zip(curve.days, curve.share, strict=True):
        assert abs(share - float(won_by(days, state, int(day)))) < 1e-12


def won_by(days: NDArray[np.int64], state: NDArray[np.int64], day: int) -> Fraction:
    """Return the share won by `day` from its definition, in fractions."""
    still, won = Fraction(1), Fraction(0)
    for each in sorted(set(days.tolist())):
        if each > day:
            break
        risk = int((days >= each).sum())
        won += still * Fraction(int(((days == each) & (state == 1)).sum()), risk)
        still *= 1 - Fraction(int(((days == each) & (state > 0)).sum()), risk)
    return won


def test_lost_cases_are_not_cases_that_might_still_be_won() -> None:
    days, state = np.array([10, 20, 30, 40]), np.array([2, 2, 1, 1])
    assert share_by(life_table(days, state), 40).share == pytest.approx(0.5)
    assert 1 - kaplan_meier(life_table(days, state)).share[-1] == pytest.approx(1.0)


def test_no_share_is_told_beyond_the_last_day_anybody_was_watched() -> None:
    table = life_table(np.array([10, 20, 30]), np.array([1, 2, OPEN]))
    assert share_by(table, 30).share is not None
    assert share_by(table, 31).share is None
    ended = life_table(np.array([10, 20, 30]), np.array([1, 2, 1]))
    assert share_by(ended, 31).share == pytest.approx(2 / 3)


def test_nothing_won_yet_has_an_upper_bound_by_the_number_watched() -> None:
    few = share_by(life_table(np.full(5, 100), np.zeros(5)), 90)
    many = share_by(life_table(np.full(500, 100), np.zeros(500)), 90)
    assert few.share == many.share == 0
    assert few.high is not None
    assert many.high is not None
    assert few.high > 0.5
    assert many.high < 0.01


def test_an_empty_table_tells_nothing() -> None:
    table = life_table(np.zeros(0), np.zeros(0))
    assert share_by(table, 90).share is None
    assert median_days(aalen_johansen(table), 0).days is None


def test_the_median_is_reached_or_not() -> None:
    table = life_table(np.arange(1, 101), np.ones(100))
    median = median_days(aalen_johansen(table), table.n)
    assert median.days == 50
    assert median.low is not None
    assert median.high is not None
    assert median.low < 50 < median.high
    rarely = life_table(np.arange(1, 101), np.where(np.arange(100) % 3, 2, 1))
    assert median_days(aalen_johansen(rarely), 100).days is None


def waiting(rng: np.random.Generator, n: int, pace: float = 1.0) -> Cases:
    """Return cases won, lost or still open: half of them are open when the watch ends."""
    won, lost = rng.exponential(100 / pace, n), rng.exponential(150, n)
    watched = rng.uniform(5, 150, n)
    days = np.minimum(np.minimum(won, lost), watched)
    state = np.where(days == won, 1, np.where(days == lost, 2, 0))
    return np.ceil(days).astype(np.int64), state


def test_the_interval_of_the_share_won_by_90_days_covers_the_truth() -> None:
    rng, rate = np.random.default_rng(5), 1 / 100 + 1 / 150
    truth = (1 / 100) / rate * (1 - np.exp(-90 * rate))
    inside = 0
    for _ in range(1000):
        found = share_by(life_table(*waiting(rng, 80)), 90)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= truth <= found.high
    assert 930 <= inside <= 970


def test_the_clustered_interval_covers_where_accounts_repeat() -> None:
    """Each case stands four times: only the clustered interval knows that it is one."""
    rng, rate = np.random.default_rng(6), 1 / 100 + 1 / 150
    truth = (1 / 100) / rate * (1 - np.exp(-90 * rate))
    clustered = plain = 0
    for _ in range(400):
        days, state = (np.repeat(each, 4) for each in waiting(rng, 80))
        account = np.repeat(np.arange(80), 4)
        for found, is_clustered in (
            (clustered_share_by(days, state, account, 90), True),
            (share_by(life_table(days, state), 90), False),
        ):
            assert found.low is not None
            assert found.high is not None
            covered = found.low <= truth <= found.high
            clustered, plain = (
                clustered + (is_clustered and covered),
                plain + (not is_clustered and covered),
            )
    assert clustered >= 0.92 * 400
    assert plain < 0.75 * 400


def test_the_pull_of_single_cases_adds_up_to_the_usual_interval() -> None:
    days, state = waiting(np.random.default_rng(7), 400)
    alone = clustered_share_by(days, state, np.arange(400), 90)
    usual = share_by(life_table(days, state), 90)
    assert alone.low == pytest.approx(usual.low, abs=0.003)
    assert alone.high == pytest.approx(usual.high, abs=0.003)
