"""The audit trail: complete, and telling when it was touched."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bullseye.store import audit, batches, versions
from bullseye.store.audit import BrokenLink, Change
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store


@pytest.fixture
def trail(store: Store, monday: datetime) -> Store:
    """A store with four entries."""
    for number in range(4):
        versions.put(store, str(number), at=monday, actor="rita")
    return store


def test_an_untouched_trail_holds(trail: Store) -> None:
    assert audit.verify(trail) is None


def test_an_empty_trail_holds(store: Store) -> None:
    assert audit.verify(store) is None


@pytest.mark.parametrize(
    ("tampering", "broken_at", "says"),
    [
        ("UPDATE audit SET actor = 'omar' WHERE id = 2", 2, "changed"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 3", 3, "changed"),
        ("UPDATE audit SET after = NULL WHERE id = 4", 4, "changed"),
        ("UPDATE audit SET before = '{}' WHERE id = 1", 1, "changed"),
        ("UPDATE audit SET hash = prev_hash WHERE id = 2", 2, "changed"),
        ("DELETE FROM audit WHERE id = 1", 1, "missing"),
        ("DELETE FROM audit WHERE id = 3", 3, "missing"),
        ("DELETE FROM audit WHERE id = 4", 4, "end of the chain"),
        ("DELETE FROM audit", 1, "end of the chain"),
        ("DELETE FROM audit_head", 5, "end of the chain"),
        (
            "INSERT INTO audit SELECT 5, at, actor, action, subject, before, after, 'f', hash "
            "FROM audit WHERE id = 4",
            5,
            "does not follow",
        ),
    ],
)
def test_tampering_is_found_where_it_was_done(
    trail: Store, tampering: str, broken_at: int, says: str
) -> None:
    with trail.write() as connection:
        connection.exec_driver_sql(tampering)
    broken = audit.verify(trail)
    assert isinstance(broken, BrokenLink)
    assert broken.entry_id == broken_at
    assert says in broken.problem


def test_an_entry_says_who_did_what_to_what(
    store: Store, a_batch: Callable[..., NewBatch], monday: datetime
) -> None:
    batch = batches.add(store, a_batch()).batch
    batches.undo(store, batch.id, at=monday, actor="omar")
    undone, added = audit.entries(store)
    assert (undone.actor, undone.action, undone.subject) == ("omar", "batch.undo", "batch 1")
    assert '"undone_at":null' in str(undone.before)
    assert '"undone_at":"2026-03-02T09:30:00+00:00"' in str(undone.after)
    assert added.before is None
    assert undone.prev_hash == added.hash


def test_something_outside_the_store_can_be_recorded(store: Store, monday: datetime) -> None:
    change = Change(at=monday, actor="r\x00ta", action="export", subject="list \ud800")
    entry = audit.record(store, change)
    assert audit.entries(store, subject="list \ud800") == (entry,)
    assert entry.actor == "r\\x00ta"
    assert audit.verify(store) is None


def test_entries_come_newest_first_and_no_more_than_asked(trail: Store) -> None:
    assert [entry.id for entry in audit.entries(trail, limit=2)] == [4, 3]


def test_a_moment_without_a_zone_is_refused(store: Store, monday: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        audit.record(
            store, Change(at=monday.replace(tzinfo=None), actor="a", action="b", subject="c")
        )
    assert audit.entries(store) == ()
