"""Probabilities are held against what happened."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bullseye.stats.calibration import bands, calibration_error, jeffreys, logistic_map
from bullseye.stats.logistic import logistic_fit


def test_the_map_is_the_logistic_regression_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    scores = rng.uniform(0, 100, 500)
    outcome = rng.random(500) < 1 / (1 + np.exp(3 - scores / 20))
    line = logistic_map(scores, outcome)
    theirs = LogisticRegression(C=np.inf).fit(scores[:, None], outcome)
    np.testing.assert_allclose(
        line.at(scores), theirs.predict_proba(scores[:, None])[:, 1], atol=0.005
    )


def test_weights_are_merged_cases() -> None:
    one = logistic_map([0, 0, 0, 10, 10], [0, 0, 1, 1, 0])
    merged = logistic_map([0, 10], [1 / 3, 1 / 2], [3, 2])
    np.testing.assert_allclose(one.at([0, 5, 10]), merged.at([0, 5, 10]), atol=0.05)


def test_an_unknown_score_has_the_base_rate_and_a_constant_one_too() -> None:
    assert logistic_map([1, 2, np.nan], [0, 1, 1]).at([np.nan])[0] == pytest.approx(2 / 3)
    assert logistic_map([5, 5, 5, 5], [0, 0, 0, 1]).at([5, 9]).tolist() == pytest.approx([0.25] * 2)
    assert logistic_map([np.nan] * 2, [0, 1]).at([np.nan, 3]).tolist() == [0.5, 0.5]


def test_ridge_logistic_regression_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(300, 4))
    y = rng.random(300) < 1 / (1 + np.exp(-x[:, 0]))
    design = np.column_stack([np.ones(300), x])
    ours = logistic_fit(design, y.astype(float), np.ones(300), ridge=2.0).beta
    theirs = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(ours, [*theirs.intercept_, *theirs.coef_[0]], atol=1e-5)


def test_true_probabilities_have_next_to_no_error_and_wrong_ones_much() -> None:
    rng = np.random.default_rng(3)
    p = rng.uniform(0.05, 0.95, 20_000)
    outcome = rng.random(20_000) < p
    assert calibration_error(p, outcome) < 0.015
    assert calibration_error(np.clip(p + 0.2, 0, 1), outcome) > 0.15


def test_equal_probabilities_stay_in_one_bin() -> None:
    outcome = np.repeat([True, False], [30, 70])
    assert calibration_error(np.full(100, 0.3), outcome) == pytest.approx(0)


def test_jeffreys_covers_and_knows_its_ends() -> None:
    rng = np.random.default_rng(4)
    counts = rng.binomial(40, 0.2, 2_000)
    inside = [jeffreys(int(k), 40) for k in counts]
    assert np.mean([share.low <= 0.2 <= share.high for share in inside]) > 0.93
    assert jeffreys(0, 10).low == 0
    assert jeffreys(10, 10).high == 1
    assert jeffreys(0, 0)[:3] == (0, 0, 1)


def test_bands_have_every_known_case_once() -> None:
    scores = [0, 10, 50, 99.9, 100, np.nan]
    found = bands(scores, [0.5] * 6, [True, False, True, True, False, True], [0, 50, 100])
    assert [(band.rate.n, band.rate.share) for band in found] == [
        (2, 0.5),
        (3, pytest.approx(2 / 3)),
    ]
