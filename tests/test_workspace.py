"""The workspace: opened from a folder, with states that are built once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bullseye.errors import Busy, DefinitionError, NotEnoughEvidence, UsageError
from bullseye.store import batches
from bullseye.workspace import KEPT_STATES, Workspace, current_actor


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="no workspace") as raised:
        Workspace.open(tmp_path)
    assert "bullseye init" in raised.value.hint


def test_a_folder_opens_with_the_definitions_as_they_stand(world):
    world.icp("b2b", {"rule": {"employees": {"over": 10}}, "points": 10})
    world.write()
    found = Workspace.open(world.folder, now=lambda: datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    assert found.project.icps == world.project.icps
    assert found.today == date(2026, 11, 2)
    (world.folder / "icps" / "b2b.yaml").write_text("name: b2b\n")
    with pytest.raises(DefinitionError, match=r"icps/b2b\.yaml:1:1: criteria: is required"):
        Workspace.open(world.folder)


def test_who_is_at_work_may_be_said_by_the_environment(monkeypatch):
    monkeypatch.setenv("BULLSEYE_ACTOR", "rita")
    assert current_actor() == "rita"


def test_only_one_may_write(world):
    with world.workspace.alone("run"):
        other = replace(world.workspace, actor="otto")
        with pytest.raises(Busy, match="rita: run"), other.alone("import"):
            pytest.fail("two held the workspace")
    with world.workspace.alone("run") as lease:
        assert lease.holder == "rita: run"


def test_a_state_is_built_once_and_the_oldest_are_dropped(world):
    world.known([{"account_id": "a", "employees": 5}])
    workspace = world.workspace
    ids = tuple(batch.number for batch in workspace.batches())
    days = [date(2026, 11, day) for day in range(2, 8)]
    with workspace.connection() as connection:
        first, again = (
            workspace.state(connection, world.project, ids, days[0]).accounts.stat()
            for _ in range(2)
        )
        assert first.st_ino == again.st_ino
        for day in days:
            workspace.state(connection, world.project, ids, day)
        workspace.drop_old_states()
    left = {path.name[:10] for path in (workspace.warehouse / "states").iterdir()}
    assert left == {str(day) for day in days[-KEPT_STATES:]}


def test_what_is_only_said_builds_no_state_anew(world):
    world.known([{"account_id": "a"}])
    world.state()
    before = sorted(each.name for each in world.workspace.states.iterdir())
    words = [{"locale": "en", "preferred": "account"}]
    world.define(
        "terms",
        "account",
        concept="A firm we might sell to.",
        why="One word per idea.",
        wordings=words,
    )
    world.state()
    assert sorted(each.name for each in world.workspace.states.iterdir()) == before
    world.icp("big", {"rule": {"employees": {"over": 5}}, "points": 10})
    world.state()
    assert sorted(each.name for each in world.workspace.states.iterdir()) != before


def test_an_undone_batch_is_out_of_sight_but_not_gone(world):
    number = world.known([{"account_id": "a"}])
    batches.undo(world.store, number, at=world.workspace.now(), actor="rita")
    assert world.workspace.batches() == []
    assert [batch.number for batch in world.workspace.batches(ids=(number,))] == [number]
    with world.workspace.connection() as connection, pytest.raises(NotEnoughEvidence):
        world.workspace.state(connection, world.project, (), world.today)


def test_many_who_build_the_same_state_at_once_leave_one_whole_state(world):
    world.known([{"account_id": f"a{n}"} for n in range(50)])
    with ThreadPoolExecutor(4) as crowd:
        found = list(crowd.map(lambda _: world.state(), range(4)))
    assert all(rows == found[0] for rows in found)
    assert len(found[0]) == 50
    assert len(list((world.workspace.warehouse / "states").iterdir())) == 1
