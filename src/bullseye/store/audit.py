"""The audit trail: every change, by whom, in a chain of hashes that shows tampering."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.errors import ExternalError
from bullseye.store.db import Store
from bullseye.store.tables import AUDIT, AUDIT_HEAD, clean, in_utc

FIRST_HASH = "0" * 64
"""What the first entry names as the hash before it."""

REDACTION = "audit.redact"
"""The action of an entry that tells which others were redacted."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change about to be recorded.

    `at` is a moment in UTC; `action` names the kind, as in `batch.undo`; `subject` names what
    was changed, as in `batch 12`; `before` and `after` are JSON texts, None where there is none.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entry(Change):
    """A recorded change; `hash` covers everything else in it, `prev_hash` ties it to the last."""

    id: int
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the chain does not hold, and what is wrong there."""

    entry_id: int
    problem: str


def log(
    connection: Connection,
    action: str,
    subject: str,
    *,
    at: datetime,
    actor: str,
    before: Any = None,
    after: Any,
    leave_out: Iterable[str] = (),
) -> Entry:
    """Add a change between two frozen dataclasses to the chain, inside the transaction.

    Fields named in `leave_out` are not part of the entry.
    """
    change = Change(
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        before=None if before is None else as_json(before, leave_out=leave_out),
        after=as_json(after, leave_out=leave_out),
    )
    return append(connection, change)


def as_json(value: Any, *, leave_out: Iterable[str] = ()) -> str:
    """Return a frozen dataclass as canonical JSON, without the fields in `leave_out`.

    Dates and moments become ISO 8601 text; keys are sorted; the text is pure ASCII.
    """
    skipped = frozenset(leave_out)
    kept = {name: each for name, each in asdict(value).items() if name not in skipped}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), default=_iso)


def append(connection: Connection, change: Change) -> Entry:
    """Add a change to the chain inside the caller's transaction, and return its entry.

    Raises
    ------
    ExternalError
        If somebody removed the record of where the chain ends.
    """
    head = connection.execute(select(AUDIT_HEAD)).one_or_none()
    if head is None:
        raise ExternalError(
            "The audit trail has lost its end, so nothing can be added to it.",
            hint="Restore the store from a backup.",
        )
    entry = _linked(change, head.last_id + 1, head.hash)
    connection.execute(insert(AUDIT).values(asdict(entry)))
    connection.execute(update(AUDIT_HEAD).values(last_id=entry.id, hash=entry.hash))
    return entry


def record(store: Store, change: Change) -> Entry:
    """Record a change that happened outside the store, as in a file that was exported."""
    with store.write() as connection:
        return append(connection, change)


def redact(connection: Connection, said: Sequence[Entry], change: Change) -> None:
    """Replace what entries say, as in a name that must go, and add an entry that tells of it.

    Every entry keeps its place, its day and its hash, so the chain still holds, and so does a
    hash that somebody kept elsewhere. What each entry says now is sealed by the added one.

    Parameters
    ----------
    connection
        The caller's transaction.
    said
        The entries as they are to read: only `subject`, `before` and `after` may differ.
    change
        The entry to add; its `after` is written here.
    """
    seals = {}
    for entry in said:
        seals[str(entry.id)] = _linked(entry, entry.id, entry.prev_hash).hash
        new = {"subject": entry.subject, "before": entry.before, "after": entry.after}
        connection.execute(update(AUDIT).where(AUDIT.c.id == entry.id).values(new))
    after = json.dumps({"says_now": seals}, sort_keys=True, separators=(",", ":"))
    append(connection, replace(change, action=REDACTION, after=after))


def entries(
    store: Store, *, subject: str | None = None, limit: int | None = None
) -> tuple[Entry, ...]:
    """Return the entries, newest first; only those about `subject`, at most `limit`."""
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(AUDIT.c.subject == clean(subject))
    with store.read() as connection:
        return tuple(_entry(row) for row in connection.execute(query))


def verify(store: Store) -> BrokenLink | None:
    """Return the first entry that was changed, removed or put in between; None if all hold.

    An entry whose text was redacted holds while it says what the redaction sealed.

    Whoever can write the database *and* recomputes every hash that follows, and the head, goes
    unseen: keep the newest hash somewhere else if that matters.
    """
    last_id, last_hash = 0, FIRST_HASH
    with store.read() as connection:
        head = connection.execute(select(AUDIT_HEAD)).one_or_none()
        seals = _seals(connection)
        query = select(AUDIT).order_by(AUDIT.c.id).execution_options(yield_per=1000)
        for row in connection.execute(query):
            problem = _problem(_entry(row), last_id, last_hash, seals)
            if problem:
                return BrokenLink(last_id + 1, problem)
            last_id, last_hash = row.id, row.hash
    if head is None or (head.last_id, head.hash) != (last_id, last_hash):
        return BrokenLink(last_id + 1, "The end of the chain is not where it was recorded.")
    return None


def _seals(connection: Connection) -> dict[int, str]:
    """Return, for every entry that was redacted, the hash of what it says now."""
    query = select(AUDIT.c.after).where(AUDIT.c.action == REDACTION).order_by(AUDIT.c.id)
    found: dict[int, str] = {}
    for (after,) in connection.execute(query):
        try:
            found |= {
                int(number): str(seal) for number, seal in json.loads(after)["says_now"].items()
            }
        except (TypeError, ValueError, KeyError):  # somebody changed it: its own hash will tell
            continue
    return found


def _problem(entry: Entry, last_id: int, last_hash: str, seals: Mapping[int, str]) -> str | None:
    if entry.id != last_id + 1:
        return "The entry is missing."
    if entry.prev_hash != last_hash:
        return "The entry does not follow the one before it."
    hashed = _linked(entry, entry.id, entry.prev_hash).hash
    if hashed not in (entry.hash, seals.get(entry.id)):
        return "The entry was changed after it was recorded."
    return None


def _linked(change: Change, number: int, prev_hash: str) -> Entry:
    # What is hashed is what will be read back: UTC, and text as the column keeps it.
    content: dict[str, Any] = {
        "id": number,
        "prev_hash": prev_hash,
        "at": in_utc(change.at),
        "actor": clean(change.actor),
        "action": change.action,
        "subject": clean(change.subject),
        "before": None if change.before is None else clean(change.before),
        "after": None if change.after is None else clean(change.after),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=_iso)
    return Entry(**content, hash=hashlib.sha256(text.encode("ascii")).hexdigest())


def _entry(row: Row[Any]) -> Entry:
    return Entry(**{field.name: getattr(row, field.name) for field in fields(Entry)})


def _iso(value: object) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the audit trail")
