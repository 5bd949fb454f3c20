"""Watching a rate: alarms as rarely as stated, and says what it could not have seen."""

import numpy as np
import pytest

from bullseye.stats import drift
from bullseye.stats.drift import Reference, observed_expected, watch

MIX, RATES = np.array([0.15, 0.25, 0.6]), np.array([0.45, 0.3, 0.18])


def year(
    random: np.random.Generator, monthly: int, left: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    n = random.multinomial(monthly, MIX, 12)
    return random.binomial(n, left * RATES), n


def past(random: np.random.Generator, cases: int) -> Reference:
    n = random.multinomial(cases, MIX)
    return Reference(random.binomial(n, RATES).astype(float), n.astype(float))


def test_healthy_years_alarm_about_as_often_as_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "YEARS", 1_000)
    random, alarms = np.random.default_rng(1), 0
    for number in range(200):
        alarms += watch(*year(random, 30), past(random, 360), seed=number).alarm_at is not None
    assert 0.04 < alarms / 200 < 0.17


def test_a_drop_is_seen_and_dated() -> None:
    random = np.random.default_rng(2)
    (early, n), (late, m) = year(random, 100), year(random, 100, 0.5)
    yes, cases = np.vstack([early[:6], late[:6]]), np.vstack([n[:6], m[:6]])
    found = watch(yes, cases, past(random, 1_200))
    assert found.alarm_at is not None
    assert found.since is not None
    assert 4 <= found.since <= found.alarm_at
    assert 6 <= found.alarm_at <= 8


def test_few_cases_can_see_little_and_many_much() -> None:
    random = np.random.default_rng(3)
    few, many = (watch(*year(random, n), past(random, 12 * n)) for n in (8, 100))
    assert few.caught_in_quarter < 0.3
    assert many.caught_in_quarter > 0.9
    assert few.false_alarms <= 0.1
    assert many.false_alarms == pytest.approx(0.1, abs=0.01)


def test_cases_that_come_in_accounts_raise_the_limits() -> None:
    random = np.random.default_rng(4)
    (yes, n), before = year(random, 60), past(random, 720)
    plain, clustered = (watch(yes, n, before, inflation=each) for each in (1.0, 2.0))
    assert clustered.sum_limit > plain.sum_limit
    assert clustered.caught < plain.caught


def test_what_we_do_not_want_alarms_when_it_rises() -> None:
    random = np.random.default_rng(9)
    before = past(random, 1_200)
    (low, n), (high, m) = year(random, 100, 0.6), year(random, 100, 1.6)
    assert watch(low, n, before, rises=True).alarm_at is None
    assert watch(high, m, before, rises=True).alarm_at is not None


def test_the_same_seed_gives_the_same_limits_and_short_watches_work() -> None:
    random = np.random.default_rng(5)
    (yes, n), before = year(random, 20), past(random, 240)
    assert watch(yes, n, before) == watch(yes, n, before)
    short = watch(yes[:2], n[:2], before)
    assert short.zs == (None, None)
    assert watch(0 * yes, 0 * n, before).alarm_at is None


@pytest.mark.parametrize("true", [1.0, 0.6])
def test_observed_over_expected_covers_the_true_ratio(true: float) -> None:
    random, covered = np.random.default_rng(6), 0
    for _ in range(400):
        yes, n = year(random, 20, true)
        found = observed_expected(yes[:3].sum(axis=0), n[:3].sum(axis=0), past(random, 240))
        covered += found.low is not None and found.low <= true <= (found.high or 0)
    assert covered / 400 > 0.92


def test_where_nothing_is_expected_there_is_no_ratio() -> None:
    nothing = np.zeros(3, dtype=np.int64)
    found = observed_expected(nothing, nothing, past(np.random.default_rng(7), 100))
    assert (found.ratio, found.n) == (None, 0)
