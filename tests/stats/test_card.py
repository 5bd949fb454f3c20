"""A points card is small, whole, monotone, deterministic, and judged by the score it will give."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bullseye.stats.card import fit_card, refit_card
from bullseye.stats.conditions import NO, UNKNOWN, YES, Conditions, Shape
from bullseye.stats.discrimination import auc


def anything(columns: tuple[int, ...]) -> NDArray[np.bool_]:
    """Every combination of answers: what a list can give."""
    return np.array(list(itertools.product([False, True], repeat=len(columns))))


def conditions(yes: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> Conditions:
    """Conditions on a field each, from answers of shape (n, c)."""
    cells = np.where(yes, YES, NO)
    if known is not None:
        cells = np.where(known, cells, UNKNOWN)
    c = yes.shape[1]
    return Conditions(
        cells.T.astype(np.int8), tuple((at,) for at in range(c)), (Shape.ALONE,) * c, anything
    )


def thresholds(values: NDArray[np.float64], bounds: list[float]) -> Conditions:
    """Bounds on one number, then a band between each two of them."""
    bands = list(itertools.combinations(bounds, 2))
    rows = [values >= bound for bound in bounds]
    rows += [(values >= low) & (values < high) for low, high in bands]

    def reach(columns: tuple[int, ...]) -> NDArray[np.bool_]:
        tried = np.array([bounds[0] - 1, *bounds])
        every = [tried >= bound for bound in bounds]
        every += [(tried >= low) & (tried < high) for low, high in bands]
        return np.array([every[column] for column in columns]).T

    count = len(rows)
    shapes = (Shape.FROM,) * len(bounds) + (Shape.BAND,) * len(bands)
    return Conditions(np.array(rows).astype(np.int8), ((0,),) * count, shapes, reach)


def drawn(
    n: int, effects: list[float], seed: int, unknown: float = 0.0
) -> tuple[Conditions, NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    yes = rng.random((n, len(effects))) < 0.4
    outcome = rng.random(n) < 1 / (1 + np.exp(1.0 - yes @ np.array(effects)))
    return conditions(yes, rng.random(yes.shape) >= unknown), outcome


def test_what_drives_the_outcome_is_found_with_its_sign() -> None:
    given_conditions, outcome = drawn(4_000, [1.5, 0.0, -1.0, 0.0, 0.7, 0.0], seed=1)
    card = fit_card(given_conditions, outcome, max_criteria=3)
    points = dict(zip(card.columns, card.points, strict=True))
    assert set(points) == {0, 2, 4}
    assert points[0] > points[4] > 0 > points[2]
    assert points[0] / points[4] == pytest.approx(1.5 / 0.7, rel=0.3)


def test_points_are_whole_small_and_in_lowest_terms() -> None:
    card = fit_card(*drawn(2_000, [2.0, 1.0, -1.0, 0.5], seed=2), max_points=10)
    assert all(isinstance(value, int) and 0 < abs(value) <= 10 for value in card.points)
    assert np.gcd.reduce(card.points) == 1


def test_the_same_cases_give_the_same_card() -> None:
    cases = drawn(800, [1.0, 0.5, 0.3, 0.0, -0.7], seed=3, unknown=0.2)
    assert fit_card(*cases) == fit_card(*cases)


def test_repeats_and_opposites_are_taken_once() -> None:
    rng = np.random.default_rng(4)
    one = rng.random(600) < 0.5
    outcome = rng.random(600) < np.where(one, 0.7, 0.2)
    card = fit_card(conditions(np.column_stack([one, one, ~one])), outcome)
    assert len(card.columns) == 1


def test_exact_separation_stays_finite() -> None:
    one = np.repeat([False, True], 50)
    card = fit_card(conditions(one[:, None]), one)
    p = card.probabilities(conditions(one[:, None]))
    assert np.isfinite(p).all()
    assert p[0] < 0.1
    assert p[-1] > 0.9


def test_nothing_but_noise_in_few_cases_may_give_an_empty_card() -> None:
    yes = np.tile([[False], [True]], (20, 1))
    outcome = np.repeat([False, True, True, False], 10)
    card = fit_card(conditions(yes), outcome)
    assert card.columns == ()
    assert card.probabilities(conditions(yes)).tolist() == [0.5] * 40


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_bounds_of_one_field_never_contradict_each_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=400)
    bent = rng.normal(scale=2, size=5)[np.searchsorted([-1, -0.3, 0.3, 1], values)]
    outcome = rng.random(400) < 1 / (1 + np.exp(-bent))
    given_conditions = thresholds(values, [-1.0, -0.3, 0.3, 1.0])
    card = fit_card(given_conditions, outcome)
    shapes = [given_conditions.shapes[column] for column in card.columns]
    if Shape.BAND in shapes:
        assert len(shapes) == 1
    assert len({np.sign(value) for value in card.points}) <= 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.7))
def test_the_fit_score_is_that_of_a_hand_count(seed: int, unknown: float) -> None:
    given_conditions, outcome = drawn(60, [2.0, -1.5, 1.0], seed, unknown)
    if outcome.all() or not outcome.any():
        return
    card = fit_card(given_conditions, outcome)
    scores = card.fit_scores(given_conditions)
    for row, score in enumerate(scores):
        cells = given_conditions.cells[list(card.columns), row]
        told = [(p, c) for p, c in zip(card.points, cells, strict=True) if c != UNKNOWN]
        span = sum(abs(p) for p, _ in told)
        earned = sum(p for p, c in told if c == YES) - sum(min(p, 0) for p, _ in told)
        if span:
            assert score == pytest.approx(100 * earned / span)
            assert 0 <= score <= 100
        else:
            assert np.isnan(score)


def test_levels_of_one_field_share_its_range() -> None:
    levels = np.eye(3, dtype=bool)[np.arange(300) % 3][:, :2]
    outcome = np.random.default_rng(5).random(300) < np.where(levels[:, 0], 0.9, 0.3)

    def one_level(columns: tuple[int, ...]) -> NDArray[np.bool_]:
        return np.vstack([np.eye(2, dtype=bool), np.zeros((1, 2), bool)])[:, list(columns)]

    cells = levels.T.astype(np.int8)
    both = Conditions(cells, ((0,), (0,)), (Shape.ALONE,) * 2, one_level)
    scores = fit_card(both, outcome).fit_scores(both)
    assert scores.max() == 100
    assert scores.min() == 0


def test_refitting_keeps_the_conditions_and_learns_the_points_anew() -> None:
    first, outcome = drawn(3_000, [1.0, 0.5], seed=6)
    card = fit_card(first, outcome)
    other, other_outcome = drawn(3_000, [0.5, 1.0], seed=7)
    anew = refit_card(other, other_outcome, card)
    points = dict(zip(anew.columns, anew.points, strict=True))
    assert points[1] > points[0] > 0


def test_the_card_comes_near_a_logistic_regression_of_all_columns() -> None:
    effects = [1.2, -0.8, 0.6, 0.4, 0.0, 0.0, 0.0, 0.0]
    fitted_on, outcome = drawn(4_000, effects, seed=8)
    fresh, later = drawn(4_000, effects, seed=9)
    model = LogisticRegression().fit(fitted_on.cells.T, outcome)
    ceiling = auc(model.decision_function(fresh.cells.T), later).value
    ours = auc(fit_card(fitted_on, outcome).fit_scores(fresh), later).value
    assert ours > ceiling - 0.005


def test_impossible_calls_are_refused() -> None:
    yes = np.array([[True], [False]])
    with pytest.raises(ValueError, match="both outcomes"):
        fit_card(conditions(yes), np.array([True, True]))
    with pytest.raises(ValueError, match="one value per case"):
        fit_card(conditions(yes), np.array([True]))
    with pytest.raises(ValueError, match="at least 1"):
        fit_card(conditions(yes), np.array([True, False]), max_criteria=0)
