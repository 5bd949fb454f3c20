# ruff: noqa: E501 - transcripts as programs write them
"""Every format of somebody's words is read: who, when and what; what is broken is said."""

import json
import random
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bullseye.connectors.transcripts.files import people_in, read_file
from bullseye.definitions.conversation import Conversation, Conversations, Participant
from bullseye.definitions.evidence import Consent, Side, SourceKind
from bullseye.errors import InputError


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, name: str, content: Any, **options: Any) -> Conversations:
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    found = read_file(written(folder, name, text), **options)
    assert found is not None
    return found


def only(found: Conversations) -> Conversation:
    (one,) = found.conversations
    return one


def said(conversation: Conversation) -> list[tuple[str | None, str]]:
    return [(each.speaker, each.text) for each in conversation.utterances]


# -- captions --------------------------------------------------------------------------------

TEAMS = """\ufeffWEBVTT

NOTE Language: en

01e6/12-0
00:00:03.120 --> 00:00:05.000
<v Käthe Vogel>Our onboarding takes &gt; nine
<b>weeks</b>.</v>

01e6/13-0
00:00:05.100 --> 00:00:08.000 align:start
<v Käthe Vogel>Nobody sees why.</v>

00:00:08.100 --> 00:00:09.000
<v Ben O'Hara (us)>What would <script>alert(1)</script> fix it?</v><v Käthe Vogel>A date.</v>
"""
ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:02.000
Ben Okafor: What hurts the most?

2
00:00:02.500 --> 00:00:04.000
Käthe Vogel: The thing is: nine weeks

3
00:00:04.000 --> 01:00:05.000
until anybody goes live.

4
00:00:05.000 --> 00:00:06.000
Ben Okafor: I see.
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nWe wait.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n- Why?\r\n- No idea.\r\n"


def test_a_voice_tag_names_the_speaker_and_cues_of_one_speaker_are_one_turn(
    tmp_path: Path,
) -> None:
    conversation = only(read(tmp_path, "call.vtt", TEAMS))
    assert said(conversation) == [
        ("Käthe Vogel", "Our onboarding takes > nine weeks. Nobody sees why."),
        ("Ben O'Hara (us)", "What would <script>alert(1)</script> fix it?"),
        ("Käthe Vogel", "A date."),
    ]
    assert [each.started_ms for each in conversation.utterances] == [3120, 8100, 8100]


def test_a_cue_without_a_name_goes_on_with_the_last_speaker(tmp_path: Path) -> None:
    assert said(only(read(tmp_path, "GMT.transcript.vtt", ZOOM))) == [
        ("Ben Okafor", "What hurts the most?"),
        ("Käthe Vogel", "The thing is: nine weeks until anybody goes live."),
        ("Ben Okafor", "I see."),
    ]


def test_captions_without_names_are_of_nobody_and_never_joined(tmp_path: Path) -> None:
    found = read(tmp_path, "a.srt", SRT)
    assert said(only(found)) == [(None, "We wait."), (None, "- Why?"), (None, "- No idea.")]


def test_cues_out_of_order_are_put_in_order_and_it_is_said(tmp_path: Path) -> None:
    parts = ZOOM.split("\n\n")
    found = read(tmp_path, "a.vtt", "\n\n".join([parts[0], parts[3], parts[1], parts[2], parts[4]]))
    assert said(only(found))[1][1].startswith("The thing is")
    assert found.notes == ("The captions were not in order of time; they are now.",)


def test_broken_cues_are_counted_with_their_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = ZOOM + "\n5\n00:99 --> x\nLost.\n\n6\n00:00:07.000 --> 00:00:08.000\n\n7\n00:00:09"
    found = read(tmp_path, "a.vtt", text)
    assert len(only(found).utterances) == 3
    assert (found.flaw_count, [each.line for each in found.flaws]) == (2, [20, 24])


def test_cues_that_hold_json_are_read(tmp_path: Path) -> None:
    cue = {"startDateTime": "2026-03-12T10:00:00Z", "speakerName": "Käthe", "spokenText": "Ja."}
    text = f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{json.dumps(cue)}\n"
    conversation = only(read(tmp_path, "metadata.vtt", text))
    assert (said(conversation), conversation.occurred_on) == ([("Käthe", "Ja.")], date(2026, 3, 12))


# -- calls as JSON ---------------------------------------------------------------------------


def gong(scale: float, **meta: Any) -> dict[str, Any]:
    times = [(1.0, 14.0), (15.0, 42.5), (43.0, 60.0)]
    words = ["What hurts the most in your team today, and since when does it hurt so much?",
             "Our onboarding takes nine weeks, because every customer needs another set of "
             "documents, and nobody sees where it is stuck until somebody complains about it.",
             "I see, and who would have to agree if you wanted to change that this year then?"]  # fmt: skip
    return {
        "requestId": "4al018gzaztcr8nbukw",
        "calls": [
            {
                "metaData": {"id": "77", "title": "Acme: first call", "started": "2026-03-12T23:30:00-08:00", **meta},
                "parties": [
                    {"id": "a", "speakerId": "1", "name": "Ben Okafor", "emailAddress": "Ben@us.example", "affiliation": "Internal"},
                    {"id": "b", "speakerId": "2", "name": "Käthe Vogel", "emailAddress": None, "affiliation": "External"},
                ],
            }
        ],
        "callTranscripts": [
            {
                "callId": "77",
                "transcript": [
                    {
                        "speakerId": str(1 + number % 2),
                        "topic": "Pain",
                        "sentences": [{"start": start * scale, "end": end * scale, "text": text}],
                    }
                    for number, ((start, end), text) in enumerate(zip(times, words, strict=True))
                ],
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize("scale", [1, 1000])
@pytest.mark.parametrize("meta", [{}, {"duration": 61}])
def test_seconds_and_milliseconds_are_told_apart(
    scale: int, meta: dict[str, int], tmp_path: Path
) -> None:
    conversation = only(read(tmp_path, "gong.json", gong(scale, **meta)))
    assert [each.started_ms for each in conversation.utterances] == [1000, 15000, 43000]
    assert [each.speaker for each in conversation.utterances] == [
        "Ben Okafor",
        "Käthe Vogel",
        "Ben Okafor",
    ]
    first, second, _ = conversation.utterances
    assert (first.email, first.side, second.side) == ("ben@us.example", Side.US, Side.CUSTOMER)


def test_names_of_speakers_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    whole = gong(1000)
    calls = written(tmp_path, "calls.json", json.dumps({"calls": whole.pop("calls")}))
    spoken = written(tmp_path, "transcripts.json", json.dumps(whole))
    people = people_in([spoken, calls])
    assert list(people) == [calls]
    found = read_file(spoken, beside=tuple(people.values()))
    assert found is not None
    assert [s for s, _ in said(only(found))] == ["Ben Okafor", "Käthe Vogel", "Ben Okafor"]
    assert (only(found).title, only(found).occurred_on) == ("Acme: first call", date(2026, 3, 12))
    alone = read_file(spoken)
    assert alone is not None
    assert [s for s, _ in said(only(alone))] == ["Speaker 1", "Speaker 2", "Speaker 1"]


def test_zoom_and_teams_name_speakers_beside_the_words(tmp_path: Path) -> None:
    zoom = {
        "timeline": [
            {"text": "Nine weeks.", "ts": "00:00:01.000", "end_ts": "00:00:02.000",
             "users": [{"username": "Käthe", "email": "K@acme.example"}]},
            {"text": "Hm.", "ts": "00:00:03.000", "users": []},
        ]
    }  # fmt: skip
    first, second = only(read(tmp_path, "zoom.json", zoom)).utterances
    assert (first.speaker, first.email, first.started_ms) == ("Käthe", "k@acme.example", 1000)
    assert (second.speaker, second.text) == (None, "Hm.")
    teams = {
        "type": "Transcript",
        "entries": [
            {"id": "1", "speakerId": "g1", "speakerDisplayName": "Käthe", "text": "Nine",
             "startOffset": "00:00:03.1234567", "endOffset": "00:00:04.0"},
            {"id": "2", "speakerId": "g1", "speakerDisplayName": "Käthe", "text": "weeks.",
             "startOffset": "00:00:05.0", "endOffset": "00:00:06.0"},
            {"id": "3", "speakerId": "g2", "text": " ", "startOffset": "00:00:05.0"},
        ],
    }  # fmt: skip
    found = read(tmp_path, "teams.json", teams)
    assert said(only(found)) == [("Käthe", "Nine weeks.")]
    assert only(found).utterances[0].started_ms == 3123
    assert found.flaw_count == 1


def test_rows_of_a_survey_are_no_call(tmp_path: Path) -> None:
    rows = [{"author": "A", "text": "Slow.", "timestamp": "2026-01-01"}] * 3
    assert read_file(written(tmp_path, "reviews.json", json.dumps(rows))) is None
    assert read_file(written(tmp_path, "nps.csv", "comment\nslow\n")) is None
    assert read_file(written(tmp_path, "x.json", "[]"), kind=SourceKind.SURVEY) is None


# -- chats -----------------------------------------------------------------------------------

SLACK = [
    {"type": "message", "user": "U1", "ts": "1773309605.000200",
     "text": "<@U2> see <https://x.example|our plan> &amp; tell me &lt;b&gt;"},
    {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1773309601.0", "text": "j"},
    {"type": "message", "user": "U2", "ts": "1773309609.0", "text": "Nine weeks.\x00",
     "user_profile": {"real_name": "Käthe V."}},
    {"type": "message", "user": "U2", "ts": "1773309610.0", "text": ""},
]  # fmt: skip
MEMBERS = [{"id": "U1", "name": "ben", "profile": {"real_name": "Ben", "email": "B@us.example"}}]


def test_a_slack_channel_is_read_with_the_members_beside_it(tmp_path: Path) -> None:
    members = written(tmp_path, "export/users.json", json.dumps(MEMBERS))
    day = written(tmp_path, "export/acme/2026-03-12.json", json.dumps(SLACK))
    people = people_in([day])
    assert list(people) == [members]
    found = read_file(day, beside=tuple(people.values()))
    assert found is not None
    conversation = only(found)
    assert said(conversation) == [
        ("Ben", "@U2 see our plan & tell me <b>"),
        ("Käthe V.", "Nine weeks."),
    ]
    assert (conversation.kind, conversation.occurred_on) == (SourceKind.CHAT, date(2026, 3, 12))
    assert conversation.utterances[0].email == "b@us.example"
    assert found.flaw_count == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13/03/2026, 10:15 - Käthe: Nine weeks\nand more\n13/03/2026, 10:16 - Ben: Oh.\n",
         date(2026, 3, 13)),
        ("\u200e[12.03.26, 10:15:32] Käthe: Nine weeks\nand more\n[14.03.26, 10:16:01] Ben: Oh.\n",
         date(2026, 3, 12)),
        ("3/5/26, 10:15 AM - Käthe: Nine weeks\nand more\n3/17/26, 9:16 AM - Ben: Oh.\n",
         date(2026, 3, 5)),
        ("03/05/26, 10:15 - Käthe: Nine weeks\nand more\n04/05/26, 09:16 - Ben: Oh.\n", None),
        ("[10:15 AM] Käthe: Nine weeks\nand more\n[10:16 AM] Ben: Oh.\n", None),
    ],
)  # fmt: skip
def test_a_chat_as_text_is_read_and_its_day_is_not_guessed(
    text: str, day: date | None, tmp_path: Path
) -> None:
    found = read(tmp_path, "chat.txt", text)
    conversation = only(found)
    assert said(conversation) == [("Käthe", "Nine weeks\nand more"), ("Ben", "Oh.")]
    assert conversation.occurred_on == day
    assert bool(found.notes) is (day is None and "/" in text)


def test_what_is_no_message_of_anybody_is_counted(tmp_path: Path) -> None:
    text = (
        "12/03/2026, 10:14 - Messages are end-to-end encrypted.\n"
        "12/03/2026, 10:15 - Käthe: <Media omitted>\n"
        "12/03/2026, 10:15 - Käthe: Nine weeks.\n12/03/2026, 10:16 - Ben: Oh.\n"
    )
    found = read(tmp_path, "chat.txt", text)
    assert len(only(found).utterances) == 2
    assert [each.line for each in found.flaws] == [1, 2]


# -- notes -----------------------------------------------------------------------------------

NOTE = """---
account: Acme
date: 2026-03-12
kind: win/loss
consent: yes
color: red
participants:
  - Käthe Vogel <Kaethe@acme.example>
  - {name: Ben Okafor, side: us}
  - Zoë (customer)
---
# Why we lost

Summary: they waited too long.

**Käthe:** Onboarding takes us nine weeks,
and nobody sees why.

- Ben Okafor: What then?
- she laughed

> We would have signed in March.
> — Zoë

> It was only the price.
"""


def test_a_note_has_facts_at_its_head_and_words_of_speakers(tmp_path: Path) -> None:
    found = read(tmp_path, "loss.md", NOTE)
    note = only(found)
    assert (note.account, note.occurred_on, note.kind) == (
        "Acme",
        date(2026, 3, 12),
        SourceKind.WINLOSS,
    )
    assert (note.consent, note.title) == (Consent.GIVEN, "Why we lost")
    assert note.participants == (
        Participant("Käthe Vogel", "kaethe@acme.example"),
        Participant("Ben Okafor", None, Side.US),
        Participant("Zoë", None, Side.CUSTOMER),
    )
    assert said(note) == [
        (None, "Summary: they waited too long."),
        ("Käthe", "Onboarding takes us nine weeks,\nand nobody sees why."),
        ("Ben Okafor", "What then?"),
        (None, "she laughed"),
        ("Zoë", "We would have signed in March."),
        (None, "It was only the price."),
    ]
    assert [each.is_quoted for each in note.utterances] == [False] * 4 + [True] * 2
    assert found.notes == ("The entry 'color' at the head means nothing here and was left out.",)


def test_a_printed_transcript_names_speakers_on_lines_of_their_own(tmp_path: Path) -> None:
    text = "Käthe Vogel  0:03\nNine weeks.\nAlways.\n\nBen Okafor   0:12\nWhy is that?\n"
    note = only(read(tmp_path, "otter.txt", text))
    assert said(note) == [("Käthe Vogel", "Nine weeks.\nAlways."), ("Ben Okafor", "Why is that?")]
    assert [each.started_ms for each in note.utterances] == [3000, 12000]


def test_a_colon_in_plain_prose_names_nobody(tmp_path: Path) -> None:
    text = "They said three things.\n\nThe first one: too slow.\n\nSee https://x.example now.\n"
    assert [name for name, _ in said(only(read(tmp_path, "n.md", text)))] == [None] * 3


def test_mistakes_at_the_head_are_said_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"n\.md:3: .*YAML"):
        read(tmp_path, "n.md", "---\naccount: x\n\tdate: 1\n---\nHello there.\n")
    found = read(tmp_path, "n.md", "---\ndate: soon\nkind: [1]\n---\nHello there.\n")
    assert (found.flaw_count, only(found).occurred_on, only(found).kind) == (2, None, None)


# -- hostile files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.vtt", b"", "empty"),
        ("a.vtt", b"\0\0 \n", "empty"),
        ("a.vtt", b"WEBVTT\n\nNOTE nothing\n", "no caption"),
        ("a.json", b'{"transcript": [{"speaker": "A", "text": "x"', "breaks off"),
        ("a.json", b'{"a": 1}', "no words"),
        ("a.json", b"[" * 100_000, "deeply|breaks off"),
        ("a.json", b'{"speaker":"A","text":"x","start":' + b"9" * 5000 + b"}", "absurd|words"),
        ("a.json", b'{"entries": [{"speaker": "A", "text": "   "}]}', "Nobody says"),
        ("a.md", b"---\naccount: x\n---\n\n", "no text below"),
        ("a.txt", bytes(range(256)) * 40, "not text"),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(3000), "not text|empty"),
    ],
)
def test_a_file_without_words_is_refused_with_its_name(
    name: str, content: bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read(tmp_path, name, content)
    assert str(tmp_path / name) in refused.value.place
    assert refused.value.hint


def test_a_missing_file_is_answered_with_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, "call.vtt", ZOOM)
    with pytest.raises(InputError, match=r"Did you mean .*call\.vtt"):
        read_file(tmp_path / "cal.vtt")
    with pytest.raises(InputError, match="folder"):
        read_file(tmp_path)


def test_bad_bytes_and_characters_do_not_lose_the_rest(tmp_path: Path) -> None:
    western = ZOOM.encode("cp1252")
    assert said(only(read(tmp_path, "a.vtt", western)))[1][0] == "Käthe Vogel"
    wide = ZOOM.encode("utf-16")
    assert said(only(read(tmp_path, "a.vtt", wide)))[1][0] == "Käthe Vogel"
    spoiled = ZOOM.replace("nine weeks", "nine\0weeks\x07").encode()
    assert "nine weeks" in said(only(read(tmp_path, "a.vtt", spoiled)))[1][1]
    lone = '{"entries": [{"speaker": "A\\ud800", "text": "nine\\udcffweeks"}]}'
    assert said(only(read(tmp_path, "a.json", lone))) == [("A", "nine weeks")]


@pytest.mark.parametrize("name", ["a.vtt", "a.md", "a.txt", "a.json"])
def test_one_enormous_line_costs_little(name: str, tmp_path: Path) -> None:
    start = "WEBVTT\n\n00:01.000 --> 00:02.000\n" if name == "a.vtt" else ""
    for filler in ("a: ", "x" * 40 + " ", "[00:00 ", "<v ", "<v.", "> a ", "- a:", "((("):
        line = start + filler * (2_000_000 // len(filler))
        text = json.dumps([{"speaker": "A", "start": 1, "text": line}]) if "json" in name else line
        assert len(only(read(tmp_path, name, text)).utterances) >= 1


def test_cut_anywhere_a_file_is_read_or_refused_in_words(tmp_path: Path) -> None:
    draw = random.Random(7)
    whole = {"a.vtt": TEAMS, "b.vtt": ZOOM, "c.srt": SRT, "d.json": json.dumps(gong(1000)),
             "e.json": json.dumps(SLACK), "f.md": NOTE}  # fmt: skip
    refused = 0
    for name, text in whole.items():
        raw = text.encode()
        for _ in range(60):
            cut = bytearray(raw[: draw.randrange(1, len(raw))])
            for _ in range(draw.randrange(4)):
                cut[draw.randrange(len(cut))] = draw.randrange(256)
            with suppress(InputError):
                refused += 1
                found = read_file(written(tmp_path, name, bytes(cut)))
                refused -= 1
                whole_words = found.conversations if found else ()
                texts = [each.text for one in whole_words for each in one.utterances]
                assert not any("\0" in each or not each for each in texts)
    assert 60 < refused < 200
