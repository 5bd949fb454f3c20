"""A store on disk, and people and days to fill it with."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.store import runs, versions
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store
from bullseye.store.runs import NewRun, Run, RunResult

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def monday() -> datetime:
    return MONDAY


@pytest.fixture
def a_batch() -> Callable[..., NewBatch]:
    """Make a batch of accounts; name what differs."""

    def make(**differs: Any) -> NewBatch:
        usual: dict[str, Any] = {
            "table": TableName.ACCOUNTS,
            "source": "crm",
            "as_of": date(2026, 3, 1),
            "sha256": "a" * 64,
            "path": "batches/accounts/1.parquet",
            "file_name": "companies.csv",
            "rows_read": 10,
            "kept": 7,
            "quarantined": 2,
            "exact_duplicates": 1,
            "quarantine_path": "quarantine/1.csv",
            "report": '{"coverage":{}}',
            "imported_at": MONDAY,
            "actor": "rita",
        }
        return NewBatch(**{**usual, **differs})

    return make


@pytest.fixture
def begun(store: Store) -> Callable[..., Run]:
    """Begin a run; name what differs."""

    def begin(**differs: Any) -> Run:
        usual: dict[str, Any] = {
            "started_at": MONDAY,
            "as_of": date(2026, 3, 1),
            "definitions_hash": versions.put(store, "{}", at=MONDAY, actor="rita"),
            "batch_ids": (1, 2),
            "engine": "duckdb 2.0",
            "actor": "rita",
        }
        return runs.begin(store, NewRun(**{**usual, **differs}))

    return begin


@pytest.fixture
def a_result() -> RunResult:
    return RunResult(
        rows=3, result_sha256="b" * 64, result_path="runs/1", delta_path=None, summary='{"T1":1}'
    )
