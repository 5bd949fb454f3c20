"""Matching evidence against the themes that a team governs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bullseye.definitions.theme import Theme, ThemeStatus
from bullseye.research.coding import names_pattern
from bullseye.research.features import Floats
from bullseye.research.likeness import Matrix, Reader, Vectors, centre, products
from bullseye.research.source import EvidenceKind

SAYS_WEIGHT = 2.0
"""How many exemplars the sentence of a theme counts as."""


@dataclass(frozen=True)
class Quoted:
    """A piece of evidence as themes see it: its number, its kind and its words."""

    number: int
    kind: EvidenceKind
    text: str


@dataclass(frozen=True)
class Match:
    """The theme a piece of evidence belongs to; `likeness` is None where a person said so."""

    number: int
    theme: str
    likeness: float | None


@dataclass(frozen=True)
class Matching:
    """Evidence with its theme, and what is left over, both in order of their numbers."""

    matches: tuple[Match, ...]
    left_over: tuple[Quoted, ...]


def matching(
    themes: Mapping[str, Theme],
    evidence: Iterable[Quoted],
    reader: Reader,
    *,
    pinned: Mapping[int, str] | None = None,
) -> Matching:
    """Return the theme of each piece of evidence, by kind; noise is a theme like any other.

    Parameters
    ----------
    themes
        The codebook. What a retired theme that was merged stood for now stands for the other.
    evidence
        What is matched; its kind and that of the theme are the same.
    reader
        How texts are compared.
    pinned
        Evidence whose theme a person decided, by number.

    Notes
    -----
    A theme is the mean of its sentence, counted twice, and its exemplars; evidence belongs to the
    nearest one if that is near enough (nearest centroid: Rocchio 1971, in The SMART Retrieval
    System). Competitors are told by name instead.
    """
    fixed = {number: name for number, name in (pinned or {}).items() if name in themes}
    found: list[Match] = []
    left: list[Quoted] = []
    every = sorted(evidence, key=lambda each: each.number)
    for kind in EvidenceKind:
        mine = [each for each in every if each.kind is kind]
        codebook = standing(themes, kind)
        told = _by_hand(mine, fixed, themes)
        found += told
        done = {each.number for each in told}
        rest = [each for each in mine if each.number not in done]
        way = _by_name if kind is EvidenceKind.COMPETITOR else _by_likeness
        matched = way(codebook, rest, reader)
        found += [each for each in matched if each]
        left += [each for each, match in zip(rest, matched, strict=True) if match is None]
    return Matching(
        tuple(sorted(found, key=lambda each: each.number)),
        tuple(sorted(left, key=lambda each: each.number)),
    )


def standing(themes: Mapping[str, Theme], kind: EvidenceKind) -> dict[str, tuple[str, ...]]:
    """Return the texts of each theme of a kind that is not retired: its sentence comes first."""
    texts = {
        name: [theme.says, *theme.exemplars]
        for name, theme in sorted(themes.items())
        if theme.kind is kind and theme.status is not ThemeStatus.RETIRED
    }
    for theme in themes.values():
        heir = heir_of(themes, theme.name)
        if theme.kind is kind and theme.merged_into and heir in texts:
            texts[heir] += theme.exemplars
    return {name: tuple(dict.fromkeys(said)) for name, said in texts.items()}


def heir_of(themes: Mapping[str, Theme], name: str) -> str:
    """Return the theme that stands for `name` now: itself, or what it was merged into."""
    seen = {name}
    while name in themes and (after := themes[name].merged_into) and after not in seen:
        seen.add(after)
        name = after
    return name


def _by_hand(
    evidence: Sequence[Quoted], fixed: Mapping[int, str], themes: Mapping[str, Theme]
) -> list[Match]:
    told = (
        (each.number, heir_of(themes, fixed[each.number]))
        for each in evidence
        if each.number in fixed
    )
    return [
        Match(number, name, None)
        for number, name in told
        if name in themes and themes[name].status is not ThemeStatus.RETIRED
    ]


def _by_name(
    codebook: Mapping[str, Sequence[str]], evidence: Sequence[Quoted], _: Reader
) -> list[Match | None]:
    patterns = {name: names_pattern(texts[1:]) for name, texts in codebook.items()}

    def match(each: Quoted) -> Match | None:
        for name, pattern in patterns.items():
            if pattern and pattern.search(each.text):
                return Match(each.number, name, 1.0)
        return None

    return [match(each) for each in evidence]


def _by_likeness(
    codebook: Mapping[str, Sequence[str]], evidence: Sequence[Quoted], reader: Reader
) -> list[Match | None]:
    if not codebook or not evidence:
        return [None] * len(evidence)
    names = list(codebook)
    ranks, gates = nearness(codebook, [each.text for each in evidence], reader)
    best = ranks.argmax(axis=1)
    return [
        Match(each.number, names[at], round(float(gate[at]), 4))
        if gate[at] >= reader.gate
        else None
        for each, at, gate in zip(evidence, best.tolist(), gates, strict=True)
    ]


def nearness(
    codebook: Mapping[str, Sequence[str]], texts: Sequence[str], reader: Reader
) -> tuple[Floats, Floats]:
    """Return how near texts are to each theme, to rank and to gate: shape (texts, themes) each."""
    said = [text for theme in codebook.values() for text in theme]
    return _near(codebook, reader.vectors([*said, *texts]), len(said))


def _near(
    codebook: Mapping[str, Sequence[str]], vectors: Vectors, said: int
) -> tuple[Floats, Floats]:
    edges = np.cumsum([0, *(len(texts) for texts in codebook.values())]).tolist()

    def near(rows: Matrix) -> Floats:
        centres = []
        for start, end in pairwise(edges):
            weights = np.ones(end - start)
            weights[0] = SAYS_WEIGHT
            centres.append(centre(rows[start:end], weights))
        return products(rows[said:], np.array(centres))

    ranks = near(vectors.ranking)
    if vectors.beside is not None:
        ranks = ranks + vectors.beside_share * near(vectors.beside)
    return ranks, near(vectors.gating)
