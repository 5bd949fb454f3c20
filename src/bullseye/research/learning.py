"""From people's decisions to taggers: only where they are shown to do better than the cues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix

from bullseye.research.cues import Cues
from bullseye.research.sentences import Sentence, said_by
from bullseye.research.source import EvidenceKind, Source, Status
from bullseye.research.tagger import Bools, Tagger, held_out, read, trained
from bullseye.stats.proportions import Share, wilson

FEWEST_CONFIRMED = 50
FEWEST_SOURCES = 10
MOST_SENTENCES = 10_000
"""Sentences that are learnt from; the latest sources go first."""


class Decided(Protocol):
    """A piece of evidence with what people decided on it."""

    @property
    def source_number(self) -> int: ...
    @property
    def turn_index(self) -> int: ...
    @property
    def kind(self) -> EvidenceKind: ...
    @property
    def status(self) -> Status: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Learnt:
    """What decisions teach for one kind.

    Attributes
    ----------
    kind
        What is told.
    confirmed, sources
        Confirmed quotes in sources that are wholly reviewed, and those sources.
    needs
        What is missing before anything can be learnt; empty where it could be.
    precision, recall
        Of the tagger, on sources it had not seen; None where nothing was learnt.
    cue_precision, cue_recall
        Of the cues on the same sentences.
    tagger
        What is used from now on; None where the cues stay.
    """

    kind: EvidenceKind
    confirmed: int
    sources: int
    needs: str = ""
    precision: Share | None = None
    recall: Share | None = None
    cue_precision: Share | None = None
    cue_recall: Share | None = None
    tagger: Tagger | None = None


def learnt(
    sources: Mapping[int, Source], decided: Iterable[Decided], cues: Cues
) -> tuple[Learnt, ...]:
    """Return, for each kind, what people's decisions teach.

    Learnt from are sources in which a person decided on every candidate: there, a sentence
    without confirmed evidence is none. A tagger is used where its F1, on sources it was not
    learnt from, is above that of the cues on the same sentences.
    """
    quotes = list(decided)
    waiting = {each.source_number for each in quotes if each.status is Status.CANDIDATE}
    reviewed = {each.source_number for each in quotes} - waiting
    sentences = _sentences({n: sources[n] for n in sorted(reviewed & sources.keys(), reverse=True)})
    confirmed = [e for e in quotes if e.status is Status.CONFIRMED and e.source_number in reviewed]
    blocks: tuple[csr_matrix, ...] | None = None
    found = []
    for kind in EvidenceKind:
        if kind is EvidenceKind.COMPETITOR:
            continue
        mine = [each for each in confirmed if each.kind is kind]
        if short := _missing(len(mine), len(reviewed)):
            found.append(Learnt(kind, len(mine), len(reviewed), short))
            continue
        blocks = read(sentences) if blocks is None else blocks
        found.append(_of_kind(kind, sentences, blocks, _holding(sentences, mine), cues, mine))
    return tuple(found)


def _missing(confirmed: int, sources: int) -> str:
    wants = []
    if confirmed < FEWEST_CONFIRMED:
        wants.append(f"{FEWEST_CONFIRMED - confirmed} more confirmed quotes")
    if sources < FEWEST_SOURCES:
        wants.append(f"{FEWEST_SOURCES - sources} more sources with every candidate decided")
    return " and ".join(wants)


def _sentences(sources: Mapping[int, Source]) -> list[Sentence]:
    found: list[Sentence] = []
    for number, source in sources.items():
        if len(found) < MOST_SENTENCES:
            found += said_by(source, str(number))
    return found


def _holding(sentences: Iterable[Sentence], evidence: Iterable[Decided]) -> Bools:
    """Return which sentences hold at least a part of any of the quotes."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for each in evidence:
        place = (str(each.source_number), each.turn_index)
        spans.setdefault(place, []).append((each.start, each.end))
    return np.array(
        [
            any(a < s.end and s.start < b for a, b in spans.get((s.source, s.turn_index), ()))
            for s in sentences
        ],
        dtype=np.bool_,
    )


def _of_kind(
    kind: EvidenceKind,
    sentences: list[Sentence],
    blocks: tuple[csr_matrix, ...],
    happened: Bools,
    cues: Cues,
    mine: list[Decided],
) -> Learnt:
    names = [each.source for each in sentences]
    if not happened.any() or happened.all():
        return Learnt(kind, len(mine), len(set(names)), "sentences of both answers")
    by_cue = np.array([any(h.kind is kind for h in cues.hits(s.text)) for s in sentences])
    claimed = held_out(blocks, happened, names).claimed
    better = _f1(claimed, happened) > _f1(by_cue, happened)
    return Learnt(
        kind,
        len(mine),
        len(set(names)),
        precision=_share(claimed & happened, claimed),
        recall=_share(claimed & happened, happened),
        cue_precision=_share(by_cue & happened, by_cue),
        cue_recall=_share(by_cue & happened, happened),
        tagger=trained(blocks, happened, names) if better else None,
    )


def _f1(claimed: Bools, happened: Bools) -> float:
    return float(2 * (claimed & happened).sum() / max(1, claimed.sum() + happened.sum()))


def _share(part: Bools, whole: Bools) -> Share:
    return wilson(int(part.sum()), int(whole.sum()))
