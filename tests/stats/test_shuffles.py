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


def test_among_accounts_with_equally_many_cases_every_outcome_is_kept_together() -> None:
    account = np.array([5, 1, 1, 9, 5, 9])
    happened = np.array([True, False, False, False, True, False])
    seen: list[tuple[bool, ...]] = []

    def answer(dealt: np.ndarray) -> float:
        seen.append(tuple(dealt))
        return 0.0

    control(answer, happened, account, shuffles=40)
    assert {sum(each) for each in seen} == {2}
    assert all(each[0] == each[4] and each[1] == each[2] for each in seen)
    assert len(set(seen)) == 3


def test_an_account_with_more_cases_begins_the_outcomes_of_another_again() -> None:
    account = np.array([0, 0, 0, 1])
    happened = np.array([False, False, False, True])
    seen: set[tuple[bool, ...]] = set()

    def answer(dealt: np.ndarray) -> float:
        seen.add(tuple(dealt))
        return 0.0

    control(answer, happened, account, shuffles=20)
    assert seen == {tuple(happened), (True, True, True, False)}


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
    assert hits <= 17


def test_the_same_seed_gives_the_same_control_and_no_case_is_no_error() -> None:
    account, happened = np.arange(30), np.arange(30) % 3 == 0
    first, second = (control(lambda h: h[:9].mean(), happened, account, seed=5) for _ in range(2))
    assert first == second
    none = np.array([], dtype=np.int64)
    assert control(lambda h: float(h.sum()), none.astype(bool), none, shuffles=3).p == 1
