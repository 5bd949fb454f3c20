"""Overrides: a person's decision about an account's tier, kept apart from the computed one."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import OVERRIDES


@dataclass(frozen=True, kw_only=True)
class NewOverride:
    """A decision about to be recorded; `expires_on` is the last day it holds."""

    account_id: str
    tier: str
    author: str
    reason: str
    expires_on: date
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Override(NewOverride):
    """A recorded decision; `withdrawn_at` is None while nobody took it back."""

    id: int
    withdrawn_at: datetime | None = None


def add(store: Store, new: NewOverride) -> Override:
    """Record a decision; an earlier one about the same account is withdrawn with it.

    Raises
    ------
    UsageError
        If author, reason, account or tier is blank, or it would end before it begins.
    """
    _check(new)
    with store.write() as connection:
        for earlier in _open(connection, new.account_id):
            _withdraw(connection, earlier, new.created_at, new.author)
        query = insert(OVERRIDES).values(asdict(new)).returning(*OVERRIDES.c)
        override = _override(connection.execute(query).one())
        audit.log(
            connection,
            "override.add",
            _subject(override),
            at=new.created_at,
            actor=new.author,
            after=override,
        )
        return override


def withdraw(store: Store, override_id: int, *, at: datetime, actor: str) -> Override:
    """Take a decision back from `at` on.

    Raises
    ------
    UnknownName
        If there is no such override.
    UsageError
        If it was taken back before.
    """
    with store.write() as connection:
        every = {row.id: row for row in connection.execute(select(OVERRIDES))}
        if override_id not in every:
            raise UnknownName(
                "override", str(override_id), (), hint="List the overrides to see their numbers."
            )
        found = _override(every[override_id])
        if found.withdrawn_at is not None:
            raise UsageError(
                f"Override {override_id} was withdrawn on {found.withdrawn_at:%Y-%m-%d}.",
                hint="Nothing is left to withdraw.",
            )
        return _withdraw(connection, found, at, actor)


def active(store: Store, on: date, *, known_at: datetime | None = None) -> tuple[Override, ...]:
    """Return the overrides that hold on a day, by account: at most one each.

    Parameters
    ----------
    store : Store
        Where the decisions are.
    on : date
        The day; an override still holds on the day it expires.
    known_at : datetime, optional
        Only what was decided, and not yet withdrawn, at this moment; the end of the day
        (UTC) if absent. Pass a run's `started_at` to see what that run saw.
    """
    moment = known_at or datetime.combine(on, time.max, UTC)
    query = select(OVERRIDES).where(
        OVERRIDES.c.expires_on >= on,
        OVERRIDES.c.created_at <= moment,
        or_(OVERRIDES.c.withdrawn_at.is_(None), OVERRIDES.c.withdrawn_at > moment),
    )
    with store.read() as connection:
        rows = connection.execute(query.order_by(OVERRIDES.c.id))
        newest = {row.account_id: _override(row) for row in rows}
    return tuple(newest[account_id] for account_id in sorted(newest))


def listed(store: Store, *, account_id: str | None = None) -> tuple[Override, ...]:
    """Return every override, newest first, expired and withdrawn ones too."""
    query = select(OVERRIDES).order_by(OVERRIDES.c.id.desc())
    if account_id is not None:
        query = query.where(OVERRIDES.c.account_id == account_id)
    with store.read() as connection:
        return tuple(_override(row) for row in connection.execute(query))


def _check(new: NewOverride) -> None:
    for name in ("account_id", "tier", "author", "reason"):
        if not getattr(new, name).strip():
            raise UsageError(
                f"An override needs {name.replace('_', ' ')}, and it is blank.",
                hint="Say who decided what about which account, and why.",
            )
    decided_on = new.created_at.astimezone(UTC).date()
    if new.expires_on < decided_on:
        raise UsageError(
            f"The override would end on {new.expires_on}, before it begins on {decided_on}.",
            hint="Give a day in the future.",
        )


def _open(connection: Connection, account_id: str) -> tuple[Override, ...]:
    is_open = (OVERRIDES.c.account_id == account_id) & OVERRIDES.c.withdrawn_at.is_(None)
    rows = connection.execute(select(OVERRIDES).where(is_open).order_by(OVERRIDES.c.id))
    return tuple(_override(row) for row in rows)


def _withdraw(connection: Connection, before: Override, at: datetime, actor: str) -> Override:
    is_it = OVERRIDES.c.id == before.id
    query = update(OVERRIDES).where(is_it).values(withdrawn_at=at).returning(*OVERRIDES.c)
    after = _override(connection.execute(query).one())
    audit.log(
        connection,
        "override.withdraw",
        _subject(after),
        at=at,
        actor=actor,
        before=before,
        after=after,
    )
    return after


def _subject(override: Override) -> str:
    return f"account {override.account_id}"


def _override(row: Row[Any]) -> Override:
    return Override(**row._asdict())
