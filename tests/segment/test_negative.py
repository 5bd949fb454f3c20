"""The negative ICP: what is surely worse becomes a draft, and what no longer is, is withdrawn."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.loader import load
from bullseye.definitions.rule import Op
from bullseye.definitions.rule import Test as Comparison
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.segment.negative import name_of
from bullseye.segment.recheck import Holds, measure_in
from bullseye.segment.run.learning import find_negative, recheck
from bullseye.segment.worse import Measured, Standing, search
from bullseye.store import proofs
from bullseye.warehouse.facts import Fact, NumberFact, TextFact

TODAY = date(2026, 11, 2)
START = date(2024, 1, 1)


def accounts(rng: np.random.Generator, n: int) -> dict[str, Any]:
    return {
        "employees": np.maximum(1, np.floor(rng.lognormal(4, 1.2, n))),
        "industry": rng.choice(["Retail", "Fintech", "Logistics", "Healthcare"], n),
        "region": rng.choice(["north", "south"], n),
    }


def facts_of(columns: Mapping[str, Any]) -> dict[str, Fact]:
    found: dict[str, Fact] = {
        "employees": NumberFact(Field("employees", FieldType.COUNT, ""), columns["employees"])
    }
    for name in ("industry", "region"):
        levels, codes = np.unique(columns[name], return_inverse=True)
        field = Field(name, FieldType.TEXT, "")
        found[name] = TextFact(field, tuple(levels.tolist()), codes.astype(np.int32))
    return found


def churn(
    rng: np.random.Generator, n: int, small: float, *, later: float | None = None
) -> Measured:
    """Return customers of whom `small` of the small ones churn, and 8 % of the others."""
    columns = accounts(rng, n)
    began = np.arange(n, dtype=float)
    rate = np.where(began > n / 2, later if later is not None else small, small)
    chance = np.where(columns["employees"] < 50, rate, 0.08)
    values = (rng.random(n) < chance).astype(float)
    return Measured(False, values, np.arange(n), began, facts_of(columns))


def test_small_customers_that_churn_four_times_as_often_are_found_and_confirmed() -> None:
    found = search(churn(np.random.default_rng(0), 2000, 0.32), shuffles=200)
    first = found.found[0]
    assert str(first.rule).startswith("employees under")
    assert first.standing is Standing.CONFIRMED
    assert 1.5 < first.at_least < 4
    assert len(found.found) <= 2  # its near copies are no proposals of their own


def test_noise_gives_no_exclusion() -> None:
    rng = np.random.default_rng(1)
    found = [search(churn(rng, 400, 0.08), shuffles=100) for _ in range(25)]
    assert sum(bool(each.found) for each in found) <= 4


def test_what_was_worse_only_once_is_not_confirmed() -> None:
    found = search(churn(np.random.default_rng(2), 4000, 0.6, later=0.08), shuffles=200)
    assert found.found
    assert all(each.standing is not Standing.CONFIRMED for each in found.found)


def test_costs_ten_times_those_of_others_are_found() -> None:
    rng = np.random.default_rng(3)
    columns = accounts(rng, 600)
    costs = rng.lognormal(5, 1, 600) * np.where(columns["employees"] < 50, 10, 1)
    measured = Measured(True, costs, np.arange(600), np.arange(600.0), facts_of(columns))
    first = search(measured, shuffles=200).found[0]
    assert str(first.rule).startswith("employees under")
    assert first.standing is Standing.CONFIRMED
    assert first.at_least > 3


def test_a_name_is_made_of_the_rule_and_is_free() -> None:
    rule = Comparison("industry", Op.ANY_OF, ('Ünïcode & "Söhne"; DROP TABLE',))
    assert name_of(rule, ()) == "industry-unicode-sohne-drop-table"
    assert name_of(rule, {"industry-unicode-sohne-drop-table"}).endswith("-2")
    assert name_of(Comparison("tags", Op.ANY_OF, ("日本",)), ()) == "tags"


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("churn within a year, against larger customers", "churned"),
        ("support cost per month, against all others", "support-cost"),
        ("odds of winning, against other industries", "won"),
        ("goes-inactive, against all others", "goes-inactive"),
        ("number of bananas", None),
    ],
)
def test_figures_say_in_words_what_was_measured(words: str, measure: str | None) -> None:
    assert measure_in(words, ["churned", "won", "goes-inactive", "support-cost"]) == measure


# -- in a workspace --------------------------------------------------------------------------


def customers(world: Any, n: int, small: float, seed: int = 0) -> None:
    """Import n customers known from the start, of whom `small` of the small ones churn."""
    rng = np.random.default_rng(seed)
    columns = accounts(rng, n)
    rows = [
        {
            "account_id": f"a{at:05d}",
            "name": f"Account {at}",
            "employees": int(columns["employees"][at]),
            "industry": str(columns["industry"][at]),
            "region": str(columns["region"][at]),
        }
        for at in range(n)
    ]
    world.known(rows, on=START)
    subscriptions = []
    for at, row in enumerate(rows):
        leaves = rng.random() < (small if row["employees"] < 50 else 0.08)
        started = START + timedelta(days=10 + at % 600)
        ended = started + timedelta(days=int(rng.integers(30, 360))) if leaves else None
        ended = ended if ended is not None and ended < TODAY else None
        subscriptions.append(
            {
                "subscription_id": f"s{at}",
                "account_id": row["account_id"],
                "started_on": started,
                "ended_on": ended,
                "churned": ended is not None,
                "arr": 1000.0 * float(rng.lognormal(0, 0.3)),
                "support_cost": float(rng.lognormal(4, 0.5)),
            }
        )
    world.known(subscriptions, table=TableName.SUBSCRIPTIONS, source="billing")


def test_a_confirmed_exclusion_is_written_with_figures_and_loads(world: Any) -> None:
    customers(world, 1500, 0.4)
    world.write()
    workspace = world.workspace
    dry = find_negative(workspace, outcome="churned", write=True, dry_run=True)
    assert dry.written
    assert not list((world.folder / "exclusions").glob("*"))
    found = find_negative(workspace, outcome="churned", write=True)
    proposal = found.proposals[0]
    assert proposal.exclusion is not None
    assert f"at least {proposal.at_least:.1f} times" in proposal.because
    assert proposal.economics.revenue_forgone.low is not None
    loaded = load(world.folder)
    exclusion = loaded.project.exclusions[proposal.exclusion.name]
    assert exclusion.figures is not None
    assert exclusion.figures.n == proposal.ratio.n
    assert exclusion.figures.measured_on == TODAY
    again = find_negative(workspace, outcome="churned", write=True)
    assert again.written == ()
    assert again.kept == found.written
    forced = find_negative(workspace, outcome="churned", write=True, force=True)
    assert forced.written == found.written
    kept = proofs.newest(world.store, "negative", "churned")
    assert kept is not None


def test_what_is_excluded_already_is_said_to_be(world: Any) -> None:
    customers(world, 1500, 0.4)
    world.define(
        "exclusions",
        "too-small",
        rule={"employees": {"under": 60}},
        because="Small customers leave four times as often.",
    )
    found = find_negative(world.workspace, outcome="churned", write=True)
    assert found.proposals[0].covered_by == "too-small"
    assert found.written == ()


def claimed(world: Any, times: float, measure: str = "churn within a year") -> None:
    world.define(
        "exclusions",
        "too-small",
        rule={"employees": {"under": 50}},
        because="Small customers leave four times as often.",
        figures={"measure": measure, "times": times, "n": 180, "measured_on": date(2025, 1, 31)},
    )


def test_an_exclusion_that_still_holds_gets_new_figures_and_nothing_else_changes(
    world: Any,
) -> None:
    customers(world, 1500, 0.4)
    claimed(world, 4)
    world.write()
    path = world.folder / "exclusions" / "too-small.yaml"
    path.write_text("# our own words\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    again = recheck(world.workspace, write=True)
    assert [each.holds for each in again.found] == [Holds.CONFIRMED]
    assert again.updated == ("exclusions/too-small.yaml",)
    assert path.read_text(encoding="utf-8").startswith("# our own words\n")
    figures = load(world.folder).project.exclusions["too-small"].figures
    assert figures is not None
    assert figures.measured_on == TODAY
    assert figures.times == pytest.approx(again.found[0].ratio.value, abs=0.01)


def test_an_exclusion_that_is_no_longer_true_is_withdrawn_and_kept(world: Any) -> None:
    customers(world, 3000, 0.06)
    claimed(world, 4)
    world.write()
    seen = recheck(world.workspace)
    assert seen.withdrawn == 1
    assert seen.moved == ()
    path = world.folder / "exclusions" / "too-small.yaml"
    assert path.exists()
    moved = recheck(world.workspace, write=True).moved
    assert moved == ("exclusions/withdrawn/too-small.yaml",)
    assert not path.exists()
    text = (world.folder / moved[0]).read_text(encoding="utf-8")
    assert text.startswith(f"# Withdrawn on {TODAY}")
    assert load(world.folder).project.exclusions == {}


def test_a_claim_far_too_large_is_called_weaker(world: Any) -> None:
    customers(world, 3000, 0.24)
    claimed(world, 12)
    assert recheck(world.workspace).found[0].holds is Holds.WEAKER


def test_a_measure_in_unknown_words_is_named(world: Any) -> None:
    customers(world, 200, 0.4)
    claimed(world, 4, measure="number of bananas")
    found = recheck(world.workspace).found[0]
    assert found.holds is Holds.UNSURE
    assert "support-cost" in found.sentence


def test_nothing_to_measure_is_said(world: Any) -> None:
    customers(world, 40, 0.4)
    with pytest.raises(UnknownName):
        find_negative(world.workspace, outcome="churn")
    with pytest.raises(NotEnoughEvidence):
        find_negative(world.workspace, outcome="discount")
