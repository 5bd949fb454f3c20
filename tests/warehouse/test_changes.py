"""What changed between dated imports: growth as a fact, changes as signals."""

from datetime import date, timedelta

import duckdb
import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.known import Growth
from bullseye.errors import DefinitionError, UnknownName
from bullseye.warehouse.batches import SourceRows
from bullseye.warehouse.changes import growth_sql, months_before

TODAY = date(2026, 3, 1)


def growths(*seen: tuple[str, object], as_of: date = TODAY, months: int = 6, order: int = 1):
    """Return the growth of one account whose size was said on these days, in this order."""
    rows = ", ".join(
        f"('a', DATE '{day}', {'NULL' if size is None else size}, {at}, 1)"
        for at, (day, size) in enumerate(seen[::order])
    )
    columns = "account_id, known_on, employees, _batch, _row"
    sql = f"SELECT * FROM (VALUES {rows}) AS t({columns})"
    source = SourceRows("crm", sql, frozenset({"employees"}), "account_id", False)
    query = growth_sql([source], Growth(("employees", months)), as_of)
    return dict(duckdb.execute(query).fetchall()).get("a")


@pytest.mark.parametrize(
    ("seen", "growth"),
    [
        ([("2025-09-01", 100), ("2026-03-01", 150)], 0.5),
        ([("2025-08-20", 100), ("2026-02-01", 80)], -0.2),
        ([("2025-08-20", 90), ("2025-09-01", 100), ("2026-01-01", 7), ("2026-03-01", 150)], 0.5),
        ([("2025-09-02", 100), ("2026-03-01", 150)], None),  # the base is not six months old
        ([("2025-06-01", 100), ("2026-03-01", 150)], None),  # the base is too old
        ([("2025-06-03", 100), ("2026-03-01", 150)], 0.5),
        ([("2025-09-01", 100)], None),  # nothing fresh
        ([("2025-09-01", 0), ("2026-03-01", 150)], None),  # no share of nothing
        ([("2025-09-01", 100), ("2026-03-01", None)], None),
        ([("2025-09-01", 100), ("2026-03-02", 150)], None),  # not known yet
        ([("2025-09-01", "5e-324::DOUBLE"), ("2026-03-01", "1e308::DOUBLE")], None),
    ],
)
def test_growth_needs_a_fresh_value_and_a_base_of_the_right_age(seen, growth):
    assert growths(*seen) == (growth if growth is None else pytest.approx(growth))


def test_of_two_values_said_for_one_day_the_last_import_counts():
    seen = [("2025-09-01", 100), ("2026-03-01", 150), ("2026-03-01", 200)]
    assert growths(*seen) == 1.0
    assert growths(*seen, order=-1) == 0.5


def test_months_end_on_the_last_day_there_is():
    assert months_before(date(2024, 8, 31), 6) == date(2024, 2, 29)
    assert months_before(date(2025, 8, 31), 6) == date(2025, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
    assert growths(("2024-02-29", 10), ("2024-08-31", 20), as_of=date(2024, 8, 31)) == 1.0


@pytest.fixture
def changed(world):
    """Tell one account's values week by week, and return the events derived from them."""

    def events(change: dict[str, object], values: list[object], every: int = 7):
        field = str(change["field"])
        world.signal("moved", change=change, window=365)
        start = world.today - timedelta(days=every * (len(values) - 1))
        world.known([
            {"account_id": "a", field: value, "known_on": start + timedelta(days=every * at)}
            for at, value in enumerate(values)
        ])  # fmt: skip
        found = world.state(TableName.SIGNALS)
        return [
            ((e["occurred_on"] - start).days // every, e["subject"], e["detail"]) for e in found
        ]

    return events


def test_a_value_becomes_another_once_and_again_after_it_left(changed):
    events = changed({"field": "is_hiring", "becomes": True},
                     [None, True, True, False, None, True, False])  # fmt: skip
    assert events == [(5, None, "is_hiring: false -> true")]


def test_any_change_of_a_text_is_an_event_from_known_to_known(changed):
    events = changed({"field": "funding_stage", "changes": True}, ["A", None, "A", "B", "it's"])
    assert events == [
        (3, "B", "funding_stage: A -> B"), (4, "it's", "funding_stage: B -> it's"),
    ]  # fmt: skip


def test_a_list_gains_what_it_did_not_have(changed):
    stacks = [["SAP"], ["SAP", "Salesforce", "Zoom"], ["Salesforce"], [], ["Salesforce", "SAP"]]
    assert changed({"field": "technologies", "gains": ["Salesforce", "SAP"]}, stacks) == [
        (1, "Salesforce", "technologies gained Salesforce"),
        (4, "SAP, Salesforce", "technologies gained SAP, Salesforce"),
    ]
    assert changed({"field": "technologies", "gains": []}, stacks)[0][1] == "Salesforce, Zoom"


def test_growth_past_a_bound_is_one_event_per_episode(changed):
    change = {"field": "employees", "grows_over": 0.2, "within": "28 days"}
    sizes = [100, 100, 100, 100, 129, 130, 130, 130, 129, 130, 130, 130, 160]
    assert changed(change, sizes) == [
        (4, "+29 %", "employees: 100 -> 129"), (12, "+24 %", "employees: 129 -> 160"),
    ]  # fmt: skip


def test_a_fall_is_told_in_whatever_size_the_numbers_have(changed):
    change = {"field": "revenue", "falls_over": 0.5, "within": "7 days"}
    assert changed(change, [9e15, 1.5]) == [
        (1, "-100 %", "revenue: 9000000000000000.00 -> 1.50")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"field": "industry", "grows_over": 0.2, "within": "30 days"},
        {"field": "industry", "gains": ["x"]},
        {"field": "technologies", "becomes": "x"},
        {"field": "is_hiring", "becomes": "yes"},
        {"field": "employees", "becomes": "many"},
        {"field": "industry", "becomes": True},
        {"field": "created_on", "becomes": "2026-01-01"},
    ],
)
def test_a_change_its_field_cannot_make_is_a_clear_error(world, change):
    world.signal("moved", change=change)
    world.known([{"account_id": "a"}])
    with pytest.raises(DefinitionError, match=str(change["field"])) as raised:
        world.state()
    assert raised.value.place == "signals/moved.yaml"


def test_a_change_of_an_unknown_field_names_the_nearest(world):
    world.signal("moved", change={"field": "employes", "changes": True})
    world.known([{"account_id": "a"}])
    with pytest.raises(UnknownName, match="employees"):
        world.state()
