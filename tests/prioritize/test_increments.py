"""Further signals: only the accounts they touch are scored anew, and the bytes are the same."""

import random
from datetime import timedelta
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.prioritize import run as prioritize

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}


@pytest.fixture
def busy(world: Any) -> Any:
    """A world of 300 accounts with signals, scored once."""
    chance = random.Random(5)
    world.icp("north", SIZE)
    world.signal("raised")
    world.signal("hired", points=15, half_life=20)
    world.tiers(
        {"tier": "T1", "fit": 50, "signal_strength": 30}, {"tier": "T2", "fit": 50}, hysteresis={}
    )
    world.known(
        [{"account_id": f"a{n:03d}", "employees": chance.choice([10, 200])} for n in range(300)]
    )
    world.happened(events(world, range(0, 300, 4), "raised"))
    prioritize.score(world.workspace)
    return world


def events(world: Any, accounts: range, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "account_id": f"a{n:03d}",
            "type": kind,
            "occurred_on": world.today - timedelta(days=n % 80),
        }
        for n in accounts
    ]


def extended(world: Any) -> bool:
    """Whether the newest state was made by adding to an earlier one."""
    folder = world.workspace.warehouse / "states"
    newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return len(list(newest.glob("signals*.parquet"))) > 1


def test_added_signals_give_the_bytes_of_a_full_scoring(busy: Any) -> None:
    for step in range(3):
        busy.happened(events(busy, range(step, 300, 7), "hired"))
        done = prioritize.score(busy.workspace).run
        assert extended(busy)
        for state in (busy.workspace.warehouse / "states").iterdir():
            for file in state.iterdir():
                file.unlink()
            state.rmdir()
        assert prioritize.replay(busy.workspace, done.id).identical


def test_an_added_signal_moves_the_account_it_touches_only(busy: Any) -> None:
    before = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    touched = next(a for a in sorted(before) if before[a] == "T2" and int(a[1:]) % 4)
    busy.happened([{"account_id": touched, "type": "raised"}])
    prioritize.score(busy.workspace)
    after = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    assert {a for a in after if after[a] != before[a]} == {touched}
    assert after[touched] == "T1"


def test_a_corrected_signal_is_not_added_but_built_anew(busy: Any) -> None:
    one = {"account_id": "a001", "type": "raised", "signal_id": "s1"}
    busy.happened([one])
    prioritize.score(busy.workspace)
    busy.known(
        [{**one, "account_id": "a002", "occurred_on": busy.today}],
        table=TableName.SIGNALS,
        source="events",
    )
    prioritize.score(busy.workspace)
    assert not extended(busy)
    live = {t.account_id for t in prioritize.targets(busy.workspace) if t.why_now}
    assert "a002" in live
    assert "a001" not in live


def test_signals_of_subsidiaries_reach_their_parent_all_the_same(busy: Any) -> None:
    busy.icp("north", SIZE, hierarchy={"signals_from_subsidiaries": True})
    busy.known(
        [{"account_id": "a001", "employees": 200, "parent_account_id": "a002"}], source="tree"
    )
    prioritize.score(busy.workspace)
    busy.happened([{"account_id": "a001", "type": "raised"}])
    done = prioritize.score(busy.workspace).run
    assert prioritize.replay(busy.workspace, done.id).identical
    live = {t.account_id for t in prioritize.targets(busy.workspace) if t.why_now}
    assert {"a001", "a002"} <= live
