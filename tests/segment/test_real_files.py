"""Real exports, where they are at hand: every row is accounted for, dialects agree, dates hold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

TABLES = (
    ("accounts", "maven_crm/accounts.csv", 85, ()),
    ("accounts", "maven_crm_dirty/accounts.csv", 85, ()),
    ("opportunities", "maven_crm/sales_pipeline.csv", 8_800, ()),
    ("opportunities", "maven_crm_dirty/sales_pipeline_ddmmyy.csv", 8_800, ()),
    ("opportunities", "maven_crm_dirty/sales_pipeline_ikebude.csv", 8_800, ()),
    ("opportunities", "maven_crm_dirty/sales_pipeline_shreif.csv", None, ()),
    ("accounts", "ravenstack/ravenstack_accounts.csv", None, ()),
    ("subscriptions", "ravenstack/ravenstack_subscriptions.csv", None, ()),
    ("usage", "ravenstack/ravenstack_feature_usage.csv", None, ()),
    (
        "signals",
        "ravenstack/ravenstack_churn_events.csv",
        None,
        ("--set", "type=churn", "--map", "occurred_on=churn_date"),
    ),
    ("accounts", "sp500/constituents.csv", 503, ()),
    ("contacts", "x_education_leads/leads.csv", 9_240, ()),
    ("contacts", "x_education_leads/lead_scoring_overquoted_rows.csv", None, ()),
    (
        "signals",
        "layoffs_fyi/layoffs_2023_dirty.csv",
        2_361,
        ("--set", "type=layoffs", "--map", "account_name=company", "--map", "occurred_on=date"),
    ),
    (
        "accounts",
        "yc_snapshots/yc_panel_dev_2021-12_2024-05.parquet",
        72_653,
        ("--map", "known_on=snapshot", "--as-of", "2024-05-13"),
    ),
)

SAME = ("opportunity_id", "account_name", "stage", "outcome", "amount", "created_on", "closed_on")


@pytest.mark.parametrize(("table", "file", "rows", "options"), TABLES, ids=lambda v: str(v)[-30:])
def test_every_row_of_a_real_file_is_kept_set_aside_or_a_duplicate(
    table: str,
    file: str,
    rows: int | None,
    options: tuple[str, ...],
    imported: Callable,
    real: Path,
) -> None:
    report = imported(table, real / file, *options)["report"]
    sums = report["kept"] + report["quarantined"] + report["exact_duplicates"]
    assert report["rows_read"] == sums
    assert report["rows_read"] == (rows or sums)
    assert report["kept"] > report["rows_read"] * 0.9


def _rows(north: Path, source: str) -> list[tuple[Any, ...]]:
    folder = north / ".bullseye" / "warehouse" / "batches" / "opportunities" / source
    (file,) = folder.glob("*.parquet")
    listed = ", ".join(SAME)
    return duckdb.read_parquet(str(file)).project(listed).order("opportunity_id").fetchall()


def test_four_dialects_of_one_table_give_the_same_opportunities(
    imported: Callable, north: Path, real: Path
) -> None:
    imported("opportunities", real / "maven_crm/sales_pipeline.csv", "--source", "clean")
    clean = _rows(north, "clean")
    for dialect in ("ddmmyy", "ikebude", "shreif"):
        path = real / f"maven_crm_dirty/sales_pipeline_{dialect}.csv"
        imported("opportunities", path, "--source", dialect)
        rows = _rows(north, dialect)
        there = {row[0] for row in rows}
        assert rows == [row for row in clean if row[0] in there], dialect


def test_a_panel_by_its_own_dates_equals_one_import_per_snapshot(
    bullseye: Callable, imported: Callable, north: Path, real: Path, tmp_path: Path
) -> None:
    path = real / "yc_snapshots/yc_panel_dev_2021-12_2024-05.parquet"
    panel = duckdb.read_parquet(str(path))
    days = [d for (d,) in panel.project("snapshot").distinct().order("snapshot").fetchall()][-4:]
    for day in days:
        one = tmp_path / f"directory_{day}.parquet"
        panel.filter(f"snapshot = '{day}'").write_parquet(str(one))
        imported("accounts", one, "--as-of", day)
    assert bullseye("-w", north, "run", "--as-of", days[-1]).code == 0
    listed = bullseye("-w", north, "accounts", "--limit", "9", "--why-now", "--json").document
    assert all(each["why_now"]["event"]["occurred_on"] <= days[-1] for each in listed)
