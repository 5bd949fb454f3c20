"""Who is to be left alone: keyed hashes of addresses and ids, added and withdrawn, never changed.

The list holds no address and no id, so that it may stay when all else of a contact is removed.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from bullseye.definitions.addresses import SuppressionKind, normal_domain, normal_email
from bullseye.errors import UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.standing import standing, standing_where, taken_back
from bullseye.store.tables import SUPPRESSIONS

_PRIVATE = ("shown",)  # a masked address still tells something, and the trail keeps for ever
_KEY_CHECK = "which secret"


@dataclass(frozen=True, kw_only=True)
class NewSuppression:
    """A suppression about to be recorded.

    `key` is the keyed hash of what is suppressed (`key_of`), `secret_id` tells which secret made
    it. `shown` is what a list may show of it, None where nothing. `deletion_id` is the deletion
    that put it on the list, None where somebody only asked to be left alone.
    """

    kind: SuppressionKind
    key: str
    secret_id: str
    shown: str | None
    reason: str
    created_at: datetime
    actor: str
    deletion_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Suppression(NewSuppression):
    """A recorded suppression; `withdrawn_at` is None while it holds."""

    id: int
    withdrawn_at: datetime | None = None


def normal(kind: SuppressionKind, written: str) -> str:
    """Return what is suppressed as it is compared; ids keep their letters' case."""
    match kind:
        case SuppressionKind.EMAIL:
            return normal_email(written)
        case SuppressionKind.DOMAIN:
            return normal_domain(written.strip().removeprefix("@"))
        case SuppressionKind.CONTACT:
            return written.strip()


def key_of(secret: bytes, kind: SuppressionKind, written: str) -> str:
    """Return the keyed hash of what is suppressed: HMAC-SHA256 (RFC 2104), in hexadecimal.

    Without the secret a plain hash of an address is guessed in seconds; with it nobody who has
    only the list can.
    """
    return hmac.digest(secret, f"{kind}\0{normal(kind, written)}".encode(), hashlib.sha256).hex()


def secret_id(secret: bytes) -> str:
    """Return a short name of a secret, by which a list knows whether it is still the same."""
    return hmac.digest(secret, _KEY_CHECK.encode(), hashlib.sha256).hex()[:16]


def add(store: Store, new: NewSuppression) -> Suppression:
    """Record a suppression, or return the one of the same that holds.

    Raises
    ------
    UsageError
        If the reason is blank.
    """
    with store.write() as connection:
        return added(connection, new)


def added(connection: Connection, new: NewSuppression) -> Suppression:
    """Do as `add` does, inside the caller's transaction."""
    if not new.reason.strip():
        raise UsageError("A suppression needs its reason.", hint="Say it with: --reason TEXT")
    for earlier in _open(connection, new.key):
        if earlier.deletion_id is not None or new.deletion_id is None:
            return earlier
        _withdrawn(connection, earlier, new.created_at, new.actor)  # a deletion says more
    query = insert(SUPPRESSIONS).values(asdict(new)).returning(*SUPPRESSIONS.c)
    made = _suppression(connection.execute(query).one())
    audit.log(
        connection,
        "suppression.add",
        f"suppression {made.id}",
        at=new.created_at,
        actor=new.actor,
        after=made,
        leave_out=_PRIVATE,
    )
    return made


def withdraw(store: Store, key: str, *, at: datetime, actor: str) -> Suppression:
    """Take a suppression back from `at` on.

    Raises
    ------
    UsageError
        If nothing of that key is suppressed.
    """
    with store.write() as connection:
        found = _open(connection, key)
        if not found:
            raise UsageError(
                "That is not on the suppression list.",
                hint="See what is with: bullseye suppressions",
            )
        return [_withdrawn(connection, each, at, actor) for each in found][-1]


def hide(connection: Connection, keys: Iterable[str]) -> None:
    """Show no more what these suppressions cover, withdrawn ones among them."""
    is_one = SUPPRESSIONS.c.key.in_(sorted(keys))
    connection.execute(update(SUPPRESSIONS).where(is_one).values(shown=None))


def active(store: Store) -> tuple[Suppression, ...]:
    """Return the suppressions that hold, in the order they were made."""
    with store.read() as connection:
        rows = connection.execute(standing(SUPPRESSIONS))
        return tuple(_suppression(row) for row in rows)


def _open(connection: Connection, key: str) -> tuple[Suppression, ...]:
    rows = standing_where(connection, SUPPRESSIONS, SUPPRESSIONS.c.key == key)
    return tuple(_suppression(row) for row in rows)


def _withdrawn(
    connection: Connection, before: Suppression, at: datetime, actor: str
) -> Suppression:
    after = _suppression(taken_back(connection, SUPPRESSIONS, before.id, at))
    audit.log(
        connection,
        "suppression.withdraw",
        f"suppression {after.id}",
        at=at,
        actor=actor,
        before=before,
        after=after,
        leave_out=_PRIVATE,
    )
    return after


def _suppression(row: Row[Any]) -> Suppression:
    return Suppression(**{**row._asdict(), "kind": SuppressionKind(row.kind)})
