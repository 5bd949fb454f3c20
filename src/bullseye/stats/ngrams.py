"""Texts as vectors of letter groups, the rare ones weighing more: how alike two texts are."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 3, 5
_WORD = re.compile(r"[^\W_]+|[%$€£]")


def letter_groups(text: str) -> Iterator[str]:
    """Yield the groups of three to five letters of each word, with a blank at its ends.

    >>> list(letter_groups("an ox"))
    [' an', 'an ', ' an ', ' ox', 'ox ', ' ox ']
    """
    for word in _WORD.findall(text.casefold()):
        padded = f" {word} "
        for length in range(SHORTEST, LONGEST + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


@dataclass(frozen=True, eq=False)
class LetterSpace:
    """What texts are measured against: a column per letter group, with its weight.

    A group that is in all `n` texts weighs 1, a rare one more; groups that none has weigh nothing.
    """

    columns: Mapping[str, int]
    weights: Floats
    n: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> "LetterSpace":
        """Return the space of some texts.

        Notes
        -----
        Term frequency, inverse document frequency over letter groups inside words: the smoothed
        form ln((1 + n) / (1 + df)) + 1 (Salton, G. and Buckley, C. 1988, Information Processing
        and Management 24, 513-523), with 1 + ln(tf).
        """
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(letter_groups(text)))
        columns = {group: at for at, group in enumerate(sorted(seen))}
        n = len(texts)
        weights = np.array([log((1 + n) / (1 + seen[group])) + 1 for group in columns])
        return cls(columns, weights, n)

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return texts as rows of length 1, shape (texts, groups); an empty text is all zero."""
        starts, columns, values = [0], list[int](), list[float]()
        for text in texts:
            counted = Counter(g for g in letter_groups(text) if g in self.columns)
            at = [self.columns[group] for group in counted]
            row = (1 + np.log(np.array(list(counted.values()), dtype=np.float64))) * self.weights[
                at
            ]
            size = float(np.sqrt((row * row).sum()))
            columns += at
            values += list(row / size if size else row)
            starts.append(len(columns))
        shape = (len(texts), len(self.columns))
        return sparse.csr_matrix((values, columns, starts), shape=shape)

    def likeness(self, some: Sequence[str], others: Sequence[str]) -> Floats:
        """Return how alike each text is to each other one, 0-1, shape (some, others)."""
        found: Floats = np.asarray((self.rows(some) @ self.rows(others).T).todense())
        return found
