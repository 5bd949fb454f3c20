"""A small group is drawn towards all others; a large one speaks for itself."""

import numpy as np
import pytest

from bullseye.stats.credibility import credible_means


def worlds(groups: int, n: int, sd: float, between: float) -> tuple[float, float, float, float]:
    """Return the mean log error of raw means, of the mean of all and of ours, and our coverage."""
    rng = np.random.default_rng(groups)
    errors, covered, told = np.zeros(3), 0, 0
    for _ in range(150):
        level = 10 + rng.normal(0, between, groups)
        group = rng.choice(groups, n, p=rng.dirichlet(np.full(groups, 2.0)))
        amounts = np.exp(level[group] + rng.normal(0, sd, n))
        found = credible_means(amounts, group, groups)
        assert found is not None
        truth, some = level + sd**2 / 2, found.n > 0
        overall = np.full(groups, amounts.mean())
        for at, guess in enumerate((found.raw, overall, found.mean)):
            errors[at] += np.sqrt(np.mean((np.log(guess[some]) - truth[some]) ** 2)) / 150
        covered += int(((np.log(found.low) <= truth) & (truth <= np.log(found.high))).sum())
        told += groups
    raw, overall_error, ours = errors.tolist()
    return raw, overall_error, ours, covered / told


@pytest.mark.parametrize(
    ("groups", "n", "sd", "between"),
    [(10, 300, 0.8, 0.4), (39, 350, 1.5, 0.5), (39, 5000, 1.5, 0.5)],
)
def test_the_error_is_smaller_than_of_raw_means_and_of_the_mean_of_all(
    groups: int, n: int, sd: float, between: float
) -> None:
    raw, overall, ours, coverage = worlds(groups, n, sd, between)
    assert ours < raw
    assert ours < overall
    assert 0.91 <= coverage <= 0.98


def test_where_groups_do_not_differ_all_have_nearly_the_same_mean() -> None:
    raw, _, ours, coverage = worlds(8, 200, 0.8, 0.0)
    assert ours < 0.5 * raw
    assert coverage >= 0.95


def test_the_weight_grows_with_n_and_a_group_without_amounts_is_unsure() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1, 2], [400, 40, 4])
    amounts = np.exp(10 + np.array([0.5, -0.5, 0.3])[group] + rng.normal(0, 0.5, 444))
    found = credible_means(amounts, group, 4)
    assert found is not None
    assert found.weight[0] > found.weight[1] > found.weight[2] > found.weight[3] == 0
    assert found.mean[1] < found.mean[3] < found.mean[0]
    assert found.high[3] / found.low[3] > 2 * found.high[0] / found.low[0]
    assert np.isnan(found.raw[3])


def test_one_giant_contract_does_not_make_a_segment() -> None:
    rng = np.random.default_rng(2)
    group = np.tile([0, 1], 100)
    amounts = np.exp(9 + rng.normal(0, 0.3, 200))
    amounts[0] *= 500
    found = credible_means(amounts, group, 2)
    assert found is not None
    assert found.capped >= 1
    assert found.raw[0] / found.raw[1] > 4
    assert found.mean[0] / found.mean[1] < 1.3


def test_a_handful_of_amounts_tells_nothing() -> None:
    assert credible_means(np.array([1.0, 2, 3]), np.array([0, 1, 1]), 2) is None
