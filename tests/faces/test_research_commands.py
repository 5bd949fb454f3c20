"""`bullseye research` as a user meets it: import, look, quote, decide, take back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bullseye.faces.cli.main import code_of

CALL = """WEBVTT

00:00:01.000 --> 00:00:02.000
<v Ben>What hurts?</v>

00:00:02.000 --> 00:00:09.000
<v Käthe>Honestly, our onboarding \u202etakes nine weeks <script>.</v>
"""
NOTE = """---
account: Acme
date: 2026-03-12
kind: interview
participants:
  - {name: Käthe Vogel, side: customer}
---
Käthe: Our onboarding takes nine weeks, and nobody sees why.
"""


class Ran(NamedTuple):
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def research(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command of research in an empty workspace."""
    folder = tmp_path / "north"
    assert code_of(["init", str(folder), "--owner", "Ada"]) == 0

    def run(*words: object) -> Ran:
        capfd.readouterr()
        code = code_of(["-w", str(folder), "research", *map(str, words)])
        return Ran(code, *capfd.readouterr())

    return run


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_call_is_imported_once_and_shown_safely(
    research: Callable[..., Ran], tmp_path: Path
) -> None:
    path = put(tmp_path, "call.vtt", CALL)
    planned = research("import", path, "--dry-run")
    assert (planned.code, "1 source would be imported" in planned.out) == (0, True)
    assert research("list").out.startswith("Nothing is imported yet")
    done = research("import", path, "--on", "2026-03-12")
    assert "S1 call, 2026-03-12, nothing names its account" in done.out
    assert "our_domains" in done.err
    again = research("import", path, "--on", "2026-03-12")
    assert "already imported as S1 (100 % the same)" in again.out
    shown = research("show", "S1")
    assert "1 Käthe (unknown): Honestly, our onboarding  takes nine weeks <script>." in shown.out
    assert "\u202e" not in shown.out


def test_a_quote_goes_through_the_guard_and_is_decided_on(
    research: Callable[..., Ran], tmp_path: Path
) -> None:
    assert research("import", put(tmp_path, "n.md", NOTE)).code == 0
    wrong = research("add", "S1", "--kind", "pain", "--quote", "onboarding takes ten weeks")
    assert (wrong.code, "do not stand like this" in wrong.err) == (4, True)
    made = ("add", "S1", "--kind", "pain", "--quote", "OUR onboarding takes nine weeks!")
    assert research(*made, "--dry-run").out.startswith("Would add as pain, turn 0")
    assert "E1 pain, turn 0: Our onboarding takes nine weeks" in research(*made).out
    assert research(*made).code == 2
    assert research("confirm", "E1", "--dry-run").out.startswith("Would be confirmed: E1")
    assert research("confirm", "E1", "E2").code == 3
    assert research("confirm", "e1").out.startswith("Now confirmed: E1")
    (held,) = research("evidence", "--status", "confirmed", "--json").document
    assert (held["quote"], held["kind"], held["speaker"]) == (
        "Our onboarding takes nine weeks",
        "pain",
        "Käthe",
    )
    shown = research("show", "S1").out
    assert "[E1 pain, confirmed: Our onboarding takes nine weeks], and nobody" in shown
    assert research("reject", "E1", "--reason", "a joke").out.startswith("Now rejected: E1")
    assert research("evidence", "--status", "confirmed").out.startswith("There is none")
    assert research("undo", "S1", "--dry-run").out.startswith("Would undo: S1")
    assert research("undo", "S1").code == 0
    assert research("undo", "S1").code == 2
    assert research("evidence", "--json").document == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "S9"), 3, "No source is named 'S9'"),
        (("show", "nine"), 2, "It is written as S12"),
        (("confirm", "E" + "9" * 40), 2, "It is written as E12"),
        (("reject", "E1"), 2, "--reason"),
        (("import", "none.vtt"), 4, "no such file"),
        (("import", "none.vtt", "--map", "text"), 2, "FIELD=COLUMN"),
        (("import", "none.vtt", "--on", "soon"), 2, "no day"),
        (("add", "S1", "--kind", "joke", "--quote", "x"), 2, "joke"),
    ],
)
def test_a_mistake_is_explained(
    words: tuple[str, ...], code: int, says: str, research: Callable[..., Ran]
) -> None:
    ran = research(*words)
    assert (ran.code, says in ran.err) == (code, True), ran.err


def test_a_bad_file_does_not_stop_the_good_one(
    research: Callable[..., Ran], tmp_path: Path
) -> None:
    bad, good = put(tmp_path, "b.json", '{"entries": ['), put(tmp_path, "n.md", NOTE)
    ran = research("import", bad, good, "--json")
    assert (ran.code, "breaks off" in ran.err) == (4, True)
    (one,) = ran.document
    assert one["sources"][0]["number"] == 1


def test_a_speaker_who_is_left_alone_is_not_named_anywhere(
    research: Callable[..., Ran], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def do(*words: object) -> None:
        assert code_of(["-w", str(tmp_path / "north"), *map(str, words)]) == 0

    accounts = put(tmp_path, "accounts.csv", "id,name,domain\nA1,Acme,acme.example\n")
    people = (
        "id,account_id,full_name,email,do_not_contact\n"
        "C1,A1,Käthe Vogel,k@acme.example,\nC2,A1,Otto Ruhe,o@acme.example,true\n"
        "C3,A1,K. Vogel-Ahrens,other@acme.example,\n"
    )
    do("import", "accounts", accounts)
    do("import", "contacts", put(tmp_path, "contacts.csv", people))
    note = NOTE.replace("participants:\n", "participants:\n  - {name: Otto Ruhe, side: customer}\n")
    path = put(tmp_path, "n.md", note + "\nOtto: It is too expensive for a team like ours.\n")
    assert research("import", path).code == 0
    assert research("add", "S1", "--kind", "objection", "--quote", "is too expensive").err == ""
    assert research("add", "S1", "--kind", "pain", "--quote", "takes nine weeks").err == ""
    before = research("show", "S1")
    assert ("Käthe" in before.out, "Otto" in before.out) == (True, False)
    assert "not named; what was said stays" in before.out
    do("merge", "contacts", "C3", "C1", "--reason", "the same human")
    do("suppress", "C3", "--reason", "asked")
    for words in (("show", "S1"), ("evidence",), ("confirm", "E2")):
        for form in ((), ("--json",)):
            ran = research(*words, *form)
            assert ran.code == 0, ran.err
            assert not [word for word in ("Otto", "Käthe", "C1", "C2") if word in ran.out], words
    held = research("evidence", "--json").document
    assert [(each["speaker"], each["quote"]) for each in held] == [
        ("left alone", "is too expensive"),
        ("left alone", "takes nine weeks"),
    ]
