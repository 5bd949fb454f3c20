"""The worst of many segments is judged by the worst that chance makes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.stats.comparison import ratio
from bullseye.stats.rate_ratio import rate_ratio, ratio_bound
from bullseye.stats.segments import Answered, Found, worse_costs, worse_rates

Bools = NDArray[np.bool_]


def looked_at(rng: np.random.Generator, n: int) -> Answered:
    """Return 60 conditions and 300 pairs of them on n cases; the first holds for a third."""
    shares = np.concatenate([[0.33], rng.uniform(0.05, 0.6, 59)])
    single = rng.random((60, n)) < shares[:, None]
    pairs = rng.integers(0, 60, (300, 2))
    both = single[pairs[:, 0]] & single[pairs[:, 1]]
    yes = np.concatenate([single, both])
    return Answered(yes, np.ones_like(yes), np.arange(360) >= 60)


def searched(answered: Answered, happened: Bools, seed: int) -> Found:
    return worse_rates(answered, happened, np.arange(len(happened)), shuffles=200, seed=seed)


def test_noise_gives_an_exclusion_in_at_most_six_of_a_hundred() -> None:
    rng, claims = np.random.default_rng(0), 0
    for seed in range(100):
        answered = looked_at(rng, 300)
        found = searched(answered, rng.random(300) < 0.2, seed)
        claims += bool((found.p <= 0.05).any())
    assert claims <= 0.11 * 100  # 5 % nominal, three standard errors above


def test_the_bounds_of_all_segments_hold_at_once() -> None:
    rng, wrong, strong = np.random.default_rng(1), 0, 0
    for seed in range(60):
        answered = looked_at(rng, 500)
        chance = np.where(answered.yes[0], 0.4, 0.1)
        found = searched(answered, rng.random(500) < chance, seed)
        inside = answered.yes.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            truth = (answered.yes @ chance / inside) / (~answered.yes @ chance / (500 - inside))
        told = np.isfinite(found.low)
        wrong += bool((found.low[told] > truth[told]).any())
        strong += bool(found.low[0] > 1.5)
    assert wrong <= 0.13 * 60
    assert strong > 0.8 * 60


def test_accounts_with_several_cases_are_dealt_out_whole() -> None:
    rng, clustered, naive = np.random.default_rng(2), 0, 0
    account = np.repeat(np.arange(60), 5)
    for seed in range(40):
        answered = looked_at(rng, 60)
        wide = Answered(answered.yes[:, account], answered.known[:, account], answered.is_pair)
        happened = (rng.random(60) < 0.3)[account]
        clustered += bool(
            (worse_rates(wide, happened, account, shuffles=200, seed=seed).p <= 0.05).any()
        )
        naive += bool((searched(wide, happened, seed).p <= 0.05).any())
    assert clustered <= 0.17 * 40
    assert naive > 0.5 * 40


def test_unknown_answers_count_on_neither_side() -> None:
    yes = np.zeros((1, 300), dtype=bool)
    yes[0, :100] = True
    known = np.ones_like(yes)
    known[0, 200:] = False
    happened = np.zeros(300, dtype=bool)
    happened[:60] = happened[100:110] = happened[200:] = True
    found = searched(Answered(yes, known, np.array([False])), happened, 0)
    assert (found.n[0], found.yes[0], found.others[0], found.others_yes[0]) == (100, 60, 100, 10)
    assert found.ratio[0] == pytest.approx(6)
    assert 2 < found.low[0] < 6


def test_tiny_segments_are_not_looked_at() -> None:
    yes = np.zeros((1, 300), dtype=bool)
    yes[0, :10] = True
    found = searched(Answered(yes, np.ones_like(yes), np.array([False])), yes[0], 0)
    assert np.isnan(found.low[0])
    assert found.p[0] == 1


def test_the_same_seed_gives_the_same_numbers() -> None:
    answered = looked_at(np.random.default_rng(3), 300)
    happened = np.random.default_rng(4).random(300) < 0.2
    first, second = (searched(answered, happened, 9) for _ in range(2))
    np.testing.assert_array_equal(first.low, second.low)


def test_noise_in_costs_gives_an_exclusion_rarely_and_a_planted_one_is_found() -> None:
    rng, claims, found_it, wrong = np.random.default_rng(5), 0, 0, 0
    for seed in range(40):
        answered = looked_at(rng, 250)
        costs = rng.lognormal(5, 1.2, 250)
        account = np.arange(250)
        noise = worse_costs(answered, costs, account, shuffles=150, seed=seed)
        claims += bool((noise.p <= 0.05).any())
        dear = np.where(answered.yes[0], 5 * costs, costs)
        planted = worse_costs(answered, dear, account, shuffles=150, seed=seed)
        found_it += bool(planted.low[0] > 1.5)
        wrong += bool(planted.low[0] > 5)
    assert claims <= 0.17 * 40
    assert found_it >= 0.9 * 40
    assert wrong <= 0.07 * 40


def test_the_bound_of_a_ratio_is_the_score_bound() -> None:
    for x, n, x0, n0 in ((32, 100, 8, 100), (5, 20, 30, 400), (3, 40, 0, 50)):
        expected = ratio(x0, n0, x, n)
        args = [np.array([float(each)]) for each in (x, n, x0, n0)]
        low = ratio_bound(*args, np.array([1.959963984540054]))[0]
        assert low == pytest.approx(expected.low, rel=1e-6)


def test_the_interval_of_one_ratio_covers_the_truth() -> None:
    rng, inside = np.random.default_rng(6), 0
    yes, known = np.arange(200) < 70, np.ones(200, dtype=bool)
    for _ in range(1000):
        happened = rng.random(200) < np.where(yes, 0.32, 0.08)
        found = rate_ratio(yes, known, happened, np.arange(200))
        assert found.low is not None
        inside += found.low <= 4 and (found.high is None or found.high >= 4)
    assert 930 <= inside <= 970


def test_nothing_that_happened_is_nothing_to_compare() -> None:
    yes = np.arange(40) < 20
    never = rate_ratio(yes, np.ones(40, dtype=bool), np.zeros(40, dtype=bool), np.arange(40))
    assert never.value is None
    assert never.low is None
