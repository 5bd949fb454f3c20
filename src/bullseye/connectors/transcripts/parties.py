"""Who a JSON file of calls says was there: names, addresses and sides, by speaker's id."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bullseye.connectors.transcripts.keys import (
    EMAIL,
    META,
    NAME,
    PARTIES,
    SIDE,
    SIDES,
    first,
    key_in,
    text_in,
)
from bullseye.definitions.conversation import Participant
from bullseye.definitions.evidence import Side


def parties(*places: object) -> dict[str, Participant]:
    """Return the participants a call lists, by the id its pieces name them with."""
    found: dict[str, Participant] = {}
    for place in places:
        if not isinstance(place, Mapping):
            continue
        for key in PARTIES:
            listed = place.get(key)
            for each in listed if isinstance(listed, list) else []:
                if isinstance(each, Mapping) and (party := participant(each)):
                    for name in ("speakerId", "speaker_id", "id", "userId", "user_id"):
                        if (code := key_in(each.get(name))) is not None:
                            found.setdefault(code, party)
                    found.setdefault(f"{party.name}\n{party.email}", party)
    return found


def of_call(call: object, elsewhere: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return what stands elsewhere about a call: by its id, or the only thing there is.

    Ids of speakers are unique within a call only: those of another call would name strangers.
    """
    call_id = _call_id(call)
    own = [
        each
        for each in elsewhere
        if call_id and call_id in (_call_id(each), _call_id(meta_of(each)))
    ]
    return own or (elsewhere if len(elsewhere) == 1 else ())


def _call_id(value: object) -> str | None:
    return key_in(first(value, ("callId", "call_id", "id")))


def participant(each: Mapping[str, Any]) -> Participant | None:
    """Return one participant, or None where neither a name nor an address is said."""
    name, email = text_in(first(each, NAME)), text_in(first(each, EMAIL))
    if name is None and email is None:
        return None
    return Participant(name, email.lower() if email else None, side_in(each))


def side_in(each: Mapping[str, Any]) -> Side | None:
    """Return the side that a JSON object says somebody is on, or None."""
    said = text_in(first(each, SIDE))
    return SIDES.get(said.casefold()) if said else None


def meta_of(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a JSON object says of a call as a whole."""
    return next((value[key] for key in META if isinstance(value.get(key), Mapping)), {})


def mappings_with(value: object, keys: Sequence[str], depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects, at most `depth` levels deep, that have a list under one of `keys`."""
    if depth == 0:
        return
    if isinstance(value, Mapping):
        if any(isinstance(value.get(key), list) for key in keys):
            yield value
        for inner in value.values():
            yield from mappings_with(inner, keys, depth - 1)
    elif isinstance(value, list):
        for inner in value[:1000]:
            yield from mappings_with(inner, keys, depth - 1)
