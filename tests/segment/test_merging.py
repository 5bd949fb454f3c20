"""Merging: records that people say are one are one on every day, and apart again when asked."""

import shutil
from datetime import date, timedelta
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.prioritize.run import explain, replay, score
from bullseye.segment.run import matching, merging
from bullseye.segment.run.suppressing import suppress
from bullseye.store import audit
from bullseye.suppression import suppressed_table
from bullseye.warehouse.contacts import contacts_sql

ACCOUNTS, CONTACTS = TableName.ACCOUNTS, TableName.CONTACTS
EARLY = date(2026, 6, 1)


def merge(world: Any, winner: str, *others: str, table: TableName = ACCOUNTS) -> Any:
    return merging.merge(world.workspace, table, winner, others, reason="the same firm")


def rows(world: Any, table: TableName, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in world.state(table)}


@pytest.fixture
def doubled(world: Any) -> Any:
    """An account that stands twice, with something said of each record in every table."""
    world.known(
        [
            {"account_id": "1", "name": "Globex", "domain": "globex.fr", "technologies": ["SAP"]},
            {"account_id": "2", "name": "Globex SA", "domain": "globex.com", "employees": 900},
            {"account_id": "3", "name": "Globex Berlin", "parent_account_id": "2"},
        ],
        on=EARLY,
    )
    people = [
        {"contact_id": "a", "account_id": "1", "full_name": "Ada Lovelace", "title": "CFO"},
        {"contact_id": "b", "account_id": "2", "full_name": "Ada Lovelace", "phone": "1"},
        {"contact_id": "c", "email": "c@globex.com", "do_not_contact": True},
    ]
    world.known(people, table=CONTACTS, source="people")
    sales = [{"opportunity_id": "o", "account_id": "2", "stage": "Demo"}]
    world.known(sales, table=TableName.OPPORTUNITIES, source="sales")
    parts = [{"opportunity_contact_id": "p", "opportunity_id": "o", "contact_id": "b"}]
    world.known(parts, table=TableName.OPPORTUNITY_CONTACTS, source="parts")
    calls = [{"touch_id": "t", "contact_id": "b", "occurred_on": EARLY}]
    world.known(calls, table=TableName.TOUCHES, source="calls")
    seats = [{"subscription_id": "s", "account_id": "2"}]
    world.known(seats, table=TableName.SUBSCRIPTIONS, source="seats")
    use = [{"usage_id": "u", "subscription_id": "s", "used_on": EARLY}]
    world.known(use, table=TableName.USAGE, source="use")
    world.happened(
        [{"type": "funding", "account_id": "2"}, {"type": "news", "domain": "globex.fr"}]
    )
    return world


def test_one_account_is_left_with_what_the_others_know(doubled):
    merge(doubled, "1", "2")
    accounts = rows(doubled, ACCOUNTS, "account_id")
    assert list(accounts) == ["1", "3"]
    assert (accounts["1"]["name"], accounts["1"]["domain"]) == ("Globex", "globex.fr")
    assert (accounts["1"]["employees"], accounts["1"]["technologies"]) == (900, ["SAP"])


def test_every_row_that_named_the_other_record_names_the_one_that_stays(doubled):
    merge(doubled, "1", "2")
    for table in (
        TableName.OPPORTUNITIES,
        TableName.SUBSCRIPTIONS,
        TableName.USAGE,
        TableName.TOUCHES,
        TableName.OPPORTUNITY_CONTACTS,
        CONTACTS,
    ):
        assert {row["account_id"] for row in doubled.state(table)} == {"1"}, table
    assert rows(doubled, ACCOUNTS, "account_id")["3"]["parent_account_id"] == "1"
    assert doubled.state(ACCOUNTS)[1]["_ultimate_parent_id"] == "1"
    with doubled.workspace.connection() as connection:
        ids = tuple(batch.number for batch in doubled.workspace.batches())
        state = doubled.workspace.state(connection, doubled.project, ids, doubled.today)
        happened = connection.execute(f"SELECT account_id FROM '{state.signals}'").fetchall()
    assert happened == [("1",), ("1",)]


def test_a_domain_of_the_other_record_still_finds_the_account(doubled):
    merge(doubled, "1", "2")
    found = rows(doubled, CONTACTS, "contact_id")["c"]
    assert (found["account_id"], found["_match_method"]) == ("1", "former domain")


def test_a_name_both_records_bear_is_no_longer_ambiguous(world):
    world.known([{"account_id": "1", "name": "Hooli"}, {"account_id": "2", "name": "Hooli Inc"}])
    world.known([{"contact_id": "a", "account_name": "Hooli"}], table=CONTACTS, source="people")
    assert world.state(CONTACTS)[0]["_match_method"] == "ambiguous"
    merge(world, "2", "1")
    assert world.state(CONTACTS)[0]["account_id"] == "2"
    assert matching.to_review(world.workspace) == []


def test_one_contact_is_left_and_its_touches_and_parts_are_its_own(doubled):
    merge(doubled, "a", "b", table=CONTACTS)
    contacts = rows(doubled, CONTACTS, "contact_id")
    assert list(contacts) == ["a", "c"]
    assert (contacts["a"]["title"], contacts["a"]["phone"]) == ("CFO", "1")
    assert doubled.state(TableName.TOUCHES)[0]["contact_id"] == "a"
    assert doubled.state(TableName.OPPORTUNITY_CONTACTS)[0]["contact_id"] == "a"


def test_a_refusal_of_one_record_holds_for_the_person(doubled):
    assert rows(doubled, CONTACTS, "contact_id")["a"]["do_not_contact"] is None
    merge(doubled, "a", "c", table=CONTACTS)
    assert rows(doubled, CONTACTS, "contact_id")["a"]["do_not_contact"] is True


@pytest.mark.parametrize("asked", ["c", "c@globex.com"])
def test_who_is_left_alone_by_one_record_is_left_alone_by_the_merged_one(doubled, asked):
    suppress(doubled.workspace, asked, reason="asked us to")
    merge(doubled, "b", "c", table=CONTACTS)
    workspace = doubled.workspace
    with workspace.connection() as connection:
        ids = tuple(batch.number for batch in workspace.batches())
        state = workspace.state(connection, doubled.project, ids, doubled.today)
        contacts = contacts_sql(state.table(CONTACTS))
        table = suppressed_table(workspace, connection, contacts)
        found = connection.execute(f"SELECT contact_id FROM {table}").fetchall()
    assert found == [("b",)]


def test_an_account_that_owned_its_own_duplicate_has_no_parent(world):
    world.known([{"account_id": "1", "parent_account_id": "2"}, {"account_id": "2"}])
    merge(world, "1", "2")
    (left,) = world.state()
    assert (left["parent_account_id"], left["_ultimate_parent_id"]) == (None, None)


def test_a_merge_holds_for_days_before_it_was_decided(doubled):
    merge(doubled, "1", "2")
    assert [row["account_id"] for row in doubled.state(as_of=EARLY)] == ["1", "3"]


def test_the_growth_of_one_record_is_not_mistaken_for_a_difference_between_two(world):
    for day, size in ((EARLY - timedelta(200), 100), (EARLY, 110)):
        one = {"account_id": "1", "employees": size}
        world.known([one, {"account_id": "2", "employees": 500}], on=day)
    merge(world, "1", "2")
    (left,) = world.state(as_of=EARLY)
    assert left["headcount_growth_6m"] == pytest.approx(0.1)


def test_chains_end_at_the_last_one(world):
    world.known([{"account_id": one, "name": f"Firm {one}"} for one in "abc"])
    world.happened([{"type": "news", "account_id": "a"}])
    merge(world, "b", "a")
    merge(world, "c", "b")
    assert [row["account_id"] for row in world.state()] == ["c"]
    assert world.workspace.decisions().survivor(ACCOUNTS, "a") == "c"


def test_circles_and_merging_twice_or_into_itself_are_refused(world):
    world.known([{"account_id": one} for one in "abc"])
    merge(world, "b", "a")
    for winner, other in (("a", "b"), ("c", "a"), ("c", "c")):
        with pytest.raises(UsageError):
            merge(world, winner, other)
    with pytest.raises(UsageError):
        merging.merge(world.workspace, ACCOUNTS, "b", ["c"], reason=" ")


def test_what_is_not_there_is_refused_with_what_was_meant(world):
    world.known([{"account_id": "globex-1"}, {"account_id": "initech"}])
    with pytest.raises(UnknownName, match=r"globex_1[^?]*Did you mean 'globex-1'"):
        merge(world, "initech", "globex_1")


def test_a_dry_run_tells_what_each_field_takes_from_where_and_decides_nothing(doubled):
    before = doubled.state()
    plan = merging.merge(doubled.workspace, ACCOUNTS, "1", ["2"], reason="try", dry_run=True)
    takes = {each.field: each for each in plan.takes}
    assert (takes["employees"].value, takes["employees"].from_ids) == ("900", ("2",))
    assert takes["name"].left == (("2", "Globex SA"),)
    assert (takes["name"].source, takes["name"].known_on) == ("crm", EARLY)
    assert {each.table: each.rows for each in plan.moved}["opportunities"] == 1
    assert merging.merges(doubled.workspace) == ()
    assert doubled.state() == before


def test_unmerging_gives_back_what_was_and_is_in_the_audit_trail(doubled):
    before = doubled.state()
    done = merge(doubled, "1", "2").merge
    merging.unmerge(doubled.workspace, done.id)
    assert doubled.state() == before
    (old,) = merging.merges(doubled.workspace, every=True)
    assert old.withdrawn_at is not None
    actions = [e.action for e in audit.entries(doubled.store, subject=f"merge {done.id}")]
    assert sorted(actions) == ["merge.add", "merge.withdraw"]
    with pytest.raises(UsageError):
        merging.unmerge(doubled.workspace, done.id)
    with pytest.raises(UnknownName):
        merging.unmerge(doubled.workspace, 99)


def test_the_audit_trail_holds_no_contact(doubled):
    done = merge(doubled, "a", "b", table=CONTACTS).merge
    (entry,) = audit.entries(doubled.store, subject=f"merge {done.id}")
    assert entry.after is not None
    assert '"a"' not in entry.after
    assert "the same firm" not in entry.after


def test_a_merged_record_is_explained_as_what_stays_with_the_origin_of_its_facts(doubled):
    doubled.icp("any", {"rule": {"employees": {"over": 10}}, "points": 10})
    merge(doubled, "1", "2")
    later = doubled.at(doubled.today + timedelta(1))
    score(later.workspace)
    told = explain(later.workspace, "2")
    assert told.target.account_id == "1"
    (reason,) = told.verdicts[0].reasons
    assert [(each.field, each.value, each.known_on) for each in reason.evidence] == [
        ("employees", 900, EARLY)
    ]


def test_a_run_replays_with_the_merges_it_knew(doubled):
    doubled.icp("any", {"rule": {"employees": {"over": 10}}, "points": 10})
    first = score(doubled.workspace).run
    later = doubled.at(doubled.today + timedelta(1))
    done = merge(later, "1", "2").merge
    second = score(later.workspace).run
    assert (first.rows, second.rows) == (3, 2)
    last = doubled.at(doubled.today + timedelta(2))
    merging.unmerge(last.workspace, done.id)
    assert replay(last.workspace, first.id).identical
    assert replay(last.workspace, second.id).identical


def test_what_arrives_later_finds_the_account_as_if_all_had_come_at_once(doubled):
    def everything() -> list[Any]:
        workspace = doubled.workspace
        ids = tuple(batch.number for batch in workspace.batches())
        with workspace.connection() as connection:
            state = workspace.state(connection, doubled.project, ids, doubled.today)
            tables = [state.accounts, state.signals, state.table(TableName.TOUCHES)]
            return [connection.execute(f"FROM '{path}' ORDER BY ALL").fetchall() for path in tables]

    merge(doubled, "1", "2")
    everything()
    happened = [{"type": "news", "account_id": "2"}, {"type": "award", "domain": "globex.com"}]
    calls = [{"touch_id": "t2", "contact_id": "b", "occurred_on": EARLY}]
    arriving = (
        lambda: doubled.happened(happened),
        lambda: doubled.known(calls, table=TableName.TOUCHES, source="calls"),
        lambda: doubled.known([{"account_id": "2", "name": "Globex SA", "employees": 950}]),
    )
    for arrive in arriving:
        arrive()
        step_by_step = everything()
        shutil.rmtree(doubled.workspace.states)
        assert everything() == step_by_step
    assert rows(doubled, ACCOUNTS, "account_id")["1"]["employees"] == 950
    assert {row[1] for row in step_by_step[1]} == {"1"}
    assert len(step_by_step[1]) == 4


def test_a_decision_that_means_a_merged_account_means_the_one_that_stays(world):
    world.known([{"account_id": "1", "name": "Hooli"}, {"account_id": "2", "name": "Hooli"}])
    world.known([{"account_id": "3", "name": "Globex"}], source="more")
    world.known([{"contact_id": "a", "account_name": "Hooli"}], table=CONTACTS, source="people")
    (waiting,) = matching.to_review(world.workspace)
    matching.decide(world.workspace, waiting.reference, "2", reason="told so")
    merge(world, "3", "2")
    assert world.state(CONTACTS)[0]["account_id"] == "3"
