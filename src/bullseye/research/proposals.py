"""Leftover evidence in groups that say the same: proposed themes, for a person to decide on."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from bullseye.research.codebook import Quoted
from bullseye.research.features import Floats, stem, telling_words
from bullseye.research.likeness import Matrix, Reader, centre, likenesses, products
from bullseye.research.source import EvidenceKind

SMALLEST = 3
"""Quotes that a proposal needs at least."""

TERMS = 5
MOST_AT_ONCE = 4000
"""Quotes that are compared two by two; more are parted first."""

_PART = 1500
_ROUNDS = 8

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Proposal:
    """Evidence that may be a theme.

    `id` stays while its most typical quote does. `terms` are the words that set it apart from
    all other leftovers of its kind, `numbers` the evidence, the most typical first, and `texts`
    their words.
    """

    id: str
    kind: EvidenceKind
    terms: tuple[str, ...]
    numbers: tuple[int, ...]
    texts: tuple[str, ...]

    @property
    def typical(self) -> str:
        """The quote that is nearest to all others."""
        return self.texts[0]

    def exemplars(self, count: int) -> tuple[str, ...]:
        """Return up to `count` different quotes, the most typical first."""
        return tuple({text.casefold(): text for text in reversed(self.texts)}.values())[::-1][
            :count
        ]


def proposals(left_over: Sequence[Quoted], reader: Reader) -> tuple[Proposal, ...]:
    """Return groups of at least `SMALLEST` leftovers of one kind, the largest first.

    Notes
    -----
    Agglomerative clustering by average likeness (Sokal and Michener 1958), cut at the reader's
    `alike`. Above `MOST_AT_ONCE` quotes, spherical k-means (Dhillon and Modha 2001, Machine
    Learning 42, 143-175) parts them first. The words of a group are ranked by how much more often
    they stand in it than elsewhere, class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794).
    """
    found: list[Proposal] = []
    for kind in EvidenceKind:
        mine = [each for each in left_over if each.kind is kind]
        distinct = len({each.text.casefold() for each in mine})
        if kind is not EvidenceKind.COMPETITOR and distinct >= SMALLEST:
            found += _of_kind(mine, kind, reader)
    return tuple(sorted(found, key=lambda each: (-len(each.numbers), each.id)))


def _of_kind(evidence: Sequence[Quoted], kind: EvidenceKind, reader: Reader) -> Iterator[Proposal]:
    rows = reader.vectors([each.text for each in evidence]).gating
    everywhere = Counter(word for each in evidence for word in set(telling_words(each.text)))
    for part in parts(rows):
        for members in groups(rows[part], reader.alike):
            at = part[members]
            if len({evidence[i].text.casefold() for i in at.tolist()}) < SMALLEST:
                continue
            order = at[np.argsort(-likenesses(rows[at]).sum(axis=1), kind="stable")]
            chosen = [evidence[i] for i in order.tolist()]
            yield _proposal(chosen, kind, everywhere, len(evidence))


def _proposal(
    chosen: Sequence[Quoted], kind: EvidenceKind, everywhere: Counter[str], total: int
) -> Proposal:
    texts = tuple(each.text for each in chosen)
    digest = hashlib.sha256(f"{kind}\n{texts[0]}".encode("utf-8", "replace")).hexdigest()
    numbers = tuple(each.number for each in chosen)
    return Proposal(f"P{digest[:6]}", kind, _terms(texts, everywhere, total), numbers, texts)


def _terms(texts: Sequence[str], everywhere: Counter[str], total: int) -> tuple[str, ...]:
    here = Counter(word for text in texts for word in set(telling_words(text)))
    worth = {
        word: count * log(1 + total / everywhere[word])
        for word, count in here.items()
        if len(word) > 2 and count > 1
    }
    ranked = sorted(worth, key=lambda word: (-worth[word], word))
    return tuple({stem(word): word for word in reversed(ranked)}.values())[::-1][:TERMS]


def groups(rows: Matrix, alike: float) -> list[Ints]:
    """Return the places of rows that are alike on average, at least two together."""
    if rows.shape[0] < 2:
        return []
    distance = np.clip(1 - likenesses(rows), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average")
    labels = fcluster(tree, 1 - alike, criterion="distance")
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    return [np.sort(each) for each in np.split(order, edges) if len(each) > 1]


def parts(rows: Matrix) -> list[Ints]:
    """Return the places of rows in parts small enough to compare two by two."""
    count = rows.shape[0]
    if count <= MOST_AT_ONCE:
        return [np.arange(count)]
    chance = np.random.default_rng(0)
    seeds = np.sort(chance.choice(count, count // _PART + 1, replace=False))
    centres = np.array([centre(rows[[at]], np.ones(1)) for at in seeds])
    for _ in range(_ROUNDS):
        nearest = products(rows, centres).argmax(axis=1)
        centres = _moved(rows, nearest, centres)
    nearest = products(rows, centres).argmax(axis=1)
    each = (np.flatnonzero(nearest == at) for at in range(len(centres)))
    return [half for part in each for half in np.array_split(part, len(part) // MOST_AT_ONCE + 1)]


def _moved(rows: Matrix, nearest: Ints, centres: Floats) -> Floats:
    """Return the centres of the rows that are nearest to each; an empty one stays."""
    moved = centres.copy()
    for at in range(len(centres)):
        members = np.flatnonzero(nearest == at)
        if len(members):
            moved[at] = centre(rows[members], np.ones(len(members)))
    return moved
