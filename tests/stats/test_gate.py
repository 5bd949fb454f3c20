"""The gate lets next to nothing pass where there is nothing, and passes what there is."""

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.gate import folds_by_cluster, gate

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]


def best_column(x: NDArray[np.float64]) -> object:
    """A procedure that picks the column of the largest difference: it overfits on purpose."""

    def scored(fit: Places, score: Places, outcome: Bools) -> NDArray[np.float64]:
        y = outcome[fit]
        gaps = x[fit][y].mean(axis=0) - x[fit][~y].mean(axis=0)
        best = int(np.argmax(np.abs(gaps)))
        return np.asarray(np.sign(gaps[best]) * x[score, best])

    return scored


def passed(effect: float, accounts: int, per_account: int, runs: int) -> float:
    found = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        x = np.repeat(rng.normal(size=(accounts, 12)), per_account, axis=0)
        of_account = np.repeat(rng.normal(size=accounts), per_account)
        noise = rng.logistic(size=len(x))
        outcome = effect * x[:, 3] + of_account + noise > 0.5
        clusters = np.repeat(np.arange(accounts), per_account)
        found += gate(best_column(x), outcome, clusters, seed=seed).passed
    return found / runs


def test_noise_passes_in_one_of_twenty_worlds() -> None:
    assert passed(0.0, accounts=80, per_account=1, runs=200) <= 0.09


def test_noise_does_not_pass_because_an_account_has_many_cases_alike() -> None:
    assert passed(0.0, accounts=40, per_account=5, runs=150) <= 0.1


def test_what_there_is_passes() -> None:
    assert passed(1.0, accounts=150, per_account=1, runs=20) >= 0.9


def test_p_is_exact_to_what_the_dealings_allow() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3))
    found = gate(best_column(x), x[:, 0] > 0, np.arange(200))
    assert found.passed
    assert found.p == 1 / 60
    assert found.permutations == 59
    assert found.auc > 0.9


def test_it_stops_as_soon_as_the_answer_is_certain() -> None:
    x = np.random.default_rng(2).normal(size=(200, 3))
    outcome = np.random.default_rng(3).random(200) < 0.3
    found = gate(best_column(x), outcome, np.arange(200))
    assert not found.passed
    assert found.permutations < 59
    assert found.p > 0.05


def test_all_cases_of_an_account_are_in_one_fold_and_folds_share_the_outcome() -> None:
    rng = np.random.default_rng(4)
    groups = rng.integers(0, 50, 300)
    groups = np.unique(groups, return_inverse=True)[1]
    outcome = rng.random(300) < 0.05
    parts = folds_by_cluster(groups, outcome, 4, rng)
    assert all(len(np.unique(parts[groups == g])) == 1 for g in np.unique(groups))
    assert len(np.unique(parts[outcome])) == 4
