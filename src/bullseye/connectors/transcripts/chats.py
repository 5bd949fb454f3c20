"""Chats as text: WhatsApp's export, and what people copy from Teams and other windows.

A message begins with a time, mostly with a day, and a name; lines without are part of the
message before. WhatsApp writes "12/03/2026, 10:15 - Name: text" or "[12.03.26, 10:15:32] Name:
text", in the order of days of the telephone that wrote it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bullseye.connectors.transcripts.parts import Flaws, cleaned, turns_of
from bullseye.connectors.transcripts.texts import FileText
from bullseye.definitions.conversation import Conversation, Utterance
from bullseye.definitions.evidence import SourceKind

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f\u00a0]?[AaPp]\.?\s?[Mm]\.?)?"
_DAY = r"(?P<a>\d{1,4})[./-](?P<b>\d{1,2})(?:[./-](?P<c>\d{2,4}))?"
_START = re.compile(
    rf"^[\u200e\u200f\u202a-\u202e]*(?P<open>\[)?(?:{_DAY},?[\s\u202f]+)?(?:\w+\s)?(?P<time>{_TIME})"
    r"(?(open)\])(?:\s+[-–]\s+|\s*)(?P<rest>.*)$"  # noqa: RUF001 - meant
)
_NAMED = re.compile(r"^(?P<name>[^:\n]{1,60}):(?:\s+(?P<text>.*))?$")
_LEFT_OUT = re.compile(r"^[\u200e\s]*<[^<>]{3,60}>$")
"""What stands for a picture or a sound that was left out."""

_FEWEST = 2
_LONGEST_HEAD = 200


@dataclass(frozen=True)
class _Message:
    line: int
    day: tuple[int, int, int] | None
    name: str
    text: str


def is_chat(text: str) -> bool:
    """Whether a text is a chat: most of its first lines begin with a time and a name."""
    lines = [line for line in text.split("\n", 400)[:400] if line.strip()]
    begun = [m for line in lines if (m := _START.match(line[:_LONGEST_HEAD]))]
    named = sum(_NAMED.match(match["rest"]) is not None for match in begun)
    return named >= _FEWEST and 3 * len(begun) >= len(lines)


def read_chat(file: FileText, flaws: Flaws) -> tuple[Conversation | None, tuple[str, ...]]:
    """Return the conversation of a chat, and notes; None if nobody said anything.

    Messages of the system (without a name) and attachments that were left out are no words of
    anybody and count as flaws. The day is None where the order of day and month stays open.
    """
    messages = _messages(file.text, flaws)
    said = tuple(Utterance(each.text, each.name) for each in messages if each.text)
    if not said:
        return None, ()
    day, note = _first_day([each.day for each in messages if each.day is not None])
    return Conversation(turns_of(said), SourceKind.CHAT, occurred_on=day), note


def _messages(text: str, flaws: Flaws) -> list[_Message]:
    found: list[_Message] = []
    for number, line in enumerate(text.split("\n"), start=1):
        start = _START.match(line[:_LONGEST_HEAD])
        if start is None:
            if found and line.strip():
                said = f"{found[-1].text}\n{cleaned(line)}".strip()
                found[-1] = replace(found[-1], text=said)
            elif line.strip():
                flaws.add(number, "the line stands before the first message")
            continue
        rest = line[start.start("rest") :]
        named = _NAMED.match(rest)
        if named is None:
            flaws.add(number, "the line is of no speaker")
            continue
        said = cleaned(named["text"] or "")
        if _LEFT_OUT.match(said):
            flaws.add(number, "the message holds something else than text")
            said = ""
        name = cleaned(named["name"].strip("\u200e\u202a\u202c ~"))
        found.append(_Message(number, _day_parts(start), name, said))
    return found


def _day_parts(start: re.Match[str]) -> tuple[int, int, int] | None:
    if start["a"] is None or start["c"] is None:
        return None
    return int(start["a"]), int(start["b"]), int(start["c"])


def _first_day(written: Sequence[tuple[int, int, int]]) -> tuple[date | None, tuple[str, ...]]:
    """Return the first day of the messages, if all of them can be read in one order only."""
    readings = {
        order: days
        for order in ("dmy", "mdy", "ymd")
        if (days := [_date(each, order) for each in written]) and None not in days
    }
    firsts = {days[0] for days in readings.values()}
    if len(firsts) > 1:  # days of one chat do not go back in time
        firsts = {d[0] for d in readings.values() if d == sorted(d, key=str)} or firsts
    if len(firsts) == 1:
        return firsts.pop(), ()
    if not written:
        return None, ()
    return None, ("Its days can be read in two ways: say the day with --on.",)


def _date(parts: tuple[int, int, int], order: str) -> date | None:
    by = dict(zip(order, parts, strict=True))
    if order == "ymd" and by["y"] < 1000:  # nobody begins a day with a year of two digits
        return None
    year = by["y"] + 2000 if by["y"] < 100 else by["y"]
    try:
        return date(year, by["m"], by["d"]) if 2000 <= year < 2100 else None
    except ValueError:
        return None
