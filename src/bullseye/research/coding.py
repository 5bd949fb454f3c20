"""Sentences of the customer's side as candidates for evidence, each with its verbatim quote."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bullseye.research.cues import Cues
from bullseye.research.quote import Slice, verified
from bullseye.research.sentences import Sentence, said_by
from bullseye.research.source import Candidate, EvidenceKind, Source
from bullseye.research.tagger import Tagger, read

BY_NAME = "name"
"""The method that finds competitors by their names."""

BY_CUE = "cue"
BY_LEARNING = "learnt"


@dataclass(frozen=True)
class Coder:
    """How sentences are read: by cues, by the names of competitors, and by what was learnt.

    A kind in `taggers` is told by its tagger alone, which stands for the cues.
    """

    cues: Cues | None
    competitors: tuple[str, ...] = ()
    taggers: Mapping[EvidenceKind, Tagger] | None = None

    def candidates(self, source: Source, name: str) -> tuple[Candidate, ...]:
        """Return the candidates of one source; `name` tells it from others.

        Only the customer's side counts, and each quote has passed the guard: a sentence too
        short to stand alone is none.
        """
        sentences = said_by(source, name)
        if not sentences:
            return ()
        found = [*self._by_cue(sentences), *self._by_name(sentences), *self._learnt(sentences)]
        whole = (_candidate(source, *each) for each in found)
        return tuple(sorted(filter(None, whole), key=_place))

    def _by_cue(self, sentences: Iterable[Sentence]) -> Iterator["_Found"]:
        learnt = self.taggers or {}
        for sentence in sentences if self.cues else ():
            for kind, names in self.cues.hits(sentence.text) if self.cues else ():
                if kind not in learnt:
                    yield sentence, kind, f"{BY_CUE}:{names[0]}", float(len(names))

    def _by_name(self, sentences: Iterable[Sentence]) -> Iterator["_Found"]:
        pattern = names_pattern(self.competitors)
        for sentence in sentences if pattern else ():
            if pattern and pattern.search(sentence.text):
                yield sentence, EvidenceKind.COMPETITOR, BY_NAME, None

    def _learnt(self, sentences: Sequence[Sentence]) -> Iterator["_Found"]:
        if not self.taggers:
            return
        blocks = read(sentences)
        sources = [sentence.source for sentence in sentences]
        for kind, tagger in self.taggers.items():
            for sentence, score in zip(sentences, tagger.scores(blocks, sources), strict=True):
                if score >= tagger.cut_off:
                    yield sentence, kind, BY_LEARNING, round(float(score), 4)


_Found = tuple[Sentence, EvidenceKind, str, float | None]


def names_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of `names` as whole words, in any case; None without names.

    >>> names_pattern(["Rival", "C++"]).search("we use c++ today").group()
    'c++'
    """
    usable = sorted({each.strip() for each in names if len(each.strip()) > 1}, key=len)
    if not usable:
        return None
    joined = "|".join(re.escape(each) for each in reversed(usable))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def _candidate(
    source: Source, sentence: Sentence, kind: EvidenceKind, method: str, score: float | None
) -> Candidate | None:
    found = verified(sentence.text, source, turn=sentence.turn_index)
    if not isinstance(found, Slice):
        return None
    return Candidate(kind, found.turn_index, found.start, found.end, found.text, method, score)


def _place(candidate: Candidate) -> tuple[int, int, str]:
    return candidate.turn_index, candidate.start, candidate.kind.value
