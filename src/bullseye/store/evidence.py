"""Evidence: quotes with where they stand, the method that found them, and people's decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.definitions.evidence import EvidenceKind, Status
from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.research import source_of
from bullseye.store.tables import EVIDENCE, RESEARCH_SOURCES, RESEARCH_TURNS

_PRIVATE = ("quote",)  # what a person said; the source keeps it


@dataclass(frozen=True, kw_only=True)
class NewEvidence:
    """A quote before it is kept: the slice of a turn's text from `char_start` to `char_end`."""

    source_id: int
    turn_index: int
    kind: EvidenceKind
    char_start: int
    char_end: int
    quote: str
    method: str
    score: float | None = None
    status: Status = Status.CANDIDATE


@dataclass(frozen=True, kw_only=True)
class Evidence(NewEvidence):
    """A quote that is kept; the last three are None until a person decided."""

    id: int
    created_at: datetime
    actor: str
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Coded:
    """What the audit trail keeps of evidence that was added together."""

    source_id: int
    methods: tuple[str, ...]
    ids: tuple[int, ...]


def add(
    store: Store, new: Sequence[NewEvidence], *, at: datetime, actor: str
) -> tuple[Evidence, ...]:
    """Keep quotes of one source, and return those that are new.

    A quote that is kept already, with the same kind and the same place, is left as it is: what
    a person rejected stays rejected.

    Raises
    ------
    UnknownName
        If there is no such source.
    UsageError
        If the source was undone, the quotes are of several sources, or one is not the slice of
        the turn that it says.
    """
    if not new:
        return ()
    with store.write() as connection:
        source_id = _one_source(connection, new)
        _check_slices(connection, source_id, new)
        known = {_place(row) for row in _rows(connection, source_id)}
        fresh = {_place(each): each for each in new if _place(each) not in known}
        if not fresh:
            return ()
        values = [{**asdict(e), "created_at": at, "actor": actor} for e in fresh.values()]
        query = insert(EVIDENCE).returning(*EVIDENCE.c, sort_by_parameter_order=True)
        kept = tuple(_evidence(row) for row in connection.execute(query, values))
        audit.log(
            connection,
            "evidence.add",
            f"source S{source_id}",
            at=at,
            actor=actor,
            after=_Coded(
                source_id=source_id,
                methods=tuple(sorted({each.method for each in kept})),
                ids=tuple(each.id for each in kept),
            ),
        )
        return kept


def listed(
    store: Store,
    *,
    kind: EvidenceKind | None = None,
    status: Status | None = None,
    account_id: str | None = None,
    source_id: int | None = None,
) -> tuple[Evidence, ...]:
    """Return the evidence of standing sources, in the order it was added."""
    query = (
        select(EVIDENCE)
        .join(RESEARCH_SOURCES, RESEARCH_SOURCES.c.id == EVIDENCE.c.source_id)
        .where(RESEARCH_SOURCES.c.undone_at.is_(None))
        .order_by(EVIDENCE.c.id)
    )
    if kind is not None:
        query = query.where(EVIDENCE.c.kind == kind.value)
    if status is not None:
        query = query.where(EVIDENCE.c.status == status.value)
    if account_id is not None:
        query = query.where(RESEARCH_SOURCES.c.account_id == account_id)
    if source_id is not None:
        query = query.where(EVIDENCE.c.source_id == source_id)
    with store.read() as connection:
        return tuple(_evidence(row) for row in connection.execute(query))


def review(
    store: Store,
    ids: Iterable[int],
    status: Status,
    *,
    at: datetime,
    reviewer: str,
    reason: str | None = None,
) -> tuple[Evidence, ...]:
    """Write down what a person decided on evidence: all of it, or none.

    Raises
    ------
    UnknownName
        If there is no such evidence among the standing sources.
    UsageError
        If evidence is rejected without a reason, or nobody is named.
    """
    if not reviewer.strip():
        raise UsageError("A decision needs the name of who decided.", hint="Say who decided.")
    if status is Status.REJECTED and not (reason or "").strip():
        raise UsageError(
            "Evidence is rejected with a reason, and it is blank.",
            hint='Give one: --reason "said by a vendor, not by the customer"',
        )
    wanted = tuple(dict.fromkeys(ids))
    with store.write() as connection:
        standing = (
            select(EVIDENCE)
            .join(RESEARCH_SOURCES, RESEARCH_SOURCES.c.id == EVIDENCE.c.source_id)
            .where(RESEARCH_SOURCES.c.undone_at.is_(None))
        )
        found = {row.id: _evidence(row) for row in connection.execute(standing)}
        for each in wanted:
            if each not in found:
                hint = "See it with: bullseye research evidence"
                raise UnknownName("evidence", f"E{each}", (), hint=hint)
        return tuple(
            _reviewed(connection, found[each], status, at, reviewer, reason) for each in wanted
        )


def _reviewed(
    connection: Connection,
    before: Evidence,
    status: Status,
    at: datetime,
    reviewer: str,
    reason: str | None,
) -> Evidence:
    query = (
        update(EVIDENCE)
        .where(EVIDENCE.c.id == before.id)
        .values(status=status.value, reviewer=reviewer, reviewed_at=at, reason=reason)
        .returning(*EVIDENCE.c)
    )
    after = _evidence(connection.execute(query).one())
    action = {
        Status.CONFIRMED: "evidence.confirm",
        Status.REJECTED: "evidence.reject",
        Status.CANDIDATE: "evidence.reopen",
    }[status]
    audit.log(
        connection,
        action,
        f"evidence E{after.id}",
        at=at,
        actor=reviewer,
        before=before,
        after=after,
        leave_out=_PRIVATE,
    )
    return after


def _one_source(connection: Connection, new: Sequence[NewEvidence]) -> int:
    ids = {each.source_id for each in new}
    if len(ids) > 1:
        raise UsageError(
            f"The quotes are of {len(ids)} sources.", hint="Add the evidence of one at a time."
        )
    source = source_of(connection, ids.pop())
    if source.undone_at is not None:
        raise UsageError(
            f"Source S{source.id} was undone on {source.undone_at:%Y-%m-%d}.",
            hint="Import its file again to have it back.",
        )
    return source.id


def _check_slices(connection: Connection, source_id: int, new: Sequence[NewEvidence]) -> None:
    """Refuse a quote that is not literally there: the last guard, whoever asks."""
    query = select(RESEARCH_TURNS.c.turn_index, RESEARCH_TURNS.c.text).where(
        RESEARCH_TURNS.c.source_id == source_id
    )
    texts = {row.turn_index: row.text for row in connection.execute(query)}
    for each in new:
        text = texts.get(each.turn_index, "")
        is_within = 0 <= each.char_start < each.char_end <= len(text)
        if not is_within or text[each.char_start : each.char_end] != each.quote:
            raise UsageError(
                f"A quote does not stand in turn {each.turn_index} of source S{source_id}.",
                hint="Quote what was said, word for word.",
            )


def _rows(connection: Connection, source_id: int) -> Iterable[Row[Any]]:
    return connection.execute(select(EVIDENCE).where(EVIDENCE.c.source_id == source_id))


def _place(of: Row[Any] | NewEvidence) -> tuple[int, str, int, int]:
    return of.turn_index, str(of.kind), of.char_start, of.char_end


def _evidence(row: Row[Any]) -> Evidence:
    values = row._asdict()
    return Evidence(**{**values, "kind": EvidenceKind(row.kind), "status": Status(row.status)})
