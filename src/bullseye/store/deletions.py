"""Removals of all that was known of a contact: that they happened, when and why; never of whom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.errors import UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import BATCHES, DELETIONS, REWRITES


@dataclass(frozen=True, kw_only=True)
class NewDeletion:
    """A removal about to begin; `reason` names nobody."""

    reason: str
    started_at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class Deletion(NewDeletion):
    """A removal; `finished_at` and `counts` (of what, by place) are None until it is done."""

    id: int
    finished_at: datetime | None = None
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """A file of the warehouse that a removal wrote anew; `path` is relative to the warehouse.

    The two hashes chain what a file was to what it is; `batch_id` is None where it is no batch.
    """

    deletion_id: int
    path: str
    rows_removed: int
    rows_changed: int
    sha256_before: str
    sha256_after: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Trace:
    """What the audit trail keeps of a rewrite."""

    path: str
    batch_id: int | None
    rows_removed: int
    rows_changed: int
    sha256_before: str
    sha256_after: str


def begun(connection: Connection, new: NewDeletion) -> Deletion:
    """Record that a removal begins, inside the caller's transaction.

    Raises
    ------
    UsageError
        If the reason is blank.
    """
    if not new.reason.strip():
        raise UsageError("A deletion needs its reason.", hint="Say it with: --reason TEXT")
    query = insert(DELETIONS).values(asdict(new)).returning(*DELETIONS.c)
    deletion = _deletion(connection.execute(query).one())
    audit.log(
        connection,
        "deletion.begin",
        f"deletion {deletion.id}",
        at=new.started_at,
        actor=new.actor,
        after=deletion,
    )
    return deletion


def rewrote(store: Store, rewrite: Rewrite, *, actor: str) -> None:
    """Record a file that is about to be replaced: once, however often it is said."""
    with store.write() as connection:
        is_it = (
            (REWRITES.c.deletion_id == rewrite.deletion_id)
            & (REWRITES.c.path == rewrite.path)
            & (REWRITES.c.sha256_after == rewrite.sha256_after)
        )
        if connection.execute(select(REWRITES.c.id).where(is_it)).first() is not None:
            return
        query = select(BATCHES.c.id).where(BATCHES.c.path == rewrite.path)
        batch_id = connection.execute(query).scalar()
        connection.execute(insert(REWRITES).values(**asdict(rewrite), batch_id=batch_id))
        subject = f"deletion {rewrite.deletion_id}" if batch_id is None else f"batch {batch_id}"
        said = asdict(rewrite)
        del said["deletion_id"], said["written_at"]
        audit.log(
            connection,
            "deletion.rewrite",
            subject,
            at=rewrite.written_at,
            actor=actor,
            after=_Trace(**said, batch_id=batch_id),
        )


def finish(store: Store, deletion_id: int, counts: Mapping[str, int], *, at: datetime) -> Deletion:
    """Record that a removal is done, and how much it took out, by place."""
    with store.write() as connection:
        is_it = DELETIONS.c.id == deletion_id
        before = _deletion(connection.execute(select(DELETIONS).where(is_it)).one())
        values = {"finished_at": at, "counts": dict(counts)}
        query = update(DELETIONS).where(is_it).values(values).returning(*DELETIONS.c)
        after = _deletion(connection.execute(query).one())
        audit.log(
            connection,
            "deletion.finish",
            f"deletion {deletion_id}",
            at=at,
            actor=after.actor,
            before=before,
            after=after,
        )
        return after


def listed(store: Store) -> tuple[Deletion, ...]:
    """Return the removals in the order they began."""
    with store.read() as connection:
        rows = connection.execute(select(DELETIONS).order_by(DELETIONS.c.id))
        return tuple(_deletion(row) for row in rows)


def rewrites(store: Store, deletion_id: int) -> tuple[Rewrite, ...]:
    """Return the files a removal wrote anew, in order."""
    query = select(REWRITES).where(REWRITES.c.deletion_id == deletion_id).order_by(REWRITES.c.id)
    with store.read() as connection:
        found = [row._asdict() for row in connection.execute(query)]
    for each in found:
        del each["id"], each["batch_id"]
    return tuple(Rewrite(**each) for each in found)


def _deletion(row: Row[Any]) -> Deletion:
    return Deletion(**row._asdict())
