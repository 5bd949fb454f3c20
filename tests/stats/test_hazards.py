"""Why a segment is faster: what other facts explain of its pace, and what stays."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.stats.hazards import Explained, explained, periods

TRUE_SEGMENT, TRUE_FACT, LEAN = 0.5, 0.8, 0.5


def world(rng: np.random.Generator, n: int, segment_effect: float) -> Explained:
    """Cases of a segment that has a fast-making fact more often: 70 % against 20 %."""
    segment = rng.random(n) < 0.4
    fact = rng.random(n) < np.where(segment, 0.2 + LEAN, 0.2)
    noise = rng.random(n) < 0.5
    pace = 0.008 * np.exp(segment_effect * segment + TRUE_FACT * fact)
    won, lost, watched = (
        rng.exponential(1 / pace),
        rng.exponential(1 / 0.008, n),
        rng.uniform(20, 300, n),
    )
    days = np.minimum(np.minimum(won, lost), watched)
    state = np.where(days == won, 1, np.where(days == lost, 2, 0))
    rows = periods(days, state, width=14, last=13)
    columns: dict[str, NDArray[np.float64]] = {
        "fact": fact[rows.case].astype(float)[:, None],
        "noise": noise[rows.case].astype(float)[:, None],
    }
    found = explained(rows, segment, columns, np.arange(n))
    assert found is not None
    return found


def test_the_parts_add_up_to_the_whole() -> None:
    found = world(np.random.default_rng(0), 800, TRUE_SEGMENT)
    parts = sum(part.effect.value for part in found.parts)
    assert found.total.value == pytest.approx(found.direct.value + parts)


def test_the_explained_part_is_found_and_noise_explains_nothing() -> None:
    rng, runs = np.random.default_rng(1), 200
    direct = explained_by_fact = by_noise = 0
    for _ in range(runs):
        found = world(rng, 700, TRUE_SEGMENT)
        fact, noise = found.parts
        direct += found.direct.low <= TRUE_SEGMENT <= found.direct.high
        explained_by_fact += fact.effect.low <= TRUE_FACT * LEAN * 0.95 <= fact.effect.high
        by_noise += noise.effect.low <= 0 <= noise.effect.high
    assert direct >= 0.91 * runs
    assert explained_by_fact >= 0.90 * runs
    assert by_noise >= 0.91 * runs


def test_no_share_is_told_where_there_is_no_difference_to_explain() -> None:
    rng = np.random.default_rng(2)
    found = [world(rng, 300, -TRUE_FACT * LEAN) for _ in range(20)]
    assert sum(each.share is None for each in found) >= 15


def test_too_few_wins_explain_nothing() -> None:
    rows = periods(np.full(40, 10), np.ones(40), width=14, last=13)
    assert explained(rows, np.arange(40) < 20, {}, np.arange(40)) is not None
    few = periods(np.full(20, 10), np.ones(20), width=14, last=13)
    assert explained(few, np.arange(20) < 10, {}, np.arange(20)) is None


def test_a_case_counts_in_each_period_it_was_open_in() -> None:
    rows = periods(np.array([0, 30, 200]), np.array([2, 0, 1]), width=14, last=5)
    assert np.bincount(rows.case).tolist() == [1, 2, 5]
    assert not rows.happened.any()
