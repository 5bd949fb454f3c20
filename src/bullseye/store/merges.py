"""Merges: people's decisions that two records are one; added and taken back, never changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.standing import standing as rows_standing
from bullseye.store.standing import taken_back
from bullseye.store.tables import MERGES


@dataclass(frozen=True, kw_only=True)
class NewMerge:
    """A merge about to be recorded: `other_ids` are the same as `survivor_id`, which stays.

    `table` is accounts or contacts.
    """

    table: str
    survivor_id: str
    other_ids: tuple[str, ...]
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Merge(NewMerge):
    """A recorded merge; `withdrawn_at` is None while it holds."""

    id: int
    withdrawn_at: datetime | None = None


def add(store: Store, new: NewMerge) -> Merge:
    """Record a merge.

    Raises
    ------
    UsageError
        If author or reason is blank, a record would be merged into itself or in a circle, or
        is merged into another one already.
    """
    with store.write() as connection:
        require_possible(new, _held(connection, None))
        values = {**asdict(new), "other_ids": list(new.other_ids)}
        query = insert(MERGES).values(values).returning(*MERGES.c)
        merge = _merge(connection.execute(query).one())
        audit.log(
            connection,
            "merge.add",
            _subject(merge),
            at=new.created_at,
            actor=new.author,
            after=merge,
            leave_out=_people(merge),
        )
        return merge


def withdraw(store: Store, merge_id: int, *, at: datetime, actor: str) -> Merge:
    """Take a merge back from `at` on.

    Raises
    ------
    UnknownName
        If there is no such merge.
    UsageError
        If it was taken back before.
    """
    with store.write() as connection:
        before = standing(listed(store), merge_id)
        after = _merge(taken_back(connection, MERGES, merge_id, at))
        audit.log(
            connection,
            "merge.withdraw",
            _subject(after),
            at=at,
            actor=actor,
            before=before,
            after=after,
            leave_out=_people(after),
        )
        return after


def standing(merges: Sequence[Merge], merge_id: int) -> Merge:
    """Return the merge of that number, if it still holds.

    Raises
    ------
    UnknownName, UsageError
        As `withdraw` does.
    """
    known = {each.id: each for each in merges}
    if merge_id not in known:
        raise UnknownName(
            "merge", str(merge_id), tuple(map(str, known)), hint="See them with: bullseye merges"
        )
    found = known[merge_id]
    if found.withdrawn_at is not None:
        raise UsageError(
            f"Merge {merge_id} was taken back on {found.withdrawn_at:%Y-%m-%d}.",
            hint="Nothing is left to take back.",
        )
    return found


def active(store: Store, *, known_at: datetime | None = None) -> tuple[Merge, ...]:
    """Return the merges that hold now, or held at the moment `known_at`, in their order."""
    with store.read() as connection:
        return _held(connection, known_at)


def listed(store: Store) -> tuple[Merge, ...]:
    """Return every merge in its order, those taken back too."""
    with store.read() as connection:
        rows = connection.execute(select(MERGES).order_by(MERGES.c.id))
        return tuple(_merge(row) for row in rows)


def require_possible(new: NewMerge, held: Sequence[Merge]) -> None:
    """Refuse a merge that is blank, goes in a circle, or merges what is merged already.

    Raises
    ------
    UsageError
        With what is wrong and what to do instead.
    """
    for name in ("author", "reason"):
        if not getattr(new, name).strip():
            raise UsageError(
                f"A merge needs its {name}, and it is blank.", hint="Say who decided, and why."
            )
    if not new.other_ids or len({new.survivor_id, *new.other_ids}) <= len(new.other_ids):
        raise UsageError(
            "A merge needs the record that stays and others, each named once.",
            hint=f"As in: bullseye merge {new.table} WINNER OTHER --reason TEXT",
        )
    into = {other: each for each in held if each.table == new.table for other in each.other_ids}
    for other in new.other_ids:
        if other in into:
            earlier = into[other]
            raise UsageError(
                f"{other!r} is merged into {earlier.survivor_id!r} already, by merge {earlier.id}.",
                hint=f"Merge {earlier.survivor_id!r} instead, or take the earlier one back with:"
                f" bullseye unmerge {earlier.id}",
            )
    at = new.survivor_id
    while at in into:
        at = into[at].survivor_id
        if at in new.other_ids:
            raise UsageError(
                f"{new.survivor_id!r} is merged into {at!r} already: this would go in a circle.",
                hint=f"To let {new.survivor_id!r} stay, first: bullseye unmerge"
                f" {into[new.survivor_id].id}",
            )


def _held(connection: Connection, known_at: datetime | None) -> tuple[Merge, ...]:
    query = rows_standing(MERGES, known_at)
    return tuple(_merge(row) for row in connection.execute(query))


def _people(merge: Merge) -> tuple[str, ...]:
    """Return the fields the audit trail does not keep: of contacts neither ids nor reason.

    The trail cannot forget, and a person may ask to be forgotten. The merge itself keeps both.
    """
    return () if merge.table == "accounts" else ("survivor_id", "other_ids", "reason")


def _subject(merge: Merge) -> str:
    return f"merge {merge.id}"


def _merge(row: Row[Any]) -> Merge:
    values = row._asdict()
    return Merge(**{**values, "other_ids": tuple(values["other_ids"])})
