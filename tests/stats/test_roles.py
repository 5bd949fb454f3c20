"""Learning a stated probability from few cases: it gives way to what is seen, with its interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.stats.role_tests import gained, held, named
from bullseye.stats.roles import learnt_share, logit, recalibration

PROBABILITIES = st.floats(0.01, 0.99)


@given(PROBABILITIES, st.integers(0, 200), st.floats(0, 1))
def test_a_learnt_share_lies_within_its_interval(stated: float, n: int, share: float) -> None:
    found = learnt_share(stated, round(share * n), n)
    assert 0 < found.low < found.mean < found.high < 1
    assert found.error > 0


def test_without_cases_the_stated_share_nearly_holds() -> None:
    assert learnt_share(0.7, 0, 0).mean == pytest.approx(0.66)


def test_a_contradicted_share_gives_way_faster_than_its_strength() -> None:
    plain = (20 * 0.9 + 3) / (20 + 30)
    assert learnt_share(0.9, 3, 30).mean < plain / 2


@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("truth", [0.1, 0.5, 0.8])
def test_intervals_hold_the_truth_though_the_stated_share_is_off(n: int, truth: float) -> None:
    random = np.random.default_rng(n)
    off = 1 / (1 + np.exp(-(logit(truth) + random.normal(0, 1, 300))))
    counts = random.binomial(n, truth, 300)
    found = [learnt_share(float(p), int(c), n) for p, c in zip(off, counts, strict=True)]
    assert np.mean([each.low <= truth <= each.high for each in found]) >= 0.92


def test_right_odds_are_left_alone_and_wrong_ones_corrected() -> None:
    random = np.random.default_rng(5)
    x = random.normal(0, 2, 4000)
    right = random.random(4000) < 1 / (1 + np.exp(-x))
    same, half = recalibration(x, right), recalibration(2 * x, right)
    assert (same.intercept, same.slope) == pytest.approx((0, 1), abs=0.1)
    assert half.slope == pytest.approx(0.5, abs=0.05)
    assert half.at(4.0) == pytest.approx(2.0, abs=0.2)
    assert half.error(4.0) < 0.3


def test_few_cases_correct_little() -> None:
    found = recalibration(np.array([0.7, 0.7, -0.7]), np.array([False, False, True]))
    assert found.slope > 0.7


def test_what_separates_exactly_stays_finite() -> None:
    x = np.repeat([-6.0, 6.0], 500)
    found = recalibration(x, x > 0)
    assert np.isfinite([found.intercept, found.slope]).all()


def test_precision_counts_the_named_and_coverage_everybody() -> None:
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.5], [0.75, 0.7]])
    is_role = np.array([[True, False], [True, False], [True, False], [False, True]])
    found = named(p, is_role, 0.7)
    assert (found.precision.n, found.precision.share) == (3, pytest.approx(1 / 3))
    assert (found.coverage.n, found.coverage.share) == (4, 0.75)
    assert found.macro_f1.low <= found.macro_f1.value <= found.macro_f1.high
    nobody = named(p, is_role, 0.95)
    assert (nobody.precision.n, nobody.macro_f1.value) == (0, 0.0)


def test_unknown_labels_are_not_judged() -> None:
    p, is_role = np.array([[0.5, 0.9]]), np.array([[True, False]])
    assert held(p, is_role, np.array([[True, False]])).brier.value == 0.25


def test_a_gain_of_nothing_is_told_from_a_gain() -> None:
    random = np.random.default_rng(8)
    truth = random.random((400, 1))
    is_role = random.random((400, 1)) < truth
    known, flat = np.ones_like(is_role), np.full((400, 1), 0.5)
    assert gained(truth, flat, is_role, known).low > 0
    assert gained(flat, flat, is_role, known).value == 0
