"""Coding: what customers say becomes candidates, each with its own words, and never more."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.research import measured
from bullseye.research.coding import Coder, names_pattern
from bullseye.research.cues import LANGUAGES, cues, looks_english
from bullseye.research.sentences import LONGEST, said_by, spans
from bullseye.research.source import EvidenceKind, Side, Source, SourceKind, Turn

CUES = Coder(cues())


def talk(*turns: tuple[Side, str]) -> Source:
    made = tuple(Turn(at, f"{side}", side, text) for at, (side, text) in enumerate(turns))
    return Source(SourceKind.CALL, "A call", None, "acme", None, made, "0" * 64)


def kinds(text: str) -> set[EvidenceKind]:
    return {c.kind for c in CUES.candidates(talk((Side.CUSTOMER, text)), "S1")}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("We spend hours copying data by hand.", EvidenceKind.PAIN),
        ("Nobody has time, we struggle with every launch.", EvidenceKind.PAIN),
        ("We have no visibility into late projects.", EvidenceKind.PAIN),
        ("It would be great if it told us what is late.", EvidenceKind.DESIRED_OUTCOME),
        ("Please add a way to export the plan.", EvidenceKind.DESIRED_OUTCOME),
        ("That is too expensive for a team like ours.", EvidenceKind.OBJECTION),
        ("It\u2019s not my decision, I need to ask our CFO.", EvidenceKind.OBJECTION),
        ("Maybe next year, we are too busy with the merger.", EvidenceKind.OBJECTION),
        ("Does it support single sign-on, SSO with SAML?", EvidenceKind.EVALUATION_CRITERION),
        ("A security review is a hard requirement for us.", EvidenceKind.EVALUATION_CRITERION),
        ("We are measured by days to go-live.", EvidenceKind.SUCCESS_METRIC),
        ("We want to cut onboarding from 40 days to 20.", EvidenceKind.SUCCESS_METRIC),
        ("We are moving away from our current vendor.", EvidenceKind.COMPETITOR),
    ],
)
def test_a_cue_finds_what_it_is_for(said: str, kind: EvidenceKind) -> None:
    assert kind in kinds(said)


@pytest.mark.parametrize(
    "said",
    ["Thanks a lot for your time today.", "Good morning, how are you?", "The weather is fine."],
)
def test_small_talk_is_no_evidence(said: str) -> None:
    assert kinds(said) == set()


def test_only_the_customers_side_is_read() -> None:
    words = "That is too expensive for a team like ours."
    assert CUES.candidates(talk((Side.US, words), (Side.UNKNOWN, words)), "S1") == ()
    both = CUES.candidates(talk((Side.US, words), (Side.CUSTOMER, words)), "S1")
    assert [each.turn_index for each in both] == [1]


def test_each_quote_is_the_sources_own_slice() -> None:
    source = talk((Side.CUSTOMER, "Hello.  That\u2019s too expensive,\tsorry! Bye now."))
    (found,) = CUES.candidates(source, "S1")
    text = source.turns[0].text
    assert text[found.start : found.end] == found.quote
    assert found.quote.startswith("That\u2019s too expensive")
    assert found.method == "cue:price"


def test_a_sentence_too_short_to_stand_alone_is_none() -> None:
    assert kinds("Too expensive!") == set()


@given(st.text(max_size=400))
def test_whatever_is_said_candidates_are_slices_of_it(text: str) -> None:
    source = talk((Side.CUSTOMER, text), (Side.CUSTOMER, f"{text} too expensive for us. {text}"))
    for each in CUES.candidates(source, "S1"):
        turn = source.turns[each.turn_index]
        assert turn.text[each.start : each.end] == each.quote


@given(st.text(alphabet="ab .!?\n\u3002", max_size=200))
def test_sentences_follow_each_other_and_lose_only_blanks(text: str) -> None:
    found = list(spans(text))
    assert all(a < b for a, b in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    kept = "".join(text[a:b] for a, b in found)
    assert "".join(kept.split()) == "".join(text.split())


def test_speech_without_full_stops_is_cut() -> None:
    text = "so and then " * 100
    sentences = said_by(talk((Side.CUSTOMER, text)), "S1")
    assert len(sentences) == 5
    assert all(len(each.text.split()) <= LONGEST for each in sentences)


def test_a_sentence_knows_what_was_said_around_it() -> None:
    source = talk(
        (Side.CUSTOMER, "We look around."),
        (Side.US, "Would you buy?"),
        (Side.CUSTOMER, "Well. It costs a lot. Hm."),
        (Side.US, "I understand."),
    )
    middle = next(s for s in said_by(source, "S1") if s.text == "It costs a lot.")
    assert middle.theirs_before == "Would you buy?"
    assert middle.theirs_after == "I understand."
    assert (middle.own_before, middle.own_after) == ("Well.", "Hm.")
    assert middle.own_earlier == "We look around."


def test_competitors_are_found_by_name_as_whole_words() -> None:
    coder = Coder(None, ("Rival", "C++", "Globex One"))
    said = talk((Side.CUSTOMER, "We tried rival before. Rivalry is good. Globex One was fine too."))
    found = coder.candidates(said, "S1")
    assert [each.quote for each in found] == ["We tried rival before.", "Globex One was fine too."]
    assert {each.kind for each in found} == {EvidenceKind.COMPETITOR}


def test_hostile_names_are_taken_literally() -> None:
    pattern = names_pattern(["a.*b", "(", "x" * 10_000, " "])
    assert pattern is not None
    assert pattern.search("a.*b")
    assert not pattern.search("a so b")


def test_other_languages_are_told_apart() -> None:
    assert looks_english(["We have the same problem and it is not going to be better soon, is it"])
    assert not looks_english(["Nous avons le même problème et cela ne va pas bientôt changer"] * 3)
    assert looks_english(["Ja"])


def test_every_cue_of_every_language_compiles_and_has_no_group_that_captures() -> None:
    for language in LANGUAGES:
        lexicon = cues(language)
        patterns = [p for each in lexicon.kinds.values() for p in each.values()]
        assert len(patterns) > 20
        assert all(pattern.groups == 0 for pattern in patterns)
        assert set(lexicon.kinds) == set(EvidenceKind)


def test_cues_take_no_longer_than_the_text_is_long() -> None:
    lexicon = cues()
    for hostile in ("the " * 5000, "x" * 20_000, "no " * 5000 + "budget", "we are " * 3000):
        assert list(lexicon.hits(hostile)) is not None


def test_what_is_told_of_precision_is_what_the_proof_says() -> None:
    proof = (Path(__file__).parents[2] / "docs/proof/research.md").read_text("utf-8")
    for kind, method in measured.known():
        told = measured.precision(kind, method)
        assert told is not None
        assert told.low < told.share < told.high
        assert told.n > 100
        row = f"| {told.n:,} | {told.share:.3f} ({told.low:.3f}-{told.high:.3f}) |"
        assert row in proof
        assert told.on.isoformat() in proof
    assert measured.precision(EvidenceKind.PAIN, "cue:by-hand") is None
