"""What listed customers have in common is judged against lists drawn by lot."""

import numpy as np
import pytest
from scipy import stats

from bullseye.stats.traits import Counts, chances, lifts, listed_needed


def counts(base: int, base_with: int, listed: int, listed_with: int) -> Counts:
    return Counts(*(np.array([[each]]) for each in (base, base_with, listed, listed_with)))


@pytest.mark.parametrize(
    "four", [(212, 38, 5, 4), (40, 10, 40, 10), (9, 0, 3, 0), (9, 9, 3, 3), (500, 120, 200, 60)]
)
def test_the_chance_is_that_of_fishers_exact_test(four):
    base, base_with, listed, x = four
    exact = stats.hypergeom.sf(x - 1, base, base_with, listed)
    assert chances(counts(*four))[0] == pytest.approx(exact, abs=1e-10)


def test_lots_are_drawn_within_each_stratum():
    base, having = np.array([[30], [12]]), np.array([[6], [9]])
    listed, on_list = np.array([[5], [4]]), np.array([[3], [4]])
    random = np.random.default_rng(3)
    drawn = sum(
        random.hypergeometric(having[s, 0], base[s, 0] - having[s, 0], listed[s, 0], 200_000)
        for s in range(2)
    )
    exact = chances(Counts(base, having, listed, on_list))[0]
    assert exact == pytest.approx(np.mean(drawn >= 7), abs=0.004)


def test_a_customer_whose_facts_are_unknown_is_in_neither_list_nor_base():
    yes = np.array([[True, True, False, False, False]])
    known = np.array([[True, True, True, False, True]])
    listed = np.array([True, False, False, True, False])
    found = Counts.of(yes, known, listed)
    assert (found.base[0, 0], found.base_with[0, 0]) == (4, 2)
    assert (found.n[0], found.x[0]) == (1, 1)


def test_what_everybody_has_says_nothing():
    everybody = counts(50, 50, 5, 5)
    assert chances(everybody)[0] == 1.0
    assert np.isnan(lifts(everybody).lift[0])


def test_five_customers_move_a_lift_only_a_little():
    five, fifty = lifts(counts(1000, 180, 5, 4)), lifts(counts(1000, 180, 50, 40))
    assert five.lift[0] == pytest.approx((1.8 + 4) / 15 / 0.18)
    assert five.lift[0] < fifty.lift[0] < 0.8 / 0.18
    assert five.high[0] - five.low[0] > fifty.high[0] - fifty.low[0]


@pytest.mark.parametrize("n", [5, 40])
def test_the_interval_of_a_lift_covers_rates_of_its_prior_as_often_as_it_says(n):
    random, base_rate, times = np.random.default_rng(5), 0.2, 4000
    rates = random.beta(10 * base_rate, 10 * (1 - base_rate), times)
    x = random.binomial(n, rates)
    found = lifts(
        Counts(
            np.full((1, times), 10_000),
            np.full((1, times), 2_000),
            np.full((1, times), n),
            x[None, :],
        )
    )
    true = rates / base_rate
    assert 0.94 <= np.mean((found.low <= true) & (true <= found.high)) <= 0.96
    assert 0.94 <= np.mean(found.bound <= true) <= 0.96


@pytest.mark.parametrize(("base_rate", "rate"), [(0.1, 0.2), (0.25, 0.5), (0.25, 0.75)])
def test_the_list_that_is_asked_for_finds_the_trait_in_four_of_five_cases(base_rate, rate):
    tests = 80
    n = listed_needed(base_rate, rate, tests=tests)
    assert n is not None
    x = np.random.default_rng(2).binomial(n, rate, 2000)
    found = stats.binom.sf(x - 1, n, base_rate) <= 0.05 / tests
    assert 0.76 <= found.mean() <= 0.88


def test_a_rate_at_or_below_the_base_needs_no_list_at_all():
    assert listed_needed(0.3, 0.3, tests=10) is None
    assert listed_needed(0.0, 0.3, tests=10) is None
    assert listed_needed(0.3, 0.3001, tests=10) is None
