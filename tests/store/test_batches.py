"""The manifest of imported batches."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, batches
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store

MakeBatch = Callable[..., NewBatch]


def test_a_batch_comes_back_as_it_was_added(store: Store, a_batch: MakeBatch) -> None:
    added = batches.add(store, a_batch(quarantine_path=None))
    assert added.is_new
    assert batches.listed(store) == (added.batch,)
    assert added.batch.table is TableName.ACCOUNTS
    assert added.batch.imported_at.tzinfo is UTC
    assert added.batch.quarantine_path is None


def test_adding_the_same_content_again_changes_nothing(store: Store, a_batch: MakeBatch) -> None:
    first = batches.add(store, a_batch())
    again = batches.add(store, a_batch(file_name="copy of companies.csv", actor="omar"))
    assert again == batches.Added(first.batch, is_new=False)
    assert len(audit.entries(store)) == 1


@pytest.mark.parametrize(
    "differs",
    [
        {"table": TableName.CONTACTS},
        {"source": "enrichment"},
        {"as_of": date(2026, 3, 2)},
        {"sha256": "b" * 64},
    ],
)
def test_another_table_source_day_or_content_is_another_batch(
    store: Store, a_batch: MakeBatch, differs: dict[str, object]
) -> None:
    batches.add(store, a_batch())
    assert batches.add(store, a_batch(**differs)).is_new


def test_what_was_imported_can_be_found_before_it_is_read(store: Store, a_batch: MakeBatch) -> None:
    added = batches.add(store, a_batch()).batch
    found = batches.find(
        store, table=added.table, source="crm", as_of=added.as_of, sha256=added.sha256
    )
    assert found == added
    other = batches.find(
        store, table=added.table, source="erp", as_of=added.as_of, sha256=added.sha256
    )
    assert other is None


def test_batches_are_listed_by_day_and_up_to_a_day(store: Store, a_batch: MakeBatch) -> None:
    days = [date(2026, 3, 3), date(2026, 1, 1), date(2026, 3, 3), date(2026, 2, 1)]
    for number, day in enumerate(days):
        batches.add(store, a_batch(as_of=day, sha256=f"{number}" * 64))
    assert [b.id for b in batches.listed(store)] == [2, 4, 1, 3]
    assert [b.id for b in batches.listed(store, up_to=date(2026, 2, 1))] == [2, 4]
    assert batches.listed(store, table=TableName.USAGE) == ()


def test_an_undone_batch_is_left_out_but_still_found_by_id(
    store: Store, a_batch: MakeBatch, monday: datetime
) -> None:
    kept = batches.add(store, a_batch()).batch
    gone = batches.add(store, a_batch(sha256="b" * 64)).batch
    undone = batches.undo(store, gone.id, at=monday, actor="omar")
    assert undone.undone_at == monday
    assert batches.listed(store) == (kept,)
    assert batches.listed(store, include_undone=True) == (kept, undone)
    assert batches.by_ids(store, [gone.id, kept.id]) == (kept, undone)


def test_a_file_may_be_imported_again_after_it_was_undone(
    store: Store, a_batch: MakeBatch, monday: datetime
) -> None:
    first = batches.add(store, a_batch()).batch
    batches.undo(store, first.id, at=monday, actor="omar")
    again = batches.add(store, a_batch())
    assert again.is_new
    assert again.batch.id != first.id
    assert batches.listed(store) == (again.batch,)


def test_undoing_twice_is_refused(store: Store, a_batch: MakeBatch, monday: datetime) -> None:
    batch = batches.add(store, a_batch()).batch
    batches.undo(store, batch.id, at=monday, actor="omar")
    with pytest.raises(UsageError, match="was undone on 2026-03-02"):
        batches.undo(store, batch.id, at=monday, actor="omar")


@pytest.mark.parametrize("number", [7, -1, 10**30])
def test_a_batch_nobody_knows_is_named(store: Store, number: int, monday: datetime) -> None:
    with pytest.raises(UnknownName, match=f"No batch is named '{number}'"):
        batches.undo(store, number, at=monday, actor="omar")
    with pytest.raises(UnknownName):
        batches.by_ids(store, [number])


def test_rows_that_do_not_add_up_are_refused(store: Store, a_batch: MakeBatch) -> None:
    with pytest.raises(UsageError, match="do not add up"):
        batches.add(store, a_batch(kept=8))
    assert batches.listed(store) == ()


def test_text_no_engine_takes_is_kept_as_an_escape(store: Store, a_batch: MakeBatch) -> None:
    hostile = "caf\udce9\x00'; DROP TABLE batches; --"
    batch = batches.add(store, a_batch(file_name=hostile, source=hostile)).batch
    assert batch.file_name == "caf\\udce9\\x00'; DROP TABLE batches; --"
    assert not batches.add(store, a_batch(file_name=hostile, source=hostile)).is_new
    assert audit.verify(store) is None


def test_a_moment_of_another_zone_is_kept_in_utc(store: Store, a_batch: MakeBatch) -> None:
    tokyo = timezone(timedelta(hours=9))
    batch = batches.add(
        store, a_batch(imported_at=datetime(2026, 3, 2, 5, 0, 0, 123456, tzinfo=tokyo))
    ).batch
    assert batch.imported_at.isoformat() == "2026-03-01T20:00:00.123456+00:00"
    assert audit.verify(store) is None
