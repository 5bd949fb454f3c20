"""What people decided about identity: which account a row means, and which records are one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bullseye.definitions.field import TableName
from bullseye.warehouse.references import Decided, decisions_hash


@dataclass(frozen=True)
class Merged:
    """A person's decision that `other_ids` are the same as `survivor_id`."""

    table: TableName
    survivor_id: str
    other_ids: tuple[str, ...]


@dataclass(frozen=True)
class Decisions:
    """All decisions that hold at one moment.

    `decided` are those on references, as people made them. An account they name may have been
    merged since: `meant` names the one that stays.
    """

    decided: tuple[Decided, ...] = ()
    merged: tuple[Merged, ...] = ()

    @property
    def digest(self) -> str:
        """The same text for the same decisions, whatever their order; empty for none."""
        if not self.merged:
            return decisions_hash(self.decided)
        pairs = sorted((m.table, m.survivor_id, o) for m in self.merged for o in m.other_ids)
        text = f"{decisions_hash(self.decided)} {pairs!r}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def meant(self) -> tuple[Decided, ...]:
        """The decisions on references, each with the account that stays."""
        accounts = self.survivors(TableName.ACCOUNTS)
        return tuple(
            replace(each, account_id=accounts.get(each.account_id, each.account_id))
            if each.account_id is not None
            else each
            for each in self.decided
        )

    def survivors(self, table: TableName) -> Mapping[str, str]:
        """Return, for every id of a table that was merged away, the id that stays at last.

        >>> accounts = TableName.ACCOUNTS
        >>> chain = (Merged(accounts, "b", ("a",)), Merged(accounts, "c", ("b",)))
        >>> dict(Decisions(merged=chain).survivors(accounts))
        {'a': 'c', 'b': 'c'}
        """
        into = {o: m.survivor_id for m in self.merged if m.table is table for o in m.other_ids}
        return {one: _last(one, into) for one in into}

    def survivor(self, table: TableName, row_id: str) -> str:
        """Return the id that stays for a row: its own where it was not merged away."""
        return self.survivors(table).get(row_id, row_id)

    def clusters(self, table: TableName) -> Mapping[str, tuple[str, ...]]:
        """Return, per id that stays, the ids that were merged into it, in order."""
        found: dict[str, list[str]] = {}
        for one, survivor in sorted(self.survivors(table).items()):
            found.setdefault(survivor, []).append(one)
        return {survivor: tuple(others) for survivor, others in sorted(found.items())}


NO_DECISIONS = Decisions()


def _last(one: str, into: Mapping[str, str]) -> str:
    """Return where a chain ends; the store lets none be a circle."""
    seen = {one}
    while one in into and into[one] not in seen:
        one = into[one]
        seen.add(one)
    return one
