"""Further imports of a scored day: only what they touch is new, and the bytes are the same."""

import json
import random
import shutil
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
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


def events(world: Any, accounts: Iterable[int], kind: str) -> list[dict[str, Any]]:
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


def is_as_scored_whole(world: Any, done: Any) -> bool:
    """Whether a run has the bytes that its batches give when nothing is kept of earlier ones."""
    shutil.rmtree(world.workspace.warehouse / "states")
    return prioritize.replay(world.workspace, done.id).identical


def said(world: Any, *rows: dict[str, Any]) -> Any:
    """Import signals under ids of their own, and score."""
    world.known(rows, table=TableName.SIGNALS, source="events")
    return prioritize.score(world.workspace).run


def live(world: Any) -> set[str]:
    return {t.account_id for t in prioritize.targets(world.workspace) if t.why_now}


def test_added_signals_give_the_bytes_of_a_full_scoring(busy: Any) -> None:
    for step in range(3):
        busy.happened(events(busy, range(step, 300, 7), "hired"))
        done = prioritize.score(busy.workspace).run
        assert extended(busy)
        assert is_as_scored_whole(busy, done)


def test_an_added_signal_moves_the_account_it_touches_only(busy: Any) -> None:
    before = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    touched = next(a for a in sorted(before) if before[a] == "T2" and int(a[1:]) % 4)
    busy.happened([{"account_id": touched, "type": "raised"}])
    prioritize.score(busy.workspace)
    after = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    assert {a for a in after if after[a] != before[a]} == {touched}
    assert after[touched] == "T1"


def test_a_corrected_signal_moves_from_one_account_to_another(busy: Any) -> None:
    one = {"signal_id": "s1", "type": "raised", "occurred_on": busy.today}
    said(busy, {**one, "account_id": "a001"})
    done = said(busy, {**one, "account_id": "a002"})
    assert extended(busy)
    assert json.loads(done.summary)["increment"]
    assert "a002" in live(busy)
    assert "a001" not in live(busy)
    assert is_as_scored_whole(busy, done)


def test_a_deleted_signal_no_longer_counts_and_may_come_back(busy: Any) -> None:
    one = {"signal_id": "s1", "account_id": "a001", "type": "raised", "occurred_on": busy.today}
    said(busy, one)
    assert "a001" in live(busy)
    done = said(busy, {**one, "is_deleted": True})
    assert extended(busy)
    assert "a001" not in live(busy)
    assert is_as_scored_whole(busy, done)
    said(busy, {**one, "is_deleted": False})
    assert "a001" in live(busy)


def test_an_import_between_two_runs_is_not_missed(busy: Any) -> None:
    busy.happened([{"account_id": "a001", "type": "raised"}])
    busy.state()  # a check or a question builds it, and nothing is scored
    busy.happened([{"account_id": "a002", "type": "raised"}])
    done = prioritize.score(busy.workspace).run
    assert {"a001", "a002"} <= live(busy)
    assert is_as_scored_whole(busy, done)


@pytest.mark.parametrize("seed", range(12))
def test_any_mix_of_signals_added_corrected_and_deleted_gives_the_bytes_of_scoring_whole(
    busy: Any, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        rows = {
            f"s{chance.randrange(40)}": {
                "account_id": f"a{chance.randrange(320):03d}",  # some are nobody's
                "type": chance.choice(["raised", "hired", "other"]),
                "occurred_on": busy.today - timedelta(days=chance.randrange(-2, 120)),
                "is_deleted": chance.choice([None, False, False, True]),
            }
            for _ in range(chance.randrange(1, 25))
        }
        busy.known(
            [{"signal_id": name, **row} for name, row in rows.items()],
            on=busy.today - timedelta(days=chance.randrange(-1, 4)),
            table=TableName.SIGNALS,
            source=chance.choice(["events", "events", "news"]),
        )
        done = prioritize.score(busy.workspace).run
        assert extended(busy)
    noticed = sorted(json.loads(done.summary)["noticed"])
    assert is_as_scored_whole(busy, done)
    whole = prioritize.score(busy.workspace)
    assert not whole.is_new
    assert noticed == sorted(whole_noticed(busy))


def whole_noticed(world: Any) -> list[list[Any]]:
    """Return what building the newest state anew notices."""
    shutil.rmtree(world.workspace.warehouse / "states")
    world.state()
    [folder] = (world.workspace.warehouse / "states").iterdir()
    found: list[list[Any]] = json.loads((folder / "noticed.json").read_text())
    return found


def increment(done: Any) -> bool:
    """Whether a run scored only what was touched."""
    return bool(json.loads(done.summary)["increment"])


def described(world: Any, *rows: dict[str, Any], source: str = "crm") -> Any:
    """Import accounts, and score."""
    world.known(rows, source=source)
    return prioritize.score(world.workspace).run


def test_corrected_facts_move_their_accounts_only(busy: Any) -> None:
    before = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    moved = next(a for a in sorted(before) if before[a] is None)
    done = described(busy, {"account_id": moved, "employees": 500})
    assert increment(done)
    after = {t.account_id: t.tier for t in prioritize.targets(busy.workspace)}
    assert {a for a in after if after[a] != before[a]} == {moved}
    assert is_as_scored_whole(busy, done)


@pytest.mark.parametrize(
    "row",
    [
        {"account_id": "new", "employees": 200},
        {"account_id": "a001", "employees": 200, "domain": "acme.com"},
        {"account_id": "a001", "employees": 200, "name": "Acme"},
        {"account_id": "a001", "employees": 200, "parent_account_id": "a002"},
        {"account_id": "a001", "is_deleted": True},
    ],
)
def test_what_may_touch_other_rows_is_built_whole(busy: Any, row: dict[str, Any]) -> None:
    done = described(busy, row)
    assert not increment(done)
    assert is_as_scored_whole(busy, done)


def test_a_second_source_of_accounts_is_built_whole(busy: Any) -> None:
    done = described(busy, {"account_id": "a001", "employees": 500}, source="enrichment")
    assert not increment(done)


def test_contacts_touch_no_score_and_are_there(busy: Any) -> None:
    rows = [{"contact_id": f"p{n}", "account_id": f"a{n:03d}"} for n in range(9)]
    busy.known(rows, table=TableName.CONTACTS, source="people")
    done = prioritize.score(busy.workspace).run
    assert increment(done)
    assert ["contacts", "matched by id", 9] in json.loads(done.summary)["noticed"]
    assert sum(t.has_contacts for t in prioritize.targets(busy.workspace)) == 9
    assert is_as_scored_whole(busy, done)


@pytest.mark.parametrize("seed", range(8))
def test_any_mix_of_tables_gives_the_bytes_of_scoring_whole(busy: Any, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        for _ in range(chance.randrange(1, 4)):
            some = chance.sample(range(300), chance.randrange(1, 30))
            kind = chance.choice(["accounts", "signals", "people"])
            if kind == "signals":
                busy.happened(events(busy, some, chance.choice(["raised", "hired"])))
            elif kind == "people":
                rows = [{"contact_id": f"p{n}", "account_id": f"a{n:03d}"} for n in some]
                busy.known(rows, table=TableName.CONTACTS, source="people")
            else:
                size = [None, 10, 200]
                busy.known(
                    [{"account_id": f"a{n:03d}", "employees": chance.choice(size)} for n in some],
                    on=busy.today - timedelta(days=chance.randrange(-1, 300)),
                )
        done = prioritize.score(busy.workspace).run
        assert increment(done)
    noticed, known = sorted(json.loads(done.summary)["noticed"]), rows_known(busy)
    assert is_as_scored_whole(busy, done)
    assert noticed == sorted(whole_noticed(busy))
    assert known == rows_known(busy)


def rows_known(world: Any) -> list[Any]:
    """Return every row of the newest state's accounts, contacts and signals."""
    folder = max((world.workspace.warehouse / "states").iterdir(), key=lambda p: p.stat().st_mtime)
    signals = [row for part in folder.glob("signals*") for row in pq.read_table(part).to_pylist()]
    tables = [pq.read_table(folder / f"{name}.parquet") for name in ("accounts", "contacts")]
    by_number = sorted(signals, key=lambda row: row["signal_no"])
    return [*(each.to_pylist() for each in tables), by_number]


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
