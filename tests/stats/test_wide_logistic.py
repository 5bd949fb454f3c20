"""Wide logistic regression agrees with the exact one, and the cut-off is the best there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from bullseye.stats.logistic import logistic_fit
from bullseye.stats.wide_logistic import best_cut_off, wide_fit


def test_it_finds_the_weights_that_newton_steps_find() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(400, 3))
    happened = chance.random(400) < 1 / (1 + np.exp(-(rows @ [1.0, -2.0, 0.0] - 0.5)))
    wide = wide_fit(csr_matrix(rows), happened, strength=1.0)
    exact = logistic_fit(
        np.column_stack([np.ones(400), rows]), happened.astype(float), np.ones(400), ridge=1.0
    ).beta
    assert np.allclose([wide.constant, *wide.weights], exact, atol=1e-3)
    assert wide.log_odds(csr_matrix(rows))[0] == pytest.approx(exact @ [1, *rows[0]], abs=1e-2)


def test_columns_that_separate_the_answers_keep_finite_weights() -> None:
    wide = wide_fit(csr_matrix(np.eye(4)), np.array([True, True, False, False]), strength=3.0)
    assert np.isfinite(wide.weights).all()
    assert wide.weights[0] > 0 > wide.weights[3]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30).filter(
        lambda rows: any(happened for _, happened in rows)
    )
)
def test_no_other_cut_off_does_better(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in rows], dtype=float)
    happened = np.array([each for _, each in rows])

    def f1(cut_off: float) -> float:
        claimed = scores >= cut_off
        return 2 * (claimed & happened).sum() / (claimed.sum() + happened.sum())

    best = best_cut_off(scores, happened)
    assert best.f1 == pytest.approx(f1(best.score))
    assert all(f1(other) <= best.f1 + 1e-12 for other in set(scores.tolist()))
