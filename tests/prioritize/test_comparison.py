"""Two versions compared: every account that moves is counted once, with what is responsible."""

from datetime import date, timedelta
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.prioritize import run as prioritize

BIG = {"name": "big", "points": 60, "rule": {"employees": {"at_least": 100}}}
SOFT = {"name": "soft", "points": 40, "rule": {"industry": "SaaS"}}
REFUSED = {
    "name": "refused",
    "mode": "exclude",
    "because": "They never pay on time.",
    "rule": {"country": "XX"},
}


@pytest.fixture
def before(world: Any) -> Any:
    """Four accounts, scored with the first version."""
    world.icp("north", BIG, SOFT)
    world.known(
        [
            {"account_id": "both", "employees": 200, "industry": "SaaS", "country": "XX"},
            {"account_id": "big", "employees": 200, "industry": "Retail", "owner": "Ann"},
            {"account_id": "soft", "employees": 20, "industry": "SaaS"},
            {"account_id": "none", "employees": 20, "industry": "Retail"},
        ]
    )
    prioritize.score(world.workspace)
    return world


def moves(world: Any) -> set[tuple[str, str | None, str | None, str]]:
    found = prioritize.compare(world.workspace).moves
    return {(n, m.before, m.after, m.responsible) for m in found for n in m.named}


def test_a_new_exclusion_is_responsible_for_who_leaves(before: Any) -> None:
    before.icp("north", BIG, SOFT, REFUSED)
    assert moves(before) == {("both", "T1", None, "refused")}


def test_changed_points_are_responsible_for_who_falls_and_rises(before: Any) -> None:
    before.icp("north", {**BIG, "points": 30}, {**SOFT, "points": 70})
    assert moves(before) == {("big", "T2", "T3", "big"), ("soft", "T3", "T1", "soft")}


def test_a_moved_cut_off_is_said_to_be_the_tiers(before: Any) -> None:
    before.tiers({"tier": "T1", "fit": 55}, {"tier": "T2", "fit": 50}, {"tier": "T3", "fit": 30})
    assert moves(before) == {("big", "T2", "T1", "the tiers' entry criteria")}


def test_renaming_moves_nobody_and_says_nothing(before: Any) -> None:
    before.icp("north", {**SOFT, "name": "software"}, {**BIG, "name": "size"})
    found = prioritize.compare(before.workspace)
    assert (found.differences, found.moves) == ((), ())


def test_open_opportunities_of_moved_accounts_are_summed_by_owner(before: Any) -> None:
    before.known(
        [
            {
                "opportunity_id": f"o{at}",
                "account_id": "big",
                "outcome": outcome,
                "amount": amount,
                "owner": "Bea",
                "created_on": date(2026, 10, 1),
            }
            for at, (outcome, amount) in enumerate(
                [("open", 100.0), ("open", None), ("won", 900.0)]
            )
        ],
        table=TableName.OPPORTUNITIES,
        source="deals",
    )
    before.icp("north", {**BIG, "points": 10}, SOFT)
    owners = {each.owner: each for each in prioritize.compare(before.workspace).owners}
    bea = owners["Bea"]
    assert (bea.opportunities, bea.amount, bea.without_amount) == (2, 100.0, 1)


def test_a_past_cohort_counts_what_closed_after_its_day_only(before: Any) -> None:
    then = before.today - timedelta(days=91)
    before.known(
        [{"account_id": "both", "employees": 200, "industry": "SaaS"}],
        on=then - timedelta(days=5),
        source="older",
    )
    closed = [then - timedelta(days=1), then + timedelta(days=1), then + timedelta(days=90)]
    before.known(
        [
            {
                "opportunity_id": f"o{at}",
                "account_id": "both",
                "outcome": "won" if at != 1 else "lost",
                "closed_on": day,
            }
            for at, day in enumerate(closed)
        ],
        table=TableName.OPPORTUNITIES,
        source="deals",
    )
    before.icp("north", BIG, {**SOFT, "points": 41})
    (cohort,) = prioritize.compare(before.workspace, cohorts=1).cohorts
    assert (cohort.before.n, round(cohort.before.share, 2)) == (2, 0.5)


def test_without_an_earlier_version_there_is_nothing_to_compare(world: Any) -> None:
    world.icp("north", BIG)
    with pytest.raises(NotEnoughEvidence, match="no earlier version"):
        prioritize.compare(world.workspace)
