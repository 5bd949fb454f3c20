"""Draft and live: what was made live scores the accounts until the next is made live."""

from typing import Any

import pytest

from bullseye import pipeline
from bullseye.errors import UnknownName
from bullseye.pipeline import publishing
from bullseye.prioritize import run as prioritize

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}


def tiers(world: Any) -> dict[str, str | None]:
    return {t.account_id: t.tier for t in prioritize.targets(world.workspace)}


@pytest.fixture
def live(world: Any) -> Any:
    """A world of two accounts whose first version is live."""
    world.icp("north", SIZE)
    world.known([{"account_id": "big", "employees": 200}, {"account_id": "mid", "employees": 60}])
    publishing.publish(world.workspace)
    pipeline.run(world.workspace)
    return world


def test_a_change_of_the_files_waits_until_it_is_published(live: Any) -> None:
    live.icp("north", {**SIZE, "rule": {"employees": {"at_least": 50}}})
    done = pipeline.run(live.workspace)
    assert tiers(live) == {"big": "T1", "mid": None}
    assert {change.sentence for change in done.unpublished} == {
        "ICP north: now scores employees at least 50 with 10 points",
        "ICP north: no longer scores employees at least 100 with 10 points",
    }
    publishing.publish(live.workspace)
    assert pipeline.run(live.workspace).unpublished == ()
    assert tiers(live) == {"big": "T1", "mid": "T1"}


def test_the_draft_can_be_scored_without_making_it_live(live: Any) -> None:
    live.icp("north", {**SIZE, "rule": {"employees": {"at_least": 50}}})
    pipeline.run(live.workspace, as_draft=True)
    assert tiers(live) == {"big": "T1", "mid": "T1"}
    assert publishing.draft(live.workspace).differences


def test_an_earlier_version_can_be_made_live_again(live: Any) -> None:
    first = publishing.listed_versions(live.workspace)[0].hash
    live.icp("north", {**SIZE, "rule": {"employees": {"at_least": 50}}})
    publishing.publish(live.workspace)
    publishing.publish(live.workspace, first[:10])
    pipeline.run(live.workspace)
    assert tiers(live) == {"big": "T1", "mid": None}
    rows = {row.hash: row for row in publishing.listed_versions(live.workspace)}
    assert rows[first].is_live
    assert not rows[first].is_draft


def test_a_new_source_needs_no_publishing(live: Any) -> None:
    live.define("sources", "web", table="accounts", columns={"account_id": "id"}, priority=5)
    live.known([{"account_id": "new", "employees": 500}], source="web")
    pipeline.run(live.workspace)
    assert tiers(live)["new"] == "T1"


def test_an_unknown_version_is_refused(live: Any) -> None:
    with pytest.raises(UnknownName, match="single version"):
        publishing.publish(live.workspace, "ffff")
