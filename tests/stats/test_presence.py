"""Standardised differences: intervals hold the truth, one account is one voice."""

import numpy as np
import pytest
from scipy.special import expit

from bullseye.stats.presence import Setting, fitted, watched_weights


def world(seed: int, effect: float, n: int = 1_200) -> tuple[Setting, np.ndarray, np.ndarray]:
    """Cases of two stages and one size; larger ones have the thing and are won more often."""
    rng = np.random.default_rng(seed)
    size, stage = rng.normal(size=n), rng.integers(0, 2, n)
    present = rng.random(n) < expit(0.9 * size + 0.5 * stage)
    odds = -1.5 + 0.8 * size + 0.7 * stage + effect * present
    setting = Setting(stage, size[:, None], np.zeros((n, 0), dtype=bool))
    return setting, present, rng.random(n) < expit(odds)


def truth(effect: float) -> float:
    """The mean difference over all cases, from the model the world is drawn from."""
    setting, _, _ = world(10_000, effect, 200_000)
    without = -1.5 + 0.8 * setting.numbers[:, 0] + 0.7 * setting.stage
    return float((expit(without + effect) - expit(without)).mean())


@pytest.mark.parametrize("effect", [0.0, 0.9])
def test_the_interval_holds_the_difference_that_was_planted(effect: float) -> None:
    true, held, naive = truth(effect), 0, 0
    for seed in range(60):
        setting, present, yes = world(seed, effect)
        model = fitted(setting, present, yes, np.arange(len(yes)))
        found = model.difference(setting, np.full(len(yes), 1 / len(yes)))
        held += found.low <= true <= found.high
        naive += abs(yes[present].mean() - yes[~present].mean() - true) < 0.05
    assert held >= 53  # 95 % of 60, less three standard deviations
    assert naive <= 5  # size makes the raw difference too large


def test_cases_of_one_account_are_one_voice() -> None:
    setting, present, yes = world(3, 0.5, 400)
    four = np.repeat(np.arange(400), 4)
    repeated = setting.taken(four)
    mean = np.full(1_600, 1 / 1_600)
    single = fitted(setting, present, yes, np.arange(400)).difference(setting, mean[:400] * 4)
    clustered = fitted(repeated, present[four], yes[four], four).difference(repeated, mean)
    alone = fitted(repeated, present[four], yes[four], np.arange(1_600)).difference(repeated, mean)
    width = single.high - single.low
    assert clustered.high - clustered.low == pytest.approx(width, rel=0.15)
    assert alone.high - alone.low < 0.6 * width


def test_a_number_that_is_not_known_is_a_case_of_its_own() -> None:
    setting, present, yes = world(4, 0.5)
    setting.numbers[::3] = np.nan
    model = fitted(setting, present, yes, np.arange(len(yes)))
    found = model.difference(setting, np.full(len(yes), 1 / len(yes)))
    assert np.isfinite(found).all()


def test_a_presence_that_separates_the_ends_stays_finite() -> None:
    setting, present, _ = world(5, 0.0, 300)
    found = fitted(setting, present, present, np.arange(300)).difference(setting, np.ones(300))
    assert np.isfinite(found).all()
    assert found.low > 0


def test_the_same_amounts_twice_are_twice_the_money() -> None:
    setting, present, yes = world(6, 0.6, 500)
    model = fitted(setting, present, yes, np.arange(500))
    once, twice = (model.difference(setting, np.full(500, amount)) for amount in (10.0, 20.0))
    assert twice == pytest.approx([2 * each for each in once])


def test_weights_stand_for_those_that_were_not_watched_long_enough() -> None:
    rng = np.random.default_rng(1)
    days, could = rng.exponential(60, 20_000), rng.uniform(0, 300, 20_000)
    ended = np.where(days <= could, days, np.nan)
    weight = watched_weights(ended, could, 90)
    share = weight[np.nan_to_num(ended, nan=1e9) <= 90].sum() / weight.sum()
    closed = (ended[np.isfinite(ended)] <= 90).mean()
    assert share == pytest.approx(1 - np.exp(-90 / 60), abs=0.015)
    assert closed > share + 0.05  # counting closed ones only would take fast ones for all
