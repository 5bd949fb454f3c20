"""What changed since a run: added up onto an older export, it gives the newest."""

import csv
import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bullseye import pipeline
from bullseye.definitions.field import TableName
from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.operationalize.changes import NOT_A_CHANGE
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Wish

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}
IN_A_TIER = Wish(tuple(Tier))
STAMPS = {"as_of", "definition_version", "membership_hash", "change"}


@pytest.fixture
def listed(world: Any) -> Any:
    """Four accounts, two of them in a tier, scored."""
    world.icp("north", SIZE, {"name": "here", "points": 10, "rule": {"country": "DE"}})
    world.signal("raised")
    world.known(
        [
            {"account_id": "a", "employees": 200, "country": "DE", "name": "=A1"},
            {"account_id": "b", "employees": 200, "country": "DE"},
            {"account_id": "c", "employees": 5, "country": "FR"},
            {"account_id": "d", "employees": 5, "country": "FR"},
        ]
    )
    prioritize.score(world.workspace)
    return world


def newest(world: Any) -> str:
    return prioritize.past_runs(world.workspace)[0].id


def exported(world: Any, since: str | None = None, wish: Wish = IN_A_TIER) -> list[dict[str, Any]]:
    target = world.folder / "out.parquet"
    pipeline.export(world.workspace, wish, target, since=since)
    rows: list[dict[str, Any]] = pq.read_table(target).to_pylist()
    return rows


def changed(world: Any, since: str) -> dict[str, str]:
    return {row["account_id"]: row["change"] for row in exported(world, since)}


def known(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row says but for what moves by itself."""
    return {name: row[name] for name in row.keys() - NOT_A_CHANGE - STAMPS}


def test_rows_come_as_new_changed_or_gone(listed: Any) -> None:
    first = newest(listed)
    later = listed.at(listed.today + timedelta(days=1))
    later.known(
        [
            {"account_id": "b", "employees": 5, "country": "FR"},
            {"account_id": "c", "employees": 300, "country": "DE"},
        ]
    )
    later.happened([{"account_id": "a", "type": "raised"}])
    prioritize.score(later.workspace)
    assert changed(later, first) == {"a": "changed", "b": "gone", "c": "new"}
    assert changed(later, str(listed.today)) == changed(later, first)
    assert changed(later, newest(later)) == {}


def test_mere_decay_is_no_change(listed: Any) -> None:
    listed.happened([{"account_id": "a", "type": "raised"}])
    prioritize.score(listed.workspace)
    first = newest(listed)
    later = listed.at(listed.today + timedelta(days=3))
    prioritize.score(later.workspace)
    assert changed(later, first) == {}


@pytest.mark.parametrize("seed", range(4))
def test_adding_every_change_to_an_older_export_gives_the_newest(world: Any, seed: int) -> None:
    chance = random.Random(seed)
    world.icp("north", SIZE, {"name": "here", "points": 10, "rule": {"country": "DE"}})
    world.signal("raised", window=5)
    held: dict[str, dict[str, Any]] = {}
    last = None
    for week in range(4):
        now = world.at(world.today + timedelta(days=3 * week))
        for row in (some := [chance.randrange(40) for _ in range(15)]):
            now.known([random_account(chance, row)])
        now.happened([{"account_id": f"a{row}", "type": "raised"} for row in some[:4]])
        prioritize.score(now.workspace)
        rows = exported(now, last)
        held |= {row["account_id"]: row for row in rows if row.get("change") != "gone"}
        for row in rows:
            if row.get("change") == "gone":
                del held[row["account_id"]]
        whole = {row["account_id"]: known(row) for row in exported(now)}
        assert {name: known(row) for name, row in held.items()} == whole
        assert whole
        last = newest(now)


def random_account(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "account_id": f"a{number}",
        "employees": chance.choice([5, 200, None]),
        "country": chance.choice(["DE", "FR", None]),
        "is_deleted": chance.choice([None, None, True]),
    }


def test_a_decision_by_hand_is_told_and_so_is_its_end(listed: Any) -> None:
    first = newest(listed)
    workspace = listed.at(listed.today + timedelta(days=1)).workspace
    prioritize.override(
        workspace,
        "c",
        tier=Tier.T1,
        reason="Met the CFO",
        expires_on=listed.today + timedelta(days=30),
    )
    prioritize.score(workspace)
    later = listed.at(listed.today + timedelta(days=1))
    assert changed(later, first) == {"c": "new"}
    prioritize.withdraw(workspace, "c")
    assert changed(later, newest(later)) == {"c": "gone"}


def test_every_format_says_the_change_and_stays_harmless(listed: Any) -> None:
    first = newest(listed)
    later = listed.at(listed.today + timedelta(days=1))
    later.happened([{"account_id": "a", "type": "raised"}])
    prioritize.score(later.workspace)
    whole = exported(later)
    done = pipeline.export(later.workspace, IN_A_TIER, later.folder / "out.csv", since=first)
    assert done.changes == {"new": 0, "changed": 1, "gone": 0}
    assert {row["membership_hash"] for row in whole} == {done.membership_hash}
    with (later.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["account_id"], row["name"], row["change"]) == ("a", "'=A1", "changed")
    pipeline.export(later.workspace, IN_A_TIER, later.folder / "out.json", since=first)
    document = json.loads((later.folder / "out.json").read_text(encoding="utf-8"))
    assert document["since"] == first
    assert [each["change"] for each in document["accounts"]] == ["changed"]
    pipeline.export(later.workspace, IN_A_TIER, later.folder / "out.xlsx", since=first)
    assert (later.folder / "out.xlsx").stat().st_size > 0


def test_nothing_is_written_when_only_asked_what_would_be(listed: Any) -> None:
    target = listed.folder / "out.csv"
    done = pipeline.export(listed.workspace, IN_A_TIER, target, since=newest(listed), dry_run=True)
    assert (done.rows, done.dry_run) == (0, True)
    assert not target.exists()


def test_an_unknown_an_older_or_a_later_run_is_refused_by_name(listed: Any, tmp_path: Path) -> None:
    target, workspace = tmp_path / "out.csv", listed.workspace
    with pytest.raises(UnknownName, match="r-nothing"):
        pipeline.export(workspace, IN_A_TIER, target, since="r-nothing")
    with pytest.raises(NotEnoughEvidence, match="No run is as old"):
        pipeline.export(workspace, IN_A_TIER, target, since="2001-01-01")
    earlier = listed.today - timedelta(days=1)
    with pytest.raises(UsageError, match="newer than the list"):
        pipeline.export(workspace, IN_A_TIER, target, since=newest(listed), as_of=earlier)
    assert not target.exists()


def test_contacts_that_become_known_change_the_row(listed: Any) -> None:
    listed.define("personas", "buyer", who={"title": {"contains": "Operations"}})
    prioritize.score(listed.workspace)
    first = newest(listed)
    contact = {"contact_id": "p1", "account_id": "a", "title": "VP Operations"}
    listed.known([contact], table=TableName.CONTACTS, source="people")
    prioritize.score(listed.workspace)
    assert changed(listed, first) == {"a": "changed"}
