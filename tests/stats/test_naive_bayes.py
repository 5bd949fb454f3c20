"""The naive Bayes of open CRMs, held against the numbers of Odoo's own tests.

Inputs and expected numbers: odoo/odoo, ``addons/crm/tests/test_crm_pls.py``.
"""

import numpy as np
import pytest

from bullseye.stats.naive_bayes import Frequencies, NaiveBayes, binned, membership, naive_bayes


def tagged(*tags: int) -> np.ndarray:
    return np.array([[tag in tags for tag in (1, 2)]])


@pytest.mark.parametrize(
    ("tags", "percent"), [((1,), 33.69), ((2,), 23.51), ((1, 2), 28.05), ((), 28.6)]
)
def test_tags_of_150_leads_give_the_probabilities_of_odoo(
    tags: tuple[int, ...], percent: float
) -> None:
    groups = [((1,), 19, 30), ((2,), 9, 40), ((1, 2), 14, 35)]
    rows, won = [], []
    for each, wins, losses in groups:
        rows += [tagged(*each)[0]] * (wins + losses)
        won += [True] * wins + [False] * losses
    model = naive_bayes({"tag": np.array(rows)}, np.array(won))
    found = model.probabilities({"tag": tagged(*tags)})[0]
    assert round(100 * found, 2) == percent


def test_tag_counts_are_those_of_odoo() -> None:
    rows = [tagged(1)[0]] * 49 + [tagged(2)[0]] * 49 + [tagged(1, 2)[0]] * 49
    won = np.array(
        [True] * 19 + [False] * 30 + [True] * 9 + [False] * 40 + [True] * 14 + [False] * 35
    )
    counts = naive_bayes({"tag": np.array(rows)}, won).fields["tag"]
    assert counts.won.tolist() == pytest.approx([33.1, 23.1])
    assert counts.lost.tolist() == pytest.approx([65.1, 75.1])


def test_a_team_of_three_closed_leads_gives_the_probability_of_odoo() -> None:
    """Lead 3 of team 1, in the second of three stages; two leads lost, one won.

    All leads have the same state of e-mail and phone there, so these change nothing.
    """
    values = np.eye(3, dtype=bool)  # lead i has value i of every field
    won = np.array([False, False, True])
    fields = dict.fromkeys(("country", "state", "source"), values)
    model = naive_bayes(fields, won)
    stage = Frequencies(np.array([1.1, 1.1]), np.array([2.1, 1.1]))
    asked = {
        name: membership(np.array([code]), 3) for name, code in zip(fields, (0, 1, 2), strict=True)
    }
    odds = model.probabilities(asked)[0]
    odds = odds / (1 - odds) * (1.0 / (stage.lost[1] / stage.lost[0]))
    assert round(100 * odds / (1 + odds), 2) == 33.49


def test_unknown_and_never_seen_values_change_nothing() -> None:
    model = naive_bayes({"industry": membership(np.array([0, 0, 1]), 3)}, np.array([1, 0, 1], bool))
    asked = {"industry": membership(np.array([-1, 2]), 3)}
    assert model.probabilities(asked).tolist() == pytest.approx([2.1 / 3.2] * 2)


def test_nobody_is_certain() -> None:
    model = NaiveBayes(1e6, 0.1, {"x": Frequencies(np.array([1.0]), np.array([1.0]))})
    assert model.probabilities({"x": np.array([[True]])}).tolist() == [0.9999]


def test_numbers_fall_into_bins_and_unknown_into_none() -> None:
    assert binned(np.array([1.0, 5.0, 9.0, np.nan]), [5, 8]).tolist() == [0, 1, 2, -1]
