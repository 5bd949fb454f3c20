"""Which events precede an outcome: no look-ahead, exact intervals, and no effect of the season."""

import numpy as np
import pytest
from scipy import stats

from bullseye.stats.fading import LOOKS_BACK, half_life
from bullseye.stats.timing import (
    Events,
    RiskSets,
    Spells,
    ages,
    hazard_ratio,
    outcomes_needed,
    risk_sets,
    sum_of_draws,
)


def simulated(
    seed: int,
    *,
    effect: float = 0.0,
    half: float = 45.0,
    accounts: int = 500,
    season: bool = False,
    late: int = 0,
    per_year: float = 1.5,
) -> tuple[Spells, Events]:
    """Return weekly chances of an outcome over two years, and events that may raise them."""
    random = np.random.default_rng(seed)
    days = np.arange(0, 728, 7)
    rate = np.full(728, per_year / 365)
    if season:
        rate[300:360] *= 6
    hit = random.random((accounts, 728)) < rate
    account, occurred = np.nonzero(hit)
    hazard = np.full((accounts, len(days)), np.log(0.008))
    for a, d in zip(account, occurred, strict=True):
        age = days - d
        hazard[a] += np.where(age >= 0, effect * np.exp2(-np.maximum(age, 0) / half), 0)
    if season:
        hazard[:, (days >= 300) & (days < 420)] += 1.2
    happens = random.random(hazard.shape) < -np.expm1(-np.exp(hazard))
    ever = happens.any(axis=1)
    last = np.where(ever, days[happens.argmax(axis=1)] + random.integers(1, 8, accounts), 728)
    spells = Spells(np.arange(accounts), np.zeros(accounts, dtype=np.int64), last, ever)
    return spells, Events(account, occurred, occurred + late)


def found(spells: Spells, events: Events, window: int = 60):
    sets = risk_sets(spells, by_age=False)
    return hazard_ratio(sets, ages(sets, events, most=window), window=window)


def test_the_sum_of_unlike_draws_is_their_distribution():
    p = np.random.default_rng(1).random(9)
    direct = np.ones(1)
    for each in p:
        direct = np.convolve(direct, [1 - each, each])
    assert sum_of_draws(p) == pytest.approx(direct, abs=1e-12)
    assert sum_of_draws(np.full(300, 0.3)) == pytest.approx(
        stats.binom.pmf(np.arange(301), 300, 0.3), abs=1e-12
    )


def test_an_event_counts_only_once_it_was_known():
    spells = Spells(np.array([0, 1]), np.array([0, 0]), np.array([50, 90]), np.array([True, False]))
    sets = risk_sets(spells, by_age=False)
    known = Events(np.array([0]), np.array([40]), np.array([49]))
    late = Events(np.array([0]), np.array([40]), np.array([50]))
    assert ages(sets, known, most=30).age.tolist() == [10]
    assert ages(sets, late, most=30).age.tolist() == []


def test_only_spells_of_the_same_day_and_about_the_same_age_are_compared():
    began = np.array([0, 0, 95, 0, 101])
    ended = np.array([100, 99, 200, 400, 300])
    spells = Spells(np.arange(5), began, ended, np.array([True, False, False, False, False]))
    any_age = risk_sets(spells, by_age=False)
    same_age = risk_sets(spells, by_age=True)
    assert sorted(any_age.row_account.tolist()) == [0, 2, 3]
    assert sorted(same_age.row_account.tolist()) == [0, 3]


def test_an_effect_is_found_and_its_interval_holds_it():
    ratio = found(*simulated(1, effect=1.2, half=400.0))
    assert ratio.p < 0.001
    assert ratio.low > 1.5
    assert ratio.low < np.exp(1.2) < ratio.high


def test_intervals_hold_one_when_nothing_has_an_effect():
    ratios = [found(*simulated(seed, accounts=150)) for seed in range(200)]
    held = np.mean([each.low <= 1 <= each.high for each in ratios])
    alarms = np.mean([each.p <= 0.05 for each in ratios])
    assert 0.91 <= held <= 0.99
    assert alarms <= 0.07


def test_a_season_in_which_both_come_is_no_effect():
    alarms = 0
    for seed in range(60):
        spells, events = simulated(seed, season=True, accounts=250)
        alarms += found(spells, events).p <= 0.05
    assert alarms / 60 <= 0.1


def test_an_event_seen_only_after_the_outcome_precedes_nothing():
    spells, events = simulated(2, effect=0.0)
    before = found(spells, events)
    after = Events(
        np.concatenate([events.account, spells.account[spells.happened]]),
        np.concatenate([events.occurred, spells.ended[spells.happened]]),
        np.concatenate([events.known, spells.ended[spells.happened] + 1]),
    )
    assert found(spells, after) == before


def test_no_exposed_outcome_leaves_the_ratio_open_below():
    spells, events = simulated(3, per_year=0.02, accounts=80)
    unexposed = Events(events.account[:0], events.occurred[:0], events.known[:0])
    nothing = found(spells, unexposed)
    assert (nothing.ratio, nothing.low, nothing.high, nothing.p) == (1.0, 0.0, np.inf, 1.0)
    assert nothing.exposed == 0


def test_a_sample_of_those_at_risk_gives_the_same_answer():
    spells, events = simulated(4, effect=1.0, accounts=1500, half=300.0)
    ratio = found(spells, events)
    assert ratio.low < np.exp(0.95) < ratio.high
    assert ratio.outcomes == int(spells.happened.sum())


def test_a_planted_half_life_lies_in_its_interval():
    hits = told = 0
    for seed in range(6):
        spells, events = simulated(seed, effect=1.6, half=30.0, accounts=900)
        sets = risk_sets(spells, by_age=False)
        fit = half_life(sets, ages(sets, events, most=LOOKS_BACK))
        told += fit.tells
        hits += fit.tells and (fit.low or 0) <= 30 <= (fit.high or np.inf)
    assert told >= 5
    assert hits >= told - 1


def test_without_an_effect_there_is_no_half_life_to_tell():
    told = 0
    for seed in range(40):
        spells, events = simulated(seed, accounts=150)
        sets = risk_sets(spells, by_age=False)
        told += half_life(sets, ages(sets, events, most=LOOKS_BACK)).tells
    assert told <= 5


def test_nothing_at_risk_is_answered_and_not_a_mistake():
    empty = np.zeros(0, dtype=np.int64)
    sets = risk_sets(Spells(empty, empty, empty, empty.astype(bool)), by_age=True)
    seen = ages(sets, Events(empty, empty, empty), most=90)
    assert isinstance(sets, RiskSets)
    assert hazard_ratio(sets, seen, window=90).outcomes == 0
    assert half_life(sets, seen).days is None


def test_outcomes_needed_grow_as_the_effect_shrinks():
    strong, weak = (outcomes_needed(r, 0.2, level=0.05) for r in (2.0, 1.3))
    assert strong == 103
    assert weak is not None
    assert weak > 600
    assert outcomes_needed(1.0, 0.2, level=0.05) is None
