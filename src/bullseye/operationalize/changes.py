"""What changed on the target list between two runs: the rows another system has to take over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CHANGE = "change"
"""The column that tells what became of a row."""

NOT_A_CHANGE = frozenset({"signal_strength", "why_now_age_days", "fill_next", "fill_chance"})
"""What moves from day to day without anything having happened at the account."""

Row = Mapping[str, Any]


class Change(StrEnum):
    """What became of an account on the list."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Earlier:
    """The list of an earlier run, to tell changes from.

    `unsure` are accounts that may have been handed out otherwise than `rows` say, since somebody
    decided on their tier after the run; they are always told.
    """

    run_id: str
    rows: tuple[Row, ...]
    unsure: tuple[Row, ...] = ()


def changes(now: Sequence[Row], earlier: Earlier) -> list[dict[str, Any]]:
    """Return the rows that are new, changed or gone since `earlier`, with their change.

    New and changed rows come as they are now, in the order of the list; those gone follow by
    account, as they were last. Any column counts but those of `NOT_A_CHANGE`.
    """
    before, unsure = _by_account(earlier.rows), _by_account(earlier.unsure)
    found = []
    for account_id, row in _by_account(now).items():
        change = _change(row, before.get(account_id), account_id in unsure)
        if change is not None:
            found.append({**row, CHANGE: str(change)})
    last = unsure | before
    left = sorted(last.keys() - _by_account(now).keys())
    return found + [{**last[account_id], CHANGE: str(Change.GONE)} for account_id in left]


def counted(rows: Collection[Row]) -> dict[str, int]:
    """Return how many rows have which change."""
    return {str(each): sum(row[CHANGE] == each for row in rows) for each in Change}


def _by_account(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row["account_id"]): row for row in rows}


def _change(row: Row, before: Row | None, is_unsure: bool) -> Change | None:
    if before is None:
        return Change.NEW
    if is_unsure or any(row[name] != before[name] for name in row.keys() - NOT_A_CHANGE):
        return Change.CHANGED
    return None
