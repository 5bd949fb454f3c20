"""A talk of the demo world in each of the formats that systems and people write it in."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bullseye.demo.phrases import Matter
from bullseye.demo.story import COMPANY

OUR_DOMAIN = f"{COMPANY.lower()}.example"
_WORDS_A_SECOND = 2.3


@dataclass(frozen=True)
class Buyer:
    """A contact who speaks, as the CRM knows them."""

    contact_id: str
    account_id: str
    account: str
    first: str
    last: str
    email: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Seller:
    """One of our people."""

    name: str

    @property
    def email(self) -> str:
        """The address at our own domain."""
        plain = self.name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
        return f"{plain}@{OUR_DOMAIN}"


@dataclass(frozen=True)
class Line:
    """What one of the two says; `quote` is the planted part of it, if `matter` is one."""

    text: str
    is_buyer: bool
    matter: Matter | None = None
    quote: str = ""


@dataclass(frozen=True)
class Talk:
    """One conversation of a buyer and a seller."""

    number: int
    buyer: Buyer
    seller: Seller
    on: date
    lines: tuple[Line, ...]

    def speaker(self, line: Line) -> str:
        """Return the name of who says a line."""
        return self.buyer.name if line.is_buyer else self.seller.name

    def timed(self) -> Iterator[tuple[float, float, Line]]:
        """Yield each line with the seconds at which it begins and ends."""
        at = 1.0
        for line in self.lines:
            end = at + len(line.text.split()) / _WORDS_A_SECOND
            yield at, end, line
            at = end + 0.5


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"00:{whole // 60:02}:{whole % 60:02}.{int(1000 * (seconds - whole)):03}"


def _teams(talk: Talk) -> tuple[str, str]:
    """Captions with voice tags, a long line in two cues."""
    cues = []
    for start, end, line in talk.timed():
        half = len(line.text) // 2
        cut = line.text.find(" ", half) if len(line.text) > 60 else -1
        parts = [line.text] if cut < 0 else [line.text[:cut], line.text[cut + 1 :]]
        step = (end - start) / len(parts)
        for at, part in enumerate(parts):
            times = f"{_clock(start + at * step)} --> {_clock(start + (at + 1) * step)}"
            cues.append(f"{times}\n<v {talk.speaker(line)}>{part}</v>")
    return f"meeting-{talk.number:02}.vtt", "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _zoom(talk: Talk) -> tuple[str, str]:
    """Captions with the name before the words, and numbers."""
    cues = [
        f"{at}\n{_clock(start)} --> {_clock(end)}\n{talk.speaker(line)}: {line.text}"
        for at, (start, end, line) in enumerate(talk.timed(), start=1)
    ]
    return f"GMT-{talk.on:%Y%m%d}-{talk.number:02}.transcript.vtt", (
        "WEBVTT\n\n" + "\n\n".join(cues) + "\n"
    )


def _gong(talk: Talk) -> tuple[str, str]:
    """A call with parties by id, and sentences in milliseconds."""
    parties = [
        {
            "speakerId": "1",
            "name": talk.seller.name,
            "emailAddress": talk.seller.email,
            "affiliation": "Internal",
        },
        {
            "speakerId": "2",
            "name": talk.buyer.name,
            "emailAddress": talk.buyer.email,
            "affiliation": "External",
        },
    ]
    said = [
        {
            "speakerId": "2" if line.is_buyer else "1",
            "sentences": [
                {"start": round(1000 * start), "end": round(1000 * end), "text": line.text}
            ],
        }
        for start, end, line in talk.timed()
    ]
    call_id = f"{7_000_000 + talk.number}"
    meta = {
        "id": call_id,
        "title": f"{talk.buyer.account}: call",
        "started": f"{talk.on}T14:00:00Z",
    }
    document = {
        "calls": [{"metaData": meta, "parties": parties}],
        "callTranscripts": [{"callId": call_id, "transcript": said}],
    }
    return f"call-{talk.number:02}.json", json.dumps(document, indent=1, ensure_ascii=False)


def _pieces(talk: Talk) -> tuple[str, str]:
    """A recording with the user beside each piece."""
    timeline = [
        {
            "text": line.text,
            "ts": _clock(start),
            "end_ts": _clock(end),
            "users": [
                {
                    "username": talk.speaker(line),
                    "email": talk.buyer.email if line.is_buyer else talk.seller.email,
                }
            ],
        }
        for start, end, line in talk.timed()
    ]
    document = {
        "meeting": {"topic": "Intro", "start_time": f"{talk.on}T09:30:00Z"},
        "timeline": timeline,
    }
    return f"recording-{talk.number:02}.json", json.dumps(document, indent=1, ensure_ascii=False)


def _head(talk: Talk, kind: str) -> str:
    return (
        f"---\naccount: {talk.buyer.account_id}\ndate: {talk.on}\nkind: {kind}\n"
        f"participants:\n  - {talk.buyer.name} <{talk.buyer.email}>\n"
        f"  - {talk.seller.name} <{talk.seller.email}>\n---\n"
    )


def _interview(talk: Talk) -> tuple[str, str]:
    """Notes of an interview, question and answer by first name."""
    said = "\n\n".join(
        f"**{talk.buyer.first if line.is_buyer else talk.seller.name.split()[0]}:** {line.text}"
        for line in talk.lines
    )
    return f"interview-{talk.number:02}.md", f"{_head(talk, 'interview')}# Interview\n\n{said}\n"


def _winloss(talk: Talk) -> tuple[str, str]:
    """A note after a decision, with quotes between the writer's own words."""
    quotes = "\n\n".join(
        f"They came back to this twice.\n\n> {line.text}\n> — {talk.buyer.name}"
        for line in talk.lines
        if line.matter is not None
    )
    return (
        f"decision-{talk.number:02}.md",
        f"{_head(talk, 'winloss')}# What decided it\n\n{quotes}\n",
    )


def _channel(talk: Talk) -> tuple[str, str]:
    """A day of a channel that is shared with the buyer."""
    noon = datetime.combine(talk.on, time(12), UTC).timestamp()
    messages = [
        {
            "type": "message",
            "user": f"U{talk.number}B" if line.is_buyer else f"U{talk.number}S",
            "ts": f"{noon + start:.6f}",
            "text": line.text,
        }
        for start, _, line in talk.timed()
    ]
    return f"channel-{talk.number:02}.json", json.dumps(messages, indent=1, ensure_ascii=False)


def members(talks: Sequence[Talk]) -> str:
    """Return the list of a channel's members, who are named by id in its messages."""
    people = [
        {"id": f"U{talk.number}{letter}", "profile": {"real_name": who.name, "email": who.email}}
        for talk in talks
        for letter, who in (("B", talk.buyer), ("S", talk.seller))
    ]
    return json.dumps(people, indent=1, ensure_ascii=False)


def answers(talks: Sequence[Talk]) -> str:
    """Return a table of answers, one row per buyer."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("Respondent", "E-mail", "Company", "Submitted", "Score", "Comment"))
    for talk in talks:
        said = " ".join(line.text for line in talk.lines if line.matter is not None)
        who = talk.buyer
        writer.writerow((who.name, who.email, who.account, talk.on, 3 + talk.number % 8, said))
    return file.getvalue()


WRITERS: Mapping[int, Callable[[Talk], tuple[str, str]]] = {
    0: _gong,
    1: _pieces,
    2: _interview,
    3: _winloss,
    4: _teams,
    5: _zoom,
    6: _channel,
}
"""What writes a talk, by its turn: returns the file's name and its text."""

WITHOUT_ACCOUNT = frozenset({4, 5})
"""Those whose format has no room for a day or an address: the importer has to say them."""
