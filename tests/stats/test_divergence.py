"""Divergence between two groups: about zero where there is none, with an interval that holds it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.stats.divergence import MIN_USES, divergence

IDEA = np.array([0, 0, 0, 1, 1])
SAME = np.array([0.5, 0.3, 0.2, 0.7, 0.3])
OTHER = np.array([0.1, 0.2, 0.7, 0.2, 0.8])
TRUE_DIVERGENCE = 0.2048
"""Of SAME and OTHER with as many uses of one idea as 3 to 2, from its formula."""


def texts(shares: NDArray[np.float64], n: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return n texts with three uses of the first idea and two of the second."""
    return np.array(
        [
            np.r_[random.multinomial(3, shares[:3]), random.multinomial(2, shares[3:])]
            for _ in range(n)
        ]
    )


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    held = 0
    for seed in range(80):
        one, other = texts(SAME, 40, random), texts(OTHER, 40, random)
        found = divergence(one, other, IDEA, draws=199, seed=seed)
        held += found.low <= TRUE_DIVERGENCE <= found.high
    assert held >= 70  # 95 % of 80 is 76; 70 or fewer happens once in 300


def test_two_groups_of_one_language_are_hardly_ever_told_apart() -> None:
    random = np.random.default_rng(6)
    found = [
        divergence(texts(SAME, 30, random), texts(SAME, 30, random), IDEA, draws=199, seed=seed)
        for seed in range(80)
    ]
    assert sum(each.is_told for each in found) <= 10  # 5 % of 80 is 4
    assert all(each.low == 0 for each in found if not each.is_told)
    assert np.mean([each.estimate for each in found]) < 0.02


def test_words_none_of_which_are_common_are_fully_apart() -> None:
    one, other = np.tile([[2, 0]], (40, 1)), np.tile([[0, 2]], (40, 1))
    found = divergence(one, other, np.array([0, 0]))
    assert found.is_told
    assert found.high == 1
    assert found.estimate == pytest.approx(1, abs=0.02)


def test_ideas_that_only_one_group_names_say_nothing() -> None:
    one = np.array([[20, 20, 100]])
    other = np.array([[20, 20, 0]])
    found = divergence(one, other, np.array([0, 0, 1]))
    assert (found.n_one, found.n_other) == (40, 40)
    assert not found.is_told


def test_too_few_uses_say_how_many_are_missing() -> None:
    found = divergence(np.array([[5, 2]]), np.array([[50, 2]]), np.array([0, 0]))
    assert np.isnan(found.estimate)
    assert found.more == MIN_USES - 7
    none = divergence(np.zeros((0, 2), np.int64), np.array([[5, 5]]), np.array([0, 0]))
    assert (none.n_one, none.more) == (0, MIN_USES)


def test_the_number_still_missing_would_do() -> None:
    one, other = np.array([[30, 10]]), np.array([[24, 16]])
    found = divergence(one, other, np.array([0, 0]))
    assert not found.is_told
    assert found.more is not None
    times = (found.more + 40) // 40 + 1
    assert divergence(one * times, other * times, np.array([0, 0])).is_told


def test_the_same_seed_gives_the_same_numbers() -> None:
    one, other = (
        texts(SAME, 20, np.random.default_rng(1)),
        texts(OTHER, 20, np.random.default_rng(2)),
    )
    assert divergence(one, other, IDEA, seed=3) == divergence(one, other, IDEA, seed=3)
