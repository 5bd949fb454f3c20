"""Velocity by stage: what an imported history says, and what it cannot say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.pipeline.pacing import measured_velocity
from bullseye.segment.run.learning import MeasuredVelocity, measure_velocity

KNOWN = date(2025, 1, 1)
N = 160


def history(seed: int = 0, *, shift: int = 0) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield rows of 160 opportunities and their days; every second account is fast in Offer."""
    rng = np.random.default_rng(seed)
    for at in range(N):
        opened = KNOWN + timedelta(days=30 + int(rng.integers(0, 300)))
        row = {"opportunity_id": f"o{at}", "account_id": f"a{at}", "created_on": opened}
        day = opened + timedelta(days=1 + int(rng.exponential(20)))
        fast = at % 2 == 0
        end = day + timedelta(days=1 + int(rng.exponential(10 if fast else 60)))
        won = rng.random() < (0.8 if fast else 0.4)
        yield opened + timedelta(days=shift), {**row, "stage": "Talk"}
        yield day + timedelta(days=shift), {**row, "stage": "Offer"}
        closed = {"outcome": "won" if won else "lost", "stage": "Done", "closed_on": end}
        yield end + timedelta(days=shift), {**row, **closed}


def told(world: Any, rows: Iterator[tuple[date, dict[str, Any]]]) -> None:
    """Import the accounts, and the history as one export that dates every row."""
    accounts = [
        {"account_id": f"a{at}", "industry": "Fast" if at % 2 == 0 else "Slow"} for at in range(N)
    ]
    world.known(accounts, on=KNOWN)
    dated = [{**row, "known_on": day} for day, row in rows]
    world.known(dated, table=TableName.OPPORTUNITIES, source="history")


@pytest.fixture
def measured(world: Any) -> MeasuredVelocity:
    told(world, history())
    return measure_velocity(world.workspace, by="industry")


def test_the_stage_that_is_fast_is_named(measured: MeasuredVelocity) -> None:
    (field,) = measured.stages.fields
    assert field.parts[0].stage == "Offer"
    assert field.parts[0].told
    assert sum(part.points for part in field.parts) == pytest.approx(field.total.points)


def test_stages_are_in_the_order_in_which_they_are_passed(measured: MeasuredVelocity) -> None:
    assert [pace.stage for pace in measured.stages.overall] == ["Talk", "Offer"]
    assert measured.stages.seen == N
    talk = measured.stages.overall[0]
    assert talk.n == N
    assert talk.moved == N
    assert talk.lost == 0


def test_opportunities_first_seen_long_after_they_began_have_no_history(world: Any) -> None:
    told(world, history(shift=10))
    found = measure_velocity(world.workspace, by="industry")
    assert found.stages.unseen == N
    assert "too few" in found.stages.reason
    assert not found.stages.fields


def test_velocity_by_tier_puts_accounts_where_they_were_before(world: Any) -> None:
    told(world, history())
    world.icp("fast", {"rule": {"industry": "Fast"}, "points": 10})
    found = measured_velocity(world.workspace, by="tier")
    (field,) = found.found.fields
    by_name = {pace.name: pace for pace in field.segments}
    assert by_name["T1"].n == N / 2
    assert field.won.differs


def test_a_tier_of_no_icp_is_no_field(world: Any) -> None:
    told(world, history())
    with pytest.raises((UnknownName, UsageError)):
        measured_velocity(world.workspace, by="tier", icp="nobody")
