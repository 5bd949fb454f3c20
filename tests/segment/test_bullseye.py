"""Who is won fastest, who uses the product most, and what they share: known before, and by lot."""

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.segment.bullseye import bullseye as found_in
from bullseye.segment.candidates import candidates
from bullseye.segment.customers import Customers, fastest, stickiest
from bullseye.segment.run.learning import fast_and_sticky
from bullseye.segment.use import Window, use_sql
from bullseye.stats.discoveries import Standing
from bullseye.store import proofs
from bullseye.warehouse.facts import TextFact

TODAY = date(2026, 5, 31)
BEFORE = date(2025, 12, 31)
SEATS = 10


def account(at: int, **facts: Any) -> dict[str, Any]:
    industry = "Logistics" if at % 6 == 0 else ("Retail", "Software", "Banking")[at % 3]
    technologies = ["Snowflake"] if at % 5 == 0 else ["SAP"]
    usual = {
        "account_id": f"a{at:03d}",
        "name": f"Account {at}",
        "industry": industry,
        "employees": 20 + (at * 37) % 400,
        "technologies": technologies,
    }
    return usual | facts


def opportunity(at: int, **facts: Any) -> dict[str, Any]:
    fast = at % 6 == 0
    opened = date(2026, 1, 5) + timedelta(days=at % 20)
    days = 9 + at % 4 if fast else 30 + (at * 29) % 60
    usual = {
        "opportunity_id": f"o{at:03d}",
        "account_id": f"a{at:03d}",
        "outcome": "won",
        "created_on": opened,
        "closed_on": opened + timedelta(days=days),
        "discount": 0.02 if fast else 0.05 + at % 20 / 100,
    }
    return usual | facts


def use(at: int) -> list[dict[str, Any]]:
    users = 8 if at % 6 == 0 else 7 if at % 5 == 0 else 1 + at % 4
    days = (TODAY - timedelta(days=ago) for ago in range(70))
    return [
        {
            "usage_id": f"u{at}-{day}",
            "account_id": f"a{at:03d}",
            "used_on": day,
            "active_users": users,
        }
        for day in days
    ]


def subscription(at: int, **facts: Any) -> dict[str, Any]:
    usual = {
        "subscription_id": f"s{at:03d}",
        "account_id": f"a{at:03d}",
        "seats": SEATS,
        "started_on": date(2026, 1, 20),
    }
    return usual | facts


@pytest.fixture
def world(world):
    """Half a year is enough: fewer days to put together."""
    return world.at(TODAY)


@pytest.fixture
def sold(world):
    """A hundred and twenty customers; those in Logistics are fast and sticky."""
    world.known([account(at) for at in range(120)], on=BEFORE)
    world.known([opportunity(at) for at in range(120)], table=TableName.OPPORTUNITIES)
    world.known([subscription(at) for at in range(120)], table=TableName.SUBSCRIPTIONS)
    world.known([row for at in range(120) for row in use(at)], table=TableName.USAGE)
    return world


def shared(told) -> dict[str, Standing]:
    return {each.trait.rule: each.trait.standing for each in told.both}


def test_what_the_fast_and_the_sticky_share_is_evidence(sold):
    told = fast_and_sticky(sold.workspace)
    assert shared(told)["industry any of Logistics"] is Standing.EVIDENCE
    assert told.dated
    assert not told.warning
    assert "Logistics" in told.verdict
    assert [each.days for each in told.fast.members] == sorted(m.days for m in told.fast.members)
    assert {each.use for each in told.sticky.members} == {round(8 * 70 / 91 / SEATS, 4)}
    assert (told.fast.pool, told.sticky.pool) == (120, 120)


def test_a_trait_of_the_sticky_alone_is_not_shared(sold):
    told = fast_and_sticky(sold.workspace, k=20)
    assert shared(told).get("technologies any of Snowflake") is not Standing.EVIDENCE


def test_what_became_known_after_the_sale_is_not_read(sold):
    before = fast_and_sticky(sold.workspace)
    fast = [account(at, industry="Won by us") for at in range(0, 120, 6)]
    sold.known(fast, on=date(2026, 5, 1))
    after = fast_and_sticky(sold.workspace)
    assert [each.trait for each in after.both] == [each.trait for each in before.both]
    today = fast_and_sticky(sold.workspace, as_known_today=True)
    assert not today.dated
    assert "known today" in today.warning


def test_the_answer_does_not_depend_on_the_order_of_the_rows(world, tmp_path):
    order = np.random.default_rng(3).permutation(120).tolist()
    world.known([account(at) for at in order], on=BEFORE)
    world.known([opportunity(at) for at in order], table=TableName.OPPORTUNITIES)
    world.known([row for at in order for row in use(at)], table=TableName.USAGE)
    world.known([subscription(at) for at in order], table=TableName.SUBSCRIPTIONS)
    told = fast_and_sticky(world.workspace, is_kept=False)
    again = fast_and_sticky(world.workspace, is_kept=False)
    assert told == again
    assert [each.account_id for each in told.fast.members] == [
        "a000",
        "a012",
        "a024",
        "a036",
        "a048",
    ]


def test_the_result_is_kept_with_its_day_unless_it_is_not_wanted(sold):
    fast_and_sticky(sold.workspace, is_kept=False)
    assert proofs.newest(sold.store, "bullseye") is None
    told = fast_and_sticky(sold.workspace)
    kept = proofs.newest(sold.store, "bullseye")
    assert kept is not None
    assert kept.as_of == TODAY
    assert json.loads(kept.document)["verdict"] == told.verdict


def test_without_use_there_is_a_fast_list_and_nothing_is_shared(world):
    world.known([account(at) for at in range(60)], on=BEFORE)
    world.known([opportunity(at) for at in range(60)], table=TableName.OPPORTUNITIES)
    told = fast_and_sticky(world.workspace)
    assert len(told.fast.members) == 5
    assert told.sticky.members == ()
    assert shared(told) == {}
    assert "import usage" in told.verdict
    assert told.overlap.sentence == "No customer could have been on both lists."


def test_opportunities_from_before_any_fact_was_known_are_counted_and_not_read(world):
    world.known([account(at) for at in range(40)], on=date(2026, 4, 1))
    rows = [opportunity(at, created_on=date(2026, 1, 1)) for at in range(40)]
    world.known(rows, table=TableName.OPPORTUNITIES)
    with pytest.raises(NotEnoughEvidence) as raised:
        fast_and_sticky(world.workspace)
    assert "40" in raised.value.problem
    assert "--as-known-today" in raised.value.hint


def test_wins_older_than_the_window_are_named_with_the_day_to_ask_about(world):
    world.known([account(at) for at in range(40)], on=date(2022, 1, 1))
    won = {"created_on": date(2022, 2, 1), "closed_on": date(2022, 3, 1)}
    world.known([opportunity(at, **won) for at in range(40)], table=TableName.OPPORTUNITIES)
    with pytest.raises(NotEnoughEvidence) as raised:
        fast_and_sticky(world.workspace)
    assert "the last one was won on 2022-03-01" in raised.value.problem
    assert "--as-of 2022-03-01" in raised.value.hint


def test_a_list_of_one_is_refused(sold):
    with pytest.raises(UsageError):
        fast_and_sticky(sold.workspace, k=1)


def test_names_from_the_data_are_only_text(world):
    hostile = "x'); DROP TABLE customers; --"
    world.known([account(at, name=hostile, industry=hostile) for at in range(30)], on=BEFORE)
    world.known([opportunity(at) for at in range(30)], table=TableName.OPPORTUNITIES)
    told = fast_and_sticky(world.workspace)
    assert {each.name for each in told.fast.members} == {hostile}


# -- use -----------------------------------------------------------------------------------


def used(world, window: Window) -> dict[str, tuple[Any, ...]]:
    workspace = world.workspace
    ids = tuple(batch.number for batch in workspace.batches())
    with workspace.connection() as connection:
        state = workspace.state(connection, world.project, ids, world.today)
        rows = connection.execute(use_sql(state, window)).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_use_is_counted_per_day_since_the_customer_began(world):
    world.known([account(at) for at in range(5)], on=BEFORE)
    window = Window.before(TODAY, 50)
    world.known(
        [
            subscription(0),
            subscription(1, started_on=TODAY - timedelta(days=9)),
            subscription(2, ended_on=TODAY - timedelta(days=3), churned=True),
            subscription(3, seats=None),
            subscription(4),
        ],
        table=TableName.SUBSCRIPTIONS,
    )
    rows = [row for at in range(4) for row in use(at)]
    rows += [row | {"usage_id": row["usage_id"] + "b", "active_users": 3} for row in use(0)]
    world.known(rows, table=TableName.USAGE)
    found = used(world, window)
    assert sorted(found) == ["a000", "a001", "a003"], "a002 left; of a004 no use is recorded"
    observed, seats, users, _, is_new = found["a000"]
    assert (observed, seats, users, is_new) == (50, 10, 8, False), "features share their users"
    assert found["a001"][0] == 10
    assert found["a001"][4] is True
    assert found["a003"][1] is None


def test_without_subscriptions_everybody_with_use_is_a_customer(world):
    world.known([account(at) for at in range(2)], on=BEFORE)
    world.known(use(0), table=TableName.USAGE)
    found = used(world, Window.before(TODAY, 91))
    assert found["a000"][0] == 70


# -- orders --------------------------------------------------------------------------------


def customers(n: int, **columns: Any) -> Customers:
    unknown = np.full(n, np.nan)
    usual = {"days": unknown, "discount": unknown, "users": unknown, "events": unknown}
    usual |= {"seats": unknown, "observed": unknown}
    levels = ("North", "South")
    region = TextFact(Field("region", FieldType.TEXT, ""), levels, np.arange(n, dtype=np.int32) % 2)
    names = tuple(f"a{at}" for at in range(n))
    arrays = {name: np.asarray(each, dtype=float) for name, each in (usual | columns).items()}
    return Customers(names, names, (None,) * n, facts={"region": region}, **arrays)


def test_faster_for_less_comes_first_and_no_weight_decides():
    found = fastest(customers(4, days=[30, 10, 10, 60], discount=[0.1, 0.2, 0.1, 0.0]))
    assert found.place.tolist() == [3, 2, 1, 4] or found.place[2] == 1
    assert found.place[2] < found.place[1]
    assert found.place[2] < found.place[0]


def test_unknown_discounts_are_left_out_where_most_are_known_else_days_decide():
    mostly = fastest(customers(4, days=[30, 10, 20, 60], discount=[0.1, np.nan, 0.1, 0.0]))
    assert np.isnan(mostly.place[1])
    assert [each.n for each in mostly.missing] == [1]
    hardly = fastest(customers(4, days=[30, 10, 20, 60], discount=[np.nan, np.nan, 0.1, np.nan]))
    assert hardly.place.tolist() == [3, 1, 2, 4]
    assert "not known" in hardly.measure


def test_use_is_per_seat_where_seats_are_known_and_events_where_users_are_not():
    seats = stickiest(customers(3, users=[10, 4, 6], seats=[100, 4, np.nan]))
    assert seats.measure == "active users per day and seat"
    assert seats.place[:2].tolist() == [2, 1]
    assert np.isnan(seats.place[2])
    events = stickiest(customers(2, events=[5, 9]))
    assert (events.measure, events.place.tolist()) == ("events per day", [2, 1])


def test_in_worlds_without_effect_evidence_is_rare():
    claimed = 0
    for seed in range(15):
        random = np.random.default_rng(seed)
        n = 150
        facts = {
            f"f{at}": TextFact(
                Field(f"f{at}", FieldType.TEXT, ""),
                ("a", "b", "c", "d"),
                random.integers(-1, 4, n).astype(np.int32),
            )
            for at in range(8)
        }
        base = customers(n, days=random.integers(5, 200, n), discount=random.random(n))
        world = Customers(
            **{**base.__dict__, "users": random.random(n), "seats": np.ones(n), "facts": facts}
        )
        found = found_in(world, candidates(facts), seed=seed)
        claimed += any(each.standing is Standing.EVIDENCE for each in found.traits["both"])
    assert claimed <= 1


def test_five_and_five_say_what_they_can_tell(sold):
    told = fast_and_sticky(sold.workspace)
    assert len(told.can_tell) == 3
    assert any("at least" in line for line in told.can_tell)
    assert told.overlap.sentence.startswith(f"{told.overlap.count} of 5")
    assert all("By chance" in each.sentences[1] for each in told.both)


# -- the command line ----------------------------------------------------------------------


def test_the_command_shows_lists_and_traits_with_their_chance(sold, bullseye_command):
    ran = bullseye_command("--k", 5, "--window", "12 months", "--dry-run")
    assert ran.code == 0, ran.err
    assert "industry any of Logistics: 5 of 5 and 5 of 5" in ran.out
    assert "By chance" in ran.out
    assert proofs.newest(sold.store, "bullseye") is None


def test_the_command_speaks_json_and_keeps_the_proof(sold, bullseye_command):
    ran = bullseye_command("--json")
    assert ran.document["k"] == 5
    assert ran.document["both"][0]["trait"]["standing"] == "evidence"
    assert proofs.newest(sold.store, "bullseye") is not None


def test_the_command_refuses_a_span_that_is_none(sold, bullseye_command):
    ran = bullseye_command("--window", "soon")
    assert ran.code == 2
    assert "no span of time" in ran.err


@pytest.fixture
def bullseye_command(sold, bullseye):
    """Run `bullseye segment bullseye` in the workspace on its day."""
    sold.write()

    def run(*arguments: object):
        where = ("-w", sold.folder, "segment", "bullseye", "--as-of", TODAY)
        return bullseye(*where, *arguments)

    return run
