"""Whether factors work together is told only where the cells are full enough."""

from math import exp

import numpy as np
import pytest

from bullseye.stats.interaction import together


def simulated(seed: int, n: int, *, three: float = 0.0, two: float = 0.0):
    random = np.random.default_rng(seed)
    a, b, c = (random.random(n) < 0.5 for _ in range(3))
    log_odds = -0.5 + 0.6 * a + 0.4 * b + 0.3 * c + two * (a & b) + three * (a & b & c)
    happened = random.random(n) < 1 / (1 + np.exp(-log_odds))
    return together({"account": a, "role": b, "time": c}, happened)


@pytest.mark.parametrize(("two", "three"), [(0.0, 0.0), (0.8, 0.0), (0.0, 1.0)])
def test_intervals_hold_the_true_contrasts(two, three):
    held = np.zeros(2)
    for seed in range(400):
        found = simulated(seed, 600, two=two, three=three)
        contrasts = {each.factors: each for each in found.contrasts}
        whole = contrasts["account", "role", "time"]
        held[1] += whole.low <= exp(three) <= whole.high
        pair = contrasts["account", "role"]
        held[0] += pair.low <= exp(two + three / 2) <= pair.high
    assert 0.93 <= held[1] / 400 <= 0.985
    assert 0.92 <= held[0] / 400 <= 0.985


def test_all_contrasts_of_two_and_three_are_asked():
    found = simulated(1, 800)
    assert [len(each.factors) for each in found.contrasts] == [2, 2, 2, 3]
    assert len(found.cells) == 8
    assert sum(cell.share.n for cell in found.cells) == found.n == 800


def test_a_thin_cell_cannot_tell():
    found = simulated(2, 40, two=3.0)
    assert {each.answer for each in found.contrasts} == {"cannot tell yet"}
    assert min(each.thinnest for each in found.contrasts) < 5


def test_a_strong_effect_of_two_together_is_told():
    found = simulated(3, 6000, two=1.5)
    assert found.contrasts[0].answer == "more together"
    assert found.contrasts[0].low > 1


def test_no_case_at_all_is_answered():
    empty = np.zeros(0, dtype=bool)
    found = together({"account": empty, "role": empty, "time": empty}, empty)
    assert {each.answer for each in found.contrasts} == {"cannot tell yet"}
