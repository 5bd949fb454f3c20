"""A run in the warehouse says what a run over imported files says."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.engines_run.worlds import ACCOUNTS, CUSTOMERS, EVENTS, believe, filled, related

from bullseye import pipeline
from bullseye.prioritize.run import Wish, explain, history, opened, targets, what_if
from bullseye.prioritize.run.asking import Question
from bullseye.store import overrides
from bullseye.store.overrides import NewOverride
from bullseye.warehouse.remote import VIEW_COLUMNS, Names


def scored(world: Any) -> Any:
    return pipeline.run(world.workspace)


def answers(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    kept = [
        f"{name}_{n}" for n in (0, 1) for name in ("met", "unknown", "strength", "tier", "live")
    ]
    return sorted((row["account_id"], *(row[name] for name in kept)) for row in rows)


def imported_answers(world: Any) -> list[tuple[Any, ...]]:
    run = scored(world)
    path = world.workspace.warehouse / "runs" / run.run_id / "scores.parquet"
    return answers(pq.read_table(path).to_pylist())


def warehouse_answers(house: Any, run_id: str) -> list[tuple[Any, ...]]:
    names = [
        f"{name}_{n}" for n in (0, 1) for name in ("met", "unknown", "strength", "tier", "live")
    ]
    columns = ", ".join(["account_id", *names])
    return sorted(house.query(f"SELECT {columns} FROM {Names('bullseye', run_id).scores}"))


def test_the_same_accounts_get_the_same_answers_imported_and_in_the_warehouse(
    world: Any, embedded: Any, every_house: Any
) -> None:
    believe(world)
    related(world, filled(every_house))
    run = scored(world)
    assert warehouse_answers(every_house, run.run_id) == imported_answers(embedded)
    assert run.accounts == 6
    assert run.counts == scored(embedded).counts
    assert_readers_see_the_run(world, every_house, run.run_id)
    assert_markets_are_the_same(world, embedded)


def amounts(money: Any) -> list[float]:
    """Return the numbers of a total; -1 for what cannot be told yet."""
    return [-1 if each is None else float(each) for each in asdict(money).values()]


def assert_markets_are_the_same(world: Any, embedded: Any) -> None:
    """Markets are counted to the account and summed to the cent; spread to the last digits."""
    for there, here in zip(
        pipeline.markets(world.workspace), pipeline.markets(embedded.workspace), strict=True
    ):
        assert (there.market, there.icps, there.as_of) == (here.market, here.icps, here.as_of)
        for name in ("tam", "sam", "target"):
            mine, theirs = getattr(there, name), getattr(here, name)
            assert mine.accounts == theirs.accounts
            assert amounts(mine.money) == pytest.approx(amounts(theirs.money), rel=1e-9)
    assert there.tam.accounts.yes == 6


def assert_readers_see_the_run(world: Any, house: Any, run_id: str) -> None:
    """The view has one row per account and profile, and says what the local list says."""
    rows = house.query(f"SELECT {', '.join(VIEW_COLUMNS)} FROM bullseye.scores")
    found = {(row[0], row[1]): row for row in rows}
    assert len(found) == len(rows) == 12
    assert {row[-2:] for row in rows} == {(run_id, world.today)}
    with opened(world.workspace) as here:
        local = here.connection.execute(here.scoring.rendered(here.scores)).fetchall()
    for row in local:
        assert found[row[0], row[1]][: len(row)] == row


def test_the_list_is_the_same_as_imported(pushed: Any, embedded: Any) -> None:
    scored(pushed)
    scored(embedded)
    lists = [
        [
            (t.account_id, t.tier, t.standing.fit_score, t.country, t.revenue, t.expected_acv)
            for t in targets(world.workspace, Wish(tiers=("T1", "T2", "T3")))
        ]
        for world in (pushed, embedded)
    ]
    assert lists[0] == lists[1]
    assert [each[0] for each in lists[0]][:1] == ["a1"]


def test_why_now_says_the_signal_that_happened(pushed: Any) -> None:
    scored(pushed)
    (first, *_) = targets(pushed.workspace)
    assert first.why_now is not None
    assert first.why_now.sentence == "Call them: Series A."


def test_an_account_on_the_list_can_be_explained(pushed: Any) -> None:
    scored(pushed)
    found = explain(pushed.workspace, "a1")
    assert found.target.name == "O'Hara \\ Söhne"
    (employees,) = found.verdicts[0].reasons[0].evidence
    assert (employees.field, employees.value) == ("employees", 120)
    assert (employees.file, employees.known_on) == ("crm.accounts", pushed.today)


def test_what_if_is_exact_for_every_account_not_only_the_list(pushed: Any, embedded: Any) -> None:
    scored(pushed)
    scored(embedded)
    question = Question({"c0": 35}, {}, {}, {})
    answered = [what_if(w.workspace, "mid-market", question) for w in (pushed, embedded)]
    assert answered[0].accounts == 6
    assert answered[0].outcome == answered[1].outcome


def test_an_account_that_leaves_the_list_shows_in_its_history(pushed: Any, house: Any) -> None:
    scored(pushed)
    house.table("crm.events", EVENTS, [])
    later = pushed.at(pushed.today.replace(day=9))
    scored(later)
    told = [m.tier for m in history(later.workspace, "a1").moments if m.icp == "mid-market"]
    assert told == ["T1", "T2"]


def test_a_tier_decided_by_hand_puts_an_account_on_the_local_list(pushed: Any) -> None:
    scored(pushed)
    assert "a4" not in {t.account_id for t in targets(pushed.workspace)}
    decided = NewOverride(
        account_id="a4",
        tier="T1",
        author="rita",
        reason="Met their CFO at the fair",
        expires_on=pushed.today,
        created_at=pushed.workspace.now(),
    )
    overrides.add(pushed.store, decided)
    scored(pushed)
    assert {t.account_id: t.tier for t in targets(pushed.workspace)}["a4"] == "T1"


def test_the_list_can_be_exported(pushed: Any, tmp_path: Path) -> None:
    scored(pushed)
    done = pipeline.export(pushed.workspace, Wish(), tmp_path / "list.csv")
    assert done.rows == len(targets(pushed.workspace))


def as_text(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join(item for item in value if item is not None)
    return None if value is None else f" {str(value).lower() if value is True else value} "


def test_columns_of_text_give_the_same_answers_as_typed_ones(
    world: Any, embedded: Any, every_house: Any
) -> None:
    believe(world)
    related(world, filled(every_house))
    texts = [{name: as_text(value) for name, value in row.items()} for row in CUSTOMERS]
    every_house.table("crm.accounts", dict.fromkeys(ACCOUNTS, "text"), texts)
    run = scored(world)
    without_empty_lists = {"a1", "a3", "a4", "a6"}
    there, here = (
        [row for row in rows if row[0] in without_empty_lists]
        for rows in (warehouse_answers(every_house, run.run_id), imported_answers(embedded))
    )
    assert there == here


def test_hostile_names_of_tables_and_columns_are_only_names(world: Any, house: Any) -> None:
    believe(world)
    related(world, filled(house))
    house.query(
        'CREATE VIEW crm."x""; DROP TABLE accounts; --" AS'
        ' SELECT id AS "i\'d""; --", staff AS "sta`ff\\" FROM crm.accounts'
    )
    world.define(
        "sources",
        "crm",
        table="accounts",
        relation='crm.x"; DROP TABLE accounts; --',
        columns={"account_id": "i'd\"; --", "employees": "sta`ff\\"},
    )
    world.kinds["icps"].clear()
    world.icp("large", {"rule": {"employees": {"at_least": 100}}, "points": 10})
    assert scored(world).counts[0].tiers["T2"] + scored(world).counts[0].tiers["T1"] == 3
