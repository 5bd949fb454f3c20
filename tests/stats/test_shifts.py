"""A shift of a field is judged by chance, not by a fixed limit."""

import numpy as np

from bullseye.stats.shifts import binned, counted, shift


def test_without_a_shift_small_p_values_are_as_rare_as_they_say() -> None:
    random, hits = np.random.default_rng(1), 0
    for _ in range(600):
        found = shift(*binned(random.normal(size=1_000), random.normal(size=100)))
        hits += found is not None and found.p < 0.05
    assert hits / 600 < 0.08


def test_a_shift_is_seen_also_where_it_is_only_in_what_is_unknown() -> None:
    random = np.random.default_rng(2)
    before, now = random.normal(size=800), random.normal(size=200)
    now[:60] = np.nan
    found = shift(*binned(before, now))
    assert found is not None
    assert found.p < 1e-6


def test_rare_levels_are_counted_together() -> None:
    before, now = np.arange(400) % 100, np.arange(200) % 100
    assert len(counted(before, now)[0]) == 1
    before, now = np.repeat([0, 1, 2, -1], 50), np.repeat([0, 1, 2, -1], 50)
    old, new = counted(before, now)
    assert old.sum() == new.sum() == 200
    assert len(old) == 5


def test_few_cases_say_nothing() -> None:
    assert shift(np.array([30, 20]), np.array([20, 20])) is None
    nothing = np.array([], dtype=np.int64)
    assert shift(*counted(nothing, nothing)) is None
    assert shift(*binned(nothing.astype(float), nothing.astype(float))) is None
