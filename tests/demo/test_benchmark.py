"""Benchmark tables hold our own contract at any size."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.demo.benchmark import write_benchmark_tables
from bullseye.errors import UsageError

TODAY = date(2026, 6, 30)


def test_tables_have_standard_fields_and_three_signals_per_account(tmp_path: Path) -> None:
    tables = write_benchmark_tables(tmp_path, 30_000, 7, TODAY)
    accounts, signals = pq.read_table(tables.accounts), pq.read_table(tables.signals)
    standard = {field.name for field in STANDARD_FIELDS[TableName.ACCOUNTS]}
    assert set(accounts.column_names) - standard == {"headcount_growth_6m"}
    assert (len(accounts), len(signals)) == (30_000, 90_000)
    assert (tables.account_rows, tables.signal_rows) == (30_000, 90_000)
    assert len(accounts["account_id"].unique()) == 30_000


def test_every_field_is_unknown_for_some_but_never_the_id(tmp_path: Path) -> None:
    accounts = pq.read_table(write_benchmark_tables(tmp_path, 30_000, 7, TODAY).accounts)
    shares = {name: accounts[name].null_count / 30_000 for name in accounts.column_names}
    assert shares.pop("account_id") == 0
    assert all(0.08 < share < 0.15 for share in shares.values()), shares


def test_signals_belong_to_accounts_and_to_the_year_before_today(tmp_path: Path) -> None:
    tables = write_benchmark_tables(tmp_path, 5_000, 7, TODAY)
    accounts, signals = pq.read_table(tables.accounts), pq.read_table(tables.signals)
    assert pc.all(pc.is_in(signals["account_id"], accounts["account_id"])).as_py()
    days = pc.min_max(signals["occurred_on"]).as_py()
    assert days == {"min": TODAY - timedelta(days=364), "max": TODAY}


def test_signals_are_ordered_by_type_and_day(tmp_path: Path) -> None:
    signals = pq.read_table(write_benchmark_tables(tmp_path, 5_000, 7, TODAY).signals)
    types, days = signals["type"].to_pylist(), signals["occurred_on"].to_pylist()
    runs = 1 + sum(a != b for a, b in pairwise(types))
    assert runs == len(set(types))
    assert all(days[k] <= days[k + 1] for k in range(len(days) - 1) if types[k] == types[k + 1])


def test_the_same_seed_writes_the_same_tables(tmp_path: Path) -> None:
    first = write_benchmark_tables(tmp_path / "a", 1_000, 7, TODAY)
    again = write_benchmark_tables(tmp_path / "b", 1_000, 7, TODAY)
    assert first.accounts.read_bytes() == again.accounts.read_bytes()
    assert first.signals.read_bytes() == again.signals.read_bytes()


def test_no_accounts_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0 accounts"):
        write_benchmark_tables(tmp_path, 0, 7, TODAY)
