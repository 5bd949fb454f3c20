"""`bullseye prove` asks every question once, and says which the data cannot answer."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.faces.cli.main import code_of
from bullseye.faces.report import write_report
from bullseye.pipeline.prove import ATTEMPT, KINDS, kept_proofs, prove
from bullseye.prioritize.run import score
from bullseye.store import proofs
from bullseye.workspace import Workspace

Says = Callable[..., Any]


@pytest.fixture
def says(proved: Path, capfd: Any) -> Says:
    """Run `bullseye prove` in the proved demo and return its JSON document."""

    def run(*options: str) -> Any:
        capfd.readouterr()
        assert code_of(["-w", str(proved), "prove", *options, "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    return run


def test_every_kind_is_proved_in_order_and_kept(proved: Path, proved_day: date) -> None:
    workspace = Workspace.open(proved)
    kept = {each.kind for each in kept_proofs(workspace)}
    assert set(KINDS) | {ATTEMPT} <= kept
    last = proofs.newest(workspace.store, "backtest", "mid-size-software")
    assert last is not None
    assert last.as_of == proved_day
    assert json.loads(last.document)["sentence"]
    workspace.store.close()


def test_what_was_answered_is_not_asked_again(says: Says, proved: Path, proved_day: date) -> None:
    workspace = Workspace.open(proved)
    before = proofs.listed(workspace.store, limit=1)[0].id
    found = says("--as-of", proved_day.isoformat())
    assert list(dict.fromkeys(each["kind"] for each in found["attempts"])) == list(KINDS)
    assert not any(each["is_new"] for each in found["attempts"])
    assert proofs.listed(workspace.store, limit=1)[0].id == before
    workspace.store.close()


def test_another_day_is_another_question(says: Says, proved_day: date) -> None:
    earlier = proved_day.replace(day=1).isoformat()
    found = says("--as-of", earlier, "--dry-run", "--only", "value", "--only", "drift")
    assert {each["kind"] for each in found["attempts"]} == {"value", "drift"}
    assert [each["proof"] for each in found["attempts"]] == [None] * 3


def test_an_answer_is_computed_again_when_that_is_wished(says: Says, proved_day: date) -> None:
    day = proved_day.isoformat()
    (before,) = says("--as-of", day, "--only", "value")["attempts"]
    (after,) = says("--as-of", day, "--only", "value", "--afresh")["attempts"]
    assert not before["is_new"]
    assert after["is_new"]
    assert after["proof"] > before["proof"]


def test_what_the_data_cannot_answer_is_said_and_is_no_failure(world: Any, tmp_path: Path) -> None:
    world.icp("software", {"rule": {"industry": "Software"}, "points": 10})
    world.known([{"account_id": f"a{at}", "industry": "Software"} for at in range(30)])
    workspace = world.workspace
    found = prove(workspace, only=("backtest", "velocity", "negative", "value"))
    assert {each.kind for each in found.attempts if each.problem} >= {"backtest", "velocity"}
    assert all(each.proof is None for each in found.attempts if each.problem)
    again = prove(workspace, only=("backtest", "velocity"))
    assert not any(each.is_new for each in again.attempts)
    score(workspace)
    text = write_report(workspace, tmp_path / "report.html").path.read_text(encoding="utf-8")
    assert "Cannot tell yet." in text
    assert "Make it with: bullseye segment velocity" in text


def test_a_changed_definition_or_import_is_proved_anew(world: Any) -> None:
    world.icp("software", {"rule": {"industry": "Software"}, "points": 10})
    world.known([{"account_id": "a1", "industry": "Software"}])
    first = prove(world.workspace, only=("value",))
    assert first.attempts[0].is_new
    world.known([{"account_id": "a2", "industry": "Software"}])
    assert prove(world.workspace, only=("value",)).attempts[0].is_new
    assert not prove(world.workspace, only=("value",)).attempts[0].is_new
    world.icp("software", {"rule": {"industry": "Software"}, "points": 20})
    assert prove(world.workspace, only=("value",)).attempts[0].is_new


def test_without_imports_there_is_nothing_to_prove(world: Any) -> None:
    with pytest.raises(NotEnoughEvidence, match="Nothing is imported"):
        prove(world.workspace)


def test_a_kind_that_is_none_is_refused_with_the_nearest(world: Any) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'drift'"):
        prove(world.workspace, only=("drifts",))


def test_people_are_told_each_answer(proved: Path, proved_day: date, capfd: Any) -> None:
    capfd.readouterr()
    assert code_of(["-w", str(proved), "prove", "--as-of", proved_day.isoformat()]) == 0
    said = capfd.readouterr().out
    assert "Whether each ICP holds, mid-size-software: proof" in said
    assert "kept from before" in said
    assert "bullseye report" in said
