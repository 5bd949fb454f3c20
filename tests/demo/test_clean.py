"""Clean tables are the same world as the exports, in our own contract."""

from datetime import date
from pathlib import Path

import pyarrow.compute as pc

from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.demo.clean import clean_tables
from bullseye.demo.generate import generate
from bullseye.demo.simulate import BLOCK

TODAY = date(2026, 6, 30)


def test_columns_are_standard_fields() -> None:
    tables = clean_tables(50, 7, TODAY)
    for name in (
        TableName.ACCOUNTS,
        TableName.OPPORTUNITIES,
        TableName.SUBSCRIPTIONS,
        TableName.SIGNALS,
    ):
        table = getattr(tables, name)
        assert set(table.column_names) <= {field.name for field in STANDARD_FIELDS[name]}


def test_keys_are_unique_across_blocks() -> None:
    tables = clean_tables(BLOCK + 500, 7, TODAY)
    assert len(tables.accounts["account_id"].unique()) == BLOCK + 500
    assert len(tables.accounts["domain"].unique()) == BLOCK + 500
    sold = tables.opportunities["opportunity_id"]
    assert len(sold.unique()) == len(sold)


def test_only_closed_opportunities_have_a_closing_day() -> None:
    sold = clean_tables(2_000, 7, TODAY).opportunities
    is_open = pc.equal(sold["outcome"], "open")
    assert pc.equal(is_open, pc.is_null(sold["closed_on"])).to_pylist() == [True] * len(sold)
    assert pc.max(sold["closed_on"]).as_py() <= TODAY


def test_the_exports_are_of_the_same_world(tmp_path: Path) -> None:
    generate(tmp_path, accounts=300, seed=9, today=TODAY)
    exported = (tmp_path / "opportunities.csv").read_text(encoding="utf-8")
    tables = clean_tables(300, 9, TODAY)
    assert all(key in exported for key in tables.opportunities["opportunity_id"].to_pylist())
    assert (
        exported.count("Closed Won")
        >= pc.sum(pc.equal(tables.opportunities["outcome"], "won")).as_py()
    )
