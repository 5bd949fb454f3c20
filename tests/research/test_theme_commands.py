"""The commands of coding and themes: what they say, their JSON, and their exit codes."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from bullseye.definitions.evidence import Consent, Side, SourceKind
from bullseye.faces.cli.main import code_of
from bullseye.store import research
from bullseye.store.research import KeptTurn, NewSource

SAID = (
    "We are worried about the migration of our old data.",
    "The data migration from the old system, I am worried.",
    "I'm concerned: migrating the old data worries everybody.",
    "It is too expensive for us. \x1b[31mred",
    "Wir haben keine Zeit und auch kein Budget dafür, das ist bei uns leider immer so gewesen,"
    " und es wird auch nächstes Jahr nicht besser werden, fürchte ich.",
)


@pytest.fixture
def run(world, capsys):
    """Run a command in a workspace with one theme and five calls; return its code and words."""
    world.define(
        "themes", "price", kind="objection", says="It costs too much.", exemplars=[SAID[3][:27]]
    )
    world.write()
    today = datetime.now(UTC).date()
    for at, words in enumerate(SAID):
        new = NewSource(
            kind=SourceKind.CALL,
            title="A call",
            occurred_on=today - timedelta(days=at),
            account_id=f"a{at}",
            account_by="given",
            opportunity_id=None,
            consent=Consent.UNKNOWN,
            format="vtt",
            file_name="call.vtt",
            turn_count=1,
            sha256=sha256(words.encode()).hexdigest(),
            signature=None,
            imported_at=datetime(2026, 1, 1, tzinfo=UTC),
            actor="rita",
        )
        turn = KeptTurn(turn_index=0, speaker="Ann", side=Side.CUSTOMER, text=words)
        research.add(world.store, new, [turn])
    world.store.close()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = code_of(["--workspace", str(world.folder), "research", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_coding_says_what_it_found_and_how_right_it_is(run) -> None:
    code, out, _ = run("code")
    assert code == 0
    assert "4 new candidates kept, from 6 customer sentences in 5 sources." in out
    assert "36% (28% to 44%), n 218" in out
    assert "1 source not in English" in out
    _, again, _ = run("code", "S1", "--dry-run", "--json")
    assert json.loads(again)["new"] == 0


def test_themes_are_counted_proposed_and_accepted(run) -> None:
    run("code")
    _, out, _ = run("themes", "--json")
    counts = {each["theme"]: each for each in json.loads(out)["counts"]}
    assert counts["price"]["accounts"] == 1
    assert counts["price"]["novelty"] == "cannot tell yet"
    _, out, _ = run("themes", "propose", "--json")
    (proposal,) = json.loads(out)
    code, out, _ = run("themes", "accept", proposal["id"], "--name", "migration", "--dry-run")
    assert (code, out.splitlines()[0]) == (
        0,
        "Would be done: migration is accepted as a theme.",
    )
    assert run("themes", "accept", proposal["id"], "--name", "migration")[0] == 0
    _, out, _ = run("themes")
    assert "migration" in out
    assert "to review" in out
    assert "\x1b[31m" not in out
    assert run("themes", "merge", "price", "migration", "--json")[0] == 0
    assert run("themes", "name", "migration", "old-data")[0] == 0
    assert run("themes", "noise", "old-data", "--dry-run")[0] == 0


def test_a_place_is_found(run) -> None:
    code, out, _ = run("find", "old system")
    assert code == 0
    assert "S2" in out
    assert "No source" in run("find", "zeppelin")[1]


def test_methods_say_what_was_decided_here(run) -> None:
    run("code")
    run("confirm", "E1")
    _, out, _ = run("methods", "--json")
    cue = next(each for each in json.loads(out)["methods"] if each["kind"] == "objection")
    assert (cue["confirmed"], cue["rejected"]) == (1, 0)
    assert cue["here"]["low"] < 0.5
    assert "49 more confirmed quotes" in run("methods")[1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("code", "S99"), 3),
        (("code", "--model", "nonsense"), 2),
        (("themes", "accept", "P1", "--name", "x"), 3),
        (("themes", "noise", "P1"), 3),
        (("themes", "merge", "price", "nothing"), 3),
        (("themes", "assign", "price", "E99"), 3),
        (("themes", "--embeddings", "/nowhere"), 2),
    ],
)
def test_what_is_wrong_has_its_code_and_a_next_action(
    run, arguments: tuple[str, ...], expected: int
) -> None:
    code, _, err = run(*arguments)
    assert code == expected
    assert err.startswith(("Error:", "Usage:"))
    assert "Traceback" not in err


def test_without_sources_the_next_action_is_to_import_some(world, capsys) -> None:
    world.write()
    world.store.close()
    assert code_of(["--workspace", str(world.folder), "research", "code"]) == 0
    assert "bullseye research import" in capsys.readouterr().out


def test_the_day_of_the_count_can_be_chosen(run) -> None:
    run("code")
    _, out, _ = run("themes", "--as-of", "2020-01-01", "--json")
    told = json.loads(out)
    assert told["as_of"] == date(2020, 1, 1).isoformat()
    assert {each["accounts"] for each in told["counts"]} == {0}
