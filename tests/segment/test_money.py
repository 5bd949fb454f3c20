"""What a segment costs: each cost by itself, from what the imports tell of it."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.segment.negative import Economics, economics
from bullseye.segment.run.money import latest_state, yearly_money

TODAY = date(2026, 11, 2)
BEGAN = TODAY - timedelta(days=730)
N = 8


@pytest.fixture
def told(world: Any) -> Economics:
    """Eight customers for two years; the first four left after one, for good or to renew."""
    world.known([{"account_id": f"a{at}"} for at in range(N)], on=BEGAN)
    running = [
        {
            "subscription_id": f"s{at}",
            "account_id": f"a{at}",
            "started_on": BEGAN,
            "ended_on": BEGAN + timedelta(days=365) if at < 4 else None,
            "arr": 1000.0 + at,
            "support_cost": 300.0 + at,
        }
        for at in range(N)
    ]
    renewed = {"subscription_id": "r0", "account_id": "a0", "arr": 1000.0}
    renewed |= {"started_on": BEGAN + timedelta(days=365)}
    world.known([*running, renewed], table=TableName.SUBSCRIPTIONS)
    world.known(
        [
            {
                "opportunity_id": f"o{at}",
                "account_id": f"a{at}",
                "outcome": "won",
                "created_on": BEGAN - timedelta(days=30),
                "closed_on": BEGAN,
                "amount": 900.0 + at,
                "discount": 0.1 if at else None,
            }
            for at in range(N)
        ],
        table=TableName.OPPORTUNITIES,
    )
    workspace = world.workspace
    with workspace.connection() as connection:
        state = latest_state(workspace, connection, TODAY)
        money = yearly_money(connection, state, [f"a{at}" for at in range(N)])
    assert money.lost.tolist() == [0, 1001, 1002, 1003, 0, 0, 0, 0]  # who renewed is not lost
    return economics(money, np.arange(N))


def test_every_cost_is_named_with_its_own_n_and_unit(told: Economics) -> None:
    support, left, discount = told.parts
    assert (support.name, support.each.n) == ("support cost", N)
    assert (left.name, left.each.n) == ("revenue lost by churn", N)
    assert (discount.name, discount.each.n) == ("discount given", N - 1)
    assert discount.per == "opportunity won"
    assert discount.in_a_year is None


def test_support_cost_is_per_year_lived_not_a_mean_of_rates(told: Economics) -> None:
    each = told.support_each
    assert each.value is not None
    assert each.value == pytest.approx(sum(300 + at for at in range(N)) / (4 * 1 + 4 * 2), rel=0.01)
    assert each.low is not None
    assert each.low < each.value
    assert told.cost_avoided.value == pytest.approx(N * each.value)


def test_a_discount_is_what_the_amount_would_have_been_more(told: Economics) -> None:
    given = told.parts[2].each
    assert given.value == pytest.approx(np.mean([(900 + at) / 9 for at in range(1, N)]))


def test_too_few_losses_give_no_figure(told: Economics) -> None:
    assert told.parts[1].each.value is None
