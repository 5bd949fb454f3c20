"""Rates of cases that come in accounts: the interval counts accounts, not rows."""

import numpy as np
import pytest

from bullseye.stats.clusters import Clustered
from bullseye.stats.proportions import wilson


def world(
    random: np.random.Generator, accounts: int, alike: float, rates: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases of accounts, a fifth of them in group 1; `alike` is the correlation within one."""
    account = np.repeat(np.arange(accounts), random.integers(1, 7, accounts))
    group = (random.random(accounts) < 0.2)[account].astype(np.int64)
    own, common = random.random(len(account)), random.random(accounts)[account]
    copied = random.random(len(account)) < alike**0.5
    happened = np.where(copied, common, own) < np.where(group == 1, rates[1], rates[0])
    return happened, account, group


def test_one_case_per_account_gives_wilsons_interval() -> None:
    happened = np.arange(100) < 43
    found = Clustered.of(happened, np.arange(100), np.zeros(100, dtype=np.int64), 1).rate(0)
    plain = wilson(43, 100)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
    assert (found.n, found.accounts, found.effective) == (100, 100, 100)


def test_cases_of_one_account_that_say_the_same_count_once() -> None:
    happened, account = np.repeat(np.arange(40) < 12, 10), np.repeat(np.arange(40), 10)
    found = Clustered.of(happened, account, np.zeros(400, dtype=np.int64), 1).rate(0)
    assert (found.n, found.accounts) == (400, 40)
    assert found.effective == pytest.approx(40, rel=0.01)


def test_an_empty_group_is_unknown() -> None:
    cases = Clustered.of(np.array([True]), np.array([0]), np.array([0]), 2)
    assert (cases.rate(1).low, cases.rate(1).high, cases.rate(1).n) == (0, 1, 0)
    assert (cases.difference(0, 1).low, cases.difference(0, 1).high) == (-1, 1)
    empty = np.array([], dtype=np.int64)
    assert Clustered.of(empty.astype(bool), empty, empty, 2).rate(0).n == 0


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_intervals_cover_what_is_true_and_call_no_difference_better(alike: float) -> None:
    random = np.random.default_rng(11)
    covered, better, runs = np.zeros(3), 0, 300
    for _ in range(runs):
        cases = Clustered.of(*world(random, 150, alike, (0.2, 0.35)), 2)
        rate, gap, times = cases.rate(1), cases.difference(0, 1), cases.ratio(0, 1)
        covered += (
            rate.low <= 0.35 <= rate.high,
            gap.low <= 0.15 <= gap.high,
            times.low <= 1.75 <= times.high,
        )
        better += Clustered.of(*world(random, 150, alike, (0.2, 0.2)), 2).difference(0, 1).low > 0
    assert (covered / runs > 0.92).all()
    assert better / runs < 0.05


def test_the_lift_is_over_everyone_and_never_above_what_the_share_allows() -> None:
    random = np.random.default_rng(3)
    cases = Clustered.of(*world(random, 400, 0.0, (0.1, 0.4)), 2)
    lift = cases.lift(0, 1)
    yes, n = cases.yes.sum(axis=0), cases.n.sum(axis=0)
    assert lift.estimate == pytest.approx((yes[1] / n[1]) / (yes.sum() / n.sum()))
    assert 1 < lift.low < lift.estimate < lift.high <= 1 / cases.share(0, 1)


def test_a_contrast_of_the_same_selection_is_nothing() -> None:
    random = np.random.default_rng(4)
    cases = Clustered.of(*world(random, 100, 0.2, (0.2, 0.2)), 2)
    same = cases.contrast({1: 0.0})
    assert (same.estimate, same.low, same.high) == (0, 0, 0)
    alone = cases.contrast({1: 1.0})
    assert (alone.low, alone.high) == pytest.approx((cases.rate(1).low, cases.rate(1).high))
