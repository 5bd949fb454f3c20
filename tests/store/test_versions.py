"""Definition versions and which of them is in force."""

import hashlib
from datetime import datetime, timedelta

import pytest

from bullseye.errors import ExternalError, UnknownName
from bullseye.store import audit, versions
from bullseye.store.db import Store
from bullseye.store.versions import Version

HOUR = timedelta(hours=1)


def test_a_content_is_named_by_its_hash_and_comes_back_unchanged(
    store: Store, monday: datetime
) -> None:
    content = '{"icp":"Zürich","n":1}'
    name = versions.put(store, content, at=monday, actor="rita")
    assert name == hashlib.sha256(content.encode()).hexdigest()
    assert versions.get(store, name) == content


def test_the_same_content_is_kept_once_and_seen_again(store: Store, monday: datetime) -> None:
    first = versions.put(store, "{}", at=monday, actor="rita")
    again = versions.put(store, "{}", at=monday + HOUR, actor="omar")
    assert first == again
    assert versions.listed(store) == (Version(first, monday, monday + HOUR),)
    assert [e.action for e in audit.entries(store)] == ["definitions.seen", "definitions.add"]


def test_a_content_put_again_at_the_same_moment_leaves_no_trace(
    store: Store, monday: datetime
) -> None:
    for _ in range(3):
        versions.put(store, "{}", at=monday, actor="rita")
    assert len(audit.entries(store)) == 1


def test_versions_are_listed_by_when_they_were_last_seen(store: Store, monday: datetime) -> None:
    old = versions.put(store, "1", at=monday, actor="rita")
    new = versions.put(store, "2", at=monday + HOUR, actor="rita")
    assert [v.hash for v in versions.listed(store)] == [new, old]
    versions.put(store, "1", at=monday + 2 * HOUR, actor="rita")
    assert [v.hash for v in versions.listed(store)] == [old, new]


def test_an_unknown_hash_is_answered_with_the_nearest(store: Store, monday: datetime) -> None:
    name = versions.put(store, "{}", at=monday, actor="rita")
    with pytest.raises(UnknownName, match="Did you mean"):
        versions.get(store, name[:-1] + "x")


def test_content_with_what_no_engine_takes_still_matches_its_hash(
    store: Store, monday: datetime
) -> None:
    name = versions.put(store, '{"a":"\udce9\x00"}', at=monday, actor="rita")
    assert versions.get(store, name) == '{"a":"\\udce9\\x00"}'


def test_a_content_changed_behind_our_back_is_noticed(store: Store, monday: datetime) -> None:
    name = versions.put(store, "{}", at=monday, actor="rita")
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE versions SET content = '[]'")
    with pytest.raises(ExternalError, match="changed afterwards"):
        versions.get(store, name)


def test_publishing_moves_the_pointer_and_keeps_its_history(store: Store, monday: datetime) -> None:
    assert versions.published(store) is None
    one = versions.put(store, "1", at=monday, actor="rita")
    two = versions.put(store, "2", at=monday, actor="rita")
    first = versions.publish(store, one, at=monday, actor="rita")
    second = versions.publish(store, two, at=monday + 2 * HOUR, actor="omar")
    assert versions.published(store) == second
    assert versions.published(store, at=monday + HOUR) == first
    assert versions.published(store, at=monday - HOUR) is None
    assert versions.publications(store) == (second, first)


def test_publishing_what_is_in_force_changes_nothing(store: Store, monday: datetime) -> None:
    name = versions.put(store, "1", at=monday, actor="rita")
    first = versions.publish(store, name, at=monday, actor="rita")
    assert versions.publish(store, name, at=monday + HOUR, actor="omar") == first
    assert versions.publications(store) == (first,)


def test_only_a_known_version_can_be_published(store: Store, monday: datetime) -> None:
    with pytest.raises(UnknownName):
        versions.publish(store, "f" * 64, at=monday, actor="rita")
    assert versions.publications(store) == ()
