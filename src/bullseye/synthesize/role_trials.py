"""Ways to believe in roles, tested side by side on contacts whose role people gave later."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.proportions import Share, wilson
from bullseye.stats.role_tests import Figure, Held, Named, gained, held, named
from bullseye.stats.roles import logit
from bullseye.synthesize.role_learning import Example, Learnt, learnt, log_odds
from bullseye.synthesize.role_rows import stated_share

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Probabilities from which roles are named in a test, beside the one in force."""

_ROLES = tuple(BuyingRole)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Trial:
    """One way to believe, tested: how well its probabilities and its named roles held."""

    what: str
    held: Held
    named: tuple[Named, ...]


def tried(
    taught: Sequence[Example], tested: Sequence[Example], assumed: Assumptions
) -> tuple[tuple[Trial, ...], Share, Figure]:
    """Return the trials, how often the most frequent role is right, and what learning gains.

    Parameters
    ----------
    taught
        Labelled contacts to learn from.
    tested
        Labelled contacts to test on, none of them among `taught`.
    assumed
        The stated prior and weights.

    Returns
    -------
    tuple
        Four trials: base rates, titles as stated, titles and evidence as stated, the same learnt;
        then the share that the most frequent role of `taught` has among `tested`; then by how
        much the learnt beliefs err less than base rates (mean squared error).
    """
    table = learnt(taught, assumed)
    is_role, known = label_table(tested)
    rates = _base_rates(taught, assumed)
    base = np.tile(rates, (len(tested), 1))
    titles = probabilities(tested, Learnt(), assumed, with_evidence=False)
    stated = probabilities(tested, Learnt(), assumed)
    own = probabilities(tested, table, assumed)
    observed = np.array([[each.has_evidence[role] for role in _ROLES] for each in tested])
    in_row = np.array([[table.is_own(each.cell, role) for role in _ROLES] for each in tested])
    never = np.zeros_like(observed)
    ways = (
        ("how frequent roles are, alone", base, never | True),
        ("titles, as stated", titles, never | True),
        ("titles and evidence, as stated", stated, observed),
        ("titles and evidence, learnt", own, observed | in_row),
    )
    thresholds = sorted({*THRESHOLDS, assumed.threshold})
    trials = tuple(
        Trial(
            what,
            held(p, is_role, known),
            tuple(named(np.where(may, p, 0.0), is_role, each) for each in thresholds),
        )
        for what, p, may in ways
    )
    usual = wilson(int(is_role[:, int(rates.argmax())].sum()), len(tested))
    return trials, usual, gained(own, base, is_role, known)


def probabilities(
    found: Sequence[Example], table: Learnt, assumed: Assumptions, *, with_evidence: bool = True
) -> Floats:
    """Return the probability of each role of each contact, shape (n, roles)."""

    def one(each: Example, role: BuyingRole) -> float:
        if not with_evidence:
            return logit(stated_share(each.cell, role, assumed))
        return table.corrected(role, log_odds(each, role, table, assumed))

    return np.asarray(expit([[one(each, role) for role in _ROLES] for each in found]))


def label_table(found: Sequence[Example]) -> tuple[Flags, Flags]:
    """Return which roles the contacts have and which are known, both of shape (n, roles)."""
    is_role = [[each.label.roles.get(role, False) for role in _ROLES] for each in found]
    known = [[role in each.label.roles for role in _ROLES] for each in found]
    return np.array(is_role, dtype=bool), np.array(known, dtype=bool)


def _base_rates(found: Sequence[Example], assumed: Assumptions) -> Floats:
    is_role, known = label_table(found)
    count = known.sum(axis=0)
    rates = np.where(count > 0, is_role.sum(axis=0) / np.maximum(count, 1), assumed.unlisted)
    return np.asarray(rates, dtype=np.float64)
