"""AUC, its difference, and the rate at the top: values as scikit-learn's, intervals that cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from bullseye.stats.discrimination import auc, auc_difference, top


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=60))
def test_the_auc_is_that_of_scikit_learn(cases: list[tuple[int, bool]]) -> None:
    scores, outcome = (np.array(column) for column in zip(*cases, strict=True))
    if outcome.all() or not outcome.any():
        with pytest.raises(ValueError, match="both outcomes"):
            auc(scores, outcome)
        return
    found = auc(scores, outcome)
    assert found.value == pytest.approx(metrics.roc_auc_score(outcome, scores), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_variance_is_delongs() -> None:
    """The error of DeLong's formula, written out over all pairs."""
    rng = np.random.default_rng(1)
    yes, no = rng.normal(1, 1, 40), rng.normal(0, 1, 60)
    wins = (yes[:, None] > no).astype(float)
    by_yes, by_no = wins.mean(axis=1), wins.mean(axis=0)
    error = np.sqrt(by_yes.var(ddof=1) / 40 + by_no.var(ddof=1) / 60)
    found = auc(np.concatenate([yes, no]), np.repeat([True, False], [40, 60]))
    ends = np.log([found.low / (1 - found.low), found.high / (1 - found.high)])
    ours = (ends[1] - ends[0]) / 2 / 2.0227 * found.value * (1 - found.value)
    assert ours == pytest.approx(error, rel=0.02)


def coverage(n: int, per_account: int, *, clustered: bool, runs: int = 400) -> float:
    """The share of intervals that hold the true AUC, .76, of accounts with several cases each."""
    rng = np.random.default_rng(per_account)
    held = 0
    for _ in range(runs):
        accounts = rng.normal(size=n)
        outcome = np.repeat(rng.random(n) < 0.4, per_account)
        scores = np.repeat(accounts, per_account) + outcome
        found = auc(
            scores, outcome, clusters=np.repeat(np.arange(n), per_account) if clustered else None
        )
        held += found.low <= 0.7602 <= found.high
    return held / runs


@pytest.mark.parametrize("per_account", [1, 4])
def test_the_interval_covers_though_an_account_has_several_cases(per_account: int) -> None:
    assert 0.93 <= coverage(80, per_account, clustered=True) <= 0.98


def test_ignoring_the_accounts_would_promise_too_much() -> None:
    assert coverage(80, 4, clustered=False) < 0.8


def test_a_perfect_score_is_bounded_by_the_number_of_cases() -> None:
    few = auc([0, 0, 0, 1, 1, 1], [False] * 3 + [True] * 3)
    many = auc(np.repeat([0, 1], 100), np.repeat([False, True], 100))
    assert few.value == many.value == few.high == 1
    assert few.low < 0.5
    assert 0.95 < many.low < 1
    assert auc([1, 1, 0, 0], [False, False, True, True]).low == 0


def test_a_difference_of_paired_scores_is_sharper_than_of_apart_ones() -> None:
    rng = np.random.default_rng(2)
    outcome = rng.random(500) < 0.3
    shared = rng.normal(size=500) + outcome
    one, other = shared + 0.1 * rng.normal(size=500), shared + rng.normal(size=500)
    found = auc_difference(one, other, outcome)
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(auc(one, outcome).value - auc(other, outcome).value)
    apart = auc(one, outcome).high - auc(one, outcome).low
    assert found.high - found.low < apart * 1.3
    assert auc_difference(one, one, outcome)[:3] == (0, 0, 0)


def test_the_interval_of_a_difference_covers_none() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        accounts = np.repeat(np.arange(60), 3)
        outcome = np.repeat(rng.random(60) < 0.4, 3)
        base = np.repeat(rng.normal(size=60), 3) + outcome
        one, other = (base + np.repeat(rng.normal(size=60), 3) for _ in range(2))
        found = auc_difference(one, other, outcome, clusters=accounts)
        held += found.low <= 0 <= found.high
    assert 0.925 <= held / 400 <= 0.98


def test_ties_at_the_cut_count_in_part() -> None:
    outcome = np.array([True, True, False, False, False, False, False, False, False, False])
    found = top([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], outcome, 0.2)
    assert found.rate.value == pytest.approx(0.5)
    assert found.lift.value == pytest.approx(2.5)


def test_rate_and_lift_at_the_top_cover_the_truth() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(size=400_000)
    p = 1 / (1 + np.exp(1.5 - truth))
    best = p[truth >= np.quantile(truth, 0.8)].mean()
    rates, lifts = 0, 0
    for _ in range(400):
        scores = np.repeat(rng.normal(size=150), 2)
        outcome = np.repeat(rng.random(150) < 1 / (1 + np.exp(1.5 - scores[::2])), 2)
        found = top(scores, outcome, 0.2, clusters=np.repeat(np.arange(150), 2))
        rates += found.rate.low <= best <= found.rate.high
        lifts += found.lift.low <= best / p.mean() <= found.lift.high
    assert 0.92 <= rates / 400 <= 0.985
    assert 0.92 <= lifts / 400 <= 0.985


def test_no_case_with_the_outcome_at_the_top_is_a_rate_of_none_with_a_bound() -> None:
    found = top([3, 2, 1, 0], [False, False, True, True], 0.5)
    assert found.rate.value == found.lift.value == 0
    assert found.rate.high > 0.5
