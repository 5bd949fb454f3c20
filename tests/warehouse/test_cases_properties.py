"""What holds for the cases of any world: nothing known later leaks, and undecided is never no."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bullseye.cases import cases_of
from bullseye.definitions.field import TableName
from bullseye.store.db import Store
from bullseye.warehouse.cases import CASE_KEY, Every
from bullseye.workspace import PRIVATE

Row = dict[str, Any]
Batch = tuple[TableName, date, list[Row]]
FIRST, TODAY = date(2025, 7, 15), date(2026, 3, 20)
SPAN = 100
HOSTILE = "o'\"; DROP TABLE x -- \u202e"


@pytest.fixture
def a_world(world: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Make further worlds, each with the batches given, in this order."""
    count = iter(range(100))

    def make(batches: list[Batch], today: date = TODAY) -> Any:
        folder = tmp_path / f"world{next(count)}"
        store = Store.open(folder / PRIVATE / "store.db")
        request.addfinalizer(store.close)
        made = type(world)(folder, store, today)
        made.tiers({"tier": "T1", "fit": 70})
        made.define("outcomes", "fast", won=True, within=SPAN)
        made.define(
            "outcomes", "hires", within=SPAN, change={"field": "is_hiring", "becomes": True}
        )
        for table, day, rows in batches:
            made.known(rows, table=table, on=day)
        return made

    return make


def read(world: Any, outcome: str) -> list[Row]:
    """Return each case with its facts, by what names it."""
    workspace = world.workspace
    with workspace.connection() as connection:
        cases = cases_of(workspace, connection, outcome, every=Every.QUARTER)
        query = (
            f"SELECT c.* EXCLUDE (case_no), f.industry, f.employees, f.is_hiring"
            f" FROM {cases.relation} AS c JOIN {cases.facts} AS f ON f.{CASE_KEY} = c.case_no"
            " ORDER BY case_no"
        )
        rows: list[Row] = connection.sql(query).to_arrow_table().to_pylist()
        assert len(rows) == cases.n == cases.yes + cases.no + cases.undecided
        return rows


def imports(random: Random) -> list[Batch]:
    """Return accounts imported now and then, and opportunities imported twice."""
    names = [f"a{at}" for at in range(12)] + [HOSTILE]
    days = sorted(FIRST + timedelta(days=random.randrange(200)) for _ in range(3))
    found: list[Batch] = [
        (
            TableName.ACCOUNTS,
            day,
            [_account(random, name) for name in names if random.random() < 0.8],
        )
        for day in (FIRST, *days)
    ]
    opportunities = [_opportunity(random, at, names) for at in range(40)]
    middle = date(2025, 11, 1)
    found.append((TableName.OPPORTUNITIES, middle, [_as_seen(o, middle) for o in opportunities]))
    found.append((TableName.OPPORTUNITIES, TODAY, opportunities))
    return found


def _account(random: Random, name: str) -> Row:
    return {
        "account_id": name,
        "industry": random.choice([None, "Fintech", "Logistics", HOSTILE]),
        "employees": random.choice([None, 10, 100]),
        "is_hiring": random.choice([None, True, False]),
    }


def _opportunity(random: Random, at: int, names: list[str]) -> Row:
    opened = FIRST + timedelta(days=random.randrange(-40, 240))
    closed = opened + timedelta(days=random.randrange(200))
    over = closed <= TODAY
    return {
        "opportunity_id": f"o{at}",
        "account_id": random.choice(names),
        "created_on": opened,
        "closed_on": closed,
        "outcome": random.choice(["won", "lost"]) if over else "open",
    }


def _as_seen(opportunity: Row, day: date) -> Row:
    return {**opportunity, "outcome": "open"} if opportunity["closed_on"] > day else opportunity


@pytest.mark.parametrize("seed", range(2))
def test_what_is_imported_later_changes_no_fact_of_an_earlier_case(
    seed: int, a_world: Callable[..., Any]
) -> None:
    random = Random(seed)
    batches = imports(random)
    later = [
        (TableName.ACCOUNTS, TODAY, [_account(random, f"a{at}") for at in range(12)]),
        (TableName.ACCOUNTS, TODAY - timedelta(days=1), [_account(random, "a3")]),
    ]
    for outcome in ("won", "hires"):
        before, after = (facts_of(a_world(each), outcome) for each in (batches, [*batches, *later]))
        assert before
        assert {case: after[case] for case in before} == before


def facts_of(world: Any, outcome: str) -> dict[tuple[str, date], tuple[Any, ...]]:
    """Return the facts of each case; a later import may let more cases be seen, never others."""
    return {
        (row["unit_id"], row["cohort"]): (row["industry"], row["employees"], row["is_hiring"])
        for row in read(world, outcome)
    }


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_imports_does_not_matter(seed: int, a_world: Callable[..., Any]) -> None:
    random = Random(100 + seed)
    batches = imports(random)
    shuffled = random.sample(batches, len(batches))
    for outcome in ("fast", "hires"):
        assert read(a_world(batches), outcome) == read(a_world(shuffled), outcome)


@pytest.mark.parametrize("seed", range(2))
def test_undecided_is_never_no_and_every_answer_is_that_of_a_plain_reading(
    seed: int, a_world: Callable[..., Any]
) -> None:
    batches = imports(Random(200 + seed))
    said = {row["opportunity_id"]: row for row in batches[-1][2]}
    for today in (TODAY, TODAY + timedelta(days=200)):
        for row in read(a_world(batches, today), "fast"):
            truth = said[row["unit_id"]]
            end = truth["created_on"] + timedelta(days=SPAN)
            in_time = truth["outcome"] == "won" and truth["closed_on"] <= end
            expected = int(in_time) if end <= TODAY else None
            assert row["happened"] == expected
            assert row["cohort"] < row["began_on"] == truth["created_on"]
            assert row["state"] == {"open": 0, "won": 1, "lost": 2}[truth["outcome"]]
