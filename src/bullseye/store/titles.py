"""Overrides of titles: a person's word about a job title, kept apart from the rules' answer."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bullseye.errors import UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import TITLE_OVERRIDES


@dataclass(frozen=True, kw_only=True)
class NewTitleOverride:
    """A decision about to be recorded; a label that is None stays as the rules have it.

    `title_norm` is the title as the rules read it, so that one decision holds for all its
    spellings.
    """

    title_norm: str
    level: str | None
    function: str | None
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class TitleOverride(NewTitleOverride):
    """A recorded decision; `withdrawn_at` is None while it holds."""

    id: int
    withdrawn_at: datetime | None = None


def add(store: Store, new: NewTitleOverride) -> TitleOverride:
    """Record a decision; an earlier one about the same title is withdrawn with it.

    Raises
    ------
    UsageError
        If the title, the author or the reason is blank, or no label is given.
    """
    _check(new)
    with store.write() as connection:
        before = _withdrawn(connection, new.title_norm, new.created_at)
        query = insert(TITLE_OVERRIDES).values(asdict(new)).returning(*TITLE_OVERRIDES.c)
        made = _override(connection.execute(query).one())
        audit.log(
            connection,
            "title.override",
            f"title {new.title_norm.strip()}",
            at=new.created_at,
            actor=new.author,
            before=before,
            after=made,
        )
        return made


def active(store: Store) -> tuple[TitleOverride, ...]:
    """Return the overrides that hold, by title: at most one each."""
    query = select(TITLE_OVERRIDES).where(TITLE_OVERRIDES.c.withdrawn_at.is_(None))
    with store.read() as connection:
        rows = connection.execute(query.order_by(TITLE_OVERRIDES.c.title_norm))
        return tuple(_override(row) for row in rows)


def _check(new: NewTitleOverride) -> None:
    for name in ("title_norm", "author", "reason"):
        if not getattr(new, name).strip():
            what = name.partition("_")[0]
            raise UsageError(
                f"An override of a title needs the {what}, and it is blank.",
                hint="Say which title, what it means, and why.",
            )
    if new.level is None and new.function is None:
        raise UsageError(
            "An override of a title needs a level, a function, or both.",
            hint="Give --level, --function or both.",
        )


def _withdrawn(connection: Connection, title_norm: str, at: datetime) -> TitleOverride | None:
    """Withdraw the override of a title that holds, and return it as it was."""
    is_it = (TITLE_OVERRIDES.c.title_norm == title_norm) & TITLE_OVERRIDES.c.withdrawn_at.is_(None)
    found = connection.execute(select(TITLE_OVERRIDES).where(is_it)).one_or_none()
    connection.execute(update(TITLE_OVERRIDES).where(is_it).values(withdrawn_at=at))
    return _override(found) if found is not None else None


def _override(row: Row[Any]) -> TitleOverride:
    return TitleOverride(**row._asdict())
