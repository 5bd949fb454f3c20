"""Whether two sources are the same words: exactly, or nearly.

Near-duplicates share runs of five words (shingles); the share is their Jaccard index. Candidates
are found by MinHash signatures (Broder 1997), and their share is then counted exactly.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from bullseye.research.folding import folded, is_unspaced, words
from bullseye.research.source import Turn

NEARLY_THE_SAME = 0.85
"""Share of runs of five words from which two sources are taken for one."""

ALIKE = 0.4
"""Share from which a source is imported, but said to be like another: one talk, heard twice?"""

MAYBE_THE_SAME = 0.2
"""Estimate from which the share is counted; three standard errors below what is told."""

ENOUGH_WORDS = 30
"""Fewer words can be said twice by chance: then who said them, when and where counts too."""

_RUN = 5
_HASHES = 64
_RANDOM = np.random.Generator(np.random.PCG64(20_260_312))
_FACTORS = _RANDOM.integers(1, 2**63, _HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS = _RANDOM.integers(0, 2**63, _HASHES, dtype=np.uint64)


def spoken_words(texts: Iterable[str]) -> list[str]:
    """Return the words of turns without case, punctuation and blanks.

    Of scripts without blanks between words every character is one.
    """
    found: list[str] = []
    for text in texts:
        for word in words(folded(text).text):
            is_whole = word.isascii() or not any(map(is_unspaced, word))
            found.extend((word,) if is_whole else word)
    return found


def identity(
    turns: Sequence[Turn], spoken: Sequence[str], account: str | None, day: date | None
) -> str:
    """Return the SHA-256 that the same source has again, in whatever file it comes.

    It is of the words alone. Of a short source it is also of the account, the day and the
    speakers: "too expensive" is said by many.
    """
    parts = [" ".join(spoken)]
    if len(spoken) < ENOUGH_WORDS:
        who = (turn.email or turn.contact_id or turn.speaker or "" for turn in turns)
        parts += [account or "", str(day or ""), *(folded(each).text for each in who)]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def signature(spoken: Sequence[str]) -> str | None:
    """Return the MinHash signature of a source as hexadecimal text, None if it is short."""
    if len(spoken) < ENOUGH_WORDS:
        return None
    hashes = np.fromiter(map(_hash, _runs(spoken)), dtype=np.uint64)
    spread = (hashes[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)
    return bytes(spread.min(axis=0).astype(">u4").tobytes()).hex()


@dataclass
class Signatures:
    """The signatures of sources, by the source's number, to find those that may be the same."""

    numbers: list[int] = field(default_factory=list)
    _table: npt.NDArray[np.uint32] = field(
        default_factory=lambda: np.zeros((64, _HASHES), dtype=np.uint32)
    )

    def add(self, number: int, written: str) -> None:
        """Add the signature of a source."""
        if len(self.numbers) == len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._table[len(self.numbers)] = _hashes(written)
        self.numbers.append(number)

    def likely(self, written: str) -> list[int]:
        """Return the sources whose estimated share of common runs is high enough to count it."""
        same = self._table[: len(self.numbers)] == _hashes(written)
        shares = same.mean(axis=1)
        return [self.numbers[at] for at in np.flatnonzero(shares >= MAYBE_THE_SAME)]


def _hashes(written: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(bytes.fromhex(written), dtype=">u4").astype(np.uint32)


def common_share(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share of runs of five words that two sources have in common (Jaccard, 0-1).

    >>> common_share("a b c d e f".split(), "a b c d e g".split())
    0.3333333333333333
    """
    mine, theirs = set(_runs(one)), set(_runs(other))
    return len(mine & theirs) / max(len(mine | theirs), 1)


def _runs(spoken: Sequence[str]) -> list[str]:
    last = max(len(spoken) - _RUN, 0)
    return list(dict.fromkeys(" ".join(spoken[at : at + _RUN]) for at in range(last + 1)))


def _hash(run: str) -> int:
    raw = run.encode("utf-8", "replace")
    return zlib.crc32(raw) | zlib.adler32(raw) << 32
