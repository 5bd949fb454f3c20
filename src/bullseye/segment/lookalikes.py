"""Lookalikes: accounts that are most like those of a list, with the reasons and an honest test.

Each value of a field is worth the logarithm of how many times more often it occurs in the list than
among all others, drawn towards nothing where few tell it. Unknown counts neither for nor against.
Who resembles a list need not do what the list did: this is likeness, not a prediction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.segmentation import Segmentation
from bullseye.stats.discrimination import auc

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_LISTED = 20
"""Accounts in the list below which likeness is not learned."""

PRIOR = 10.0
"""Accounts at the others' rate that each value is given: few that share it say little."""

FOLDS = 5
REASONS = 3


@dataclass(frozen=True)
class Trait:
    """One reason: how often a value occurs in the list and among all others, shares 0-1.

    `lift` is how many times more often, drawn towards 1; `n` are the accounts of the list whose
    value is known.
    """

    field: str
    value: str
    list_share: float
    others_share: float
    lift: float
    n: int


@dataclass(frozen=True)
class Lookalike:
    """One account: `typical` is the share of the list, 0-1, that is no more like the list."""

    account_id: str
    name: str | None
    score: float
    typical: float
    reasons: tuple[Trait, ...]


@dataclass(frozen=True)
class Likeness:
    """How well likeness tells accounts left out of the list from all others: AUC, out of sample.

    .5 is chance; where `low` is not above it, nothing can be told.
    """

    auc: float
    low: float
    high: float
    listed: int
    others: int

    @property
    def tells(self) -> bool:
        """Whether it is better than chance."""
        return self.low > 0.5


@dataclass(frozen=True, eq=False)
class Learned:
    """Scores of n accounts (out of sample for those in the list), and what they are made of."""

    likeness: Likeness
    scores: Floats
    weights: tuple[tuple[Floats, Floats, Floats], ...]


def learned(divisions: Sequence[Segmentation], listed: Bools, *, seed: int = 0) -> Learned | None:
    """Return how like the list each account is; None where the list or the others are too few.

    Parameters
    ----------
    divisions
        Segments of n accounts by field.
    listed
        Who is in the list, shape (n,).
    seed
        Deals the accounts into five parts; each part is scored by weights of the other four.

    Notes
    -----
    Weights of evidence (Good 1950, Probability and the weighing of evidence), with the share in the
    list drawn towards the others' by a prior worth ten accounts. AUC with DeLong's interval.
    """
    if min(int(listed.sum()), int((~listed).sum())) < LEAST_LISTED or not divisions:
        return None
    part = _parts(listed, seed)
    tested = np.zeros(len(listed))
    for fold in range(FOLDS):
        mine = part == fold
        weights = [_weights(each, listed & ~mine, ~listed & ~mine) for each in divisions]
        tested[mine] = _scores(divisions, weights)[mine]
    found = auc(tested, listed)
    likeness = Likeness(found.value, found.low, found.high, int(listed.sum()), int((~listed).sum()))
    final = [_weights(each, listed, ~listed) for each in divisions]
    scores = np.where(listed, tested, _scores(divisions, final))
    return Learned(likeness, scores, tuple(final))


def most_alike(
    learned: Learned,
    divisions: Sequence[Segmentation],
    listed: Bools,
    eligible: Bools,
    account_ids: Sequence[str],
    names: Sequence[str | None],
    *,
    limit: int,
) -> tuple[Lookalike, ...]:
    """Return the `limit` eligible accounts that are most like the list, the most alike first."""
    own = np.sort(learned.scores[listed])
    places = np.flatnonzero(eligible & ~listed)
    order = sorted(places.tolist(), key=lambda at: (-learned.scores[at], account_ids[at]))[:limit]
    total = max(len(own), 1)
    return tuple(
        Lookalike(
            account_ids[at],
            names[at],
            float(learned.scores[at]),
            float(np.searchsorted(own, learned.scores[at], side="right") / total),
            _reasons(learned, divisions, listed, at),
        )
        for at in order
    )


def _parts(listed: Bools, seed: int) -> Ints:
    """Deal accounts into parts, those of the list and the others each evenly."""
    random = np.random.default_rng(seed)
    part = np.zeros(len(listed), dtype=np.int64)
    for group in (listed, ~listed):
        places = np.flatnonzero(group)
        part[places] = random.permutation(len(places)) % FOLDS
    return part


def _weights(division: Segmentation, these: Bools, others: Bools) -> tuple[Floats, Floats, Floats]:
    """Return per segment the weight, the share in the list and the share among the others."""
    codes, count = division.codes, len(division.names)
    known = codes >= 0
    x = np.bincount(codes[these & known], minlength=count).astype(np.float64)
    b = np.bincount(codes[others & known], minlength=count) + 0.5
    base = b / b.sum()
    share = (x + PRIOR * base) / (x.sum() + PRIOR)
    return np.log(share / base), x / max(x.sum(), 1.0), base


def _scores(
    divisions: Sequence[Segmentation], weights: Sequence[tuple[Floats, Floats, Floats]]
) -> Floats:
    total = np.zeros(len(divisions[0].codes))
    for division, (weight, _, _) in zip(divisions, weights, strict=True):
        total += np.where(division.codes >= 0, weight[division.codes], 0.0)
    return total


def _reasons(
    learned: Learned, divisions: Sequence[Segmentation], listed: Bools, at: int
) -> tuple[Trait, ...]:
    found = []
    for division, (weight, share, base) in zip(divisions, learned.weights, strict=True):
        code = int(division.codes[at])
        if code >= 0 and weight[code] > 0:
            n = int((division.codes[listed] >= 0).sum())
            found.append(
                Trait(
                    division.field,
                    division.names[code],
                    float(share[code]),
                    float(base[code]),
                    float(np.exp(weight[code])),
                    n,
                )
            )
    best: dict[str, Trait] = {}
    for trait in sorted(found, key=lambda each: -each.lift):
        best.setdefault(f"{trait.field} {trait.value}", trait)
    return tuple(best.values())[:REASONS]
