"""Money at risk, from imports to the answer, in worlds whose truth is known."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.conftest import World

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.synthesize.run.at_risk import MoneyAtRisk, measure_money_at_risk

TODAY = date(2026, 11, 2)
BUYER = BuyingRole.ECONOMIC_BUYER
Rows = list[dict[str, Any]]


def history(
    n: int, *, effect: float = 0.0, late: float = 0.0, seed: int = 1
) -> tuple[Rows, Rows, Rows]:
    """Return stages, opportunities and roles of n opportunities of n / 2 accounts.

    Each enters Demo on its first day and Offer 20 days later; a third have an economic buyer by
    Offer. `effect` adds to the chance to be won with one; `late` is the share of won ones without
    a buyer that get one on the day they are won.
    """
    rng = np.random.default_rng(seed)
    stages: Rows = []
    sold: Rows = []
    roles: Rows = []
    for at in range(n):
        name, account = f"o{at}", f"a{at // 2}"
        opened = TODAY - timedelta(days=int(rng.integers(1, 700)))
        offered, buyer = opened + timedelta(days=20), rng.random() < 1 / 3
        closes = offered + timedelta(days=int(rng.integers(5, 80)))
        won = rng.random() < 0.3 + effect * buyer
        base = {"opportunity_id": name, "account_id": account, "created_on": opened}
        amount = {"amount": float(rng.integers(10, 90) * 100)}
        for stage, day in (("Demo", opened), ("Offer", offered)):
            if day <= TODAY:
                stages.append(
                    {**base, **amount, "stage": stage, "outcome": "open", "known_on": day}
                )
        is_closed = closes <= TODAY
        outcome = ("won" if won else "lost") if is_closed else "open"
        end = {"closed_on": closes} if is_closed else {}
        sold.append({**base, **amount, "stage": "Offer", "outcome": outcome, **end})
        added = offered if buyer else closes
        if added <= TODAY and (buyer or (won and rng.random() < late)):
            roles.append(
                {
                    "opportunity_contact_id": f"r{at}",
                    "opportunity_id": name,
                    "contact_id": f"c{at}",
                    "role": "Decision Maker",
                    "added_on": added,
                }
            )
    return stages, sold, roles


def told(world: World, stages: Rows, sold: Rows, roles: Rows, **asked: Any) -> MoneyAtRisk:
    world.known([{"account_id": row["account_id"], "employees": 100} for row in sold])
    world.known(stages, table=TableName.OPPORTUNITIES, source="history")
    world.known(sold, table=TableName.OPPORTUNITIES, source="crm")
    world.known(roles, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    return measure_money_at_risk(world.workspace, roles=[BUYER], **asked)


def test_a_planted_effect_is_found_with_its_size_and_its_money(world: World) -> None:
    found = told(world, *history(900, effect=0.3)).roles[0]
    assert found.points is not None
    assert found.money is not None
    assert found.points.low <= 0.3 <= found.points.high
    assert found.points.low > 0.1
    assert found.stages == ("Offer",)
    amounts = sum(row.amount or 0 for row in found.rows)
    assert found.amount == amounts
    assert found.money.value == pytest.approx(found.points.value * amounts, rel=0.3)
    assert sum(row.money.value for row in found.rows if row.money) == pytest.approx(
        found.money.value
    )


def test_roles_written_down_on_winning_do_not_count(world: World) -> None:
    found = told(world, *history(900, late=0.9)).roles[0]
    assert found.as_of_today is not None
    assert found.as_of_today > 0.2
    assert found.points is not None
    assert found.points.low <= 0 <= found.points.high
    assert not found.matters


def test_a_thin_history_says_what_is_missing_and_no_number(world: World) -> None:
    found = told(world, *history(60)).roles[0]
    assert not found.is_told
    assert found.money is None
    assert found.reason.startswith("Cannot tell yet: ")
    assert found.need is not None
    assert found.need > 30
    assert found.beyond > 0


def test_roles_without_a_day_of_their_own_tell_nothing(world: World) -> None:
    stages, sold, roles = history(400)
    found = told(world, stages, sold, [{**row, "added_on": None} for row in roles]).roles[0]
    assert not found.is_told
    assert "added_on" in found.reason


def test_an_earlier_day_knows_nothing_of_what_came_later(world: World) -> None:
    earlier = TODAY - timedelta(days=200)
    stages, sold, roles = history(500, effect=0.3)
    world.known([{"account_id": row["account_id"]} for row in sold], on=earlier)
    before = [row for row in stages if row["known_on"] <= earlier]
    ended = [row for row in sold if row.get("closed_on", TODAY) <= earlier]
    begun = [
        {**row, "outcome": "open", "closed_on": None}
        for row in sold
        if row["created_on"] <= earlier < row.get("closed_on", TODAY)
    ]
    world.known(before, on=earlier, table=TableName.OPPORTUNITIES, source="history")
    world.known([*ended, *begun], on=earlier, table=TableName.OPPORTUNITIES, source="crm")
    known = [row for row in roles if row["added_on"] <= earlier]
    world.known(known, on=earlier, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    then = measure_money_at_risk(world.workspace, roles=[BUYER], as_of=earlier)
    world.known(stages, table=TableName.OPPORTUNITIES, source="history")
    world.known(sold, table=TableName.OPPORTUNITIES, source="crm")
    world.known(roles, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    assert measure_money_at_risk(world.workspace, roles=[BUYER], as_of=earlier) == then
    assert measure_money_at_risk(world.workspace, roles=[BUYER]).roles[0].n > then.roles[0].n


def test_two_roles_in_one_cell_are_two_roles(world: World) -> None:
    stages, sold, roles = history(300)
    both = [{**row, "role": f"End User; {row['role']}"} for row in roles]
    found = told(world, stages, sold, both).roles[0]
    assert found.with_role > 0


def test_a_role_that_a_later_import_changed_counts_from_that_import_on(world: World) -> None:
    stages, sold, roles = history(300)
    users = [{**row, "role": "End User"} for row in roles]
    earlier = TODAY - timedelta(days=1)
    world.known(users, on=earlier, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    found = told(world, stages, sold, roles).roles[0]
    assert found.with_role == 0
    assert not found.is_told


def test_without_roles_or_stages_it_says_what_to_import(world: World) -> None:
    world.known([{"account_id": "a"}])
    with pytest.raises(NotEnoughEvidence, match="No roles on opportunities"):
        measure_money_at_risk(world.workspace)
    role = {"opportunity_id": "o", "contact_id": "c", "role": "Champion"}
    world.known([role], table=TableName.OPPORTUNITY_CONTACTS)
    with pytest.raises(NotEnoughEvidence, match="history of its stages"):
        measure_money_at_risk(world.workspace)
