"""Imported words have a side and a contact where that is sure, count once, and stay whole."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project, Settings
from bullseye.definitions.source import DateOrder
from bullseye.errors import InputError, Question, UnknownName
from bullseye.research.imported import ImportedFile, ResearchOptions
from bullseye.research.run import evidence
from bullseye.research.run.importing import import_files, listed, shown, undo
from bullseye.research.source import EvidenceKind, Side, SourceKind, Status
from bullseye.store import audit
from bullseye.workspace import Workspace

LONG = (
    "Honestly our onboarding takes nine weeks and nobody in the whole house can see where it is "
    "stuck, so my team chases spreadsheets all day while new customers wait and wait and some of "
    "them leave before they ever went live with what they paid us for in the first place."
)


@pytest.fixture
def workspace(world: Any) -> Workspace:
    """Acme with three contacts, Birch with one, and an owner of ours; we are us.example."""
    world.known(
        [
            {"account_id": "a1", "name": "Acme GmbH", "domain": "acme.com", "owner": "Ben Okafor",
             "former_names": ["Old Acme"]},
            {"account_id": "a2", "name": "Birch", "domain": "birch.com", "owner": "Zoë Adams"},
            {"account_id": "a3", "name": "Twin", "domain": "t3.com"},
            {"account_id": "a4", "name": "Twin", "domain": "t4.com"},
        ]
    )  # fmt: skip
    people = [
        ("c1", "a1", "Käthe Vogel", "kaethe@acme.com"),
        ("c2", "a1", "Max Kern", "max1@acme.com"),
        ("c3", "a1", "Max Kern", "max2@acme.com"),
        ("c4", "a2", "Ana Ruiz", "ana.ruiz@gmail.com"),
        ("c5", "a1", "Zoë Adams", None),
    ]
    world.known(
        [
            {"contact_id": c, "account_id": a, "full_name": n, "email": e}
            for c, a, n, e in people
        ],
        table=TableName.CONTACTS,
        source="people",
    )  # fmt: skip
    made: Workspace = world.workspace
    settings = Settings(our_domains=("us.example",))
    loaded = type(made.loaded)(Project(**{**vars(made.project), "settings": settings}))
    return Workspace(made.folder, loaded, made.store, made.now, made.actor)


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def call(*pieces: tuple[str, str | None, str]) -> dict[str, Any]:
    return {
        "entries": [
            {"speaker": {"name": name, "email": email}, "start": at, "text": text}
            for at, (name, email, text) in enumerate(pieces)
        ]
    }


def imported(workspace: Workspace, path: Path, **said: Any) -> ImportedFile:
    (done,) = import_files(workspace, [path], ResearchOptions(**said))
    if done.error is not None:
        raise done.error
    return done


def sides(workspace: Workspace, number: int | None) -> list[tuple[str | None, Side, str | None]]:
    assert number is not None
    _, source = shown(workspace, number)
    return [(turn.speaker, turn.side, turn.contact_id) for turn in source.turns]


def test_an_address_tells_the_side_the_account_and_the_contact(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = put(
        tmp_path,
        "call.json",
        call(
            ("Ben", "ben@us.example", "What hurts?"),
            ("K. Vogel", "KAETHE@acme.com", "Nine weeks."),
            ("Somebody", "new@mail.acme.com", "Yes, nine."),
            ("Partner", "p@consultants.com", "We could help."),
        ),
    )
    (one,) = imported(workspace, path).sources
    assert (one.account_id, one.account_by, one.contacts) == ("a1", "e-mail", 1)
    assert sides(workspace, one.number) == [
        ("Ben", Side.US, None),
        ("K. Vogel", Side.CUSTOMER, "c1"),
        ("Somebody", Side.CUSTOMER, None),
        ("Partner", Side.UNKNOWN, None),
    ]
    assert one.resolved == {"e-mail": 3, "unknown": 1}


def test_a_name_is_a_contact_only_if_it_is_one_and_nobody_elses(
    workspace: Workspace, tmp_path: Path
) -> None:
    names = ("KÄTHE  VOGEL", "Vogel, Käthe", "Käthe Vogel (Acme)", "Käthe", "Max Kern",
             "Ben Okafor", "Zoë Adams", "Ana Ruiz")  # fmt: skip
    path = put(tmp_path, "call.json", call(*((name, None, f"I am {name}.") for name in names)))
    (one,) = imported(workspace, path, account="acme gmbh").sources
    assert sides(workspace, one.number) == [
        ("KÄTHE  VOGEL", Side.CUSTOMER, "c1"),
        ("Vogel, Käthe", Side.CUSTOMER, "c1"),
        ("Käthe Vogel (Acme)", Side.CUSTOMER, "c1"),
        ("Käthe", Side.UNKNOWN, None),
        ("Max Kern", Side.UNKNOWN, None),  # two contacts are called so
        ("Ben Okafor", Side.US, None),
        ("Zoë Adams", Side.UNKNOWN, None),  # a contact of theirs, and an owner of ours
        ("Ana Ruiz", Side.UNKNOWN, None),  # of another account
    ]


def test_a_free_mail_address_is_a_contacts_but_no_accounts(
    workspace: Workspace, tmp_path: Path
) -> None:
    known = put(tmp_path, "a.json", call(("Ana", "ana.ruiz@gmail.com", "The price is high.")))
    (one,) = imported(workspace, known).sources
    assert (one.account_id, sides(workspace, one.number)) == (
        "a2",
        [("Ana", Side.CUSTOMER, "c4")],
    )
    other = put(tmp_path, "b.json", call(("Eve", "eve@gmail.com", "The price is low.")))
    (two,) = imported(workspace, other).sources
    assert (two.account_id, sides(workspace, two.number)[0][1]) == (None, Side.UNKNOWN)
    assert "nothing names its account" in two.problem


def test_participants_at_the_head_of_a_note_are_its_cast(
    workspace: Workspace, tmp_path: Path
) -> None:
    head = "---\naccount: {}\ndate: 2026-10-12\nparticipants:\n{}---\n"
    cast = "  - Käthe Vogel <kaethe@acme.com>\n  - {name: Ben, side: us}\n"
    text = "Käthe: Nine weeks is a lot.\n\nBen: I see.\n\n> We nearly left.\n\nShe was angry.\n"
    (one,) = imported(
        workspace, put(tmp_path, "n.md", head.format("Old Acme", cast) + text)
    ).sources
    assert (one.account_id, one.account_by, one.occurred_on) == ("a1", "name", date(2026, 10, 12))
    assert sides(workspace, one.number) == [
        ("Käthe", Side.CUSTOMER, "c1"),
        ("Ben", Side.US, None),
        ("Käthe Vogel", Side.CUSTOMER, "c1"),  # a quote, and she is the only customer
        (None, Side.UNKNOWN, None),
    ]
    two = "  - Käthe Vogel <kaethe@acme.com>\n  - Max Kern <max1@acme.com>\n"
    path = put(tmp_path, "m.md", head.format("Acme GmbH", two) + "> It was the price for us.\n")
    (other,) = imported(workspace, path).sources
    assert sides(workspace, other.number) == [(None, Side.UNKNOWN, None)]


def test_an_account_that_two_have_or_nobody_is_not_guessed(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = put(tmp_path, "n.md", "---\naccount: Twin\n---\nThey liked it.\n")
    (one,) = imported(workspace, path, dry_run=True).sources
    assert (one.account_id, "2 accounts" in one.problem) == (None, True)
    with pytest.raises(UnknownName, match="one account"):
        imported(workspace, path, account="twin")
    with pytest.raises(UnknownName, match="No account"):
        imported(workspace, path, account="Nobody")
    (two,) = imported(workspace, path, account="t4.com").sources
    assert (two.account_id, two.account_by) == ("a4", "given")


def test_the_same_words_in_another_file_count_once(workspace: Workspace, tmp_path: Path) -> None:
    first = put(tmp_path, "a.json", call(("Käthe Vogel", "kaethe@acme.com", LONG)))
    captions = LONG.replace(" and ", "\n00:00:05.000 --> 00:00:09.000\n<v Käthe Vogel>AND  ")
    again = put(
        tmp_path, "b.vtt", f"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n<v Käthe Vogel>{captions}\n"
    )
    nearly = put(tmp_path, "c.txt", LONG.replace("first place", "end") + "\n")
    (one,) = imported(workspace, first).sources
    (two,) = imported(workspace, again).sources
    assert (two.number, two.same_as, two.same_share) == (None, one.number, 1.0)
    (three,) = imported(workspace, nearly).sources
    assert three.same_as == one.number
    assert three.same_share == pytest.approx(0.96, abs=0.03)
    (four,) = imported(workspace, nearly, anyway=True).sources
    assert four.number is not None
    assert four.alike == one.number
    assert [each.id for each in listed(workspace)] == [one.number, four.number]


def test_what_is_half_the_same_is_imported_and_said_to_be_alike(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = put(tmp_path, "a.json", call(("Käthe Vogel", "kaethe@acme.com", LONG)))
    other = LONG.replace("spreadsheets", "sheets").replace("paid us", "pay us")
    again = put(tmp_path, "b.json", call(("Käthe Vogel", "kaethe@acme.com", other)))
    unlike = put(tmp_path, "c.json", call(("Käthe Vogel", None, " ".join(reversed(LONG.split())))))
    (one,) = imported(workspace, first).sources
    (two,) = imported(workspace, again).sources
    assert (two.number is None, two.same_as, two.alike) == (False, None, one.number)
    assert 0.4 <= (two.alike_share or 0) < 0.85
    (three,) = imported(workspace, unlike).sources
    assert (three.number is None, three.alike) == (False, None)


def test_short_answers_of_two_people_are_two(workspace: Workspace, tmp_path: Path) -> None:
    table = "email,comment\nkaethe@acme.com,Too expensive.\nana.ruiz@gmail.com,Too expensive!\n"
    path = put(tmp_path, "nps.csv", table + "kaethe@acme.com,too  expensive\n")
    done = imported(workspace, path)
    assert [each.refused for each in done.sources] == [
        "",
        "",
        "the same words stand in the file before",
    ]
    assert [each.account_id for each in listed(workspace)] == ["a1", "a2"]
    assert {each.same_share for each in imported(workspace, path).sources} == {1.0}


def test_answers_have_their_question_before_them_and_a_respondent(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [
        "Respondent;Company;Submitted;What slows you down today?;Score;Anything else?",
        "Käthe Vogel;Acme GmbH;13.10.2026;Nine weeks of onboarding for every single customer.;3;",
        "Eve;Nobody Ltd;14.10.2026;The price went up twice in one year for us.;9;Thanks a lot.",
        ";;;;;",
    ]  # fmt: skip
    done = imported(workspace, put(tmp_path, "s.csv", "\n".join(rows)))
    assert {(m.field, m.column) for m in done.mapped} == {
        ("name", "Respondent"),
        ("account_name", "Company"),
        ("date", "Submitted"),
        ("text", "What slows you down today?"),
        ("text", "Anything else?"),
    }
    one, two = done.sources
    assert (one.account_id, one.occurred_on) == ("a1", date(2026, 10, 13))
    assert (two.account_id, two.turns) == (None, 4)
    assert sides(workspace, one.number) == [
        (None, Side.US, None),
        ("Käthe Vogel", Side.CUSTOMER, "c1"),
    ]
    assert sides(workspace, two.number)[1] == ("Eve", Side.CUSTOMER, None)
    assert any("left out: 1" in each for each in done.notes)


def test_days_that_can_be_read_in_two_ways_are_asked_about(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = put(tmp_path, "s.csv", "date,comment\n3/4/2026,Too slow for us\n")
    with pytest.raises(Question, match="month-first"):
        imported(workspace, path)
    (one,) = imported(workspace, path, dates=DateOrder.DAY_FIRST).sources
    assert one.occurred_on == date(2026, 4, 3)


def test_a_column_can_be_named_and_a_wrong_one_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = put(tmp_path, "s.csv", "code,x\nA1,slow\nA2,dear\n")
    with pytest.raises(InputError, match="No column holds"):
        imported(workspace, path)
    with pytest.raises(InputError, match="no column 'y'"):
        imported(workspace, path, columns={"text": ["y"]})
    with pytest.raises(InputError, match="no field 'words'"):
        imported(workspace, path, columns={"words": ["x"]})
    done = imported(workspace, path, columns={"text": ["x"]}, kind=SourceKind.REVIEW)
    assert [each.kind for each in done.sources] == [SourceKind.REVIEW] * 2


def test_a_broken_file_stops_no_other_and_leaves_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    good = put(tmp_path, "a.json", call(("Käthe Vogel", None, "Nine weeks.")))
    bad = put(tmp_path, "b.json", '{"entries": [')
    done = import_files(workspace, [bad, good, tmp_path / "none.vtt"])
    assert [each.error is None for each in done] == [False, True, False]
    assert len(listed(workspace)) == 1


def test_a_dry_run_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", call(("Käthe Vogel", None, "Nine weeks.")))
    before = audit.entries(workspace.store)
    assert imported(workspace, path, dry_run=True).sources[0].number is None
    assert (listed(workspace), audit.entries(workspace.store)) == ((), before)


def test_who_did_not_consent_is_not_kept(workspace: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, "n.md", "---\nconsent: no\n---\nKäthe Vogel told us a secret.\n")
    (one,) = imported(workspace, path).sources
    assert (one.number, "did not consent" in one.refused) == (None, True)
    assert listed(workspace) == ()


def test_a_source_taken_back_may_come_again(workspace: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", call(("Käthe Vogel", "kaethe@acme.com", LONG)))
    number = imported(workspace, path).sources[0].number
    assert number is not None
    undo(workspace, number)
    again = imported(workspace, path).sources[0].number
    assert again not in (None, number)


def test_a_person_adds_a_quote_and_decides_on_it(workspace: Workspace, tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "a.json",
        call(("Ben", "b@us.example", "So it takes nine weeks?"), ("K", "kaethe@acme.com", LONG)),
    )
    number = imported(workspace, path).sources[0].number or 0
    with pytest.raises(InputError, match="other side"):
        evidence.add(workspace, number, EvidenceKind.PAIN, "so it takes nine weeks")
    made = evidence.add(workspace, number, EvidenceKind.PAIN, "OUR onboarding takes nine weeks")
    assert isinstance(made, evidence.Quote)
    assert (made.quote, made.contact_id, made.account_id) == (
        "our onboarding takes nine weeks",
        "c1",
        "a1",
    )
    evidence.decide(workspace, [made.number], Status.CONFIRMED)
    (held,) = evidence.quotes(workspace, status=Status.CONFIRMED)
    assert (held.number, held.reviewer) == (made.number, "rita")


def test_without_any_account_words_are_imported_all_the_same(world: Any, tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", call(("Käthe Vogel", None, "Nine weeks.")))
    (one,) = imported(world.workspace, path).sources
    assert (one.number, one.account_id, one.resolved) == (1, None, {"unknown": 1})
