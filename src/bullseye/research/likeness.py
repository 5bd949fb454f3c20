"""How alike texts are: a reader turns them into vectors, with or without a language model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from bullseye.research.features import Floats, Space

Matrix = Any
"""A dense or sparse matrix with a row of length 1 per text."""


@dataclass(frozen=True)
class Vectors:
    """Texts as rows: `ranking` says which theme is nearest, `gating` whether it is near enough.

    Where there is a matrix `beside`, `beside_share` times its likeness is added to rank by.
    """

    ranking: Matrix
    gating: Matrix
    beside: Matrix | None = None
    beside_share: float = 0.0


class Reader(Protocol):
    """Makes vectors of texts; its cut-offs belong to the kind of its vectors.

    `gate` is how near a theme must be to be matched, `alike` how near two leftovers must be on
    average to stand together.
    """

    @property
    def name(self) -> str: ...
    @property
    def gate(self) -> float: ...
    @property
    def alike(self) -> float: ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts that are compared with each other."""
        ...


@dataclass(frozen=True)
class Spelling:
    """Reads without a model: by letter groups and stems that few of the texts share."""

    name: str = "spelling"
    gate: float = 0.15
    alike: float = 0.12

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors; both likenesses are the same here."""
        rows = Space.of(texts).rows(texts)
        rows = rows[:, np.unique(rows.indices)]  # a theme's centre is dense: keep it small
        return Vectors(rows, rows)


def centre(rows: Matrix, weights: Floats) -> Floats:
    """Return the weighted mean of rows at length 1: shape (columns,)."""
    mean = np.asarray(weights @ rows, dtype=np.float64).ravel()
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean


def products(rows: Matrix, others: Floats) -> Floats:
    """Return the likeness of each row with each of `others`: shape (rows, others)."""
    return np.asarray(rows @ others.T, dtype=np.float64)


def likenesses(rows: Matrix) -> Floats:
    """Return the likeness of every two rows: shape (rows, rows)."""
    found = rows @ rows.T
    return np.asarray(found.toarray() if sparse.issparse(found) else found, dtype=np.float64)
