# ruff: noqa: RUF001 - characters that look like others are what is tested
"""The quote guard accepts what was literally said, whole and by the right speaker; nothing else."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bullseye.research.folding import folded, is_word, words
from bullseye.research.quote import Reason, Refused, Slice, verified
from bullseye.research.source import Side, Source, SourceKind, Turn


def said(*texts: str, side: Side = Side.CUSTOMER) -> Source:
    turns = tuple(Turn(at, f"Speaker {at}", side, text) for at, text in enumerate(texts))
    return Source(SourceKind.CALL, "a call", None, None, None, turns, "0" * 64)


def reason(found: Slice | Refused) -> Reason | None:
    return found.reason if isinstance(found, Refused) else None


def accepted(found: Slice | Refused) -> Slice:
    assert isinstance(found, Slice), found
    return found


PAIN = "Honestly, our onboarding takes nine weeks – and we can’t see where it’s stuck."


@pytest.mark.parametrize(
    ("quote", "own"),
    [
        ("our onboarding takes nine weeks", "our onboarding takes nine weeks"),
        ("OUR ONBOARDING   TAKES\nnine weeks", "our onboarding takes nine weeks"),
        ("we can't see where it's stuck.", "we can’t see where it’s stuck."),
        ("“we can't see where it's stuck!”", "we can’t see where it’s stuck"),
        ("nine weeks - and we can't see", "nine weeks – and we can’t see"),
        ("ｏｕｒ ｏｎｂｏａｒｄｉｎｇ takes nine", "our onboarding takes nine"),
        ("...our onbo\u00adarding takes\u200b nine weeks…", "our onboarding takes nine weeks"),
    ],
)
def test_harmless_changes_give_the_sources_own_words(quote: str, own: str) -> None:
    found = accepted(verified(quote, said("Hello there everybody.", PAIN)))
    assert (found.turn_index, found.text) == (1, own)
    assert PAIN[found.start : found.end] == own


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("this is something we can", "No, this is something we can't do."),
        ("this is something we can", "No, this is something we can’t do."),
        ("compliant with the rules", "That makes us non-compliant with the rules."),
        ("5 million euros a year", "It costs us 1.5 million euros a year."),
        ("5 million euros a year", "It costs us 1,5 million euros a year."),
        ("5 points on the margin", "It was -5 points on the margin."),
        ("the saving was about 30", "They said the saving was about 30% in May."),
        ("we start at about 9", "Then we start at about 9:30 every day."),
        ("boarding takes nine weeks", PAIN),
        ("our onboarding takes nine wee", PAIN),
        ("asse ist unser Problem", "Die Straße ist unser Problem"),
    ],
)
def test_a_quote_is_never_cut_inside_a_word_or_a_number(quote: str, text: str) -> None:
    assert reason(verified(quote, said(text))) is Reason.INSIDE_A_WORD


def test_a_later_place_counts_where_an_earlier_one_is_inside_a_word() -> None:
    found = accepted(verified("we can do this today", said("Can we? We can do this today.")))
    assert found.text == "We can do this today"
    twice = said("preshow me the price, or show me the price")
    assert accepted(verified("show me the price", twice)).start == 25


@pytest.mark.parametrize(
    "quote", ["a", "too slow", "so we do it", "…", "", "   ", "- - - - - - - -"]
)
def test_too_little_is_no_quote(quote: str) -> None:
    assert reason(verified(quote, said("a too slow so we do it … - - - - - - - -"))) is (
        Reason.TOO_SHORT
    )


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("導入に時間がかかる", "正直、導入に時間がかかるのが問題です。"),
        ("上线太慢了客户很不满", "我们上线太慢了客户很不满，成本也高。"),
        ("온보딩이 너무 오래 걸려요", "솔직히 온보딩이 너무 오래 걸려요."),
        ("внедрение занимает девять недель", "У нас внедрение занимает девять недель."),
        ("การเริ่มใช้งานช้าเกินไป", "ปัญหาคือการเริ่มใช้งานช้าเกินไปสำหรับเรา"),
        ("ऑनबोर्डिंग बहुत धीमी है", "हमारी ऑनबोर्डिंग बहुत धीमी है।"),
        ("التنفيذ يستغرق وقتا طويلا", "لدينا التنفيذ يستغرق وقتا طويلا."),
    ],
)
def test_other_scripts_are_quoted_like_any(quote: str, text: str) -> None:
    found = accepted(verified(quote, said(text)))
    assert unicodedata.normalize("NFC", found.text) == unicodedata.normalize("NFC", quote)
    decomposed = unicodedata.normalize("NFD", quote)
    assert accepted(verified(decomposed, said(text))) == found


def test_scripts_without_blanks_have_a_least_length_too() -> None:
    assert reason(verified("導入が遅", said("導入が遅い。"))) is Reason.TOO_SHORT


def test_turns_are_never_joined() -> None:
    source = said("We need it to be faster", "and it has to be cheaper.")
    assert reason(verified("be faster and it has to be", source)) is Reason.NOT_SAID


def test_the_right_side_and_speaker_must_have_said_it() -> None:
    ours = replace(said(PAIN).turns[0], side=Side.US, email="ben@us.example")
    theirs = replace(ours, index=1, side=Side.CUSTOMER, email="k@acme.example", contact_id="c7")
    source = replace(said(), turns=(ours, theirs))
    words_said = "our onboarding takes nine weeks"
    assert accepted(verified(words_said, source)).turn_index == 1
    assert accepted(verified(words_said, source, side=None)).turn_index == 0
    assert accepted(verified(words_said, source, side=Side.US)).turn_index == 0
    assert reason(verified(words_said, source, turn=0)) is Reason.WRONG_SIDE
    assert reason(verified(words_said, source, side=Side.UNKNOWN)) is Reason.WRONG_SIDE
    assert reason(verified(words_said, source, speaker="Käthe")) is Reason.WRONG_SPEAKER
    for who in ("K@ACME.example", "c7", "speaker 0"):
        assert accepted(verified(words_said, source, speaker=who)).turn_index == 1
    assert reason(verified(words_said, source, turn=9)) is Reason.NOT_SAID


# -- properties ----------------------------------------------------------------------------

CHARACTERS = st.sampled_from("abcdeßéñÅİﬁ½Ⅷ ,.'’-–—%5\u0301\u00ad\t가価ก")
TEXT = st.lists(
    st.one_of(
        st.text(CHARACTERS, min_size=1, max_size=9),
        st.sampled_from(["weeks", "nine", "we", "can", "not", "price", "5"]),
    ),
    min_size=6,
    max_size=30,
).map(" ".join)
WORDS = st.lists(
    st.sampled_from(["our", "onboarding", "takes", "nine", "weeks", "we", "can", "not", "price"]),
    min_size=8,
    max_size=40,
)


@given(st.text(max_size=60), st.lists(TEXT, max_size=3), st.integers(0, 60), st.integers(3, 60))
@settings(deadline=None, max_examples=300)
def test_nothing_is_accepted_that_is_not_there(
    other: str, texts: Sequence[str], start: int, length: int
) -> None:
    source = said(*texts)
    for quote in (other, " ".join(texts)[start : start + length]):
        found = verified(quote, source)
        if isinstance(found, Slice):
            text = source.turns[found.turn_index].text
            own = folded(text[found.start : found.end]).text
            assert found.text == text[found.start : found.end]
            assert own in folded(quote).text
            assert words(own) == words(folded(quote).text)


@given(WORDS, st.data())
@settings(deadline=None, max_examples=150)
def test_whole_words_are_accepted_however_they_are_written(
    spoken: Sequence[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(spoken) - 5))
    chosen = spoken[start : start + 5]
    assume(len(" ".join(chosen)) >= 12)
    blank = data.draw(st.sampled_from([" ", "  ", "\n", "\u00a0", "\t "]))
    form = data.draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    around = data.draw(st.sampled_from(["{}", "“{}”", '"{}."', "… {} …", "'{}'"]))
    quote = unicodedata.normalize(form, around.format(blank.join(chosen)))
    quote = data.draw(st.sampled_from([quote, quote.upper(), quote.title()]))
    found = accepted(verified(quote, said("Hm.", " ".join(spoken))))
    assert found.text == " ".join(chosen)


@given(WORDS, st.data())
@settings(deadline=None, max_examples=150)
def test_a_dropped_changed_or_swapped_word_is_refused(
    spoken: Sequence[str], data: st.DataObject
) -> None:
    numbered = [f"{word}{at}" for at, word in enumerate(spoken)]  # no two words are the same
    at = data.draw(st.integers(1, len(numbered) - 2))
    dropped = numbered[:at] + numbered[at + 1 :]
    changed = [*numbered[:at], numbered[at] + "s", *numbered[at + 1 :]]
    swapped = [*numbered[:at], numbered[at + 1], numbered[at], *numbered[at + 2 :]]
    source = said(" ".join(numbered))
    for wrong in (dropped, changed, swapped):
        assert reason(verified(" ".join(wrong), source)) is Reason.NOT_SAID
    cut = " ".join(numbered)[1:]
    assert reason(verified(cut, source)) is Reason.INSIDE_A_WORD
    half = len(numbered) // 2
    joined = said(" ".join(numbered[:half]), " ".join(numbered[half:]))
    assert reason(verified(" ".join(numbered), joined)) is Reason.NOT_SAID


@given(st.text(max_size=80))
@settings(deadline=None)
def test_folding_knows_where_every_character_came_from(text: str) -> None:
    found = folded(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert list(found.starts) == sorted(found.starts)
    assert all(0 <= s < e <= len(text) for s, e in zip(found.starts, found.ends, strict=True))
    assert folded(found.text).text == found.text
    assert any(map(is_word, found.text)) or not words(found.text)
