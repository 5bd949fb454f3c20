"""What was said: sources and their turns; added whole, marked undone, never rewritten.

Speakers' names, e-mail addresses and contacts stand in columns of their own, and nowhere else:
the audit trail has none of them, and none of what was said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from bullseye.definitions.evidence import Consent, Side, SourceKind
from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import RESEARCH_SOURCES, RESEARCH_TURNS

_PRIVATE = ("title", "file_name", "signature")  # may name or tell of a person


@dataclass(frozen=True, kw_only=True)
class KeptTurn:
    """One turn of a source; `resolved_by` says how the speaker's side was found.

    `speaker`, `email` and `contact_id` are None where they are not known, `started_ms` where
    the source has no clock, `resolved_by` where the side is unknown.
    """

    turn_index: int
    speaker: str | None
    side: Side
    text: str
    started_ms: int | None = None
    contact_id: str | None = None
    email: str | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewSource:
    """A source before it is kept.

    `sha256` is of the normalised words, `signature` what near-duplicates are found by (None for
    a short text), `account_by` how the account was found, `file_name` without its folder.
    """

    kind: SourceKind
    title: str
    occurred_on: date | None
    account_id: str | None
    account_by: str | None
    opportunity_id: str | None
    consent: Consent
    format: str
    file_name: str
    turn_count: int
    sha256: str
    signature: str | None
    imported_at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class KeptSource(NewSource):
    """A source that is kept; `undone_at` is None while it counts."""

    id: int
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Added:
    """The source that stands now, and whether this call added it."""

    source: KeptSource
    is_new: bool


def add(store: Store, new: NewSource, turns: Sequence[KeptTurn]) -> Added:
    """Keep one source with all its turns; see `add_all`."""
    return add_all(store, [(new, turns)])[0]


def add_all(
    store: Store, wanted: Sequence[tuple[NewSource, Sequence[KeptTurn]]]
) -> tuple[Added, ...]:
    """Keep sources with all their turns: all of them, or none.

    A source with the words of a standing one is not kept again; the standing one is returned.

    Raises
    ------
    UsageError
        If the turns of one are not as many as it says, or not numbered from 0.
    """
    for new, turns in wanted:
        if [turn.turn_index for turn in turns] != list(range(new.turn_count)):
            raise UsageError(
                f"{len(turns):,} turns do not make the {new.turn_count:,} of the source.",
                hint="This is a fault of the program: report it with the file's shape.",
            )
    with store.write() as connection:
        return tuple(_added(connection, new, turns) for new, turns in wanted)


def _added(connection: Connection, new: NewSource, turns: Sequence[KeptTurn]) -> Added:
    existing = _standing(connection, new.sha256)
    if existing:
        return Added(existing, is_new=False)
    query = insert(RESEARCH_SOURCES).values(asdict(new)).returning(*RESEARCH_SOURCES.c)
    source = _source(connection.execute(query).one())
    rows = [{"source_id": source.id, **asdict(turn)} for turn in turns]
    if rows:
        connection.execute(insert(RESEARCH_TURNS), rows)
    audit.log(
        connection,
        "research.import",
        f"source S{source.id}",
        at=new.imported_at,
        actor=new.actor,
        after=source,
        leave_out=_PRIVATE,
    )
    return Added(source, is_new=True)


def find(store: Store, sha256: str) -> KeptSource | None:
    """Return the standing source with these words, or None."""
    with store.read() as connection:
        return _standing(connection, sha256)


def listed(
    store: Store, *, account_id: str | None = None, include_undone: bool = False
) -> tuple[KeptSource, ...]:
    """Return the sources in the order they were imported; only an account's if one is named."""
    query = select(RESEARCH_SOURCES).order_by(RESEARCH_SOURCES.c.id)
    if account_id is not None:
        query = query.where(RESEARCH_SOURCES.c.account_id == account_id)
    if not include_undone:
        query = query.where(RESEARCH_SOURCES.c.undone_at.is_(None))
    with store.read() as connection:
        return tuple(_source(row) for row in connection.execute(query))


def get(store: Store, source_id: int) -> KeptSource:
    """Return a source by its id, undone or not.

    Raises
    ------
    UnknownName
        If there is no such source.
    """
    with store.read() as connection:
        return source_of(connection, source_id)


def turns(store: Store, source_id: int) -> tuple[KeptTurn, ...]:
    """Return the turns of a source in order."""
    query = select(RESEARCH_TURNS).where(RESEARCH_TURNS.c.source_id == source_id)
    with store.read() as connection:
        rows = connection.execute(query.order_by(RESEARCH_TURNS.c.turn_index))
        return tuple(_turn(row)[1] for row in rows)


def all_turns(store: Store) -> Iterator[tuple[int, KeptTurn]]:
    """Yield every turn of every standing source with the source's id, in order."""
    standing = RESEARCH_SOURCES.c.undone_at.is_(None)
    query: Select[Any] = (
        select(RESEARCH_TURNS)
        .join(RESEARCH_SOURCES, RESEARCH_SOURCES.c.id == RESEARCH_TURNS.c.source_id)
        .where(standing)
        .order_by(RESEARCH_TURNS.c.source_id, RESEARCH_TURNS.c.turn_index)
        .execution_options(yield_per=1000)
    )
    with store.read() as connection:
        for row in connection.execute(query):
            yield _turn(row)


def undo(store: Store, source_id: int, *, at: datetime, actor: str) -> KeptSource:
    """Mark a source as undone: neither it nor its evidence counts from then on.

    Raises
    ------
    UnknownName
        If there is no such source.
    UsageError
        If it was undone before.
    """
    with store.write() as connection:
        before = source_of(connection, source_id)
        if before.undone_at is not None:
            raise UsageError(
                f"Source S{source_id} was undone on {before.undone_at:%Y-%m-%d}.",
                hint="Import its file again to have it back.",
            )
        is_it = RESEARCH_SOURCES.c.id == source_id
        query = update(RESEARCH_SOURCES).where(is_it).values(undone_at=at)
        after = _source(connection.execute(query.returning(*RESEARCH_SOURCES.c)).one())
        audit.log(
            connection,
            "research.undo",
            f"source S{source_id}",
            at=at,
            actor=actor,
            before=before,
            after=after,
            leave_out=_PRIVATE,
        )
        return after


def source_of(connection: Connection, source_id: int) -> KeptSource:
    """Return a source by its id inside a transaction, or raise `UnknownName`."""
    # Compared here: a number of any size may come from a command line.
    known = {row.id for row in connection.execute(select(RESEARCH_SOURCES.c.id))}
    if source_id not in known:
        raise UnknownName("source", f"S{source_id}", (), hint="See them: bullseye research list")
    is_it = RESEARCH_SOURCES.c.id == source_id
    return _source(connection.execute(select(RESEARCH_SOURCES).where(is_it)).one())


def _standing(connection: Connection, sha256: str) -> KeptSource | None:
    is_it = (RESEARCH_SOURCES.c.sha256 == sha256) & RESEARCH_SOURCES.c.undone_at.is_(None)
    row = connection.execute(select(RESEARCH_SOURCES).where(is_it)).one_or_none()
    return _source(row) if row else None


def _source(row: Row[Any]) -> KeptSource:
    values = row._asdict()
    return KeptSource(
        **{**values, "kind": SourceKind(row.kind), "consent": Consent(row.consent)},
    )


def _turn(row: Row[Any]) -> tuple[int, KeptTurn]:
    values = row._asdict()
    source_id = int(values.pop("source_id"))
    return source_id, KeptTurn(**{**values, "side": Side(row.side)})
