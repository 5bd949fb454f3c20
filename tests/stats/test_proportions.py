"""Intervals of shares agree with the book and hold the truth as often as they say."""

import numpy as np
import pytest

from bullseye.stats.proportions import wilson


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)  # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3
def test_the_interval_is_the_published_one(count, n, low, high) -> None:
    share = wilson(count, n)
    assert (share.low, share.high) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    counts = np.random.default_rng(7).binomial(200, 0.12, 4000)
    covered = [
        wilson(int(count), 200).low <= 0.12 <= wilson(int(count), 200).high for count in counts
    ]
    assert 0.93 < np.mean(covered) < 0.97


def test_without_observations_nothing_is_known() -> None:
    assert wilson(0, 0)[1:3] == (0.0, 1.0)


def test_all_or_none_reach_the_end_of_the_scale() -> None:
    assert wilson(0, 9).low == 0.0
    assert wilson(9, 9).high == 1.0


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_an_impossible_count_is_refused(count, n) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(count, n)
