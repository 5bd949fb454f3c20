"""Decisions of people on which account a reference means: added and withdrawn, never changed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.standing import standing, standing_where, taken_back
from bullseye.store.tables import MATCH_DECISIONS


@dataclass(frozen=True, kw_only=True)
class NewMatchDecision:
    """A decision about to be recorded; `account_id` is None where no account is meant.

    `reference` is the short name of what `domain`, `name` and `country` say together.
    """

    reference: str
    domain: str | None
    name: str | None
    country: str | None
    account_id: str | None
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class MatchDecision(NewMatchDecision):
    """A recorded decision; `withdrawn_at` is None while it holds."""

    id: int
    withdrawn_at: datetime | None = None


def add(store: Store, new: NewMatchDecision) -> MatchDecision:
    """Record a decision; an earlier one on the same reference is withdrawn with it.

    Raises
    ------
    UsageError
        If author or reason is blank.
    """
    for name in ("author", "reason"):
        if not getattr(new, name).strip():
            raise UsageError(
                f"A decision needs its {name}, and it is blank.",
                hint="Say who decided, and why.",
            )
    with store.write() as connection:
        for earlier in _open(connection, new.reference):
            _withdraw(connection, earlier, new.created_at, new.author)
        query = insert(MATCH_DECISIONS).values(asdict(new)).returning(*MATCH_DECISIONS.c)
        decision = _decision(connection.execute(query).one())
        audit.log(
            connection,
            "match.decide",
            f"reference {decision.reference}",
            at=new.created_at,
            actor=new.author,
            after=decision,
        )
        return decision


def withdraw(store: Store, reference: str, *, at: datetime, actor: str) -> MatchDecision:
    """Take the decision on a reference back from `at` on.

    Raises
    ------
    UnknownName
        If nothing is decided on it.
    """
    with store.write() as connection:
        found = _open(connection, reference)
        if not found:
            raise UnknownName(
                "decided reference", reference, (), hint="See them with: bullseye matches"
            )
        return _withdraw(connection, found[-1], at, actor)


def active(store: Store, *, known_at: datetime | None = None) -> tuple[MatchDecision, ...]:
    """Return the decisions that hold now, or held at the moment `known_at`; one per reference."""
    query = standing(MATCH_DECISIONS, known_at)
    with store.read() as connection:
        return tuple(_decision(row) for row in connection.execute(query))


def _open(connection: Connection, reference: str) -> tuple[MatchDecision, ...]:
    rows = standing_where(connection, MATCH_DECISIONS, MATCH_DECISIONS.c.reference == reference)
    return tuple(_decision(row) for row in rows)


def _withdraw(
    connection: Connection, before: MatchDecision, at: datetime, actor: str
) -> MatchDecision:
    after = _decision(taken_back(connection, MATCH_DECISIONS, before.id, at))
    audit.log(
        connection,
        "match.withdraw",
        f"reference {after.reference}",
        at=at,
        actor=actor,
        before=before,
        after=after,
    )
    return after


def _decision(row: Row[Any]) -> MatchDecision:
    return MatchDecision(**row._asdict())
