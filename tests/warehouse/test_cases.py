"""Cases: what could happen after a day, with the facts as they were known on that day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bullseye.cases import cases_of
from bullseye.definitions.field import TableName
from bullseye.errors import InputError, NotEnoughEvidence, UnknownName, UsageError
from bullseye.warehouse.cases import CASE_KEY, Cases, Every, cohort_days

Rows = list[dict[str, Any]]
JANUARY, MARCH, JUNE, OCTOBER = (date(2026, month, 10) for month in (1, 3, 6, 10))


class Read:
    """The cases of an outcome in a world, with their rows and facts."""

    def __init__(self, cases: Cases, rows: Rows, facts: Rows) -> None:
        self.cases, self.rows, self.facts = cases, rows, facts

    @property
    def by_unit(self) -> dict[str, dict[str, Any]]:
        return {row["unit_id"]: row for row in self.rows}

    @property
    def left_out(self) -> dict[str, int]:
        return {each.reason: each.n for each in self.cases.left_out}


Reading = Callable[..., Read]


@pytest.fixture
def read(world: Any) -> Reading:
    """Return the cases of an outcome of the world, as they stand now."""

    def cases(outcome: str, **asked: Any) -> Read:
        workspace = world.workspace
        with workspace.connection() as connection:
            found = cases_of(workspace, connection, outcome, **asked)
            rows = connection.sql(f"FROM {found.relation} ORDER BY case_no").to_arrow_table()
            facts = connection.sql(f"FROM {found.facts} ORDER BY {CASE_KEY}").to_arrow_table()
            return Read(found, rows.to_pylist(), facts.to_pylist())

    return cases


def opportunity(name: str, account: str, opened: date | None, **more: Any) -> dict[str, Any]:
    return {"opportunity_id": name, "account_id": account, "created_on": opened, **more}


def sold(world: Any, *rows: dict[str, Any], on: date | None = None) -> None:
    world.known(list(rows), table=TableName.OPPORTUNITIES, on=on)


def test_cohort_days_are_the_first_day_and_the_ends_of_periods() -> None:
    days = cohort_days(date(2025, 11, 15), date(2026, 7, 1), every=Every.QUARTER)
    assert days == tuple(
        date(*each) for each in ((2025, 11, 15), (2025, 12, 31), (2026, 3, 31), (2026, 6, 30))
    )
    assert cohort_days(date(2020, 1, 1), date(2026, 7, 1), most=2) == (
        date(2026, 5, 31),
        date(2026, 6, 30),
    )
    assert cohort_days(date(2026, 7, 1), date(2026, 7, 1)) == ()
    assert cohort_days(date(2026, 6, 30), date(2026, 7, 1)) == (date(2026, 6, 30),)


def test_an_opportunity_has_the_facts_known_before_it_was_opened(world: Any, read: Reading) -> None:
    world.known([{"account_id": "a", "employees": 10}], on=JANUARY)
    world.known([{"account_id": "a", "employees": 900}], on=JUNE)
    sold(world, opportunity("o", "a", MARCH, outcome="won", closed_on=JUNE))
    found = read("won")
    assert found.rows == [
        {
            "case_no": 0,
            "account_id": "a",
            "unit_id": "o",
            "cohort": date(2026, 2, 28),
            "began_on": MARCH,
            "ended_on": JUNE,
            "happened": 1,
            "state": 1,
            "days": (JUNE - MARCH).days,
            "amount": None,
            "discount": None,
        }
    ]
    assert [row["employees"] for row in found.facts] == [10]
    assert found.cases.dated
    assert found.cases.warning == ""


def test_what_is_open_is_not_decided_and_what_was_never_known_before_is_left_out(
    world: Any, read: Reading
) -> None:
    world.known([{"account_id": "a"}], on=MARCH)
    sold(
        world,
        opportunity("open", "a", JUNE, outcome="open", closed_on=date(2026, 9, 9)),
        opportunity("lost", "a", JUNE, outcome="lost", closed_on=OCTOBER),
        opportunity("early", "a", JANUARY, outcome="won", closed_on=OCTOBER),
        opportunity("same day", "a", MARCH, outcome="won", closed_on=OCTOBER),
        opportunity("nobody", "z", JUNE, outcome="won", closed_on=OCTOBER),
        opportunity("undated", "a", None, outcome="won", closed_on=OCTOBER),
    )
    found = read("won")
    assert {row["unit_id"]: row["happened"] for row in found.rows} == {"open": None, "lost": 0}
    open_one = found.by_unit["open"]
    assert (open_one["ended_on"], open_one["state"]) == (None, 0)
    assert open_one["days"] == (world.today - JUNE).days
    assert found.left_out == {
        "the account's facts were not known before the outcome": 2,
        "their account is not known": 1,
        "the day they began is not known": 1,
    }
    assert (found.cases.n, found.cases.yes, found.cases.no, found.cases.undecided) == (2, 0, 1, 1)


def test_facts_as_known_today_take_all_and_say_so(world: Any, read: Reading) -> None:
    world.known([{"account_id": "a", "employees": 10}])
    sold(world, opportunity("o", "a", JANUARY, outcome="won", closed_on=JUNE))
    assert read("won").cases.n == 0
    found = read("won", as_known_today=True)
    assert (found.cases.n, found.cases.yes, found.cases.dated) == (1, 1, False)
    assert "filled in by the outcome" in found.cases.warning
    assert found.rows[0]["days"] == (JUNE - JANUARY).days


def test_a_tables_last_import_is_the_last_day_anything_could_be_seen(
    world: Any, read: Reading
) -> None:
    world.known([{"account_id": "a"}], on=JANUARY)
    sold(world, opportunity("o", "a", MARCH, outcome="open"), on=JUNE)
    found = read("won")
    assert found.cases.until == JUNE
    assert found.rows[0]["days"] == (JUNE - MARCH).days


def test_a_span_that_is_not_complete_is_never_a_no_nor_a_yes(world: Any, read: Reading) -> None:
    world.define("outcomes", "fast", won=True, within=180)
    world.known([{"account_id": "a"}], on=JANUARY)
    sold(
        world,
        opportunity("in time", "a", MARCH, outcome="won", closed_on=JUNE),
        opportunity("too late", "a", MARCH, outcome="won", closed_on=OCTOBER),
        opportunity("just begun", "a", JUNE, outcome="won", closed_on=date(2026, 6, 20)),
        opportunity("open long", "a", MARCH, outcome="open"),
    )
    happened = {row["unit_id"]: row["happened"] for row in read("fast").rows}
    assert happened == {"in time": 1, "too late": 0, "just begun": None, "open long": 0}
    assert read("fast").by_unit["just begun"]["state"] == 1


def test_a_subscription_that_another_continues_was_not_lost(world: Any, read: Reading) -> None:
    world.define("outcomes", "leaves", churned=True, within=120)
    world.known([{"account_id": name} for name in "abcd"], on=JANUARY)
    rows = [
        {"subscription_id": "left", "account_id": "a", "started_on": MARCH, "ended_on": JUNE},
        {"subscription_id": "renewed", "account_id": "b", "started_on": MARCH, "ended_on": JUNE},
        {"subscription_id": "next", "account_id": "b", "started_on": JUNE},
        {"subscription_id": "flagged", "account_id": "c", "started_on": MARCH, "churned": True},
        {"subscription_id": "young", "account_id": "d", "started_on": OCTOBER, "mrr": 100.0},
    ]
    world.known(rows, table=TableName.SUBSCRIPTIONS)
    found = read("leaves").by_unit
    assert {name: row["happened"] for name, row in found.items()} == {
        "left": 1,
        "renewed": 0,
        "next": 0,
        "flagged": None,
        "young": None,
    }
    assert {name: row["state"] for name, row in found.items()} == {
        "left": 1,
        "renewed": 2,
        "next": 0,
        "flagged": 1,
        "young": 0,
    }
    assert found["young"]["amount"] == 1200


def test_an_event_counts_for_the_days_before_it(world: Any, read: Reading) -> None:
    world.define("outcomes", "funded", event="funding_round", within=60)
    world.known([{"account_id": "a"}, {"account_id": "b"}], on=JANUARY)
    world.happened(
        [
            {"account_id": "b", "type": "other", "occurred_on": JANUARY},
            {"account_id": "a", "type": "funding_round", "occurred_on": date(2026, 4, 15)},
        ]
    )
    found = read("funded")
    yes = [row["cohort"] for row in found.rows if row["happened"] == 1]
    assert yes == [date(2026, 2, 28), date(2026, 3, 31)]
    undecided = {row["cohort"] for row in found.rows if row["happened"] is None}
    assert undecided == {date(2026, 9, 30), date(2026, 10, 31)}
    assert found.left_out == {}


def test_a_change_needs_a_value_before_and_an_import_after(world: Any, read: Reading) -> None:
    world.define("outcomes", "hires", change={"field": "is_hiring", "becomes": True}, within=100)
    rows = [("turns", False), ("stays", False), ("was", True), ("unknown", None)]
    world.known([{"account_id": name, "is_hiring": flag} for name, flag in rows], on=JANUARY)
    rows = [("turns", True), ("stays", False), ("was", True), ("unknown", True)]
    world.known([{"account_id": name, "is_hiring": flag} for name, flag in rows], on=MARCH)
    found = read("hires", every=Every.QUARTER)
    assert {(row["unit_id"], row["cohort"], row["happened"]) for row in found.rows} == {
        ("turns", JANUARY, None),
        ("stays", JANUARY, None),
    }
    world.known([{"account_id": "stays", "is_hiring": False}], on=JUNE)
    found = read("hires", every=Every.QUARTER)
    happened = {(row["unit_id"], row["cohort"]): row["happened"] for row in found.rows}
    assert happened["turns", JANUARY] == 1
    assert happened["stays", JANUARY] == 0
    assert happened["stays", date(2026, 3, 31)] is None
    turned = next(row for row in found.rows if row["unit_id"] == "turns")
    assert (turned["ended_on"], turned["state"]) == (date(2026, 3, 31), 1)


def test_a_field_grows_against_its_value_on_the_cohort_day(world: Any, read: Reading) -> None:
    change = {"field": "employees", "grows_over": 0.2}
    world.define("outcomes", "grows", change=change, within=200)
    before = {"up": 100, "flat": 100, "zero": 0, "exactly": 100}
    after = {"up": 121, "flat": 119, "zero": 50, "exactly": 120}
    for day, values in ((JANUARY, before), (MARCH, after), (OCTOBER, after)):
        world.known([{"account_id": n, "employees": v} for n, v in values.items()], on=day)
    found = read("grows")
    first = {row["unit_id"]: row["happened"] for row in found.rows if row["cohort"] == JANUARY}
    assert first == {"up": 1, "flat": 0, "exactly": 0}


def test_a_list_gains_what_it_had_not(world: Any, read: Reading) -> None:
    change = {"field": "technologies", "gains": ["SAP", "it's"]}
    world.define("outcomes", "gains", change=change, within=100)
    before = {"new": ["x"], "had": ["SAP"], "other": []}
    after = {"new": ["x", "it's"], "had": ["SAP", "it's"], "other": ["y"]}
    for day, values in ((JANUARY, before), (MARCH, after), (OCTOBER, after)):
        world.known([{"account_id": n, "technologies": v} for n, v in values.items()], on=day)
    first = [row for row in read("gains").rows if row["cohort"] == JANUARY]
    assert {row["unit_id"]: row["happened"] for row in first} == {"new": 1, "other": 0}


def test_a_rule_is_not_dated_and_its_own_field_explains_nothing(world: Any, read: Reading) -> None:
    world.define(
        "outcomes", "converted", rule={"is_customer": True}, among={"employees": {"over": 5}}
    )
    rows = [("yes", True, 9), ("no", False, 9), ("unknown", None, 9), ("small", True, 1)]
    world.known(
        [{"account_id": n, "is_customer": flag, "employees": size} for n, flag, size in rows]
        + [{"account_id": "unsure", "is_customer": True}]
    )
    found = read("converted")
    assert {row["unit_id"]: row["happened"] for row in found.rows} == {
        "yes": 1,
        "no": 0,
        "unknown": None,
    }
    assert not found.cases.dated
    assert "is_customer" not in found.cases.fields
    assert "employees" in found.cases.fields
    assert found.left_out == {
        "the account is not among those asked about": 1,
        "it is not known whether the account is among those asked about": 1,
    }


def test_who_is_asked_about_is_judged_on_the_cohort_day(world: Any, read: Reading) -> None:
    world.define("outcomes", "mid", won=True, among={"employees": {"over": 50}})
    world.known(
        [{"account_id": "a", "employees": 10}, {"account_id": "b", "employees": 60}], on=JANUARY
    )
    world.known(
        [{"account_id": "a", "employees": 60}, {"account_id": "b", "employees": 10}], on=JUNE
    )
    rows = [opportunity(name, name, MARCH, outcome="lost", closed_on=JUNE) for name in "ab"]
    sold(world, *rows)
    assert [row["unit_id"] for row in read("mid").rows] == ["b"]


def test_what_is_missing_is_named_with_the_next_step(world: Any, read: Reading) -> None:
    with pytest.raises(NotEnoughEvidence, match="No accounts"):
        read("won")
    world.known([{"account_id": "a"}], on=JANUARY)
    with pytest.raises(NotEnoughEvidence, match="No opportunities") as caught:
        read("won")
    assert "bullseye import opportunities" in caught.value.hint
    with pytest.raises(NotEnoughEvidence, match="No subscriptions"):
        read("churned")
    sold(world, opportunity("o", "a", None, closed_on=JUNE))
    with pytest.raises(NotEnoughEvidence, match="won or lost"):
        read("won")
    sold(world, opportunity("o", "a", None, outcome="won", closed_on=JUNE))
    with pytest.raises(InputError, match="when it was opened") as dateless:
        read("won")
    assert "created_on=COLUMN" in dateless.value.hint
    assert read("won", as_known_today=True).cases.yes == 1
    with pytest.raises(UnknownName, match="wonn"):
        read("wonn")


def test_an_event_nobody_imported_is_named(world: Any, read: Reading) -> None:
    world.define("outcomes", "funded", event="funding_round", within=60)
    world.known([{"account_id": "a"}], on=JANUARY)
    with pytest.raises(NotEnoughEvidence, match="No signals"):
        read("funded")
    world.happened([{"account_id": "a", "type": "funding-round"}])
    with pytest.raises(UnknownName) as caught:
        read("funded")
    assert "funding-round" in caught.value.hint
    world.happened([{"account_id": "a", "type": "funding_round"}])
    with pytest.raises(UsageError, match="today is the last"):
        read("funded", as_known_today=True)


def test_an_old_export_has_its_cases_however_late_the_question(world: Any, read: Reading) -> None:
    world.known([{"account_id": "a", "employees": 10}], on=date(2016, 10, 1))
    sold(
        world,
        opportunity("o", "a", date(2016, 10, 20), outcome="won", closed_on=date(2017, 3, 1)),
        opportunity("p", "a", date(2017, 5, 3), outcome="lost", closed_on=date(2017, 6, 1)),
        on=JUNE,
    )
    found = read("won", as_of=JUNE)
    assert (found.cases.yes, found.cases.no, found.left_out) == (1, 1, {})
    assert found.cases.cohorts == (date(2016, 10, 1), date(2017, 4, 30))


def test_days_that_are_not_looked_at_are_said_to_be_so(world: Any, read: Reading) -> None:
    world.known([{"account_id": "a", "employees": 10}], on=date(2023, 1, 10))
    sold(
        world,
        opportunity("early", "a", date(2023, 1, 20), outcome="won", closed_on=date(2023, 3, 1)),
        opportunity("late", "a", date(2023, 9, 3), outcome="lost", closed_on=date(2023, 10, 1)),
        opportunity("before", "a", date(2022, 9, 3), outcome="lost", closed_on=date(2022, 10, 1)),
        on=JUNE,
    )
    found = read("won", as_of=JUNE, most=1)
    assert list(found.by_unit) == ["late"]
    assert found.left_out == {
        "they began before the days that are looked at: the newest that matter": 1,
        "the account's facts were not known before the outcome": 1,
    }


def test_a_history_imported_late_is_watched_until_its_last_row(world: Any, read: Reading) -> None:
    world.define("outcomes", "hires", change={"field": "is_hiring", "becomes": True}, within=180)
    days = [date(2021, 1, 10), date(2021, 6, 10), date(2022, 3, 10), date(2022, 5, 10)]
    flags = [False, False, True, True]
    history = [
        {"account_id": "a", "is_hiring": flag, "known_on": day}
        for day, flag in zip(days, flags, strict=True)
    ]
    world.known(history, on=JUNE)
    found = read("hires", as_of=JUNE)
    assert found.cases.until == date(2022, 5, 10)
    happened = {row["cohort"]: row["happened"] for row in found.rows}
    assert (happened[date(2021, 2, 28)], happened[date(2021, 10, 31)]) == (0, 1)
    assert happened[date(2022, 2, 28)] is None, "its span runs on after the last row"
