"""The manifest of imported batches: added to, marked undone, never rewritten."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import BATCHES, clean

_NOT_AUDITED = ("report",)  # long, and found in the batch itself


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """One import of one file, before it is in the manifest.

    `sha256` covers the file's content and the mapping it was read with. `path` and
    `quarantine_path` are relative to the warehouse folder; the latter is None where every row
    was kept. `report` is the data-quality report as JSON text. `as_of` is the day the data was
    true, `imported_at` the moment it was read, in UTC.
    """

    table: TableName
    source: str
    as_of: date
    sha256: str
    path: str
    file_name: str
    rows_read: int
    kept: int
    quarantined: int
    exact_duplicates: int
    quarantine_path: str | None
    report: str
    imported_at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class Batch(NewBatch):
    """A batch in the manifest; `undone_at` is None while it counts."""

    id: int
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Added:
    """The batch that is in the manifest now, and whether this call put it there."""

    batch: Batch
    is_new: bool


def find(store: Store, *, table: TableName, source: str, as_of: date, sha256: str) -> Batch | None:
    """Return the standing batch of this very content, or None: ask before reading a file."""
    with store.read() as connection:
        return _standing(connection, table, source, as_of, sha256)


def add(store: Store, new: NewBatch) -> Added:
    """Put a batch into the manifest, or return the one of the same content that stands there.

    The same content is the same table, source, day and `sha256`. A batch that was undone does
    not stand: its file may be imported again and becomes a batch of its own.

    Raises
    ------
    UsageError
        If the rows read are not those kept, quarantined and dropped as duplicates together.
    """
    if new.rows_read != new.kept + new.quarantined + new.exact_duplicates:
        raise UsageError(
            f"{new.rows_read:,} rows were read, but {new.kept:,} kept, {new.quarantined:,} "
            f"quarantined and {new.exact_duplicates:,} duplicates do not add up to them.",
            hint="This is a fault of the program: report it with the file's shape.",
            place=clean(new.file_name),
        )
    with store.write() as connection:
        existing = _standing(connection, new.table, new.source, new.as_of, new.sha256)
        if existing:
            return Added(existing, is_new=False)
        query = insert(BATCHES).values(asdict(new)).returning(*BATCHES.c)
        batch = _batch(connection.execute(query).one())
        audit.log(
            connection,
            "batch.add",
            f"batch {batch.id}",
            at=new.imported_at,
            actor=new.actor,
            after=batch,
            leave_out=_NOT_AUDITED,
        )
        return Added(batch, is_new=True)


def listed(
    store: Store,
    *,
    table: TableName | None = None,
    up_to: date | None = None,
    include_undone: bool = False,
) -> tuple[Batch, ...]:
    """Return the batches that stand, by day and then in the order they were imported.

    Parameters
    ----------
    store : Store
        Where the manifest is.
    table : TableName, optional
        Only the batches of this table.
    up_to : date, optional
        Only the batches that were true on this day or before it.
    include_undone : bool
        Also those that were undone.
    """
    query = select(BATCHES).order_by(BATCHES.c.as_of, BATCHES.c.id)
    if table is not None:
        query = query.where(BATCHES.c.table == table.value)
    if up_to is not None:
        query = query.where(BATCHES.c.as_of <= up_to)
    if not include_undone:
        query = query.where(BATCHES.c.undone_at.is_(None))
    with store.read() as connection:
        return tuple(_batch(row) for row in connection.execute(query))


def by_ids(store: Store, ids: Iterable[int]) -> tuple[Batch, ...]:
    """Return these batches, by day and then import, undone or not: what a run once read.

    Raises
    ------
    UnknownName
        If there is no batch of one of the ids.
    """
    wanted = frozenset(ids)
    found = tuple(b for b in listed(store, include_undone=True) if b.id in wanted)
    missing = wanted - {batch.id for batch in found}
    if missing:
        raise _unknown(min(missing))
    return found


def undo(store: Store, batch_id: int, *, at: datetime, actor: str) -> Batch:
    """Mark a batch as undone: later snapshots leave it out, earlier runs still replay with it.

    Raises
    ------
    UnknownName
        If there is no such batch.
    UsageError
        If it was undone before.
    """
    with store.write() as connection:
        # Compared here: an id of any size may come from a command line.
        known = {row.id: row for row in connection.execute(select(BATCHES.c.id))}
        if batch_id not in known:
            raise _unknown(batch_id)
        is_it = BATCHES.c.id == batch_id
        before = _batch(connection.execute(select(BATCHES).where(is_it)).one())
        if before.undone_at is not None:
            raise UsageError(
                f"Batch {batch_id} was undone on {before.undone_at:%Y-%m-%d}.",
                hint="Import its file again to have it back.",
            )
        query = update(BATCHES).where(is_it).values(undone_at=at).returning(*BATCHES.c)
        batch = _batch(connection.execute(query).one())
        audit.log(
            connection,
            "batch.undo",
            f"batch {batch.id}",
            at=at,
            actor=actor,
            before=before,
            after=batch,
            leave_out=_NOT_AUDITED,
        )
        return batch


def _standing(
    connection: Connection, table: TableName, source: str, as_of: date, sha256: str
) -> Batch | None:
    row = connection.execute(
        select(BATCHES).where(
            BATCHES.c.table == table.value,
            BATCHES.c.source == source,
            BATCHES.c.as_of == as_of,
            BATCHES.c.sha256 == sha256,
            BATCHES.c.undone_at.is_(None),
        )
    ).one_or_none()
    return _batch(row) if row else None


def _batch(row: Row[Any]) -> Batch:
    return Batch(**{**row._asdict(), "table": TableName(row.table)})


def _unknown(batch_id: int) -> UnknownName:
    return UnknownName("batch", str(batch_id), (), hint="List the batches to see their numbers.")
