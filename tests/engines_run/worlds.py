"""One set of customers, believed in the same way: imported here, tables of a warehouse there."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.engines_run.houses import House, Row

from bullseye.warehouse.connection import Connection, keep
from bullseye.workspace import PRIVATE

ACCOUNTS = {
    "id": "text",
    "Company Name": "text",
    "sector": "text",
    "staff": "whole",
    "turnover": "money",
    "land": "text",
    "stack": "list",
    "buys": "flag",
    "since": "day",
    "founded": "whole",
    "ratio": "real",
    "acv": "money",
}
ACCOUNT_FIELDS: dict[str, Any] = {
    "account_id": "id",
    "name": "Company Name",
    "industry": "sector",
    "employees": "staff",
    "revenue": "turnover",
    "country": "land",
    "technologies": "stack",
    "is_customer": "buys",
    "created_on": "since",
    "founded_year": "founded",
    "ratio": {"column": "ratio", "type": "number"},
    "expected_acv": "acv",
}
EVENTS = {"account": "text", "kind": "text", "day": "day", "about": "text"}
EVENT_FIELDS = {
    "account_id": "account",
    "type": "kind",
    "occurred_on": "day",
    "subject": "about",
}


def money(amount: float | None) -> Any:
    """Return an amount as the warehouses' drivers take it."""
    return None if amount is None else Decimal(str(amount))


CUSTOMERS: list[dict[str, Any]] = [
    {
        "id": "a1",
        "Company Name": "O'Hara \\ Söhne",
        "sector": "Software",
        "staff": 120,
        "turnover": money(5_000_000),
        "land": "Germany",
        "stack": ["Kafka", "dbt"],
        "buys": False,
        "since": date(2025, 3, 1),
        "founded": 2001,
        "ratio": 0.5,
        "acv": money(20_000),
    },
    {
        "id": "a2",
        "Company Name": "N/A",
        "sector": "software ",
        "staff": 100,
        "land": "DE",
        "stack": [],
        "buys": True,
        "ratio": float("nan"),
    },
    {
        "id": "a3",
        "sector": "Retail'; DROP TABLE accounts; --",
        "staff": 99,
        "turnover": money(0.01),
        "land": "UK",
        "stack": ["dbt", None],
        "since": date(2026, 11, 2),
        "ratio": float("inf"),
    },
    {"id": "a4"},
    {
        "id": "a5",
        "sector": "-",
        "staff": 5000,
        "land": "Atlantis",
        "stack": [None],
        "founded": 3000,
        "ratio": float("-inf"),
        "acv": money(1.5),
    },
    {"id": "a6", "sector": "Software", "staff": 0, "land": "United States", "ratio": -0.0},
    {"id": "", "sector": "Software", "staff": 7},
    {"id": None, "sector": "Software", "staff": 8},
]
"""Accounts as they are found: unknown, odd, on the bounds and beside them."""

HAPPENED: list[dict[str, Any]] = [
    {"account": "a1", "kind": "funding", "day": date(2026, 10, 20), "about": "Series A"},
    {"account": "a1", "kind": "funding", "day": date(2026, 10, 20), "about": "Series A"},
    {"account": "a1", "kind": "visit", "day": date(2026, 11, 2), "about": "PRICING page"},
    {"account": "a2", "kind": "visit", "day": date(2026, 10, 31), "about": None},
    {"account": "a3", "kind": "funding", "day": date(2026, 11, 3), "about": "tomorrow"},
    {"account": "a3", "kind": "funding", "day": date(2026, 8, 4), "about": "on the window's edge"},
    {"account": "a5", "kind": "funding", "day": date(2026, 8, 3), "about": "too old"},
    {"account": "a9", "kind": "funding", "day": date(2026, 11, 1), "about": "an unknown account"},
    {"account": "a6", "kind": "hiring", "day": date(2026, 11, 1), "about": "no signal reads it"},
    {"account": None, "kind": "funding", "day": date(2026, 11, 1), "about": "nobody"},
]


def believe(world: Any) -> None:
    """Write definitions that read every type of field."""
    world.define(
        "markets",
        "europe",
        tam={"employees": {"at_least": 100}},
        sam={"country": {"any_of": ["Germany", "United Kingdom"]}},
    )
    world.define("markets", "everybody", value=1500)
    world.tiers(
        {"tier": "T1", "fit": 60, "coverage": 0.5, "signals": ["funding"]},
        {"tier": "T2", "fit": 40},
        {"tier": "T3", "fit": 20},
        hysteresis={"fit": 5},
    )
    world.icp(
        "mid-market",
        {"rule": {"employees": {"between": [100, 4999]}}, "points": 30},
        {"rule": {"country": {"any_of": ["Germany", "United Kingdom"]}}, "points": 20},
        {"rule": {"technologies": {"any_of": ["dbt"]}}, "points": 20},
        {"rule": {"revenue": {"at_least": 0.01}}, "points": 10},
        {"rule": {"ratio": {"at_least": 0}}, "points": 10},
        {"rule": {"created_on": {"within": "365 days"}}, "points": -10},
        {"rule": {"industry": {"contains": ["soft"]}}, "points": 15},
        {"rule": {"founded_year": {"at_least": 2000}}, "points": 5},
    )
    world.icp(
        "newcomers",
        {"rule": {"employees": {"at_least": 1}}, "points": 30},
        {
            "rule": {"is_customer": {"is": True}},
            "mode": "exclude",
            "because": "they buy from us already",
        },
    )
    world.signal("funding", event="funding")
    world.signal("pricing", event="visit", subject={"contains": ["pricing"]}, points=20)


def related(world: Any, house: House, *, schema: str = "bullseye") -> None:
    """Let the world's accounts and signals be the house's tables, and connect it."""
    world.define(
        "sources", "crm", table="accounts", relation="crm.accounts", columns=ACCOUNT_FIELDS
    )
    world.define("sources", "events", table="signals", relation="crm.events", columns=EVENT_FIELDS)
    keep(world.folder / PRIVATE, Connection(schema, house.url))


def filled(house: House) -> House:
    """Put the customers and what happened into a house."""
    house.table("crm.accounts", ACCOUNTS, CUSTOMERS)
    house.table("crm.events", EVENTS, HAPPENED)
    return house


def distinct(rows: Sequence[Row]) -> list[Row]:
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def imported(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the customers as an import leaves them: cleaned, and only those with an id."""
    clean = {"N/A": None, "-": None, "Germany": "DE", "UK": "GB", "United States": "US", 3000: None}
    found = []
    for row in rows:
        if not row["id"]:
            continue
        read = {
            f: row.get(c["column"] if isinstance(c, dict) else c) for f, c in ACCOUNT_FIELDS.items()
        }
        for name, value in read.items():
            if isinstance(value, str):
                value = value.strip()  # noqa: PLW2901 - as every cell is
            if isinstance(value, str | int) and value in clean:
                value = clean[value]  # noqa: PLW2901
            if name in {"revenue", "expected_acv"} and value is not None:
                value = float(value)  # noqa: PLW2901
            read[name] = value
        found.append(read)
    return found
