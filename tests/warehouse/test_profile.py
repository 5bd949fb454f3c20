"""The profile says how much of each field is known, and what looks odd."""

from datetime import date

import duckdb
import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.source import Source
from bullseye.warehouse.profile import FieldProfile, Suspicion, TopValue, profiles
from bullseye.warehouse.scratch import Scratch

SOURCE = Source.model_validate(
    {
        "name": "crm",
        "owner": "Ann Lee",
        "review_by": date(2030, 1, 1),
        "review_when": ["the export changes"],
        "table": TableName.ACCOUNTS,
        "columns": {name: name for name in ("account_id", "domain", "employees", "created_on")},
    }
)
ROWS = """
    SELECT * FROM (VALUES
        ('a', 'acme.com', 0::BIGINT, DATE '2024-01-01', DATE '2024-05-01'),
        ('b', 'acme.com', 10, DATE '2025-01-01', DATE '2024-05-01'),
        ('test', 'example.com', NULL, DATE '1970-01-01', DATE '2024-05-01'),
        ('d', NULL, 30, NULL, DATE '2024-05-01')
    ) AS kept(account_id, domain, employees, created_on, known_on)
"""


@pytest.fixture
def profiled() -> dict[str, FieldProfile]:
    with Scratch(duckdb.connect()) as scratch:
        doubts = {"employees": {"a range; its middle is kept": 2}}
        found = profiles(scratch, f"({ROWS})", SOURCE, doubts, date(2024, 5, 13))
    return {each.field: each for each in found}


def test_coverage_counts_what_is_known(profiled: dict[str, FieldProfile]) -> None:
    employees = profiled["employees"]
    assert (employees.rows, employees.known, employees.coverage) == (4, 3, 0.75)
    assert (employees.smallest, employees.largest) == ("0", "30")


def test_only_values_that_repeat_are_shown_as_frequent(profiled: dict[str, FieldProfile]) -> None:
    assert profiled["domain"].top == (TopValue("acme.com", 2),)
    assert profiled["domain"].distinct_count == 2
    assert profiled["account_id"].top == ()


def test_what_looks_odd_is_counted(profiled: dict[str, FieldProfile]) -> None:
    assert profiled["employees"].suspicions == (
        Suspicion("a range; its middle is kept", 2),
        Suspicion("no employees, or more than any account has", 1),
    )
    assert profiled["created_on"].suspicions == (
        Suspicion("a day that stands for no day", 1),
        Suspicion("in the future", 1),
    )
    assert [each.rows for each in profiled["domain"].suspicions] == [1]
    assert [each.rows for each in profiled["account_id"].suspicions] == [1]


def test_no_rows_are_profiled_as_nothing_known() -> None:
    with Scratch(duckdb.connect()) as scratch:
        found = profiles(scratch, f"({ROWS} WHERE false)", SOURCE, {}, date(2024, 5, 13))
    assert [each.coverage for each in found] == [0.0] * 5
