"""The leakage guard: it names what the outcome filled in, and leaves honest facts alone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from bullseye.cases import cases_of, guard_of
from bullseye.definitions.field import TableName
from bullseye.warehouse.cases import Every
from bullseye.warehouse.guard import Guard, Sign

JANUARY, MARCH, JUNE = (date(2026, month, 10) for month in (1, 3, 6))
N = 300


@pytest.fixture
def guarded(world: Any) -> Callable[..., Guard]:
    """Return what the guard says of an outcome of the world."""

    def guard(outcome: str, **asked: Any) -> Guard:
        workspace = world.workspace
        with workspace.connection() as connection:
            cases = cases_of(workspace, connection, outcome, every=Every.QUARTER, **asked)
            return guard_of(workspace, connection, cases, every=Every.QUARTER)

    return guard


def signs(guard: Guard, field: str) -> dict[Sign, bool]:
    """Return the signs at a field, and whether each refuses it."""
    return {each.sign: each.refuse for each in guard.suspicions if each.field == field}


def own_fields(world: Any, **types: str) -> None:
    columns = {name: {"column": name, "type": kind} for name, kind in types.items()}
    world.define("sources", "crm", table="accounts", columns={"account_id": "Id", **columns})


@pytest.fixture
def sold(world: Any) -> np.ndarray:
    """Known in January, sold from March on; after winning a package and a status are noted."""
    rng = np.random.default_rng(5)
    own_fields(world, package="text", serial="id", segment="text")
    won = rng.random(N) < 0.3
    base = [
        {
            "account_id": f"x{at}",
            "status": "Lead",
            "segment": str(rng.integers(5)) if rng.random() < 0.6 else None,
            "employees": int(rng.integers(1, 9)) if rng.random() < 0.8 else None,
        }
        for at in range(N)
    ]
    world.known(base, on=JANUARY)
    after = [
        {
            **row,
            "package": "Gold" if won[at] and rng.random() < 0.9 else None,
            "status": "Customer" if won[at] else "Lead",
        }
        for at, row in enumerate(base)
    ]
    world.known(after)
    rows = [
        {
            "opportunity_id": f"o{at}",
            "account_id": f"x{at}",
            "created_on": MARCH,
            "closed_on": JUNE,
            "outcome": "won" if won[at] else "lost",
        }
        for at in range(N)
    ]
    world.known(rows, table=TableName.OPPORTUNITIES)
    return won


@pytest.mark.usefixtures("sold")
def test_facts_of_today_that_the_outcome_filled_are_refused(
    guarded: Callable[..., Guard],
) -> None:
    guard = guarded("won", as_known_today=True)
    assert (guard.dated, guard.history) == (False, N)
    assert signs(guard, "package")[Sign.FILLED_AFTER]
    assert signs(guard, "status")[Sign.EDITED_AFTER]
    assert {"package", "status"} <= guard.refused()
    assert signs(guard, "segment") == signs(guard, "employees") == {}


@pytest.mark.usefixtures("sold")
def test_dated_facts_make_the_leak_harmless_and_it_is_still_told(
    guarded: Callable[..., Guard],
) -> None:
    guard = guarded("won")
    assert guard.dated
    assert signs(guard, "package") == {Sign.FILLED_AFTER: False}
    assert signs(guard, "status") == {Sign.EDITED_AFTER: False}
    assert guard.refused() == {"account_id"}
    told = next(each for each in guard.suspicions if each.field == "package")
    assert "those known before" in told.sentence
    assert "with the outcome" in told.sentence


@pytest.mark.usefixtures("sold")
def test_what_the_user_insists_on_is_kept_and_said(guarded: Callable[..., Guard]) -> None:
    guard = guarded("won", as_known_today=True)
    assert "package" not in guard.refused(insist=["package"])
    assert "status" in guard.refused(insist=["package"])
    assert {each.field for each in guard.insisted(["package"])} == {"package"}


def test_undated_facts_are_judged_by_fill_steps_and_separation(
    world: Any, guarded: Callable[..., Guard]
) -> None:
    rng = np.random.default_rng(6)
    own_fields(
        world, flag="flag", quality="text", activity="text", copy="text", serial="count",
        score="number", index="text", plain="text",
    )  # fmt: skip
    world.define("outcomes", "converted", rule={"flag": True})
    yes = rng.random(N * 2) < 0.4
    scored = rng.random(N * 2) < 0.5
    steps = [["Email Opened", "SMS Sent", "Unsubscribed"], ["Had a meeting", "SMS Sent", "Signed"]]
    world.known(
        [
            {
                "account_id": f"x{at}",
                "flag": bool(hit),
                "quality": "good" if rng.random() < (0.7 if hit else 0.2) else None,
                "activity": rng.choice(steps[int(hit)]),
                "copy": "it's in" if hit else "out; --",
                "serial": 5000 + at,
                "score": float(rng.integers(20)) if scored[at] else None,
                "index": "High" if scored[at] else None,
                "plain": str(rng.integers(6)),
            }
            for at, hit in enumerate(yes)
        ]
    )
    guard = guarded("converted")
    assert (guard.dated, guard.history, guard.n) == (False, 0, N * 2)
    assert signs(guard, "quality")[Sign.FILL_DIFFERS]
    assert signs(guard, "activity")[Sign.PROCESS_STEP]
    assert signs(guard, "copy")[Sign.SEPARATES]
    assert signs(guard, "serial")[Sign.IDENTIFIER]
    assert signs(guard, "score") == signs(guard, "index") == {Sign.FILL_TIME: False}
    told = next(each for each in guard.suspicions if each.field == "score")
    assert "in one go with index" in told.sentence
    assert signs(guard, "plain") == signs(guard, "flag") == {}


def test_with_few_cases_only_names_are_refused(world: Any, guarded: Callable[..., Guard]) -> None:
    world.define("outcomes", "customers", rule={"is_customer": True})
    rows = [
        {"account_id": f"x{at}", "is_customer": at < 9, "industry": "A" if at < 9 else None}
        for at in range(40)
    ]
    world.known(rows)
    assert guarded("customers").refused() == {"account_id"}


def test_no_decided_case_gives_no_suspicion_of_refusal(
    world: Any, guarded: Callable[..., Guard]
) -> None:
    world.known([{"account_id": f"x{at}", "industry": "A"} for at in range(40)], on=JANUARY)
    rows = [
        {"opportunity_id": "o", "account_id": "x1", "created_on": MARCH, "outcome": "open"},
    ]
    world.known(rows, table=TableName.OPPORTUNITIES)
    guard = guarded("won")
    assert (guard.n, guard.yes, guard.suspicions) == (0, 0, ())
