"""A scored workspace for the faces: few accounts, every state a reader can meet."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.faces.cli.main import code_of
from bullseye.prioritize.run import score
from bullseye.workspace import Workspace

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=https://evil.example/x onerror=alert(1)>",
    "\u202eetarorproC \u2066lanoitanretnI",
    "{{ 7 * 7 }} {% raw %}",
    "Very long " * 500,
    "unbrokenname" * 420,
    "مؤسسة & Söhne <b>",
)
"""Names as they come in a real export, and as somebody malicious would write them."""


def accounts(count: int) -> list[dict[str, Any]]:
    """Return accounts of every kind: fitting, not fitting, excluded, and hardly known.

    Those with hostile names fit best, so that they stand at the top of every list.
    """
    return [_fitting(at, name) for at, name in enumerate(HOSTILE)] + [
        {
            "account_id": f"a{at:05d}",
            "name": f"Account {at}",
            "domain": f"account{at}.example",
            "industry": (None, "Software", "Software", "Logistics", "Public")[at % 5],
            "employees": None if at % 7 == 3 else 10 + (at * 37) % 900,
            "technologies": None if at % 3 == 0 else ["Salesforce"] if at % 2 else ["SAP"],
            "owner": "Dana <i>Whitfield</i>",
            "expected_acv": None if at % 4 == 0 else 1000.0 * (at % 40),
        }
        for at in range(len(HOSTILE), count)
    ]


def _fitting(at: int, name: str) -> dict[str, Any]:
    facts = {"industry": "Software", "employees": 100 + at, "technologies": ["Salesforce"]}
    return {"account_id": f"a{at:05d}", "name": name, "owner": name, **facts}


def define(world: Any) -> None:
    """Write definitions of every kind, one of them overdue."""
    size = {"employees": {"between": [50, 500]}}
    world.icp(
        "software",
        {"name": "is-software", "rule": {"industry": "Software"}, "points": 40},
        {"name": "mid-size", "rule": size, "points": 30, "because": "They stay </td> longer."},
        {"name": "crm", "rule": {"technologies": {"any_of": ["Salesforce"]}}, "points": 30},
        market="everyone",
        goal="Win <script>alert(2)</script> them.",
    )
    world.icp("logistics", {"rule": {"industry": "Logistics"}, "points": 10}, market="everyone")
    world.define("exclusions", "public", rule={"industry": "Public"}, because="They never buy it.")
    world.define("markets", "everyone", sam={"employees": {"at_least": 20}})


def populate(world: Any, count: int = 400) -> None:
    """Write definitions, accounts, events and contacts into the world."""
    define(world)
    world.signal("funding", why_now="Raised {subject}.")
    world.define(
        "personas",
        "vp-operations",
        who={"title": {"contains": ["operations"]}},
        review_by=date(2026, 10, 1),
    )
    world.known(accounts(count))
    events = [
        {"account_id": f"a{at:05d}", "type": "funding", "subject": HOSTILE[at % 5][:300]}
        for at in (*range(len(HOSTILE)), *range(9, count, 9))
    ]
    world.happened(events)
    people = [
        {"contact_id": f"p{at}", "account_id": f"a{at:05d}", "title": "VP Operations"}
        for at in range(0, count, 2)
    ]
    world.known(people, table=TableName.CONTACTS, source="people")


@pytest.fixture
def scored_workspace(world: Any) -> Workspace:
    """A workspace of 400 accounts, some with hostile names, scored once."""
    populate(world)
    workspace: Workspace = world.workspace
    score(workspace)
    return workspace


@pytest.fixture(scope="session")
def proved_day() -> date:
    """The day of the proved demo."""
    return date(2026, 4, 10)


@pytest.fixture(scope="session")
def proved(tmp_path_factory: pytest.TempPathFactory, proved_day: date) -> Path:
    """A demo workspace in which everything was proved, with its report beside it."""
    folder = tmp_path_factory.mktemp("proved") / "larkwell"
    day = proved_day.isoformat()
    made = ["demo", str(folder), "--accounts", "600", "--seed", "7", "--today", day]
    assert code_of(made) == 0
    assert code_of(["-w", str(folder), "prove", "--as-of", day]) == 0
    assert code_of(["-w", str(folder), "report", str(folder / "report.html")]) == 0
    return folder
