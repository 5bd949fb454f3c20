"""Decisions of people about themes: added, never changed; the last one on a quote holds.

They hold numbers of evidence and names of themes, and nothing that anybody said.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select

from bullseye.errors import UsageError
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import THEME_DECISIONS


class Action(StrEnum):
    """What a person decided."""

    ACCEPT = "accept"
    NOISE = "noise"
    MERGE = "merge"
    NAME = "name"
    ASSIGN = "assign"


@dataclass(frozen=True, kw_only=True)
class NewThemeDecision:
    """A decision about to be recorded.

    `into` is the other theme of a merge, or the new name; `evidence_ids` is what the person put
    under `theme` by it; `reason` is None where nobody gave one.
    """

    action: Action
    theme: str
    into: str | None = None
    evidence_ids: tuple[int, ...] = ()
    author: str
    reason: str | None = None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ThemeDecision(NewThemeDecision):
    """A recorded decision."""

    id: int


def add(store: Store, new: NewThemeDecision) -> ThemeDecision:
    """Record a decision.

    Raises
    ------
    UsageError
        If nobody is named.
    """
    if not new.author.strip():
        raise UsageError("A decision needs its author, and it is blank.", hint="Say who decided.")
    with store.write() as connection:
        values = {**asdict(new), "evidence_ids": list(new.evidence_ids)}
        query = insert(THEME_DECISIONS).values(values).returning(*THEME_DECISIONS.c)
        decision = _decision(connection.execute(query).one())
        audit.log(
            connection,
            f"theme.{new.action.value}",
            f"theme {new.theme}",
            at=new.created_at,
            actor=new.author,
            after=decision,
        )
        return decision


def listed(store: Store) -> tuple[ThemeDecision, ...]:
    """Return every decision, the oldest first."""
    with store.read() as connection:
        rows = connection.execute(select(THEME_DECISIONS).order_by(THEME_DECISIONS.c.id))
        return tuple(_decision(row) for row in rows)


def pinned(store: Store) -> dict[int, str]:
    """Return the theme that a person put each piece of evidence under, by its number."""
    found: dict[int, str] = {}
    for each in listed(store):
        if each.action is Action.NAME and each.into:
            found = {n: each.into if name == each.theme else name for n, name in found.items()}
        found.update(dict.fromkeys(each.evidence_ids, each.theme))
    return found


def _decision(row: Row[Any]) -> ThemeDecision:
    values = row._asdict()
    return ThemeDecision(
        **{
            **values,
            "action": Action(row.action),
            "evidence_ids": tuple(int(each) for each in row.evidence_ids),
        }
    )
