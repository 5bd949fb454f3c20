"""The tagger: learns from decisions what holds for sources it has not seen, and says when not."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from bullseye.research.cues import cues
from bullseye.research.learning import FEWEST_CONFIRMED, learnt
from bullseye.research.sentences import Sentence
from bullseye.research.source import EvidenceKind, Side, Source, SourceKind, Status, Turn
from bullseye.research.tagger import held_out, read, trained, with_neighbours

YES = ("the zorp is broken again", "zorp trouble all week", "another zorp fell over today")
NO = ("we met on monday morning", "the plan looks fine to me", "send me the slides please")


def sentences(seed: int, sources: int, *, is_told: bool) -> tuple[list[Sentence], np.ndarray]:
    chance = np.random.default_rng(seed)
    found, happened = [], []
    for number in range(sources):
        for _ in range(8):
            yes = bool(chance.random() < 0.3)
            words = (YES if yes and is_told else NO)[chance.integers(3)]
            found.append(Sentence(f"S{number}", 0, 0, len(words), words))
            happened.append(yes)
    return found, np.array(happened)


def test_what_words_tell_is_found_in_sources_not_seen() -> None:
    said, happened = sentences(1, 15, is_told=True)
    told = held_out(read(said), happened, [each.source for each in said])
    assert (told.claimed == happened).mean() > 0.95


def test_what_words_do_not_tell_is_not_found() -> None:
    said, happened = sentences(2, 30, is_told=False)
    told = held_out(read(said), happened, [each.source for each in said])
    right = (told.claimed & happened).sum() / max(1, told.claimed.sum())
    assert right < happened.mean() + 0.1


def test_the_same_sentences_teach_the_same() -> None:
    said, happened = sentences(3, 8, is_told=True)
    blocks, names = read(said), [each.source for each in said]
    one, two = (trained(blocks, happened, names) for _ in range(2))
    assert one.cut_off == two.cut_off
    assert np.array_equal(one.scores(blocks, names), two.scores(blocks, names))


def test_neighbours_of_a_likely_sentence_rise_within_their_source_only() -> None:
    scores = np.array([-2.0, 4.0, -2.0, -2.0, -2.0])
    raised = with_neighbours(scores, ["a", "a", "a", "b", "b"], 1.0)
    assert raised[0] > raised[3]
    assert raised[3] == raised[4]
    assert np.array_equal(with_neighbours(scores, ["a"] * 5, 0.0), scores)


@dataclass(frozen=True)
class Decided:
    """A piece of evidence on which somebody decided."""

    source_number: int
    turn_index: int
    kind: EvidenceKind
    status: Status
    start: int
    end: int


def workspace_of(count: int, *, open_in: int = -1) -> tuple[dict[int, Source], list[Decided]]:
    """Return calls in which every second sentence is a confirmed pain."""
    sources, decided = {}, []
    for number in range(count):
        said = [(YES if at % 2 else NO)[(at + number) % 3] for at in range(10)]
        turns = tuple(Turn(at, None, Side.CUSTOMER, text) for at, text in enumerate(said))
        sources[number] = Source(
            SourceKind.CALL, "", date(2026, 1, 1), None, None, turns, f"{number:064d}"
        )
        status = Status.CANDIDATE if number == open_in else Status.CONFIRMED
        decided += [
            Decided(number, at, EvidenceKind.PAIN, status, 0, len(said[at]))
            for at in range(1, 10, 2)
        ]
    return sources, decided


def pain(count: int, **how: int):
    return next(
        each
        for each in learnt(*workspace_of(count, **how), cues())
        if each.kind is EvidenceKind.PAIN
    )


def test_too_few_decisions_teach_nothing_and_it_says_how_many_are_missing() -> None:
    told = pain(4)
    assert told.tagger is None
    assert told.needs == "30 more confirmed quotes and 6 more sources with every candidate decided"


def test_enough_decisions_teach_a_tagger_that_beats_the_cues() -> None:
    told = pain(12)
    assert told.confirmed >= FEWEST_CONFIRMED
    assert told.tagger is not None
    assert told.precision is not None
    assert told.precision.low > 0.8
    assert told.precision.n > 0
    assert told.cue_recall is not None
    assert told.cue_recall.share < 0.9


def test_a_source_that_is_not_wholly_reviewed_teaches_nothing() -> None:
    assert pain(12, open_in=3).sources == 11


def test_other_kinds_still_wait() -> None:
    told = {each.kind: each for each in learnt(*workspace_of(12), cues())}
    assert told[EvidenceKind.OBJECTION].needs == "50 more confirmed quotes"
    assert EvidenceKind.COMPETITOR not in told


@pytest.mark.parametrize("count", [0, 1])
def test_no_sources_are_no_error(count: int) -> None:
    assert pain(count).tagger is None
