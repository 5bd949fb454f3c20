"""What may be claimed after many looks."""

import numpy as np
import pytest
from scipy import stats

from bullseye.stats.discoveries import Standing, q_values, standing


@pytest.mark.parametrize("m", [1, 2, 17, 300])
def test_adjusted_values_are_those_of_scipy(m):
    p = np.random.default_rng(m).random(m) ** 2
    assert q_values(p) == pytest.approx(stats.false_discovery_control(p))


def test_nothing_looked_at_claims_nothing():
    assert q_values(np.zeros(0)).shape == (0,)


def test_a_finding_is_evidence_before_it_is_a_lead():
    assert standing(0.04, is_clue=False) is Standing.EVIDENCE
    assert standing(0.06, is_clue=True) is Standing.CLUE
    assert standing(0.06, is_clue=False) is Standing.ANECDOTE
