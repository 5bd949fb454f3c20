"""Calls as JSON: Gong, Zoom, Microsoft Teams, and others that list who said what and when.

Formats differ in their keys and little else, so keys are recognised by the names below. Gong's
sentences hang below a speaker's id whose name is among the `parties` of the call; Zoom lists
`users` per piece; Teams writes the name beside the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from bullseye.connectors.transcripts.keys import (
    DURATION,
    EMAIL,
    END,
    ID,
    LONGEST_CALL_MS,
    NAME,
    PARTIES,
    PIECES,
    SPEAKER,
    START,
    STARTED,
    TEXT,
    TITLE,
    day_in,
    first,
    key_in,
    number_in,
    text_in,
)
from bullseye.connectors.transcripts.parties import (
    mappings_with,
    meta_of,
    of_call,
    parties,
    side_in,
)
from bullseye.connectors.transcripts.parts import Flaws, clock_ms, turns_of
from bullseye.definitions.conversation import Conversation, Participant, Utterance
from bullseye.definitions.evidence import Side, SourceKind

WORDS_A_SECOND = 2.3
"""How fast people talk in conversation, pauses left out."""

_DEEPEST = 8


@dataclass(frozen=True)
class _Piece:
    """One piece of text with what is said of its speaker; times as the file has them."""

    text: str
    speaker: str | None
    email: str | None
    side: Side | None
    start: float | str | None
    end: float | str | None


def is_call(value: object) -> bool:
    """Whether a JSON value holds pieces of text that somebody said."""
    return any(_piece_list(each) is not None for each in _calls(value))


def calls_of(value: object, flaws: Flaws, beside: Sequence[object] = ()) -> Iterator[Conversation]:
    """Yield every call a JSON value holds; pieces without text are counted as flaws.

    `beside` are the values of other files, in which participants may be listed.
    """
    elsewhere = tuple(
        found for each in (value, *beside) for found in mappings_with(each, PARTIES, _DEEPEST)
    )
    for number, call in enumerate(_calls(value), start=1):
        listed = _piece_list(call)
        if listed is None:
            continue
        own = of_call(call, elsewhere)
        meta = _details(value, *own, call)
        present = parties(call, meta) or parties(*own)
        pieces = list(_pieces(listed, present, flaws))
        scale = _milliseconds_a_unit(pieces, number_in(first(meta, DURATION)))
        said = (
            Utterance(
                each.text,
                each.speaker,
                each.email,
                _started_ms(each.start, scale),
                each.side,
            )
            for each in pieces
        )
        yield Conversation(
            turns_of(said),
            SourceKind.CALL,
            title=text_in(first(meta, TITLE)),
            occurred_on=day_in(first(meta, STARTED)),
            participants=tuple(dict.fromkeys(present.values())),
            place=f"call {number}" if number > 1 or _is_many(value) else "",
        )


# -- finding the parts -----------------------------------------------------------------------


def _calls(value: object) -> Iterator[Mapping[str, Any] | Sequence[Any]]:
    """Yield what may be one call each: the elements of a list of calls, or the value itself."""
    if isinstance(value, Mapping):
        for key in ("callTranscripts", "calls", "transcripts", "meetings"):
            inner = value.get(key)
            if isinstance(inner, list) and any(_piece_list(each) is not None for each in inner):
                yield from inner
                return
    if isinstance(value, list) and any(
        isinstance(each, Mapping) and _piece_list(each) is not None and not _is_piece(each)
        for each in value
    ):
        yield from value
    elif isinstance(value, Mapping | list):
        yield value


def _is_many(value: object) -> bool:
    return sum(1 for _ in _calls(value)) > 1


def _piece_list(value: object, depth: int = 4) -> list[Any] | None:
    """Return the list of pieces in a value: the first of which half are somebody's words."""
    if isinstance(value, list):
        told = sum(_is_piece(each) for each in value)
        return value if value and 2 * told >= len(value) else None
    if isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            if key not in PARTIES and (found := _piece_list(inner, depth - 1)) is not None:
                return found
    return None


def _is_piece(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    has_text = isinstance(first(value, TEXT), str) or any(
        isinstance(value.get(key), list) for key in PIECES
    )
    if not has_text:
        return False
    start = first(value, START)
    moment = number_in(start) if not isinstance(start, str) else clock_ms(start)
    # A day or a moment is no time within a call: rows of a survey have one too.
    is_timed = moment is not None and moment < LONGEST_CALL_MS
    return is_timed or any(value.get(key) is not None for key in SPEAKER)


def _pieces(
    listed: list[Any], present: Mapping[str, Participant], flaws: Flaws
) -> Iterator[_Piece]:
    for number, each in enumerate(listed, start=1):
        if not isinstance(each, Mapping):
            flaws.add(number, "the piece is no object")
            continue
        inner = next((each[key] for key in PIECES if isinstance(each.get(key), list)), None)
        whole = text_in(first(each, TEXT))
        parts = [each] if whole or inner is None else [p for p in inner if isinstance(p, Mapping)]
        found = False
        for part in parts:
            if text := text_in(first(part, TEXT)):
                found = True
                yield _piece(text, part, each, present)
        if not found:
            flaws.add(number, "the piece has no text")


def _piece(
    text: str, part: Mapping[str, Any], whole: Mapping[str, Any], present: Mapping[str, Participant]
) -> _Piece:
    who = next(_people(whole), whole)
    key = key_in(first(whole, ID)) or (None if who is whole else key_in(first(who, ("id", *ID))))
    party = present.get(key or "")
    name = text_in(first(who, NAME))
    if party is not None and party.name:
        name = party.name
    elif name is None and key is not None:
        name = f"Speaker {key}"  # keeps two speakers apart of whom nobody knows the name
    email = text_in(first(who, EMAIL)) or (party.email if party else None)
    side = side_in(who) or (party.side if party else None)
    start, end = _time(part, START, whole), _time(part, END, whole)
    return _Piece(text, name, email.lower() if email else None, side, start, end)


def _people(piece: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("users", "speaker", "participant", "user", "from", "author"):
        inner = piece.get(key)
        inner = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
        if isinstance(inner, Mapping):
            yield inner


# -- details ---------------------------------------------------------------------------------


def _details(*places: object) -> Mapping[str, Any]:
    """Return what is said of a call; later places count before earlier ones."""
    found: dict[str, Any] = {}
    for place in places:
        if isinstance(place, Mapping):
            found |= {k: v for k, v in place.items() if isinstance(v, str | int | float)}
            found |= dict(meta_of(place))
            found |= {k: place[k] for k in PARTIES if isinstance(place.get(k), list)}
    return found


# -- times -----------------------------------------------------------------------------------


def _time(
    part: Mapping[str, Any], keys: Sequence[str], whole: Mapping[str, Any]
) -> float | str | None:
    for place in (part, whole):
        value = first(place, keys)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return value
    return None


def _milliseconds_a_unit(pieces: Sequence[_Piece], duration: float | None) -> float:
    """Return how many milliseconds one unit of the numbers is: 1, or 1000 for seconds.

    Writers do not say which. Where the call's length is known in seconds, the unit is the one
    by which the last piece ends nearest to it; else the one by which people talk at their pace.
    """
    ends = [
        n for each in pieces for n in (number_in(each.end), number_in(each.start)) if n is not None
    ]
    last = max(ends, default=0.0)
    if last <= 0:
        return 1000
    if duration is not None and duration > 0:
        length = duration
    else:
        length = max(1, sum(len(each.text.split()) for each in pieces)) / WORDS_A_SECOND
    as_seconds, as_milliseconds = abs(log(last / length)), abs(log(last / 1000 / length))
    return 1000 if as_seconds <= as_milliseconds else 1


def _started_ms(value: float | str | None, scale: float) -> int | None:
    if isinstance(value, str):
        return clock_ms(value)
    number = number_in(value)
    return None if number is None or number < 0 else round(number * scale)
