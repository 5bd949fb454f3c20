"""Label shuffles deal out whole accounts' outcomes, and say how rare the real answer is."""

import numpy as np

from bullseye.stats.shuffles import control


def test_a_planted_effect_is_rarer_than_shuffled_ones() -> None:
    account = np.repeat(np.arange(60), 4)
    chosen = account < 15
    happened = np.where(chosen, account % 2 == 0, account % 10 == 0)
    found = control(lambda h: h[chosen].mean() - h[~chosen].mean(), happened, account)
    assert found.p == 1 / 200
    assert found.low < 0 < found.high < found.seen


def test_the_shuffles_keep_every_outcome() -> None:
    account = np.array([5, 1, 1, 9, 5, 5])
    happened = np.array([True, False, True, False, True, False])
    seen: list[int] = []
    control(lambda h: float(seen.append(int(h.sum())) or 0), happened, account, shuffles=20)
    assert set(seen) == {3}


def test_without_an_effect_small_p_values_are_rare_though_accounts_have_many_cases() -> None:
    random = np.random.default_rng(8)
    hits = 0
    for _ in range(200):
        account = np.repeat(np.arange(50), random.integers(1, 6, 50))
        happened = (random.random(50) < 0.3)[account]
        chosen = (random.random(50) < 0.3)[account]
        found = control(
            lambda h, c=chosen: h[c].mean() - h[~c].mean(), happened, account, shuffles=59
        )
        hits += found.p <= 0.05
    assert hits <= 20


def test_the_same_seed_gives_the_same_control_and_no_case_is_no_error() -> None:
    account, happened = np.arange(30), np.arange(30) % 3 == 0
    first, second = (control(lambda h: h[:9].mean(), happened, account, seed=5) for _ in range(2))
    assert first == second
    none = np.array([], dtype=np.int64)
    assert control(lambda h: float(h.sum()), none.astype(bool), none, shuffles=3).p == 1
