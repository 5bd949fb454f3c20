"""Paths through stages: the stage that makes a segment faster is named, with its interval."""

import numpy as np
import pytest

from bullseye.stats.stage_paths import LOST, OPEN, WON, Stays, decomposed, won_by
from bullseye.stats.survival import aalen_johansen, life_table


def stays(seed: int, n: int, pace: tuple[float, ...]) -> tuple[Stays, np.ndarray]:
    """Return stays of cases that wait exponentially in three stages; some leave `pace` faster."""
    rng = np.random.default_rng(seed)
    inside = rng.random(n) < 0.4
    watched = rng.uniform(5, 300, n)
    rows = []
    for case in range(n):
        passed = 0.0
        for stage in range(3):
            onward = rng.exponential(25 / (pace[stage] if inside[case] else 1))
            lost = rng.exponential(50)
            days = max(1.0, np.ceil(min(onward, lost)))
            follows = LOST if lost < onward else (stage + 1 if stage < 2 else WON)
            if passed + days > watched[case]:
                follows, days = OPEN, np.floor(watched[case] - passed)
            rows.append((case, stage, follows, days))
            passed += days
            if follows < 0:
                break
    case, stage, follows, days = np.array(rows).T
    own = case.astype(np.int64)
    found = Stays(3, stage.astype(np.int64), follows.astype(np.int64), days, stage == 0, own)
    return found, inside[own]


def test_the_stage_that_is_faster_accounts_for_the_difference() -> None:
    found = decomposed(*stays(1, 1500, (1, 2.5, 1)), day=90)
    first, second, third = found.parts
    assert second.low > 0
    assert second.value > 0.7 * found.total.value
    assert first.low < 0 < first.high
    assert third.low < 0 < third.high
    assert found.inside - found.outside == pytest.approx(found.total.value)


def test_the_parts_add_up_to_the_whole() -> None:
    found = decomposed(*stays(2, 500, (1.5, 0.7, 2)), day=60)
    parts = sum(part.value for part in found.parts) + found.begin.value
    assert parts == pytest.approx(found.total.value)


def test_where_nothing_differs_no_stage_is_named_more_often_than_stated() -> None:
    alarms = 0
    for seed in range(20):
        found = decomposed(*stays(seed, 300, (1, 1, 1)), day=90)
        alarms += any(part.low > 0 or part.high < 0 for part in found.parts)
    assert alarms <= 7  # three intervals of 95 % each: about 14 % of worlds have one


def test_one_stage_is_the_aalen_johansen_estimate() -> None:
    rng = np.random.default_rng(3)
    days = rng.integers(1, 120, 400).astype(float)
    ends = rng.choice([WON, LOST, OPEN], 400)
    one = Stays(
        1, np.zeros(400, dtype=np.int64), ends, days, np.ones(400, dtype=bool), np.arange(400)
    )
    inside = np.arange(400) < 200
    found = decomposed(one, inside, day=90)
    state = np.select([ends == WON, ends == LOST], [1, 2], 0)
    for side, share in ((inside, found.inside), (~inside, found.outside)):
        curve = aalen_johansen(life_table(days[side], state[side]))
        assert share == pytest.approx(curve.share[curve.days <= 90][-1], abs=1e-12)


def test_a_stage_nobody_of_the_segment_was_in_changes_nothing() -> None:
    some, inside = stays(4, 400, (1, 1, 1))
    keep = ~inside | (some.stage == 0)
    some = Stays(
        3,
        some.stage[keep],
        np.where(inside[keep] & (some.follows[keep] > 0), WON, some.follows[keep]),
        some.days[keep],
        some.is_first[keep],
        some.account[keep],
    )
    found = decomposed(some, inside[keep], day=90)
    assert found.inside > found.outside
    assert all(np.isfinite(part.value) for part in found.parts)


def test_the_share_won_is_that_of_waiting_in_two_stages() -> None:
    kernel = np.zeros((1, 2, 3, 11))
    kernel[0, 0, 1, 3] = 0.5  # half move on after three days
    kernel[0, 1, 2, 4] = 0.8  # of them four in five are won after four more
    begin = np.array([[1.0, 0.0]])
    assert won_by(kernel[..., :7], begin)[0] == 0
    assert won_by(kernel[..., :8], begin)[0] == pytest.approx(0.4)
