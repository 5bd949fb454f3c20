"""WebVTT and SubRip captions: timed pieces of text, mostly of one speaker each.

WebVTT: https://www.w3.org/TR/webvtt1/. Read leniently: a cue is what follows a line of times,
whatever stands around it.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bullseye.connectors.transcripts.labels import labelled, speakers
from bullseye.connectors.transcripts.parts import Flaws, cleaned, clock_ms, turns_of
from bullseye.connectors.transcripts.texts import FileText
from bullseye.definitions.conversation import Conversation, Conversations, Utterance
from bullseye.definitions.evidence import SourceKind
from bullseye.errors import InputError

_TIMES = re.compile(r"^\s*(?P<start>[\d:.,]+)\s*-->\s*(?P<end>[\d:.,]+)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,80})?\s+(?P<name>[^<>\n]{1,200})>")
_OWN_TAGS = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang)(?:[.\s][^<>\n]{0,200})?>|<[\d:.]{1,20}>")


@dataclass(frozen=True)
class _Cue:
    """One timed piece; `voices` are the pieces its tags give to named speakers."""

    line: int
    started_ms: int
    voices: tuple[tuple[str | None, str], ...]


def read_cues(file: FileText, form: str) -> Conversations:
    """Return the one conversation of a WebVTT or SubRip file.

    A voice tag names the speaker of its text. Without any, "Name: text" does, and a cue without
    a name goes on with the last one's. Cues are put in order of time; comments and styles are
    left out. A cue whose times cannot be read, or without text, is counted as a flaw.

    Raises
    ------
    InputError
        The file holds no cue with text.
    """
    flaws = Flaws()
    cues = list(_cues(file.text, flaws))
    if not cues:
        raise InputError(
            "The file holds no caption with text.",
            place=str(file.path),
            hint="Export the transcript again; a caption is a line of times and its words.",
        )
    notes = list(file.notes)
    ordered = sorted(cues, key=lambda cue: cue.started_ms)
    if ordered != cues:
        notes.append("The captions were not in order of time; they are now.")
    has_voices = any(name for cue in cues for name, _ in cue.voices)
    said = _by_voice(ordered) if has_voices else _by_label(ordered)
    conversation = Conversation(turns_of(said), SourceKind.CALL, occurred_on=_day(file.text))
    found = tuple(flaws.first)
    return Conversations(form, (conversation,), found, flaws.count, tuple(notes))


def _cues(text: str, flaws: Flaws) -> Iterator[_Cue]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at][:200])
        if not times:
            if "-->" in lines[at][:200]:
                flaws.add(at + 1, "the times of the caption cannot be read")
            at += 1
            continue
        number, payload, at = at + 1, [], at + 1
        while at < len(lines) and lines[at].strip() and not _TIMES.match(lines[at][:200]):
            payload.append(lines[at])
            at += 1
        if at < len(lines) and _TIMES.match(lines[at][:200]) and payload:
            payload = payload[:-1] if _is_identifier(payload[-1]) else payload
        started = clock_ms(times["start"])
        if started is None:
            flaws.add(number, "the times of the caption cannot be read")
            continue
        voices = tuple(_voices("\n".join(payload)))
        if voices:
            yield _Cue(number, started, voices)
        else:
            flaws.add(number, "the caption has no text")


def _is_identifier(line: str) -> bool:
    """Whether a line just before the next times, without a blank line between, is its number."""
    return line.strip().isdigit()


def _voices(payload: str) -> Iterator[tuple[str | None, str]]:
    """Yield the speakers a cue's tags name, with the text of each."""
    if payload.lstrip().startswith("{") and (spoken := _spoken_json(payload)):
        yield spoken
        return
    if not _VOICE.search(payload):
        yield from ((None, text) for line in payload.split("\n") if (text := _plain(line)))
        return
    name, begin = None, 0
    for tag in [*_VOICE.finditer(payload), None]:
        text = _plain(payload[begin : tag.start() if tag else len(payload)])
        if text:
            yield name, text
        if tag:
            name, begin = cleaned(html.unescape(tag["name"])) or None, tag.end()


def _plain(payload: str) -> str:
    """Return a cue's text without the format's own tags; any other tag is what was said."""
    return cleaned(" ".join(html.unescape(_OWN_TAGS.sub("", payload)).split()))


def _spoken_json(payload: str) -> tuple[str | None, str] | None:
    """Return speaker and text of a cue that holds them as JSON, as Microsoft Graph writes it."""
    try:
        found = json.loads(payload)
        text = cleaned(str(found["spokenText"]))
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    name = cleaned(str(found.get("speakerName") or ""))
    return (name or None, text) if text else None


def _by_voice(cues: list[_Cue]) -> Iterator[Utterance]:
    for cue in cues:
        for name, text in cue.voices:
            yield Utterance(text, name, started_ms=cue.started_ms)


def _by_label(cues: list[_Cue]) -> Iterator[Utterance]:
    lines = [(cue.started_ms, text, labelled(text)) for cue in cues for _, text in cue.voices]
    named = speakers((each.name for *_, each in lines), len(cues))
    last = None
    for started_ms, line, each in lines:
        is_named = each.name in named
        if is_named:
            last = each.name
        elif line.startswith(("- ", "– ")):  # noqa: RUF001 - a dash begins another's words
            last = None
        text = each.text if is_named else line
        if text:
            yield Utterance(text, last, started_ms=started_ms)


def _day(text: str) -> date | None:
    """Return the day a JSON cue or a comment states as an ISO moment, or None."""
    match = re.search(r'"startDateTime"\s*:\s*"(\d{4}-\d{2}-\d{2})', text[:100_000])
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
