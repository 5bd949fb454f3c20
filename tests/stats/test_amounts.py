"""The mean of skewed amounts, with an interval that holds for long tails and for price lists."""

import numpy as np
import pytest

from bullseye.stats.amounts import mean_amount


@pytest.mark.parametrize("kind", ["long tail", "price list"])
def test_the_interval_covers_the_true_mean(kind: str) -> None:
    random = np.random.default_rng(6)
    covered = 0
    for _ in range(300):
        account = np.repeat(np.arange(30), random.integers(1, 4, 30))
        if kind == "long tail":
            values, true = np.exp(9 + random.normal(size=30)[account]), np.exp(9.5)
        else:
            values, true = (
                random.choice([10.0, 20, 50, 100], 30, p=[0.4, 0.3, 0.2, 0.1])[account],
                30,
            )
        found = mean_amount(values, account)
        covered += found.low is not None and found.low <= true <= (found.high or 0)
    assert covered / 300 > 0.91


def test_few_amounts_give_no_mean_and_unknown_ones_are_left_out() -> None:
    amounts, account = np.array([1.0, np.nan, 5.0, 0.0]), np.arange(4)
    found = mean_amount(amounts, account)
    assert (found.mean, found.n, found.accounts) == (None, 2, 2)


def test_equal_amounts_have_no_spread() -> None:
    found = mean_amount(np.full(10, 12.0), np.arange(10))
    assert (found.mean, found.low, found.high) == pytest.approx((12, 12, 12))
