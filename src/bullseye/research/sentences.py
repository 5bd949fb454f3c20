"""Turns cut into sentences with their offsets, and what was said around each of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bullseye.research.source import Side, Source, Turn

LONGEST = 60
"""Words after which a sentence without an end is cut, as speech recognition writes them."""

_END = re.compile(r"(?<=[.!?…。！？])[\"'\u2019\u201d)\]]*\s+|\n+|(?<=[。！？])")  # noqa: RUF001
_NOT_AN_END = re.compile(r"\b(?:mr|mrs|ms|dr|vs|e\.g|i\.e|etc|approx|no|inc|ltd)\.$", re.IGNORECASE)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a turn, and what stood around it.

    `start` and `end` are offsets in the turn's text. `theirs_before` and `theirs_after` are the
    nearest turns of other speakers, `own_before` and `own_after` the rest of the turn, and
    `own_earlier` the speaker's turn before; each is empty where there is none.
    """

    source: str
    turn_index: int
    start: int
    end: int
    text: str
    theirs_before: str = ""
    own_before: str = ""
    own_after: str = ""
    theirs_after: str = ""
    own_earlier: str = ""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text begins and ends, without the blanks around it.

    >>> [text[a:b] for text in ["It is slow. We e.g. wait! Why?"] for a, b in spans(text)]
    ['It is slow.', 'We e.g. wait!', 'Why?']
    """
    begin = 0
    for mark in _END.finditer(text):
        if _NOT_AN_END.search(text, begin, mark.start()):
            continue
        yield from _pieces(text, begin, mark.start())
        begin = mark.end()
    yield from _pieces(text, begin, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence in pieces of at most `LONGEST` words."""
    found = [match.span() for match in _WORD.finditer(text, start, end)]
    for at in range(0, len(found), LONGEST):
        part = found[at : at + LONGEST]
        yield part[0][0], part[-1][1]


def said_by(source: Source, name: str, *, side: Side = Side.CUSTOMER) -> list[Sentence]:
    """Return the sentences of one side of a source, in order; `name` tells sources apart."""
    blocks = [list(turns) for _, turns in groupby(source.turns, key=lambda turn: turn.side)]
    texts = [" ".join(turn.text for turn in block) for block in blocks]
    found: list[Sentence] = []
    for at, block in enumerate(blocks):
        if block[0].side is not side:
            continue
        around = (
            texts[at - 1] if at else "",
            texts[at + 1] if at + 1 < len(texts) else "",
            texts[at - 2] if at > 1 else "",
        )
        found += _of_block(block, name, around)
    return found


def _of_block(block: Sequence[Turn], name: str, around: tuple[str, str, str]) -> list[Sentence]:
    """Return the sentences of the turns of one side that follow each other."""
    cut = [(turn, a, b) for turn in block for a, b in spans(turn.text)]
    texts = [turn.text[a:b] for turn, a, b in cut]
    return [
        Sentence(
            name,
            turn.index,
            a,
            b,
            texts[at],
            theirs_before=around[0],
            own_before=" ".join(texts[:at]),
            own_after=" ".join(texts[at + 1 :]),
            theirs_after=around[1],
            own_earlier=around[2],
        )
        for at, (turn, a, b) in enumerate(cut)
    ]
