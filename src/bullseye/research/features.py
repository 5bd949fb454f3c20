"""Texts as numbers without a model: hashed words and letter groups, the rare ones weighing more."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Grams = Callable[[str], Iterable[str]]
"""Takes a text apart."""

COLUMNS = 1 << 18
"""Columns that the parts of a text are hashed into; two parts rarely share one."""

_CURLY = "\u2019"
_WORD = re.compile(rf"[^\W_]+(?:['{_CURLY}][^\W_]+)?|[?!]")
_COMMON_TEXT = (
    "a an the of to in is are be it they that this on for and or as with by not no can do does"
    " should we i you he she their his her them will would from at has have was were been it's if"
    " so but because our your my me us there then than just really very"
)
_COMMON = frozenset(_COMMON_TEXT.split())
_ENDINGS_TEXT = (
    "ational fulness ization isation ations ation ments ment ings ing ities ity ies ness ally ly"
    " ed es s"
)
_ENDINGS = tuple(_ENDINGS_TEXT.split())
_SHORTEST_STEM = 3


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, and its question and exclamation marks.

    >>> words("It's too slow!")
    ["it's", 'too', 'slow', '!']
    """
    return [each.replace(_CURLY, "'") for each in _WORD.findall(text.casefold())]


def stem(word: str) -> str:
    """Return an English word without its ending; any other word mostly stays as it is.

    >>> stem("onboarding"), stem("bus")
    ('onboard', 'bus')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def telling_words(text: str) -> list[str]:
    """Return the words of a text without the commonest; all of them where none else is left."""
    found = words(text)
    return [word for word in found if word not in _COMMON] or found


def stems(text: str) -> list[str]:
    """Return the stems of the telling words."""
    return [stem(word) for word in telling_words(text)]


def phrases(text: str) -> Iterator[str]:
    """Yield every word and every two neighbours."""
    found = words(text)
    yield from found
    for pair in pairwise(found):
        yield "_".join(pair)


def letter_groups(shortest: int, longest: int, split: Callable[[str], list[str]]) -> Grams:
    """Return what takes the groups of letters out of each word, with a blank at its ends."""

    def groups(text: str) -> Iterator[str]:
        for word in split(text):
            padded = f" {word} "
            for size in range(shortest, longest + 1):
                if len(padded) <= size:
                    yield padded
                    break
                for at in range(len(padded) - size + 1):
                    yield padded[at : at + size]

    return groups


def counts(texts: Sequence[str], grams: Grams) -> csr_matrix:
    """Return how often each part stands in each text: shape (texts, `COLUMNS`).

    The hash is CRC-32, so that the same text has the same columns in every process.
    """
    ends, columns = [0], []
    for text in texts:
        columns += [zlib.crc32(gram.encode("utf-8", "replace")) % COLUMNS for gram in grams(text)]
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float64)
    found = csr_matrix(
        (ones, np.array(columns, dtype=np.int64), np.array(ends, dtype=np.int64)),
        shape=(len(texts), COLUMNS),
    )
    found.sum_duplicates()
    return found


def with_length_one(rows: csr_matrix) -> csr_matrix:
    """Return rows scaled to length 1; an empty row stays empty."""
    scaled = rows.copy()
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    scaled.data = rows.data / np.repeat(lengths, np.diff(rows.indptr))
    return scaled


@dataclass(frozen=True)
class Weights:
    """How rare each column is among some texts: shape (`COLUMNS`,)."""

    rareness: Floats

    @classmethod
    def of(cls, found: csr_matrix) -> "Weights":
        """Return the weights by the texts counted in `found`.

        Notes
        -----
        Inverse document frequency, smoothed: ln((1 + n) / (1 + df)) + 1 (Salton and Buckley
        1988, Information Processing and Management 24, 513-523).
        """
        texts = np.bincount(found.indices, minlength=COLUMNS)
        return cls(np.log((1 + found.shape[0]) / (1 + texts)) + 1)

    def weighted(self, found: csr_matrix) -> csr_matrix:
        """Return rows of length 1: (1 + ln count) times the rareness."""
        rows = found.copy()
        rows.data = (1 + np.log(found.data)) * self.rareness[found.indices]
        return with_length_one(rows)


_SPELLING = letter_groups(3, 5, telling_words)


@dataclass(frozen=True)
class Space:
    """Where texts lie by their spelling and their stems; texts that say alike lie close."""

    spelling: Weights
    stems: Weights

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Space":
        """Return the space whose rare words are those that are rare in `texts`."""
        return cls(Weights.of(counts(texts, _SPELLING)), Weights.of(counts(texts, stems)))

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return a row of length 1 per text: shape (texts, 2 x `COLUMNS`).

        The product of two rows is their likeness, 0 to 1.
        """
        parts = (
            self.spelling.weighted(counts(texts, _SPELLING)),
            self.stems.weighted(counts(texts, stems)),
        )
        return with_length_one(sparse.hstack(parts).tocsr())
