"""Cue lexicons: phrases that speak for a kind of evidence, as data, one file per language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from bullseye.definitions import yaml
from bullseye.research.features import words
from bullseye.research.source import EvidenceKind

LANGUAGES = ("en",)
"""Languages that have a lexicon; in others only names of competitors are found."""


class Hit(NamedTuple):
    """A kind that a sentence speaks for, and the names of the cues that say so."""

    kind: EvidenceKind
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The lexicon of one language, compiled."""

    language: str
    version: str
    kinds: Mapping[EvidenceKind, Mapping[str, re.Pattern[str]]]
    never: tuple[re.Pattern[str], ...]

    def hits(self, sentence: str) -> Iterator[Hit]:
        """Yield each kind that `sentence` speaks for, in the order of the lexicon."""
        plain = sentence.replace("\u2019", "'")
        if any(pattern.search(plain) for pattern in self.never):
            return
        for kind, patterns in self.kinds.items():
            found = tuple(name for name, pattern in patterns.items() if pattern.search(plain))
            if found:
                yield Hit(kind, found)


@cache
def cues(language: str = "en") -> Cues:
    """Return the packaged lexicon of a language, one of `LANGUAGES`."""
    text = files("bullseye.research").joinpath("cues", f"{language}.yaml").read_text("utf-8")
    said = yaml.read(text)
    return Cues(
        language,
        said["version"],
        MappingProxyType({EvidenceKind(kind): _compiled(p) for kind, p in said["kinds"].items()}),
        tuple(_compiled(said["not"]).values()),
    )


def _compiled(patterns: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    return MappingProxyType(
        {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}
    )


_ENGLISH_TEXT = (
    "the a an and or but to of in is are was be it that this we you i they for on with not have has"
    " do does can what so if our your at as my there just would"
)
_ENGLISH = frozenset(_ENGLISH_TEXT.split())
_FEWEST_WORDS = 20
_LEAST_SHARE = 0.2


def looks_english(sentences: Sequence[str]) -> bool:
    """Whether the commonest English words are as common as in English; so do short texts.

    >>> looks_english(["Wir haben keine Zeit und auch kein Budget, das ist alles."] * 3)
    False
    """
    found = [word for sentence in sentences for word in words(sentence)]
    if len(found) < _FEWEST_WORDS:
        return True
    return sum(word in _ENGLISH for word in found) >= _LEAST_SHARE * len(found)
