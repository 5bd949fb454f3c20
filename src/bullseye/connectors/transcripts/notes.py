"""Notes in Markdown or plain text, with facts as YAML at their head where the writer put them.

    ---
    account: Acme
    date: 2026-03-12
    kind: interview
    participants:
      - Käthe Vogel <kaethe@acme.example>
      - {name: Ben Okafor, side: us}
    ---
    Käthe: Onboarding takes us nine weeks.

A line "Name: text" is that speaker's. A quoted block ("> text") is what somebody said, by name
if a line like "— Käthe Vogel" ends it. All else are the writer's words: nobody said them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bullseye.connectors.transcripts.labels import Labelled, labelled, speakers
from bullseye.connectors.transcripts.parts import Flaws, cleaned, clock_ms, turns_of
from bullseye.connectors.transcripts.texts import FileText
from bullseye.definitions import yaml
from bullseye.definitions.conversation import Conversation, Participant, Utterance
from bullseye.definitions.evidence import Consent, Side, SourceKind
from bullseye.errors import InputError

_HEAD = re.compile(r"\A---[ \t]*\n(?P<head>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(?:#{1,6}\s|={3,}$|-{3,}$|\*{3,}$)")
_TITLE = re.compile(r"^#\s+(?P<title>.{1,200})$", re.MULTILINE)
_ATTRIBUTION = re.compile(r"^(?:—|–|--|-)\s*(?P<name>[^\s].{1,59})$")  # noqa: RUF001 - meant
_ADDRESS = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>\s]+@[^<>\s]+)>$")
_ASIDE = re.compile(r"\s*\((?P<aside>[^()]{1,40})\)\s*$")
_KINDS = {
    "win/loss": SourceKind.WINLOSS,
    "win-loss": SourceKind.WINLOSS,
    "win_loss": SourceKind.WINLOSS,
    "loss": SourceKind.WINLOSS,
    "win": SourceKind.WINLOSS,
}
_SIDES = {
    "us": Side.US,
    "our side": Side.US,
    "internal": Side.US,
    "customer": Side.CUSTOMER,
    "buyer": Side.CUSTOMER,
    "prospect": Side.CUSTOMER,
    "external": Side.CUSTOMER,
}
_CONSENTS = {
    True: Consent.GIVEN,
    "yes": Consent.GIVEN,
    "given": Consent.GIVEN,
    False: Consent.REFUSED,
    "no": Consent.REFUSED,
    "refused": Consent.REFUSED,
}
_KNOWN = frozenset(
    {"title", "account", "company", "customer", "domain", "date", "day", "on", "held_on", "kind"}
    | {"type", "opportunity", "deal", "consent", "participants", "attendees", "speakers", "people"}
)
_NAME_AND_TIME = re.compile(
    r"^(?P<name>[^\d\s:][^\d:\n]{1,58}?)[ \t]+(?P<time>(?:\d{1,2}:)?\d{1,2}:\d{2})[ \t]*$",
    re.MULTILINE,
)
"""A line of its own with a speaker and a time, as transcripts are printed for reading."""


@dataclass(frozen=True)
class _Paragraph:
    line: int
    text: str
    is_quoted: bool
    is_heading: bool = False


def read_note(file: FileText, flaws: Flaws) -> tuple[Conversation, tuple[str, ...]]:
    """Return the conversation of a note, and what was noticed.

    Raises
    ------
    InputError
        The facts at its head are no YAML, or the note has no words of its own.
    """
    head, begin, body = _split(file)
    if len(_NAME_AND_TIME.findall(body)) > 1:
        body = _NAME_AND_TIME.sub(r"\n\g<name> [\g<time>]:", body)
    notes = tuple(
        f"The entry {key!r} at the head means nothing here and was left out."
        for key in head
        if str(key) not in _KNOWN
    )
    present = tuple(_participants(_one_of(head, "participants", "attendees", "speakers", "people")))
    said = tuple(_utterances(list(_paragraphs(body, begin)), present))
    if not said:
        raise InputError(
            "The note has no text below its head.", place=str(file.path), hint="Write it down."
        )
    title = _TITLE.search(body)
    conversation = Conversation(
        turns_of(said),
        kind=_kind(_one_of(head, "kind", "type"), flaws),
        title=_text(_one_of(head, "title")) or (cleaned(title["title"]) if title else None),
        occurred_on=_day(_one_of(head, "date", "day", "on", "held_on"), flaws),
        account=_text(_one_of(head, "account", "company", "customer", "domain")),
        opportunity=_text(_one_of(head, "opportunity", "deal")),
        consent=_CONSENTS.get(_folded(head.get("consent")), Consent.UNKNOWN),
        participants=present,
    )
    return conversation, notes


# -- the facts at the head -------------------------------------------------------------------


def _split(file: FileText) -> tuple[Mapping[str, Any], int, str]:
    """Return the facts at the head, the line the body begins on, and the body."""
    match = _HEAD.match(file.text)
    if match is None:
        return {}, 1, file.text
    try:
        found = yaml.read(match["head"])
    except yaml.NotYaml as error:
        raise InputError(
            f"The facts at its head are no YAML: {error.problem}.",
            place=f"{file.path}:{error.place.line + 1}",
            hint='Write them as "name: value", one per line, between two lines of ---',
        ) from error
    begin = 1 + match[0].count("\n")
    return (found if isinstance(found, Mapping) else {}), begin, file.text[match.end() :]


def _one_of(head: Mapping[str, Any], *keys: str) -> Any:
    return next((head[key] for key in keys if head.get(key) not in (None, "", [])), None)


def _text(value: object) -> str | None:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return cleaned(str(value)) or None
    return None


def _folded(value: object) -> str | bool | None:
    """Return what somebody wrote for one of a few words, as these are compared."""
    return value if isinstance(value, bool | None) else str(value).strip().casefold()


def _kind(value: object, flaws: Flaws) -> SourceKind | None:
    said = _folded(value)
    if said is None:
        return None
    found = _KINDS.get(str(said))
    if found is None:
        try:
            return SourceKind(str(said))
        except ValueError:
            flaws.add(None, f"its kind {said!s:.40} is none of {', '.join(SourceKind)}")
    return found


def _day(value: object, flaws: Flaws) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        flaws.add(None, f"its day {str(value)[:40]!r} is not written as 2026-03-31")
        return None


def _participants(value: object) -> Iterator[Participant]:
    listed = value.split(",") if isinstance(value, str) else value
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            email = _text(each.get("email"))
            name, side = _text(each.get("name")), _SIDES.get(str(_folded(each.get("side"))))
            if name or email:
                yield Participant(name, email.lower() if email else None, side)
        elif isinstance(each, str) and cleaned(each):
            yield _participant(cleaned(each))


def _participant(text: str) -> Participant:
    """Return who "Käthe Vogel <kaethe@acme.example> (customer)" is."""
    side = None
    if aside := _ASIDE.search(text):
        side = _SIDES.get(str(_folded(aside["aside"])))
        text = text[: aside.start()] if side else text
    if address := _ADDRESS.match(text.strip()):
        return Participant(address["name"].strip() or None, address["email"].lower(), side)
    is_address = "@" in text and " " not in text.strip()
    return Participant(None, text.lower(), side) if is_address else Participant(text, None, side)


# -- the words -------------------------------------------------------------------------------


def _paragraphs(body: str, begin: int) -> Iterator[_Paragraph]:
    """Yield the note's paragraphs; a line with a name, a bullet or a quote begins a new one."""
    held: list[str] = []
    start, quoted = begin, False
    for number, line in enumerate([*body.split("\n"), ""], start=begin):
        text = line.strip()
        is_quote = text.startswith(">")
        text = text.lstrip("> \t") if is_quote else text
        begins = (
            not text
            or is_quote is not quoted
            or _HEADING.match(text)
            or (not is_quote and text.startswith(("- ", "* ", "• ")))
            or labelled(text).name is not None
        )
        if held and begins:
            yield _Paragraph(start, "\n".join(held), quoted)
            held = []
        if _HEADING.match(text):
            yield _Paragraph(number, text, is_quoted=False, is_heading=True)
        elif text:
            start = start if held else number
            held.append(text)
        quoted = is_quote


def _utterances(
    paragraphs: list[_Paragraph], present: tuple[Participant, ...]
) -> Iterator[Utterance]:
    spoken = [p for p in paragraphs if not p.is_heading]
    read = {p.line: labelled(p.text) for p in spoken}
    listed = [p.name for p in present if p.name] + [p.email for p in present if p.email]
    named = speakers((each.name for each in read.values()), len(spoken), listed)
    # In a note a line without a name is the writer's own; in a timed transcript it goes on.
    is_timed = 2 * sum(1 for e in read.values() if e.time and e.name in named) >= len(spoken)
    last: str | None = None
    for each in paragraphs:
        if each.is_heading:
            last = None
            continue
        found = read[each.line]
        if found.name in named:
            last = found.name
            yield from _said(found, each)
        elif each.is_quoted:
            yield from _quoted(each)
        else:
            text = cleaned(each.text.lstrip("-*• "))
            if text:
                yield Utterance(text, last if is_timed else None)


def _said(found: Labelled, paragraph: _Paragraph) -> Iterator[Utterance]:
    if text := cleaned(found.text):
        started = clock_ms(found.time) if found.time else None
        yield Utterance(text, found.name, started_ms=started, is_quoted=paragraph.is_quoted)


def _quoted(paragraph: _Paragraph) -> Iterator[Utterance]:
    *lines, last = paragraph.text.split("\n")
    match = _ATTRIBUTION.match(last)
    if match and lines:
        yield Utterance(cleaned("\n".join(lines)), cleaned(match["name"]), is_quoted=True)
    else:
        yield Utterance(cleaned(paragraph.text), is_quoted=True)
