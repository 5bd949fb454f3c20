"""Means and ratios of skewed costs: intervals that hold."""

import numpy as np
import pytest

from bullseye.stats.costs import cost_rate, cost_ratio, mean_cost


@pytest.mark.parametrize(("few", "many"), [(15, 60), (60, 400)])
def test_the_interval_of_a_ratio_of_lognormal_costs_covers_93_to_97_of_a_hundred(
    few: int, many: int
) -> None:
    rng, inside = np.random.default_rng(few), 0
    for _ in range(1000):
        found = cost_ratio(10 * rng.lognormal(5, 1.5, few), rng.lognormal(5, 1.5, many))
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 10 <= found.high
    assert 930 <= inside <= 970


def test_costs_that_are_not_lognormal_get_the_interval_of_the_plain_mean() -> None:
    rng, ratios, means = np.random.default_rng(1), 0, 0
    for _ in range(500):
        these, others = 3 * rng.gamma(0.5, 1, 200), rng.gamma(0.5, 1, 1000)
        ratio, mean = cost_ratio(these, others), mean_cost(these)
        assert ratio.low is not None
        assert ratio.high is not None
        assert mean.low is not None
        assert mean.high is not None
        ratios += ratio.low <= 3 <= ratio.high
        means += mean.low <= 1.5 <= mean.high
    assert min(ratios, means) >= 0.925 * 500


def test_free_accounts_count_as_costing_nothing() -> None:
    rng, inside = np.random.default_rng(2), 0
    for _ in range(500):
        these = rng.lognormal(5, 1, 120) * (rng.random(120) < 0.5)
        found = cost_ratio(these, rng.lognormal(5, 1, 300))
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0.5 <= found.high
    assert 0.92 * 500 <= inside <= 0.98 * 500


def test_a_handful_of_costs_tells_nothing() -> None:
    assert mean_cost(np.array([10.0, 20.0, np.nan, 0.0])).value is None
    assert cost_ratio(np.array([10.0]), np.arange(1.0, 50)).value is None


def test_unknown_costs_are_not_zero() -> None:
    known = np.array([50.0, 80, 120, 200, 900])
    with_unknown = np.concatenate([known, [np.nan] * 5])
    assert mean_cost(with_unknown) == mean_cost(known)


@pytest.mark.parametrize("n", [60, 300])
def test_a_cost_that_comes_early_does_not_make_young_customers_dear(n: int) -> None:
    rng, inside = np.random.default_rng(n), 0

    def drawn(size: int) -> tuple[np.ndarray, np.ndarray]:
        months = np.clip(rng.exponential(14, size), 0.3, 36)
        return rng.lognormal(5, 0.8, size) * np.minimum(months, 6), months

    costs, months = drawn(2_000_000)
    truth = costs.sum() / months.sum()
    assert (costs / np.maximum(months, 1)).mean() > 1.4 * truth  # each customer's own rate
    for _ in range(600):
        found = cost_rate(*drawn(n))
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= truth <= found.high
    assert 0.92 * 600 <= inside <= 0.975 * 600


def test_a_rate_counts_only_accounts_whose_cost_and_months_are_known() -> None:
    costs = np.array([50.0, 80, 120, 200, 900, np.nan, 70])
    months = np.array([10.0, 10, 10, 10, 10, 10, 0])
    assert cost_rate(costs, months) == cost_rate(costs[:5], months[:5])
    assert cost_rate(costs[:4], months[:4]).value is None
    same = cost_rate(np.full(8, 20.0), np.full(8, 4.0))
    assert (same.low, same.value, same.high) == (5, 5, 5)
