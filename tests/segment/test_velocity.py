"""Velocity: open opportunities count, lost ones compete, and noise moves no segment."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.segment.case_columns import CaseColumns
from bullseye.segment.run.learning import find_negative, measure_velocity
from bullseye.segment.segmentation import segmentations
from bullseye.segment.velocity import velocity
from bullseye.warehouse.facts import ListFact, NumberFact, TextFact


def text(name: str, values: NDArray[np.str_]) -> TextFact:
    levels, codes = np.unique(values, return_inverse=True)
    return TextFact(Field(name, FieldType.TEXT, ""), tuple(levels.tolist()), codes.astype(np.int32))


def opportunities(
    rng: np.random.Generator, n: int, *, pace: float = 1.0, loss: float = 1.0
) -> CaseColumns:
    """Return opportunities of two industries; one is won `pace` and lost `loss` times as fast."""
    fast = rng.random(n) < 0.4
    other = rng.choice(["north", "south", "west"], n)
    won = rng.exponential(150 / np.where(fast, pace, 1.0))
    lost = rng.exponential(100 / np.where(fast, loss, 1.0))
    watched = rng.uniform(10, 400, n)
    days = np.floor(np.minimum(np.minimum(won, lost), watched))
    state = np.where(watched <= np.minimum(won, lost), 0, np.where(won < lost, 1, 2))
    size = rng.lognormal(4, 1.2, n)
    return CaseColumns(
        tuple(f"a{at}" for at in range(n)),
        np.arange(n),
        np.where(state == 0, np.nan, (state == 1).astype(float)),
        state.astype(np.int64),
        days,
        20_000 - watched,
        rng.lognormal(9, 1, n),
        np.full(n, np.nan),
        {
            "industry": text("industry", np.where(fast, "Logistics", "Retail")),
            "region": text("region", other),
            "employees": NumberFact(Field("employees", FieldType.COUNT, ""), np.floor(size)),
        },
    )


def test_a_segment_that_is_won_and_lost_faster_is_found_and_nothing_explains_it() -> None:
    found = velocity(opportunities(np.random.default_rng(0), 1500, pace=1.8, loss=1.8))
    first = found.fields[0]
    assert first.field == "industry"
    assert first.decided.differs
    why = first.decided.why
    assert why is not None
    assert why.times.low > 1.3 or why.times.high < 1 / 1.3
    assert why.alike.low > 1.2 or why.alike.high < 1 / 1.2
    assert not any(other.decided.differs for other in found.fields[1:])


def test_noise_moves_no_segment() -> None:
    rng, alarms = np.random.default_rng(1), 0
    for _ in range(40):
        found = velocity(opportunities(rng, 400))
        alarms += any(field.won.differs or field.decided.differs for field in found.fields)
    assert alarms <= 6  # 5 % nominal


def test_the_share_won_is_not_that_of_closed_opportunities() -> None:
    columns = opportunities(np.random.default_rng(2), 3000)
    found = velocity(columns)
    share = found.overall.shares[2]
    truth = (1 / 150) / (1 / 150 + 1 / 100) * (1 - np.exp(-90 * (1 / 150 + 1 / 100)))
    assert share.low is not None
    assert share.high is not None
    assert share.low < truth < share.high
    closed = columns.days[columns.state > 0]
    assert float(np.median(closed)) < (found.overall.to_end.days or 0)


def test_opportunities_without_days_are_counted_and_left_out() -> None:
    columns = opportunities(np.random.default_rng(3), 300)
    columns.days[:40] = np.nan
    found = velocity(columns)
    assert found.undated == 40
    assert found.overall.n == 260


def test_a_field_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="industri"):
        velocity(opportunities(np.random.default_rng(4), 100), by="industri")


def test_segments_are_bands_levels_and_entries() -> None:
    n = 200
    values = np.concatenate([np.arange(1.0, 190), np.full(11, np.nan)])
    levels = np.array(["a"] * 100 + ["b"] * 60 + ["c"] * 15 + ["d"] * 15 + ["e"] * 10)
    lists = ListFact(
        Field("tools", FieldType.LIST, ""),
        ("X", "Y"),
        np.zeros(50, dtype=np.int32),
        np.concatenate([np.arange(51), np.full(150, 50)]).astype(np.int64),
        np.ones(n, dtype=bool),
    )
    facts = {
        "employees": NumberFact(Field("employees", FieldType.COUNT, ""), values),
        "industry": text("industry", levels),
        "tools": lists,
    }
    bands, industry, tools = segmentations(facts)
    assert len(bands.names) == 4
    assert (bands.codes[-11:] == -1).all()
    assert industry.names == ("a", "b", "all others")
    assert tools.names == ("without X", "with X")
    assert int((tools.codes == 1).sum()) == 50


def test_an_amount_that_is_written_only_when_won_explains_nothing() -> None:
    columns = opportunities(np.random.default_rng(5), 1500, pace=1.8, loss=1.8)
    columns.amount[columns.state != 1] = 0.0
    found = velocity(columns, by="industry")
    why = found.fields[0].decided.why
    assert why is not None
    assert "amount" not in [each.fact for each in why.reasons]


def test_facts_known_only_today_are_not_facts_known_before(world: Any) -> None:
    rows = [{"account_id": f"a{at}", "name": f"A {at}", "employees": at} for at in range(80)]
    world.known(rows)
    opened = date(2026, 1, 5)
    world.known(
        [
            {
                "opportunity_id": f"o{at}",
                "account_id": f"a{at}",
                "outcome": "won" if at % 2 else "lost",
                "created_on": opened,
                "closed_on": opened + timedelta(days=20 + at),
            }
            for at in range(80)
        ],
        table=TableName.OPPORTUNITIES,
        source="sales",
    )
    with pytest.raises(NotEnoughEvidence, match="0 opportunities"):
        measure_velocity(world.workspace)
    with pytest.raises(NotEnoughEvidence):
        find_negative(world.workspace)
    found = measure_velocity(world.workspace, as_known_today=True)
    assert found.overall.won == 40
    assert "as known today" in found.warning


def test_an_opportunity_without_an_account_counts_in_the_whole(world: Any) -> None:
    world.known([{"account_id": f"a{at}", "name": f"A {at}"} for at in range(60)])
    opened = date(2026, 1, 5)
    closed = [
        {
            "opportunity_id": f"o{at}",
            "account_id": f"a{at}",
            "outcome": "won",
            "created_on": opened,
            "closed_on": opened + timedelta(days=30),
        }
        for at in range(60)
    ]
    still = [
        {"opportunity_id": f"p{at}", "outcome": "open", "created_on": opened} for at in range(60)
    ]
    world.known([*closed, *still], table=TableName.OPPORTUNITIES, source="sales")
    found = measure_velocity(world.workspace, as_known_today=True)
    assert found.overall.n == 120
    assert found.overall.shares[1].share == pytest.approx(0.5)
    assert found.found.overall.shares[1].share == 1
    assert found.lacks_open
