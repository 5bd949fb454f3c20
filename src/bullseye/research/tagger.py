"""What a workspace's own decisions teach: which sentences are of a kind, held out by source."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csr_matrix
from scipy.special import expit

from bullseye.research.cues import cues
from bullseye.research.features import (
    Floats,
    Grams,
    Weights,
    counts,
    letter_groups,
    phrases,
    words,
)
from bullseye.research.sentences import Sentence
from bullseye.stats.wide_logistic import Wide, best_cut_off, wide_fit

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

FOLDS = 5
INNER_FOLDS = 3
STRENGTH = 3.0
NEIGHBOURS = (0.0, 1.0)
"""How much the sentences around may count; the data choose."""

_DECAY = 0.5
_USUAL = 0.1
_FEWEST = 2


class Block(NamedTuple):
    """One part of a sentence that is read, how it is taken apart, and its weight."""

    part: str
    grams: Grams
    weight: float


def cue_names(text: str) -> list[str]:
    """Return the names of the cues in a text, and the kinds they speak for.

    They are what is known before anything was decided here, so that a tagger begins with them.
    """
    hits = list(cues().hits(text))
    return [hit.kind.value for hit in hits] + [name for hit in hits for name in hit.cues]


BLOCKS = (
    Block("text", cue_names, 0.5),
    Block("text", phrases, 1.0),
    Block("text", letter_groups(2, 5, words), 1.0),
    Block("theirs_before", phrases, 0.7),
    Block("own_before", words, 0.5),
    Block("own_after", words, 0.5),
    Block("theirs_after", phrases, 0.7),
    Block("own_earlier", words, 0.5),
)


def read(sentences: Sequence[Sentence]) -> tuple[csr_matrix, ...]:
    """Return the counts of every block: each of shape (sentences, `COLUMNS`)."""
    return tuple(counts([getattr(s, b.part) for s in sentences], b.grams) for b in BLOCKS)


@dataclass(frozen=True)
class Model:
    """Weights learnt from some sentences: how rare each part is, and what it speaks for."""

    rareness: tuple[Weights, ...]
    columns: Ints
    fit: Wide

    @classmethod
    def of(cls, blocks: Sequence[csr_matrix], happened: Bools) -> "Model":
        """Return the weights learnt from all rows of `blocks`."""
        rareness = tuple(Weights.of(block) for block in blocks)
        rows = _rows(blocks, rareness)
        seen = np.bincount(rows.indices, minlength=rows.shape[1])
        columns = np.flatnonzero(seen >= _FEWEST)
        return cls(rareness, columns, wide_fit(rows[:, columns], happened, strength=STRENGTH))

    def log_odds(self, blocks: Sequence[csr_matrix]) -> Floats:
        """Return the log-odds of each sentence by itself and by what was said around it."""
        return self.fit.log_odds(_rows(blocks, self.rareness)[:, self.columns])


@dataclass(frozen=True)
class Tagger:
    """Scores sentences for one kind of evidence; from `cut_off` on it claims them."""

    model: Model
    neighbours: float
    cut_off: float

    def scores(self, blocks: Sequence[csr_matrix], sources: Sequence[str]) -> Floats:
        """Return a score per sentence; those of a source follow each other, in their order."""
        return with_neighbours(self.model.log_odds(blocks), sources, self.neighbours)


class HeldOut(NamedTuple):
    """Scores and claims for sentences of sources that the tagger had not seen: shape (n,).

    Scores of two folds come from two taggers: each is told from its own cut-off.
    """

    scores: Floats
    claimed: Bools


def trained(blocks: Sequence[csr_matrix], happened: Bools, sources: Sequence[str]) -> Tagger:
    """Return the tagger learnt from sentences; both answers occur, in several sources.

    Notes
    -----
    Ridge-penalised logistic regression on hashed words, word pairs and letter groups of the
    sentence and of what was said around it. A sentence among likely ones is likelier: how much
    that counts, and the cut-off, are chosen on sources left out.
    """
    inner = np.zeros(len(happened))
    for out in _folds(sources, happened, INNER_FOLDS):
        model = Model.of(_some(blocks, ~out), happened[~out])
        inner[out] = model.log_odds(_some(blocks, out))
    tried = [
        (best_cut_off(with_neighbours(inner, sources, weight), happened), weight)
        for weight in NEIGHBOURS
    ]
    cut_off, weight = max(tried, key=lambda each: each[0].f1)
    return Tagger(Model.of(blocks, happened), weight, cut_off.score)


def held_out(blocks: Sequence[csr_matrix], happened: Bools, sources: Sequence[str]) -> HeldOut:
    """Return what taggers say of sources they were not learnt from; nested, so nothing is tuned."""
    scores, claimed = np.zeros(len(happened)), np.zeros(len(happened), dtype=np.bool_)
    named = np.array(sources)
    for out in _folds(sources, happened, FOLDS):
        tagger = trained(_some(blocks, ~out), happened[~out], named[~out].tolist())
        told = tagger.scores(_some(blocks, out), named[out].tolist())
        scores[out], claimed[out] = told - tagger.cut_off, told >= tagger.cut_off
    return HeldOut(scores, claimed)


def with_neighbours(scores: Floats, sources: Sequence[str], weight: float) -> Floats:
    """Return scores raised where the sentences around are likely, lowered where they are not."""
    if weight == 0:
        return scores
    found = scores.copy()
    start = 0
    for _, group in groupby(sources):
        end = start + len(list(group))
        if end - start > 1:
            found[start:end] += weight * np.log((_around(scores[start:end]) + 0.02) / _USUAL)
        start = end
    return found


def _around(scores: Floats) -> Floats:
    """Return the weighted mean chance of the other sentences, the near ones counting most."""
    chance = expit(scores)
    before, after = np.zeros((2, len(scores))), np.zeros((2, len(scores)))
    for at in range(1, len(scores)):
        before[:, at] = _DECAY * (before[:, at - 1] + (chance[at - 1], 1.0))
        back = len(scores) - 1 - at
        after[:, back] = _DECAY * (after[:, back + 1] + (chance[back + 1], 1.0))
    total = before + after
    return np.asarray(total[0] / total[1], dtype=np.float64)


def _folds(sources: Sequence[str], happened: Bools, folds: int) -> list[Bools]:
    """Return masks that part the sources; left out are those that would leave one answer only."""
    every = {name: zlib.crc32(name.encode("utf-8", "replace")) for name in sources}
    order = sorted(every, key=lambda name: (every[name], name))
    place = {name: at % folds for at, name in enumerate(order)}
    fold = np.array([place[name] for name in sources])
    masks = [fold == number for number in range(folds)]
    return [
        mask for mask in masks if mask.any() and happened[~mask].any() and not happened[~mask].all()
    ]


def _some(blocks: Sequence[csr_matrix], mask: Bools) -> tuple[csr_matrix, ...]:
    return tuple(block[mask] for block in blocks)


def _rows(blocks: Sequence[csr_matrix], rareness: Sequence[Weights]) -> csr_matrix:
    """Return the blocks side by side: shape (sentences, blocks x `COLUMNS`)."""
    parts = [
        block.weight * weights.weighted(found)
        for block, weights, found in zip(BLOCKS, rareness, blocks, strict=True)
    ]
    return sparse.hstack(parts).tocsr()
