"""The quote guard: only words that one speaker really said, in one turn, become a quote.

Nothing else may make evidence: whatever a person, a rule or a language model hands in goes
through `verified`, and what is kept is the source's own slice, never the text handed in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bullseye.research.folding import (
    Folded,
    folded,
    is_ideographic,
    is_unspaced,
    is_word,
    words,
)
from bullseye.research.source import Side, Source, Turn

FEWEST_WORDS = 3
FEWEST_CHARACTERS = 12
_BETWEEN_WORDS = frozenset("'-.@&")
_BETWEEN_DIGITS = frozenset(",:/\u066b\u066c")
_SIGNS = frozenset("-+±")
_UNITS = frozenset("%‰°")


class Reason(StrEnum):
    """Why a quote is refused."""

    TOO_SHORT = "too short"
    NOT_SAID = "not said"
    INSIDE_A_WORD = "inside a word"
    WRONG_SPEAKER = "wrong speaker"
    WRONG_SIDE = "wrong side"


@dataclass(frozen=True)
class Slice:
    """Where a quote stands: `text` is the turn's own characters from `start` to `end`."""

    turn_index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Refused:
    """Why a quote is none, and the same in a sentence for people."""

    reason: Reason
    says: str


_SAYS = {
    Reason.TOO_SHORT: f"A quote has at least {FEWEST_WORDS} words and {FEWEST_CHARACTERS}"
    " characters.",
    Reason.NOT_SAID: "These words do not stand like this in any one turn.",
    Reason.INSIDE_A_WORD: "The quote begins or ends inside a word or a number.",
    Reason.WRONG_SPEAKER: "The words are there, but another speaker said them.",
    Reason.WRONG_SIDE: "The words are there, but the other side said them, or nobody knows who.",
}
_NEAREST_FIRST = (Reason.WRONG_SPEAKER, Reason.WRONG_SIDE, Reason.INSIDE_A_WORD, Reason.NOT_SAID)


def verified(
    quote: str,
    source: Source,
    *,
    turn: int | None = None,
    side: Side | None = Side.CUSTOMER,
    speaker: str | None = None,
) -> Slice | Refused:
    """Return where `quote` literally stands in one turn of `source`, or why it does not count.

    Compared are the characters as `folding.folded` makes them alike (compatibility forms, case,
    quotes, dashes, blanks). The slice begins and ends between words: never inside one, nor
    inside a number ("1.5"), a contraction ("can't") or a compound ("non-compliant"), where
    cutting would change what was said. Quotation marks and punctuation around the quote may be
    more or fewer than the source has.

    Parameters
    ----------
    quote
        The words that somebody says were said.
    source
        Where they are said to be.
    turn
        The index of the only turn to look in; every turn if None, and the first that fits wins.
    side
        The side the speaker must be on; any if None.
    speaker
        The name, e-mail address or contact id of who must have said it; anybody if None.

    Notes
    -----
    A quote has at least 3 words and 12 characters. An ideograph or kana counts two characters
    and half a word, a Korean syllable two characters; of other scripts without blanks between
    words, a letter counts a quarter of a word.
    """
    wanted = folded(quote).text
    bare = _bare(wanted)
    if not _is_long_enough(bare):
        return _refused(Reason.TOO_SHORT)
    reasons = {Reason.NOT_SAID}
    for each in source.turns:
        if turn is not None and each.index != turn:
            continue
        found = _found((wanted, bare), each)
        if isinstance(found, Slice):
            wrong = _wrong(each, side, speaker)
            if wrong is None:
                return found
            found = wrong
        reasons.add(found)
    return _refused(next(reason for reason in _NEAREST_FIRST if reason in reasons))


def _refused(reason: Reason) -> Refused:
    return Refused(reason, _SAYS[reason])


def _bare(wanted: str) -> str:
    """Return a quote without the punctuation around it, but with a sign or a unit of a number."""
    start, end = 0, len(wanted)
    while start < end and not is_word(wanted[start]):
        start += 1
    while end > start and not is_word(wanted[end - 1]):
        end -= 1
    if start == end:
        return ""
    if start and wanted[start].isdigit() and wanted[start - 1] in _SIGNS:
        start -= 1
    if end < len(wanted) and wanted[end] in _UNITS:
        end += 1
    return wanted[start:end]


def _is_long_enough(bare: str) -> bool:
    count, extra = 0.0, 0
    for word in words(bare):
        ideographs = sum(map(is_ideographic, word))
        unspaced = sum(map(is_unspaced, word)) - ideographs
        count += ideographs / 2 + unspaced / 4 + (len(word) > ideographs + unspaced)
        extra += ideographs + sum("가" <= character <= "힣" for character in word)
    return count >= FEWEST_WORDS and len(bare) + extra >= FEWEST_CHARACTERS


def _wrong(turn: Turn, side: Side | None, speaker: str | None) -> Reason | None:
    if speaker is not None:
        said_by = folded(speaker).text
        known = (turn.speaker, turn.email, turn.contact_id)
        if said_by not in {folded(name).text for name in known if name}:
            return Reason.WRONG_SPEAKER
    return Reason.WRONG_SIDE if side is not None and turn.side is not side else None


def _found(forms: tuple[str, ...], turn: Turn) -> Slice | Reason:
    """Return the first place in a turn where one of the forms stands whole, or what is wrong."""
    text = folded(turn.text)
    problem = Reason.NOT_SAID
    for form in dict.fromkeys(forms):
        for at in _places(form, text.text):
            end = at + len(form)
            if _is_edge(text, at) and _is_edge(text, end):
                first, last = text.starts[at], text.ends[end - 1]
                return Slice(turn.index, first, last, turn.text[first:last])
            problem = Reason.INSIDE_A_WORD
    return problem


def _places(wanted: str, text: str) -> Iterator[int]:
    """Yield where `wanted` begins in `text`; two places may overlap."""
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _is_edge(folded_text: Folded, at: int) -> bool:
    """Whether a text may be cut before its character `at` without cutting a word or number."""
    text = folded_text.text
    if at in (0, len(text)):
        return True
    if folded_text.starts[at] == folded_text.starts[at - 1]:
        return False  # both are parts of one character, as of "ß"
    before, after = text[at - 1], text[at]
    if is_word(before) and is_word(after):
        return is_unspaced(before) or is_unspaced(after)
    if before.isdigit() and after in _UNITS:
        return False
    if after.isdigit() and before in _SIGNS and not (at > 1 and is_word(text[at - 2])):
        return False
    return not (_joins(text, at - 1) or _joins(text, at))


def _joins(text: str, at: int) -> bool:
    """Whether the character `at` holds the words or digits around it together."""
    if not 0 < at < len(text) - 1:
        return False
    before, after = text[at - 1], text[at + 1]
    if text[at] in _BETWEEN_DIGITS:
        return before.isdigit() and after.isdigit()
    return text[at] in _BETWEEN_WORDS and is_word(before) and is_word(after)
