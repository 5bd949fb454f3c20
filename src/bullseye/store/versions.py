"""Definition versions: every content the definitions have had, named by its hash."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.errors import ExternalError, UnknownName
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import PUBLICATIONS, VERSIONS, clean


@dataclass(frozen=True)
class Version:
    """One content of all definitions: its hash and when it was first and last put, in UTC."""

    hash: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class Publication:
    """One move of the pointer: from `published_at` on, these definitions were in force."""

    id: int
    definitions_hash: str
    published_at: datetime
    actor: str


def content_hash(canonical_json: str) -> str:
    """Return the name of a content: the SHA-256 of its UTF-8 bytes, in hexadecimal.

    >>> content_hash("{}")[:12]
    '44136fa355b3'
    """
    return hashlib.sha256(clean(canonical_json).encode("utf-8")).hexdigest()


def put(store: Store, canonical_json: str, *, at: datetime, actor: str) -> str:
    """Keep a content and return its hash; a content that is known is only seen again.

    The text is kept as it is: two texts that mean the same but differ are two versions, so
    the caller writes JSON in one canonical way.
    """
    name = content_hash(canonical_json)
    with store.write() as connection:
        known = _version(connection, name)
        if known is None:
            seen = Version(name, at, at)
            connection.execute(insert(VERSIONS).values(_values(seen, canonical_json)))
            _log(connection, "definitions.add", seen, at=at, actor=actor)
        elif at > known.last_seen_at:
            seen = Version(name, known.first_seen_at, at)
            is_it = VERSIONS.c.hash == name
            connection.execute(update(VERSIONS).where(is_it).values(last_seen_at=at))
            _log(connection, "definitions.seen", seen, at=at, actor=actor, before=known)
    return name


def get(store: Store, definitions_hash: str) -> str:
    """Return the content of this hash, exactly as it was put.

    Raises
    ------
    UnknownName
        If no content has this hash.
    ExternalError
        If the content kept is no longer the one that was put.
    """
    query = select(VERSIONS.c.content).where(VERSIONS.c.hash == definitions_hash)
    with store.read() as connection:
        content = connection.execute(query).scalar_one_or_none()
        if content is None:
            raise unknown(connection, definitions_hash)
    if content_hash(content) != definitions_hash:
        raise ExternalError(
            f"The definitions kept as {definitions_hash[:12]} were changed afterwards.",
            hint="Restore the store from a backup; runs with these definitions cannot replay.",
            place=store.place,
        )
    return str(content)


def listed(store: Store) -> tuple[Version, ...]:
    """Return every version, the one seen last first."""
    query = select(VERSIONS).order_by(VERSIONS.c.last_seen_at.desc(), VERSIONS.c.hash)
    with store.read() as connection:
        return tuple(_from(row) for row in connection.execute(query))


def publish(store: Store, definitions_hash: str, *, at: datetime, actor: str) -> Publication:
    """Put a version in force from `at` on. Putting in force what is in force changes nothing.

    Raises
    ------
    UnknownName
        If no content has this hash.
    """
    with store.write() as connection:
        if _version(connection, definitions_hash) is None:
            raise unknown(connection, definitions_hash)
        before = _published(connection, None)
        if before and before.definitions_hash == definitions_hash:
            return before
        values = {"definitions_hash": definitions_hash, "published_at": at, "actor": actor}
        query = insert(PUBLICATIONS).values(values).returning(*PUBLICATIONS.c)
        after = Publication(**connection.execute(query).one()._asdict())
        audit.log(
            connection,
            "definitions.publish",
            f"definitions {definitions_hash}",
            at=at,
            actor=actor,
            before=before,
            after=after,
        )
        return after


def published(store: Store, *, at: datetime | None = None) -> Publication | None:
    """Return what is in force now, or was at a moment; None if nothing was."""
    with store.read() as connection:
        return _published(connection, at)


def publications(store: Store) -> tuple[Publication, ...]:
    """Return every move of the pointer, newest first."""
    query = select(PUBLICATIONS).order_by(PUBLICATIONS.c.id.desc())
    with store.read() as connection:
        return tuple(Publication(**row._asdict()) for row in connection.execute(query))


def exists(connection: Connection, definitions_hash: str) -> bool:
    """Return whether a content of this hash is kept, inside the caller's transaction."""
    return _version(connection, definitions_hash) is not None


def unknown(connection: Connection, definitions_hash: str) -> UnknownName:
    """Return the error for a hash that names nothing, with the nearest that does."""
    known = connection.execute(select(VERSIONS.c.hash)).scalars().all()
    return UnknownName("definition version", definitions_hash, known)


def _published(connection: Connection, at: datetime | None) -> Publication | None:
    query = select(PUBLICATIONS).order_by(PUBLICATIONS.c.id.desc()).limit(1)
    if at is not None:
        query = query.where(PUBLICATIONS.c.published_at <= at)
    row = connection.execute(query).one_or_none()
    return Publication(**row._asdict()) if row else None


def _version(connection: Connection, definitions_hash: str) -> Version | None:
    query = select(VERSIONS).where(VERSIONS.c.hash == definitions_hash)
    row = connection.execute(query).one_or_none()
    return _from(row) if row else None


def _from(row: Row[Any]) -> Version:
    return Version(row.hash, row.first_seen_at, row.last_seen_at)


def _values(version: Version, content: str) -> dict[str, Any]:
    return {
        "hash": version.hash,
        "content": content,
        "first_seen_at": version.first_seen_at,
        "last_seen_at": version.last_seen_at,
    }


def _log(
    connection: Connection,
    action: str,
    after: Version,
    *,
    at: datetime,
    actor: str,
    before: Version | None = None,
) -> None:
    subject = f"definitions {after.hash}"
    audit.log(connection, action, subject, at=at, actor=actor, before=before, after=after)
