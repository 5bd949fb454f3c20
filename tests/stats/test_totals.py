"""Totals with unknown values: estimates whose intervals hold as often as they say."""

import numpy as np
import pytest

from bullseye.stats.totals import Count, Moments, total


def moments(known: np.ndarray, missing: int) -> Moments:
    sd = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    mean = float(known.mean()) if len(known) else 0.0
    return Moments(len(known), missing, float(known.sum()), mean, sd)


@pytest.mark.parametrize(("n", "missing"), [(40, 10), (40, 200), (200, 50)])
def test_the_interval_holds_the_true_total_about_as_often_as_it_says(n, missing):
    random = np.random.default_rng(7)
    held = 0
    for _ in range(2000):
        values = random.gamma(4.0, 25.0, n + missing)
        found = total(moments(values[:n], missing))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= values.sum() <= found.high
    assert 0.925 <= held / 2000 <= 0.975


def test_the_estimate_is_right_on_average():
    random = np.random.default_rng(11)
    errors = []
    for _ in range(2000):
        values = random.gamma(2.0, 50.0, 60)
        errors.append(total(moments(values[:20], 40)).estimate - values.sum())
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(len(errors))


def test_nothing_missing_is_certain_and_too_little_known_is_not_guessed():
    whole = total(moments(np.array([10.0, 20.0]), 0))
    assert (whole.low, whole.estimate, whole.high) == (30.0, 30.0, 30.0)
    for known in range(5):
        found = total(moments(np.full(known, 10.0), 3))
        assert (found.estimate, found.low, found.high) == (None, None, None)
    assert total(moments(np.full(5, 10.0), 3)).estimate == pytest.approx(80)


def test_the_interval_never_goes_below_what_is_known():
    found = total(moments(np.array([1.0, 1.0, 1.0, 1.0, 1000.0]), 1))
    assert found.low is not None
    assert found.low >= 1004.0


@pytest.mark.parametrize(
    ("count", "low", "estimate", "high"),
    [
        (Count(30, 70, 50), 30, 45.0, 80),
        (Count(0, 0, 9), 0, 0.0, 9),
        (Count(3, 0, 0), 3, 3.0, 3),
        (Count(0, 5, 5), 0, 0.0, 5),
    ],
)
def test_a_count_lies_between_none_and_all_of_the_unknown(count, low, estimate, high):
    assert (count.low, count.estimate, count.high) == (low, estimate, high)
