"""Where in the sources something is spoken of: passages ranked by the words of a question."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

from bullseye.research.features import stems
from bullseye.research.source import Source, Turn

PASSAGE_WORDS = 80
"""Words of a passage at least; the next one begins in its middle."""

_SATURATION = 1.2
_LENGTH = 0.75


@dataclass(frozen=True)
class Passage:
    """Turns of one source that follow each other; `last_turn` belongs to it.

    `score` is only to rank by, and `words` are those of the question that stand there.
    """

    source: int
    first_turn: int
    last_turn: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    source: int
    first: int
    last: int
    length: int
    hits: Counter[str]


def passages(
    question: str, sources: Iterable[tuple[int, Source]], *, limit: int = 10
) -> tuple[Passage, ...]:
    """Return the passages that speak most of what `question` asks, the best first.

    Of passages that share a turn only the best is returned.

    Notes
    -----
    Okapi BM25 (Robertson and Zaragoza 2009, Foundations and Trends in Information Retrieval 3,
    333-389) over word stems. Sources are read one by one; only the words of the question are
    kept of them.
    """
    wanted = frozenset(stems(question))
    read: list[_Read] = []
    for number, source in sources:
        read += _read(number, source.turns, wanted)
    if not read or not wanted:
        return ()
    usual = sum(each.length for each in read) / len(read)
    among = Counter(word for each in read for word in each.hits)
    rareness = {w: log(1 + (len(read) - n + 0.5) / (n + 0.5)) for w, n in among.items()}
    scored = [(_score(each, rareness, usual), each) for each in read if each.hits]
    scored.sort(key=lambda pair: (-pair[0], pair[1].source, pair[1].first))
    return tuple(_best(scored, limit))


def windows(lengths: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last turn of each passage, by the words of every turn.

    >>> list(windows([50, 40, 10, 90]))
    [(0, 1), (1, 3)]
    """
    start = 0
    while start < len(lengths):
        end, words = start, 0
        while end < len(lengths) and words < PASSAGE_WORDS:
            words += lengths[end]
            end += 1
        yield start, end - 1
        half, start = words / 2, start + 1
        gone = lengths[start - 1]
        while start < end and gone < half:
            gone += lengths[start]
            start += 1


def _read(number: int, turns: tuple[Turn, ...], wanted: frozenset[str]) -> Iterator[_Read]:
    said = [stems(turn.text) for turn in turns]
    for first, last in windows([len(turn.text.split()) for turn in turns]):
        words = [word for turn in said[first : last + 1] for word in turn]
        hits = Counter(word for word in words if word in wanted)
        yield _Read(number, turns[first].index, turns[last].index, len(words), hits)


def _score(each: _Read, rareness: dict[str, float], usual: float) -> float:
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * each.length / usual)
    return sum(
        rareness[word] * count * (_SATURATION + 1) / (count + damping)
        for word, count in each.hits.items()
    )


def _best(scored: list[tuple[float, _Read]], limit: int) -> Iterator[Passage]:
    taken: set[tuple[int, int]] = set()
    given = 0
    for score, each in scored:
        place = {(each.source, turn) for turn in range(each.first, each.last + 1)}
        if given == limit or place & taken:
            continue
        taken |= place
        given += 1
        words = tuple(sorted(each.hits))
        yield Passage(each.source, each.first, each.last, round(score, 3), words)
