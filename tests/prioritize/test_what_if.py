"""What if: the cube's answer is the one a full scoring would give, to the account."""

import random
from datetime import timedelta
from typing import Any

import pytest

from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Question

CRITERIA: list[dict[str, Any]] = [
    {"name": "soft", "points": 30, "rule": {"industry": ["SaaS", "Fintech"]}},
    {"name": "mid", "points": 20, "rule": {"employees": {"between": [50, 500]}}},
    {"name": "huge", "points": -10, "rule": {"employees": {"over": 5000}}},
    {"name": "crm", "points": 15, "rule": {"technologies": {"any_of": ["Salesforce"]}}},
    {"name": "geo", "mode": "require", "rule": {"country": ["US", "DE"]}},
    {
        "name": "tiny",
        "mode": "exclude",
        "because": "They leave within a year.",
        "rule": {"employees": {"under": 5}},
    },
]
TIERS: list[dict[str, Any]] = [
    {"tier": "T1", "fit": 60, "coverage": 0.6, "signal_strength": 15},
    {"tier": "T2", "fit": 45, "coverage": 0.5},
    {"tier": "T3", "fit": 20},
]
NOTHING = Question({}, {}, {}, {})


def rows(n: int = 400) -> list[dict[str, Any]]:
    chance = random.Random(11)

    def maybe(values: list[Any]) -> Any:
        return None if chance.random() < 0.25 else chance.choice(values)

    return [
        {
            "account_id": f"a{at:03d}",
            "industry": maybe(["SaaS", "Fintech", "Retail"]),
            "employees": maybe([3, 5, 50, 500, 501, 6000]),
            "technologies": maybe([["Salesforce"], ["HubSpot"], []]),
            "country": maybe(["US", "DE", "FR"]),
            "expected_acv": maybe([1000.0, 5000.0]),
        }
        for at in range(n)
    ]


@pytest.fixture
def scored(world: Any) -> Any:
    """A world of 400 accounts, a third of them unknown somewhere, scored once."""
    world.icp("north", *CRITERIA)
    world.signal("raised")
    world.tiers(*TIERS)
    world.known(rows())
    world.happened(
        [
            {
                "account_id": f"a{at:03d}",
                "type": "raised",
                "occurred_on": world.today - timedelta(days=at % 120),
            }
            for at in range(0, 400, 3)
        ]
    )
    prioritize.score(world.workspace)
    return world


def counts(world: Any) -> dict[str, int]:
    prioritize.score(world.workspace)
    found = prioritize.targets(world.workspace)
    return {str(t): sum(each.tier is t for each in found) for t in Tier}


def test_asking_nothing_gives_what_was_published(scored: Any) -> None:
    answer = prioritize.what_if(scored.workspace, "north", NOTHING)
    assert answer.outcome.before == answer.outcome.after == counts(scored)
    assert not answer.outcome.moves


@pytest.mark.parametrize(
    ("points", "fit", "strength"),
    [
        ({"mid": 45}, {}, {}),
        ({"huge": -40, "crm": 1}, {}, {}),
        ({"soft": 5}, {Tier.T1: 40}, {}),
        ({}, {Tier.T1: 70, Tier.T3: 35}, {Tier.T1: 5}),
        ({}, {}, {Tier.T1: 39, Tier.T2: 1}),
    ],
)
def test_the_answer_equals_a_full_scoring(
    scored: Any, points: dict[str, int], fit: dict[Tier, int], strength: dict[Tier, int]
) -> None:
    answer = prioritize.what_if(scored.workspace, "north", Question(points, fit, strength, {}))
    scored.icp("north", *({**c, **_points(c, points)} for c in CRITERIA))
    scored.tiers(
        *(
            {
                **entry,
                "fit": fit.get(Tier(entry["tier"]), entry["fit"]),
                "signal_strength": strength.get(
                    Tier(entry["tier"]), entry.get("signal_strength", 0)
                ),
            }
            for entry in TIERS
        )
    )
    assert answer.outcome.after == counts(scored)
    moved = sum(move.accounts for move in answer.outcome.moves)
    assert moved > 0, "the case should move somebody, or it shows nothing"


def _points(criterion: dict[str, Any], points: dict[str, int]) -> dict[str, int]:
    return {"points": points[criterion["name"]]} if criterion["name"] in points else {}


@pytest.mark.parametrize("capacity", [0, 3, 10, 1000])
def test_a_capacity_is_filled_and_never_exceeded(scored: Any, capacity: int) -> None:
    asked = Question({}, {}, {}, {Tier.T1: capacity})
    answer = prioritize.what_if(scored.workspace, "north", asked)
    cut = answer.cutoffs["T1"]
    assert answer.outcome.after["T1"] == cut.accounts
    if cut.fit < 100:
        assert cut.accounts <= capacity
    if cut.next_fit is not None:
        assert cut.accounts + cut.next_accounts > capacity
        lower = Question({}, {Tier.T1: cut.next_fit}, {}, {})
        there = prioritize.what_if(scored.workspace, "north", lower)
        assert there.outcome.after["T1"] == cut.accounts + cut.next_accounts


def test_an_unknown_criterion_is_named_with_the_nearest(scored: Any) -> None:
    with pytest.raises(UnknownName, match="No criterion with points is named 'sofd'") as caught:
        prioritize.what_if(scored.workspace, "north", Question({"sofd": 3}, {}, {}, {}))
    assert "Did you mean 'soft'?" in str(caught.value)
