"""Looking back: a day scored later does not become the list, nor do later decisions."""

from datetime import date, timedelta
from typing import Any

from bullseye.definitions.tier import Tier
from bullseye.prioritize import run as prioritize

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}


def scored_twice(world: Any) -> date:
    """Score today, then the day a month before; return that day."""
    before = world.today - timedelta(days=30)
    world.icp("north", SIZE)
    world.known([{"account_id": "a", "employees": 50}], on=before)
    world.known([{"account_id": "a", "employees": 500}])
    prioritize.score(world.workspace)
    prioritize.score(world.workspace, as_of=before)
    return before


def test_a_day_scored_later_does_not_become_the_list(world: Any) -> None:
    before = scored_twice(world)
    (now,) = prioritize.targets(world.workspace)
    (then,) = prioritize.targets(world.workspace, as_of=before)
    assert (now.tier, then.tier) == (Tier.T1, None)


def test_a_decision_of_today_is_not_seen_in_an_earlier_list(world: Any) -> None:
    before = scored_twice(world)
    prioritize.override(
        world.workspace,
        "a",
        Tier.T3,
        reason="They froze their budget.",
        expires_on=world.today + timedelta(days=30),
    )
    (now,) = prioritize.targets(world.workspace)
    (then,) = prioritize.targets(world.workspace, as_of=before)
    assert (now.tier, now.standing.tier) == (Tier.T3, Tier.T1)
    assert (then.tier, then.overridden_by) == (None, None)
