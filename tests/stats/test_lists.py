"""Two short lists: their order, what they share, and what two lots would share."""

import numpy as np
import pytest
from scipy import stats

from bullseye.stats.discoveries import q_values
from bullseye.stats.lists import (
    Pools,
    as_striking,
    beaten,
    on_front,
    one_per_fact,
    overlap,
    precedence,
)


def lots(random, size: int, pools) -> list[np.ndarray]:
    lists = [np.zeros(len(pool), dtype=bool) for pool in pools]
    for each, pool in zip(lists, pools, strict=True):
        each[random.choice(np.flatnonzero(pool), size, replace=False)] = True
    return lists


def test_who_beats_another_comes_before_it():
    random = np.random.default_rng(1)
    days, discount = random.integers(0, 30, 300) * 1.0, random.integers(0, 8, 300) / 8
    count, front = beaten(days, discount), on_front(days, discount)
    for a in range(300):
        worse = (days >= days[a]) & (discount >= discount[a])
        worse &= (days > days[a]) | (discount > discount[a])
        assert count[a] == worse.sum()
        assert (count[worse] < count[a]).all()
        better = (days <= days[a]) & (discount <= discount[a])
        better &= (days < days[a]) | (discount < discount[a])
        assert front[a] == (not better.any())


def test_nobody_beats_in_an_empty_list():
    assert beaten(np.zeros(0), np.zeros(0)).shape == on_front(np.zeros(0), np.zeros(0)).shape


def test_the_overlap_is_held_against_two_lots():
    random = np.random.default_rng(4)
    pools = (np.arange(60) < 40, np.arange(60) >= 10)
    lists = lots(random, 12, pools)
    found = overlap((lists[0], lists[1]), pools)
    drawn = []
    for _ in range(4000):
        first, second = (
            random.permutation(30)[: int((on & both).sum())]
            for on, both in zip(lists, [pools[0] & pools[1]] * 2, strict=True)
        )
        drawn.append(len(np.intersect1d(first, second)))
    assert found.expected == pytest.approx(np.mean(drawn), abs=0.1)
    assert found.chance == pytest.approx(np.mean(np.array(drawn) >= found.count), abs=0.03)


def test_lists_that_could_not_overlap_overlap_by_no_chance():
    pools = (np.arange(10) < 5, np.arange(10) >= 5)
    assert overlap(pools, pools) == (overlap(pools, pools))
    assert (overlap(pools, pools).expected, overlap(pools, pools).chance) == (0.0, 1.0)


def test_two_lots_hardly_ever_share_evidence():
    random = np.random.default_rng(7)
    n, m = 200, 80
    yes = random.random((m, n)) < random.uniform(0.02, 0.9, (m, 1))
    known = np.ones_like(yes)
    pools = (np.ones(n, dtype=bool), np.arange(n) < 120)
    held_against = Pools.of(yes, known, pools)
    naive = ours = 0
    for _ in range(400):
        found = held_against.shared(lots(random, 5, pools))
        naive += bool((found.held & (yes.mean(axis=1) < 0.8)).any())
        ours += bool((q_values(found.p) <= 0.05).any())
    assert naive / 400 > 0.5, "most random lists have something in common"
    assert ours / 400 <= 0.03


def test_a_trait_of_one_list_alone_is_not_shared():
    random = np.random.default_rng(9)
    n = 400
    trait = random.random(n) < 0.25
    pools = (np.ones(n, dtype=bool),) * 2
    first, second = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    first[np.flatnonzero(trait)[:20]] = True
    second[np.flatnonzero(~trait)[:20]] = True
    found = Pools.of(trait[None], np.ones((1, n), dtype=bool), pools).shared([first, second])
    assert found.each[0, 0] < 1e-6
    assert found.p[0] == 1.0


def test_as_striking_by_lot_is_uniform_for_lots():
    random = np.random.default_rng(11)
    n, m = 150, 40
    yes = random.random((m, n)) < random.uniform(0.05, 0.8, (m, 1))
    known = random.random((m, n)) < 0.9
    pools = [np.ones(n, dtype=bool)]
    against = Pools.of(yes & known, known, pools)
    smallest = against.by_lot([8], draws=300, seed=1)
    values = [
        as_striking(float(against.shared(lots(random, 8, pools)).p.min()), smallest)
        for _ in range(300)
    ]
    assert np.mean(np.array(values) <= 0.05) < 0.1
    assert np.mean(np.array(values) <= 0.5) == pytest.approx(0.5, abs=0.12)


def test_one_fact_said_twice_is_shown_once():
    first = np.arange(100) < 40
    yes = np.array([first, np.arange(100) < 42, np.arange(100) >= 50])
    assert one_per_fact(yes, [2, 0, 1]) == {2: (), 0: (1,)}


def test_precedence_is_the_area_under_the_curve_of_mann_and_whitney():
    random = np.random.default_rng(3)
    place, has = random.permutation(80) * 1.0, random.random(80) < 0.3
    found = precedence(has, place)
    pairs = place[has][:, None] < place[~has][None, :]
    assert found.share == pytest.approx(pairs.mean())
    assert found.p == pytest.approx(
        stats.mannwhitneyu(place[has], place[~has], method="asymptotic").pvalue
    )
    assert found.low < found.share < found.high


def test_precedence_of_one_customer_cannot_be_told():
    found = precedence(np.arange(9) == 3, np.arange(9) * 1.0)
    assert (found.share, found.low, found.high, found.p) == (0.5, 0.0, 1.0, 1.0)


def test_customers_in_no_pool_count_nowhere():
    random = np.random.default_rng(5)
    yes = random.random((12, 90)) < 0.3
    known = random.random((12, 90)) < 0.8
    pools = (np.arange(90) < 30, (np.arange(90) >= 20) & (np.arange(90) < 60))
    lists = lots(random, 6, pools)
    whole = Pools.of(yes & known, known, pools).shared(lists)
    part = Pools.of((yes & known)[:, :60], known[:, :60], [p[:60] for p in pools])
    assert whole.p == pytest.approx(part.shared([each[:60] for each in lists]).p)
    assert (whole.counts.base.sum(axis=0) == known[:, :60].sum(axis=1)).all()
