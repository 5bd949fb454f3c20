"""Take what names one contact out of every row of the store, and wipe where it stood.

Rows stay, with their days, kinds and decisions: what is counted is counted as before. What the
contact said goes under a black bar of the same length, so that offsets of quotes still hold.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, Column, Connection, Row, String, Table, Text, select, update
from sqlalchemy.types import TypeDecorator

from bullseye.store import audit
from bullseye.store.audit import Change, Entry
from bullseye.store.db import Store
from bullseye.store.tables import (
    AUDIT,
    AUDIT_HEAD,
    EVIDENCE,
    LEASES,
    MATCH_DECISIONS,
    MERGES,
    METADATA,
    RESEARCH_SOURCES,
    RESEARCH_TURNS,
    SUPPRESSIONS,
    VERSIONS,
)

COVER = "█"

_TELLING = 20
"""Letters from which a quote is somebody's own, and not a common phrase."""

_OURS = frozenset({"actor", "author", "reviewer", "holder"})
"""Columns that name who of us did something."""

_APART = (AUDIT, AUDIT_HEAD, LEASES, VERSIONS, RESEARCH_TURNS, EVIDENCE, SUPPRESSIONS)
"""Tables that are not swept row by row: these have their own way, or are no place for it.

Definitions are what the team wrote, and a version is known by the hash of its content.
"""

_STAYS = {MATCH_DECISIONS.name: frozenset({"name", "domain", "reference"})}
"""Columns that say what an account is called."""

_ABOUT = frozenset({"reason"})
"""What a person wrote about the contact in a row of theirs."""


class Redactor(Protocol):
    """Knows whom to take out, and what to put in the place of what named them."""

    def is_theirs(self, contact_id: str | None, email: str | None) -> bool:
        """Whether an id or an address is theirs."""

    def token(self, contact_id: str) -> str | None:
        """Return what stands for a contact id that is theirs; None for any other."""

    def redacted(self, text: str, account_id: str | None = None) -> str:
        """Return a text without what names them."""

    def covered(self, text: str, account_id: str | None = None) -> str:
        """Return a text of the same length, with what names them under a black bar."""


def redact(
    store: Store, redactor: Redactor, *, subject: str, at: datetime, actor: str, dry_run: bool
) -> Mapping[str, int]:
    """Take what names a contact out of every table, in one transaction.

    Returns
    -------
    Mapping[str, int]
        How many rows changed, or would change, by table; turns whose words go, apart.
    """
    if dry_run:
        with store.read() as connection:
            return _redact(connection, redactor, None)
    change = Change(at=at, actor=actor, action=audit.REDACTION, subject=subject)
    with store.write() as connection:
        _overwrite_freed(connection)
        return _redact(connection, redactor, change)


def quotes_of(store: Store, redactor: Redactor) -> tuple[str, ...]:
    """Return what was quoted of a contact: where else somebody wrote it down, it is theirs too."""
    with store.read() as connection:
        found: list[str] = []
        for turn, new in _turns(connection, RESEARCH_TURNS, redactor):
            if set(new.get("text", "")) == {COVER}:
                of_turn = (EVIDENCE.c.source_id == turn.source_id) & (
                    EVIDENCE.c.turn_index == turn.turn_index
                )
                found += connection.execute(select(EVIDENCE.c.quote).where(of_turn)).scalars()
        return tuple(sorted({each for each in found if len(each) >= _TELLING}))


def wipe(store: Store) -> None:
    """Write the store's file anew, so that no page holds what its rows no longer say.

    A server has its own ways and its own backups: there it is left to them.
    """
    if store.engine.url.get_backend_name() != "sqlite":
        return
    with store.alone() as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _overwrite_freed(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _redact(connection: Connection, redactor: Redactor, change: Change | None) -> Mapping[str, int]:
    """Change what is to be changed, or only count it where there is no `change` to record."""
    counts: Counter[str] = Counter()
    swept = [table for table in METADATA.sorted_tables if table not in _APART]
    for table in (RESEARCH_TURNS, *swept):
        finds = _turns if table is RESEARCH_TURNS else _rows
        for row, new in finds(connection, table, redactor):
            counts[table.name] += 1
            if change is not None:
                connection.execute(update(table).where(_is(table, row)).values(new))
            if table is RESEARCH_TURNS and "text" in new:
                counts[EVIDENCE.name] += _quotes(connection, row, new["text"], change is not None)
    counts[EVIDENCE.name] += _reasons(connection, redactor, change is not None)
    said = _entries(connection, redactor)
    counts[AUDIT.name] += len(said)
    if said and change is not None:
        audit.redact(connection, said, change)
    return {name: count for name, count in sorted(counts.items()) if count}


# -- rows ----------------------------------------------------------------------------------


def _rows(
    connection: Connection, table: Table, redactor: Redactor
) -> list[tuple[Row[Any], dict[str, Any]]]:
    found = []
    for row in connection.execute(select(table)):
        new = _changes(table, row._mapping, redactor)
        if new:
            found.append((row, new))
    return found


def _changes(table: Table, row: Mapping[Any, Any], redactor: Redactor) -> dict[str, Any]:
    """Return the columns of a row that change, with their new values."""
    account_id = row["account_id"] if "account_id" in table.c else None
    is_theirs = any(redactor.token(each) is not None for each in _contacts_of(table, row))
    stays = _STAYS.get(table.name, frozenset())
    new: dict[str, Any] = {}
    for column in table.c:
        value = row[column.name]
        if value is None or column.name in _OURS or column.name in stays or not _is_text(column):
            continue
        is_id = column.name == "contact_id" or _is_merged(table, row, column.name)
        if is_theirs and column.name in _ABOUT:
            new[column.name] = _cover(value)
        elif isinstance(column.type, JSON):
            new[column.name] = _walked(value, redactor, is_id=is_id)
        elif is_id:
            new[column.name] = redactor.token(value) or value
        else:
            new[column.name] = redacted_text(value, redactor, account_id)
    return {name: value for name, value in new.items() if value != row[name]}


def _contacts_of(table: Table, row: Mapping[Any, Any]) -> list[str]:
    """Return the contacts that a row is about."""
    if table is MERGES and row["table"] == "contacts":
        return [row["survivor_id"], *row["other_ids"]]
    contact_id = row["contact_id"] if "contact_id" in table.c else None
    return [] if contact_id is None else [contact_id]


def _is_text(column: Column[Any]) -> bool:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, Text | JSON) or (isinstance(kind, String) and column.name != "hash")


def _is_merged(table: Table, row: Mapping[Any, Any], name: str) -> bool:
    is_merge = table is MERGES and row["table"] == "contacts"
    return is_merge and name in ("survivor_id", "other_ids")


def _is(table: Table, row: Row[Any]) -> Any:
    """Return the condition that it is this row."""
    condition: Any = True
    for column in table.primary_key:
        condition = (column == row._mapping[column.name]) & condition
    return condition


# -- what was said -------------------------------------------------------------------------


def _turns(
    connection: Connection, table: Table, redactor: Redactor
) -> list[tuple[Row[Any], dict[str, Any]]]:
    """Return the turns to change: of what the contact said all goes, of others' words a name."""
    accounts = RESEARCH_SOURCES.c.account_id.label("account_id")
    query = select(table, accounts).join(RESEARCH_SOURCES)
    found = []
    for row in connection.execute(query):
        speaker = row.speaker or ""
        hidden = redactor.covered(speaker, row.account_id)
        is_named = hidden != speaker and not _bare(hidden)
        if is_named or redactor.is_theirs(row.contact_id, row.email):
            token = redactor.token(row.contact_id) if row.contact_id else None
            values = {"text": _cover(row.text), "email": None, "contact_id": token}
            new = values | {"speaker": row.speaker and _cover(row.speaker)}
        else:
            new = {"text": redactor.covered(row.text, row.account_id)}
            new["speaker"] = row.speaker and redactor.covered(row.speaker, row.account_id)
        new = {name: value for name, value in new.items() if value != getattr(row, name)}
        if new:
            found.append((row, new))
    return found


def _bare(text: str) -> str:
    """Return a text without black bars and blanks."""
    return text.replace(COVER, "").strip(" .,()")


def _quotes(connection: Connection, turn: Row[Any], text: str, writes: bool) -> int:
    """Let the quotes of a turn be what the turn says now; return how many changed."""
    of_turn = (EVIDENCE.c.source_id == turn.source_id) & (EVIDENCE.c.turn_index == turn.turn_index)
    changed = 0
    for row in connection.execute(select(EVIDENCE).where(of_turn)).all():
        quote = text[row.char_start : row.char_end]
        if quote != row.quote:
            changed += 1
            if writes:
                values = {"quote": quote}
                connection.execute(update(EVIDENCE).where(EVIDENCE.c.id == row.id).values(values))
    return changed


def _reasons(connection: Connection, redactor: Redactor, writes: bool) -> int:
    """Take names out of the reasons that people gave for or against evidence."""
    changed = 0
    query = select(EVIDENCE.c.id, EVIDENCE.c.reason).where(EVIDENCE.c.reason.is_not(None))
    for row in connection.execute(query).all():
        reason = redactor.redacted(row.reason)
        if reason != row.reason:
            changed += 1
            if writes:
                values = {"reason": reason}
                connection.execute(update(EVIDENCE).where(EVIDENCE.c.id == row.id).values(values))
    return changed


# -- the audit trail -----------------------------------------------------------------------


def _entries(connection: Connection, redactor: Redactor) -> list[Entry]:
    """Return the entries that name the contact, as they are to read."""
    found = []
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)):
        entry = Entry(**row._mapping)
        said = replace(
            entry,
            subject=_subject(entry.subject, redactor),
            before=entry.before and redacted_text(entry.before, redactor),
            after=entry.after and redacted_text(entry.after, redactor),
        )
        if said != entry and entry.action != audit.REDACTION:
            found.append(said)
    return found


def _subject(subject: str, redactor: Redactor) -> str:
    """Return a subject as in ``contact C-17`` without an id that is theirs."""
    what, _, name = subject.partition(" ")
    token = redactor.token(name) if what == "contact" else None
    return f"{what} {token}" if token else redactor.redacted(subject)


# -- texts ---------------------------------------------------------------------------------


def redacted_text(text: str, redactor: Redactor, account_id: str | None = None) -> str:
    """Return a text, or the JSON document that it is, without what names the contact."""
    if text[:1] in '{["':
        try:
            said = json.loads(text)
        except ValueError:
            return redactor.redacted(text, account_id)
        walked = _walked(said, redactor)
        if walked == said:
            return text
        is_ascii = text.isascii()
        tight = ": " not in text
        separators = (",", ":") if tight else None
        return json.dumps(walked, ensure_ascii=is_ascii, separators=separators)
    return redactor.redacted(text, account_id)


def _walked(value: Any, redactor: Redactor, *, is_id: bool = False) -> Any:
    """Return a JSON value without what names the contact; `is_id` where texts are their ids."""
    if isinstance(value, str):
        token = redactor.token(value) if is_id else None
        return token or redactor.redacted(value)
    if isinstance(value, list):
        return [_walked(each, redactor, is_id=is_id) for each in value]
    if isinstance(value, dict):
        return _walked_object(value, redactor)
    return value


def _walked_object(value: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    said = value.get("contact_id")
    is_theirs = isinstance(said, str) and redactor.token(said) is not None
    of_ids = value.get("field") == "contact_id"
    merges = value.get("table") == "contacts"
    new: dict[str, Any] = {}
    for key, each in value.items():
        named = key in ("contact_id", "contact_ids") or key.endswith("_contact_id")
        merged = merges and key in ("survivor_id", "other_ids")
        if is_theirs and key in _ABOUT and isinstance(each, str):
            new[key] = _cover(each)
        elif key in _OURS:
            new[key] = each
        elif of_ids and key == "top" and isinstance(each, list):
            new[key] = [_profiled(one, redactor) for one in each]
        else:
            new[redactor.redacted(key)] = _walked(each, redactor, is_id=named or merged)
    return new


def _profiled(one: Any, redactor: Redactor) -> Any:
    """Return one of the frequent values of a field of ids."""
    if not isinstance(one, dict):
        return _walked(one, redactor, is_id=True)
    return {key: _walked(each, redactor, is_id=key == "value") for key, each in one.items()}


def _cover(text: str) -> str:
    return COVER * len(text)
