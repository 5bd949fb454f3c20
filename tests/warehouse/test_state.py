"""What was known on a day: dated, merged, matched, and never from later."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bullseye.definitions.field import TableName

JAN, FEB, MAR = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["account_id"]: row for row in rows}


def test_every_day_sees_only_what_was_known_by_then(world):
    world.known([{"account_id": "a", "employees": 10}], on=JAN)
    world.known([{"account_id": "a", "employees": 20}, {"account_id": "b"}], on=MAR)
    assert world.state(as_of=JAN - timedelta(days=1)) == []
    assert by_id(world.state(as_of=FEB)).keys() == {"a"}
    assert by_id(world.state(as_of=FEB))["a"]["employees"] == 10
    assert by_id(world.state(as_of=MAR))["a"]["employees"] == 20


def test_a_row_dated_inside_the_file_counts_from_its_own_day(world):
    rows = [
        {"account_id": "a", "employees": n, "known_on": day}
        for n, day in ((10, JAN), (20, FEB), (30, MAR))
    ]
    world.known(rows, on=MAR)
    seen = [world.state(as_of=day)[0]["employees"] for day in (JAN, FEB, MAR)]
    assert seen == [10, 20, 30]


def test_a_deleted_row_is_there_until_the_day_it_was_deleted_and_again_when_it_comes_back(world):
    world.known([{"account_id": "a", "employees": 10}, {"account_id": "b"}], on=JAN)
    world.known([{"account_id": "a", "is_deleted": True}], on=FEB)
    world.known([{"account_id": "a", "employees": 30, "is_deleted": False}], on=MAR)
    assert by_id(world.state(as_of=JAN)).keys() == {"a", "b"}
    assert by_id(world.state(as_of=FEB)).keys() == {"b"}
    assert by_id(world.state(as_of=MAR))["a"]["employees"] == 30


def test_a_file_that_lacks_a_row_deletes_nothing(world):
    world.known([{"account_id": "a"}, {"account_id": "b"}], on=JAN)
    world.known([{"account_id": "a"}], on=FEB)
    assert by_id(world.state(as_of=FEB)).keys() == {"a", "b"}


def test_what_belonged_to_a_deleted_account_matches_none(world):
    world.known([{"account_id": "a"}, {"account_id": "b"}], on=JAN)
    people = [{"contact_id": f"p{at}", "account_id": at} for at in "ab"]
    world.known(people, on=JAN, table=TableName.CONTACTS, source="people")
    world.happened([{"account_id": at, "type": "raised", "occurred_on": JAN} for at in "ab"])
    world.known([{"account_id": "a", "is_deleted": True}], on=FEB)
    found = world.state(TableName.CONTACTS, as_of=FEB)
    assert {row["contact_id"]: row["account_id"] for row in found} == {"pa": None, "pb": "b"}


def test_a_contact_deleted_by_one_source_is_gone_there_and_stays_where_another_knows_it(world):
    world.known([{"account_id": "a"}], on=JAN)
    rows = [{"contact_id": at, "account_id": "a"} for at in ("p1", "p2")]
    world.known(rows, on=JAN, table=TableName.CONTACTS, source="crm")
    world.known(rows[:1], on=JAN, table=TableName.CONTACTS, source="events")
    deleted = [{**row, "is_deleted": True} for row in rows]
    world.known(deleted, on=FEB, table=TableName.CONTACTS, source="crm")
    found = world.state(TableName.CONTACTS, as_of=FEB)
    assert [(row["contact_id"], row["_source"]) for row in found] == [("p1", "events")]


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations([JAN, FEB, MAR]), unknown=st.sampled_from([JAN, FEB, MAR]))
def test_the_order_of_imports_does_not_matter(world, order, unknown):
    def rows(day: date) -> list[dict[str, Any]]:
        size = None if day == unknown else day.month * 10
        return [{"account_id": "a", "employees": size}, {"account_id": str(day.month)}]

    before = [batch.number for batch in world.workspace.batches()]
    for day in order:
        world.known(rows(day), on=day)
    ids = tuple(b.number for b in world.workspace.batches() if b.number not in before)
    workspace = world.workspace
    found = {}
    for day in (JAN, FEB, MAR):
        with workspace.connection() as connection:
            state = workspace.state(connection, world.project, ids, day)
            sql = f"SELECT account_id, employees FROM '{state.accounts}' ORDER BY ALL"
            found[day.month] = connection.execute(sql).fetchall()
    sizes = {day.month: None if day == unknown else day.month * 10 for day in (JAN, FEB, MAR)}
    assert found == {
        month: [*((str(m), None) for m in range(1, month + 1)), ("a", sizes[month])]
        for month in (1, 2, 3)
    }


def test_of_two_imports_of_one_day_the_later_one_counts(world):
    world.known([{"account_id": "a", "employees": 10}], on=JAN)
    world.known([{"account_id": "a", "employees": 11}], on=JAN)
    assert world.state()[0]["employees"] == 11


def two_sources(world, **columns: Any) -> None:
    both = {"account_id": "Id", **columns}
    world.define("sources", "crm", table="accounts", priority=10, columns=both)
    world.define("sources", "provider", table="accounts", priority=20, columns=both)


def test_the_source_with_priority_wins_and_the_other_fills_the_gaps(world):
    two_sources(world)
    world.known([{"account_id": "a", "employees": 10, "country": None}], on=JAN)
    world.known([{"account_id": "a", "employees": 99, "country": "DE"}], on=MAR, source="provider")
    (account,) = world.state()
    assert (account["employees"], account["country"]) == (10, "DE")


@pytest.mark.parametrize(
    ("theirs", "how"),
    [
        ({"account_id": "a", "domain": None, "name": None}, "matched by id"),
        ({"account_id": "P-1", "domain": "acme.com", "name": "Other"}, "matched by domain"),
        ({"account_id": "P-1", "domain": None, "name": "ÁCME, Inc."}, "matched by name"),
        ({"account_id": "a", "domain": "other.com", "name": "Other"}, "new accounts"),
        ({"account_id": "P-1", "domain": "other.com", "name": "Acme"}, "new accounts"),
        ({"account_id": "P-1", "domain": None, "name": "Twin"}, "ambiguous"),
    ],
)
def test_another_source_is_matched_by_id_domain_or_name_and_never_by_guess(world, theirs, how):
    two_sources(world)
    ours = [
        {"account_id": "a", "name": "Acme GmbH", "domain": "acme.com"},
        {"account_id": "t1", "name": "Twin"},
        {"account_id": "t2", "name": "Twin"},
    ]
    world.known(ours)
    world.known([{"industry": "Fintech", **theirs}], source="provider")
    found = by_id(world.state())
    is_new = how in ("new accounts", "ambiguous")
    assert (found["a"]["industry"] == "Fintech") is not is_new
    assert len(found) == 3 + is_new
    if is_new:
        taken = theirs["account_id"] == "a"
        assert found["provider:a" if taken else "P-1"]["industry"] == "Fintech"


def test_of_two_rows_for_one_account_the_better_match_speaks(world):
    two_sources(world)
    world.known([{"account_id": "a", "name": "Delta", "domain": "delta.com"}])
    theirs = [
        {"account_id": "1", "name": "Delta", "domain": None, "industry": "Taps"},
        {"account_id": "2", "name": "Delta Air", "domain": "delta.com", "industry": "Airlines"},
    ]
    world.known(theirs, source="provider")
    assert by_id(world.state())["a"]["industry"] == "Airlines"


def test_growth_known_under_another_systems_id_is_the_accounts(world):
    two_sources(world)
    world.signal("grew", change={"field": "employees", "grows_over": 0.2, "within": "90 days"})
    world.known([{"account_id": "a", "domain": "acme.com"}, {"account_id": "7"}], on=MAR)
    world.known([{"account_id": "7", "domain": "acme.com", "employees": 100}], source="provider",
                on=date(2025, 9, 1))  # fmt: skip
    world.known([{"account_id": "7", "domain": "acme.com", "employees": 150}], source="provider",
                on=MAR)  # fmt: skip
    found = by_id(world.at(MAR).state())
    assert found["a"]["headcount_growth_6m"] == pytest.approx(0.5)
    assert found["7"]["headcount_growth_6m"] is None


def test_a_customers_field_may_have_any_name(world):
    names = (
        "source", "rank", "place", "match_method", "matched_id", "batch_number", "final_id",
        "ultimate_parent_id", "given_account_id", "own_id", "value", "growth", "level",
    )  # fmt: skip
    columns = {name: {"column": name, "type": "text"} for name in names}
    two_sources(world, **columns)
    for table, key in (("contacts", "contact_id"), ("usage", "usage_id")):
        for at, source in enumerate(("one", "two")):
            written = {key: "Id", **columns}
            world.define("sources", f"{table}-{source}", table=table, priority=at, columns=written)
    said = {name: f"my {name}" for name in names}
    world.known([{"account_id": "a", **said}])
    world.known([{"account_id": "a", **said}], source="provider")
    for table, key in ((TableName.CONTACTS, "contact_id"), (TableName.USAGE, "usage_id")):
        for source in ("one", "two"):
            world.known([{key: "c", "account_id": "a", **said}], table=table,
                        source=f"{table}-{source}")  # fmt: skip
        (row,) = world.state(table)
        assert {name: row[name] for name in names} == said
        assert row["account_id"] == "a"
    assert {name: world.state()[0][name] for name in names} == said


def test_opportunities_of_two_exports_merge_to_what_was_said_last(world):
    opportunities = TableName.OPPORTUNITIES
    world.known([{"account_id": "a", "name": "Acme"}])
    world.known(
        [{"opportunity_id": "o", "account_name": "Acme", "stage": "Demo", "amount": 10.0}],
        table=opportunities, source="old", on=JAN,
    )  # fmt: skip
    world.known(
        [{"opportunity_id": "o", "account_id": "a", "stage": "Won", "amount": None}],
        table=opportunities, source="new", on=FEB,
    )  # fmt: skip
    (found,) = world.state(opportunities)
    assert (found["account_id"], found["stage"], float(found["amount"])) == ("a", "Won", 10.0)
    assert world.state(opportunities, as_of=JAN)[0]["stage"] == "Demo"


def test_a_part_in_an_opportunity_is_of_its_account_whatever_the_contact_has_become(world):
    world.known([{"account_id": at} for at in "ab"], on=JAN)
    sold = [{"opportunity_id": "o", "account_id": "a"}, {"opportunity_id": "lost"}]
    world.known(sold, on=JAN, table=TableName.OPPORTUNITIES, source="sales")
    people = [{"contact_id": "moved", "account_id": "b"}, {"contact_id": "unplaced"}]
    world.known(people, on=JAN, table=TableName.CONTACTS, source="people")
    parts = [
        {"opportunity_contact_id": "1", "opportunity_id": "o", "contact_id": "moved"},
        {"opportunity_contact_id": "2", "opportunity_id": "lost", "contact_id": "moved"},
        {"opportunity_contact_id": "3", "opportunity_id": "lost", "contact_id": "unplaced"},
        {
            "opportunity_contact_id": "4",
            "opportunity_id": "o",
            "contact_id": "x",
            "account_id": "b",
        },
    ]
    world.known(parts, on=JAN, table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    found = world.state(TableName.OPPORTUNITY_CONTACTS, as_of=JAN)
    assert {row["opportunity_contact_id"]: row["account_id"] for row in found} == {
        "1": "a",
        "2": "b",
        "3": None,
        "4": "b",
    }


def test_a_touch_is_of_the_account_of_its_opportunity_or_else_of_its_contact(world):
    world.known([{"account_id": at} for at in "ab"], on=JAN)
    sold = [{"opportunity_id": "o", "account_id": "a"}]
    world.known(sold, on=JAN, table=TableName.OPPORTUNITIES, source="sales")
    people = [{"contact_id": "p", "account_id": "b"}]
    world.known(people, on=JAN, table=TableName.CONTACTS, source="people")
    sent = [
        {"touch_id": "1", "opportunity_id": "o", "contact_id": "p", "occurred_on": JAN},
        {"touch_id": "2", "contact_id": "p", "occurred_on": JAN},
        {"touch_id": "3", "occurred_on": JAN},
    ]
    world.known(sent, on=JAN, table=TableName.TOUCHES, source="mail")
    found = world.state(TableName.TOUCHES, as_of=JAN)
    assert [row["account_id"] for row in sorted(found, key=lambda r: r["touch_id"])] == [
        "a",
        "b",
        None,
    ]


def test_families_are_found_by_id_and_name_and_circles_have_no_top(world):
    world.known(
        [
            {"account_id": "top", "name": "Top AG"},
            {"account_id": "middle", "parent_account_id": "top"},
            {"account_id": "leaf", "parent_account_id": "middle"},
            {"account_id": "named", "parent_account_id": "top ag"},
            {"account_id": "self", "parent_account_id": "self"},
            {"account_id": "x", "parent_account_id": "y"},
            {"account_id": "y", "parent_account_id": "x"},
            {"account_id": "below", "parent_account_id": "x"},
            {"account_id": "lost", "parent_account_id": "nobody"},
        ]
    )
    tops = {row["account_id"]: row["_ultimate_parent_id"] for row in world.state()}
    assert tops == {
        **dict.fromkeys(("top", "self", "x", "y", "below", "lost")),
        **dict.fromkeys(("middle", "leaf", "named"), "top"),
    }


def test_a_very_deep_family_ends_and_harms_nobody(world):
    rows = [{"account_id": str(n), "parent_account_id": str(n - 1)} for n in range(1, 40)]
    world.known([{"account_id": "0"}, *rows])
    tops = {row["account_id"]: row["_ultimate_parent_id"] for row in world.state()}
    assert (tops["11"], tops["39"]) == ("0", None)


def test_signals_find_their_account_and_lost_ones_are_counted(world):
    world.known([
        {"account_id": "a", "name": "Acme", "domain": "acme.com", "former_names": ["Old Acme"]},
        {"account_id": "b", "name": "Twin"},
        {"account_id": "c", "name": "Twin"},
    ])  # fmt: skip
    base = {"type": "t", "occurred_on": world.today}
    world.happened([
        {**base, "account_id": "a"},
        {**base, "domain": "acme.com"},
        {**base, "account_name": "Acme, Inc."},
        {**base, "account_name": "old acme"},
        {**base, "account_name": "Twin"},
        {**base, "account_name": "Nobody"},
        {**base, "account_id": "a", "occurred_on": world.today + timedelta(days=1)},
    ])  # fmt: skip
    found = world.state(TableName.SIGNALS)
    assert [row["account_id"] for row in found] == ["a"] * 4
    assert [row["signal_no"] for row in found] == [1, 2, 3, 4]


def test_a_signal_recorded_late_is_unseen_before(world):
    world.known([{"account_id": "a"}], on=JAN)
    world.happened([{"account_id": "a", "type": "t", "occurred_on": JAN}], on=MAR)
    assert world.state(TableName.SIGNALS, as_of=FEB) == []
    assert len(world.state(TableName.SIGNALS, as_of=MAR)) == 1
