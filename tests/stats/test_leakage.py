"""Leakage: signs of fields that the outcome filled, and none where there are none."""

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from bullseye.stats.leakage import (
    FEWEST,
    contrast,
    held_out_scores,
    order_tells,
    separations,
)

FIELDS, WORLDS = 20, 60


@pytest.fixture
def rng() -> Generator:
    return default_rng(8)


def honest(rng: Generator, n: int, *, fill: bool) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return fields that were known before, and an outcome that two of them have an effect on.

    With `fill`, how often a field is known depends on one that has an effect.
    """
    size, industry = rng.integers(0, 3, n), rng.integers(0, 6, n)
    effect = 0.8 * (size == 1) - 0.5 * (size == 2) + 0.8 * (industry == 0)
    yes = rng.random(n) < 1 / (1 + np.exp(1.4 - effect))
    fields = {"size": size, "industry": industry}
    fields |= {f"f{at}": rng.integers(0, 7, n) for at in range(FIELDS - 2)}
    for name, codes in fields.items():
        share = rng.uniform(0.2, 1) * (np.array([0.7, 1.0, 1.3])[size] if fill else np.ones(n))
        fields[name] = np.where(rng.random(n) < share, codes, -1)
    return fields, yes


@pytest.mark.parametrize("fill", [False, True])
@pytest.mark.parametrize("n", [100, 600])
def test_no_honest_field_is_refused(rng: Generator, n: int, *, fill: bool) -> None:
    refused = 0
    for _ in range(WORLDS):
        fields, yes = honest(rng, n, fill=fill)
        found = [contrast(codes >= 0, yes, looks=FIELDS) for codes in fields.values()]
        refused += sum(each is not None and each.is_strong for each in found)
    fields, yes = honest(rng, n, fill=fill)
    judged = separations(fields, yes, np.arange(n))
    assert refused <= 1
    assert not any(each.is_perfect or each.is_lonely for each in judged.values())


def test_a_field_that_is_filled_after_winning_is_seen_from_two_hundred_cases_on(
    rng: Generator,
) -> None:
    caught = 0
    for _ in range(WORLDS):
        yes = rng.random(200) < 0.28
        found = contrast(rng.random(200) < np.where(yes, 0.7, 0.15), yes, looks=FIELDS)
        caught += found is not None and found.is_strong
    assert caught / WORLDS >= 0.95


def test_the_interval_of_the_odds_covers_the_truth(rng: Generator) -> None:
    truth, covered = (0.6 / 0.4) / (0.3 / 0.7), 0
    yes = np.arange(300) < 100
    for _ in range(1000):
        found = contrast(rng.random(300) < np.where(yes, 0.6, 0.3), yes)
        assert found is not None
        covered += found.low <= truth <= found.high
    assert 0.935 <= covered / 1000 <= 0.97


def test_too_few_cases_are_not_judged() -> None:
    yes = np.arange(FEWEST * 2 - 1) < FEWEST - 1
    assert contrast(yes, yes) is None
    assert separations({"a": yes.astype(np.int64)}, yes, np.arange(len(yes))) == {}


def test_a_perfect_separator_is_seen_and_hides_nothing_else(rng: Generator) -> None:
    yes = rng.random(1000) < 0.3
    strong = np.where(rng.random(1000) < 0.8, yes, rng.random(1000) < 0.3).astype(np.int64)
    weak = rng.integers(0, 4, 1000)
    found = separations(
        {"copy": yes.astype(np.int64), "strong": strong, "weak": weak}, yes, np.arange(1000)
    )
    assert found["copy"].is_perfect
    assert found["strong"].is_lonely
    assert not found["strong"].is_perfect
    assert found["weak"].gain is None


def test_a_name_scores_nothing_once_its_own_account_is_held_out(rng: Generator) -> None:
    groups = np.repeat(np.arange(200), 5)
    yes = np.repeat(rng.random(200) < 0.4, 5)
    scores = held_out_scores(groups, yes, groups)
    assert np.ptp(scores) < 0.5
    assert not separations({"name": groups}, yes, groups)["name"].is_perfect


def test_serial_numbers_in_the_outcomes_order_are_told(rng: Generator) -> None:
    numbers = np.arange(500.0)
    groups = np.arange(500)
    assert order_tells(numbers, rng.random(500) < 0.3, groups) is None
    found = order_tells(numbers, rng.random(500) < numbers / 500, groups)
    assert found is not None
    assert found.value > 0.7
    assert order_tells(np.full(500, np.nan), rng.random(500) < 0.3, groups) is None


def test_time_that_passed_is_no_sign_once_equal_days_are_compared(rng: Generator) -> None:
    covered = strong = 0
    for _ in range(400):
        day = rng.integers(0, 4, 500)
        yes = rng.random(500) < np.array([0.5, 0.3, 0.2, 0.1])[day]
        edited = rng.random(500) < np.array([0.6, 0.4, 0.2, 0.1])[day]
        apart, together = contrast(edited, yes, strata=day), contrast(edited, yes)
        assert together is not None
        assert apart is not None
        covered += apart.low <= 1 <= apart.high
        strong += together.low > 1
        assert not apart.is_strong
    assert 0.93 <= covered / 400 <= 0.98
    assert strong / 400 > 0.7


def test_the_odds_over_one_stratum_are_the_plain_odds_with_woolfs_interval() -> None:
    yes = np.arange(200) < 80
    has = np.concatenate([np.arange(80) < 50, np.arange(120) < 30])
    a, b, c, d = 50.5, 30.5, 30.5, 90.5
    found = contrast(has, yes)
    assert found is not None
    assert found.odds == pytest.approx(a * d / (b * c), rel=1e-12)
    reach = 1.959963984540054 * (1 / a + 1 / b + 1 / c + 1 / d) ** 0.5
    assert np.log(found.high / found.odds) == pytest.approx(reach, rel=1e-9)
