"""Decisions of people on a contact's buying role or stance: added and withdrawn, never changed.

They are kept apart from what is inferred. The audit trail names neither the contact nor the
reason: both can be removed with the contact's other data.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.standing import standing, standing_where, taken_back
from bullseye.store.tables import ROLE_DECISIONS

_PRIVATE = ("contact_id", "reason")


class About(StrEnum):
    """What a decision is about."""

    ROLE = "role"
    STANCE = "stance"


@dataclass(frozen=True, kw_only=True)
class NewRoleDecision:
    """A decision about to be recorded.

    `value` is the role or stance, `holds` whether the contact has it. `opportunity_id` is None
    where it is said of every purchase of theirs.
    """

    contact_id: str
    opportunity_id: str | None
    about: About
    value: str
    holds: bool
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class RoleDecision(NewRoleDecision):
    """A recorded decision; `withdrawn_at` is None while it holds."""

    id: int
    withdrawn_at: datetime | None = None


def add(store: Store, new: NewRoleDecision) -> RoleDecision:
    """Record a decision; an earlier one that it contradicts or repeats is withdrawn with it.

    A contact may have several roles, but one stance: a stance replaces any other of the contact
    on the same opportunity.

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
        for earlier in _open(connection, new.contact_id):
            if _gives_way(earlier, new):
                _withdraw(connection, earlier, new.created_at, new.author)
        query = insert(ROLE_DECISIONS).values(asdict(new)).returning(*ROLE_DECISIONS.c)
        made = _decision(connection.execute(query).one())
        audit.log(
            connection,
            "role.confirm" if made.holds else "role.reject",
            f"role decision {made.id}",
            at=new.created_at,
            actor=new.author,
            after=made,
            leave_out=_PRIVATE,
        )
        return made


def withdraw(
    store: Store,
    contact_id: str,
    value: str,
    *,
    opportunity_id: str | None,
    at: datetime,
    actor: str,
) -> RoleDecision:
    """Take back what was decided on one role or stance of a contact, from `at` on.

    Raises
    ------
    UnknownName
        If nothing is decided on it.
    """
    with store.write() as connection:
        found = [
            each
            for each in _open(connection, contact_id)
            if (each.value, each.opportunity_id) == (value, opportunity_id)
        ]
        if not found:
            raise UnknownName(
                "decided role",
                f"{value} of {contact_id}",
                (),
                hint="See what is decided with: bullseye roles decisions",
            )
        return _withdraw(connection, found[-1], at, actor)


def active(store: Store, *, known_at: datetime | None = None) -> tuple[RoleDecision, ...]:
    """Return the decisions that hold now, or held at the moment `known_at`, as they were made."""
    query = standing(ROLE_DECISIONS, known_at)
    with store.read() as connection:
        return tuple(_decision(row) for row in connection.execute(query))


def _gives_way(earlier: RoleDecision, new: NewRoleDecision) -> bool:
    if (earlier.about, earlier.opportunity_id) != (new.about, new.opportunity_id):
        return False
    return earlier.value == new.value or (new.about is About.STANCE and new.holds)


def _open(connection: Connection, contact_id: str) -> tuple[RoleDecision, ...]:
    rows = standing_where(connection, ROLE_DECISIONS, ROLE_DECISIONS.c.contact_id == contact_id)
    return tuple(_decision(row) for row in rows)


def _withdraw(
    connection: Connection, before: RoleDecision, at: datetime, actor: str
) -> RoleDecision:
    after = _decision(taken_back(connection, ROLE_DECISIONS, before.id, at))
    audit.log(
        connection,
        "role.withdraw",
        f"role decision {after.id}",
        at=at,
        actor=actor,
        before=before,
        after=after,
        leave_out=_PRIVATE,
    )
    return after


def _decision(row: Row[Any]) -> RoleDecision:
    return RoleDecision(**{**row._asdict(), "about": About(row.about)})
