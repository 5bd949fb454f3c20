"""Two rates compared: difference, ratio, and how many cases would tell."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.stats.comparison import cases_needed, difference, ratio


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((14, 28, 16, 30), -0.21981, 0.28250),
        ((5, 100, 12, 100), -0.00817, 0.15505),
        ((0, 40, 3, 40), -0.01699, 0.19966),
        ((0, 40, 0, 40), -0.08863, 0.08863),
    ],
)
def test_the_difference_has_the_published_interval(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = difference(*counts)
    assert (round(found.low, 5), round(found.high, 5)) == (low, high)


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_every_table_has_an_interval_around_its_estimate(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    gap = difference(*a, *b)
    assert -1 <= gap.low <= gap.estimate <= gap.high <= 1
    times = ratio(*a, *b)
    if a[0] + b[0] == 0:
        assert math.isnan(times.estimate)
        assert (times.low, times.high) == (0.0, math.inf)
    else:
        assert 0 <= times.low <= times.estimate * (1 + 1e-9)
        assert times.estimate <= times.high * (1 + 1e-9)


@given(counts, counts)
def test_exchanging_the_groups_turns_the_difference_around(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    there, back = difference(*a, *b), difference(*b, *a)
    assert there.low == pytest.approx(-back.high, abs=1e-9)
    assert there.high == pytest.approx(-back.low, abs=1e-9)


@given(counts, counts)
def test_difference_and_ratio_agree_on_which_rate_is_higher(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    """Both invert the same score at equal rates; only rounding at the border may differ."""
    gap, times = difference(*a, *b), ratio(*a, *b)
    if gap.low > 1e-6:
        assert times.low > 1
    if times.low > 1 + 1e-6:
        assert gap.low > 0


def test_an_empty_group_tells_nothing() -> None:
    assert (difference(0, 0, 3, 5).low, difference(0, 0, 3, 5).high) == (-1, 1)
    assert ratio(0, 0, 3, 5).high == math.inf


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no rates"):
        difference(5, 3, 1, 2)


def test_a_smaller_difference_needs_more_cases() -> None:
    near, far = (cases_needed(0.2, 0.2 + gap, 0.5, gap=gap) for gap in (0.05, 0.1))
    assert near > 3 * far
    assert cases_needed(0.2, 0.2, 0.5, gap=0.0) == 10**9


def test_the_needed_cases_are_those_of_the_textbook() -> None:
    """3 % to 6 %: 729 to 749 per arm, by textbook and by measured power."""
    assert 1_440 < cases_needed(0.03, 0.06, 0.5, gap=0.03) < 1_510
