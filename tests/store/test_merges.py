"""Merges: people's decisions that records are one, as they held at any moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bullseye.errors import UnknownName, UsageError
from bullseye.store import merges
from bullseye.store.db import Store
from bullseye.store.merges import Merge, NewMerge

Made = Callable[..., Merge]


@pytest.fixture
def made(store: Store, monday: datetime) -> Made:
    """Record a merge of accounts; name what differs."""

    def make(survivor: str, *others: str, **differs: object) -> Merge:
        usual: dict[str, object] = {
            "table": "accounts",
            "survivor_id": survivor,
            "other_ids": others,
            "author": "rita",
            "reason": "one \x00 firm",
            "created_at": monday,
        }
        return merges.add(store, NewMerge(**{**usual, **differs}))  # type: ignore[arg-type]

    return make


def test_a_merge_holds_from_its_moment_until_it_is_taken_back(
    store: Store, made: Made, monday: datetime
) -> None:
    merge = made("größe", "b", "c'")
    later = monday + timedelta(days=2)
    assert merges.active(store) == (merge,)
    assert merges.active(store, known_at=monday - timedelta(seconds=1)) == ()
    old = merges.withdraw(store, merge.id, at=later, actor="kim")
    assert merges.active(store) == ()
    assert merges.active(store, known_at=later - timedelta(seconds=1)) == (old,)
    assert merges.listed(store) == (old,)


def test_the_same_ids_of_accounts_and_contacts_are_apart(store: Store, made: Made) -> None:
    made("a", "b")
    made("b", "a", table="contacts")
    assert [each.table for each in merges.active(store)] == ["accounts", "contacts"]


def test_a_long_way_round_is_a_circle_too(store: Store, made: Made) -> None:
    made("b", "a")
    made("c", "b")
    with pytest.raises(UsageError, match="circle"):
        made("a", "c")
    merges.withdraw(store, 1, at=merges.active(store)[0].created_at, actor="kim")
    made("a", "c")
    assert [each.survivor_id for each in merges.active(store)] == ["c", "a"]


def test_what_is_not_there_cannot_be_taken_back(store: Store, made: Made, monday: datetime) -> None:
    made("a", "b")
    with pytest.raises(UnknownName):
        merges.withdraw(store, 9, at=monday, actor="kim")
