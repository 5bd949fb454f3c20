"""Novelty: three in a month are new where nobody said it, and usual where they always do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.stats.novelty import Window, chance_of_as_many


def test_three_are_surprising_where_nobody_said_it_before() -> None:
    p = chance_of_as_many(Window(3, 20), (Window(0, 20),) * 6)
    assert p is not None
    assert p < 0.005


def test_three_are_usual_where_two_say_it_every_month() -> None:
    p = chance_of_as_many(Window(3, 20), (Window(2, 20),) * 6)
    assert p is not None
    assert p > 0.2


def test_who_hears_twice_as_many_hears_twice_as_much() -> None:
    same = chance_of_as_many(Window(4, 20), (Window(2, 20),) * 6)
    doubled = chance_of_as_many(Window(4, 40), (Window(2, 20),) * 6)
    assert same is not None
    assert doubled is not None
    assert doubled > 2 * same


@pytest.mark.parametrize(
    ("now", "before"),
    [(Window(3, 9), ()), (Window(3, 9), (Window(0, 0),) * 6), (Window(0, 0), (Window(1, 9),))],
)
def test_without_anything_to_compare_it_cannot_be_told(
    now: Window, before: tuple[Window, ...]
) -> None:
    assert chance_of_as_many(now, before) is None


@given(st.integers(0, 40), st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_more_is_never_more_usual(yes: int, earlier: list[int]) -> None:
    before = tuple(Window(each, 50) for each in earlier)
    one, more = (chance_of_as_many(Window(n, 50), before) for n in (yes, yes + 1))
    assert one is not None
    assert more is not None
    assert 0 <= more <= one <= 1


def test_a_steady_theme_is_rarely_called_new() -> None:
    chance = np.random.default_rng(4)
    said = chance.poisson(1.0, (4000, 7)).clip(max=20).tolist()
    alarms = [
        p <= 0.05
        for now, *earlier in said
        if (p := chance_of_as_many(Window(now, 20), tuple(Window(n, 20) for n in earlier)))
        is not None
    ]
    assert len(alarms) == 4000
    assert np.mean(alarms) < 0.06
