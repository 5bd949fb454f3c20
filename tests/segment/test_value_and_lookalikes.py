"""What segments are worth, and who resembles whom: shrunk, tested, or refused."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.faces.cli.main import code_of
from bullseye.segment.lookalikes import learned
from bullseye.segment.run.learning import lookalikes, measure_value
from bullseye.segment.segmentation import Segmentation
from bullseye.store import proofs

START = date(2025, 1, 1)


def market(world: Any, n: int = 400, *, fits: float = 0.6, misfits: float = 0.05) -> None:
    """Import n accounts; those in Fintech were won more often, and pay three times as much."""
    rng = np.random.default_rng(3)
    industry = rng.choice(["Fintech", "Retail", "Logistics"], n, p=[0.3, 0.4, 0.3])
    rows = [
        {
            "account_id": f"a{at:04d}",
            "name": f"Account {at}",
            "employees": int(rng.lognormal(4, 1)) + 1,
            "industry": str(industry[at]) if at % 10 else None,
            "region": str(rng.choice(["north", "south"])),
        }
        for at in range(n)
    ]
    world.known(rows, on=START)
    opportunities = []
    for at in range(n):
        fintech = industry[at] == "Fintech"
        won = rng.random() < (fits if fintech else misfits)
        opened = START + timedelta(days=5 + at % 300)
        opportunities.append(
            {
                "opportunity_id": f"o{at}",
                "account_id": f"a{at:04d}",
                "outcome": "won" if won else "lost",
                "created_on": opened,
                "closed_on": opened + timedelta(days=40),
                "amount": float(rng.lognormal(8 + 1.1 * fintech, 0.4)),
            }
        )
    world.known(opportunities, table=TableName.OPPORTUNITIES, source="deals")


def test_a_segment_that_pays_more_is_worth_more_with_an_interval(world: Any) -> None:
    market(world, fits=0.6, misfits=0.3)
    found = measure_value(world.workspace, by="industry")
    (field,) = found.found.fields
    by_name = {each.segment: each for each in field.segments}
    fintech, retail = by_name["Fintech"], by_name["Retail"]
    assert fintech.low > retail.high
    assert fintech.low < fintech.expected < fintech.high
    assert 0 < fintech.weight <= 1
    assert fintech.without > 0
    assert found.currency == "USD"
    assert proofs.newest(world.store, "value", "industry") is not None


def test_too_few_amounts_and_unknown_fields_are_refused(world: Any) -> None:
    market(world, 15, fits=0.2, misfits=0.0)
    with pytest.raises(NotEnoughEvidence, match="Too few"):
        measure_value(world.workspace)
    with pytest.raises(UnknownName):
        measure_value(world.workspace, by="industri")


def test_amounts_in_currencies_without_a_rate_are_refused(tmp_path: Path, capfd: Any) -> None:
    folder = tmp_path / "shop"
    call = ["-w", str(folder)]
    assert code_of(["init", str(folder), "--owner", "Ann"]) == 0
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("Id,Name\n" + "".join(f"{at},Account {at}\n" for at in range(40)))
    sums = tmp_path / "opportunities.csv"
    lines = [
        f"o{at},{at},won,{100 + at} {'EUR' if at % 3 == 0 else 'USD'},2026-01-02,2026-02-03\n"
        for at in range(40)
    ]
    sums.write_text("Id,Account Id,Outcome,Amount,Created,Closed\n" + "".join(lines))
    assert code_of([*call, "import", "accounts", str(accounts)]) == 0
    maps = ["created_on=Created", "closed_on=Closed"]
    mapped = [part for each in maps for part in ("--map", each)]
    assert code_of([*call, "import", "opportunities", str(sums), *mapped]) == 0
    capfd.readouterr()
    assert code_of([*call, "segment", "value"]) == 6
    said = capfd.readouterr().err
    assert "EUR" in said
    assert "rates" in said


def test_lookalikes_share_what_the_won_accounts_share(world: Any) -> None:
    market(world)
    found = lookalikes(world.workspace, limit=20)
    assert found.likeness.tells
    assert len(found.found) == 20
    first = found.found[0]
    assert any((each.field, each.value) == ("industry", "Fintech") for each in first.reasons)
    assert all(each.lift > 1 for each in first.reasons)
    assert found.caution
    scores = [each.score for each in found.found]
    assert scores == sorted(scores, reverse=True)


def test_customers_and_excluded_accounts_are_left_out(world: Any) -> None:
    market(world)
    world.define(
        "exclusions",
        "no-north",
        rule={"region": "north"},
        because="We do not serve the north any longer.",
    )
    found = lookalikes(world.workspace, limit=1000)
    north = {row["account_id"] for row in world.state() if row["region"] == "north"}
    won = {
        row["account_id"] for row in world.state(TableName.OPPORTUNITIES) if row["outcome"] == "won"
    }
    assert found.excluded > 0
    assert not {each.account_id for each in found.found} & (north | won)


def test_a_list_picked_at_random_has_no_lookalikes(world: Any) -> None:
    market(world)
    told = 0
    for seed in range(5):
        picked = np.random.default_rng(seed).choice(400, 40, replace=False)
        found = lookalikes(world.workspace, listed=[f"a{at:04d}" for at in picked], of="file")
        told += bool(found.found)
    assert told <= 1


def test_a_short_list_is_refused(world: Any) -> None:
    market(world)
    with pytest.raises(NotEnoughEvidence, match="3 of the 400"):
        lookalikes(world.workspace, listed=["a0001", "a0002", "a0003", "nobody"], of="file")


def test_likeness_is_tested_on_accounts_it_was_not_made_from() -> None:
    """With many values that mean nothing, the own accounts would look alike; others do not."""
    rng, told = np.random.default_rng(0), 0
    for seed in range(60):
        divisions = [
            Segmentation(f"f{at}", tuple("abcdefgh"), rng.integers(0, 8, 150)) for at in range(20)
        ]
        found = learned(divisions, np.arange(150) < 40, seed=seed)
        assert found is not None
        told += found.likeness.tells
    assert told <= 6  # 2.5 % nominal


def test_an_unknown_value_counts_neither_for_nor_against() -> None:
    codes = np.array([0] * 40 + [1] * 60 + [-1] * 50)
    listed = np.arange(150) < 30
    found = learned([Segmentation("industry", ("a", "b"), codes)], listed)
    assert found is not None
    assert (found.scores[100:] == 0).all()
    assert found.scores[39] > 0 > found.scores[60]


def test_without_any_amount_the_value_cannot_be_told(world: Any) -> None:
    world.known([{"account_id": "a", "industry": "Software"}])
    with pytest.raises(NotEnoughEvidence, match="Too few"):
        measure_value(world.workspace)
