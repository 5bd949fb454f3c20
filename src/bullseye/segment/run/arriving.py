"""Keep who was forgotten out of what is imported later: an old file must not bring them back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from bullseye.definitions.addresses import SuppressionKind
from bullseye.definitions.field import TableName
from bullseye.segment.identity import FORGOTTEN, addresses_in, rekeyed, token_of
from bullseye.store import suppressions
from bullseye.store.suppressions import NewSuppression, key_of, secret_id
from bullseye.suppression import SuppressionList, suppression_list
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.forgetting import rewritten, traces
from bullseye.warehouse.forgetting_lines import lines
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

_NAMING = (TableName.TOUCHES, TableName.OPPORTUNITY_CONTACTS)


@dataclass(frozen=True)
class Arrived:
    """What became of rows of contacts who were forgotten, in a file on its way in.

    `dropped` counts their own rows, `anonymous` the rows that named them and stay without them;
    `row_numbers` are the `row_no` of the dropped ones.
    """

    dropped: int = 0
    anonymous: int = 0
    row_numbers: frozenset[int] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the user should know: how many, and never who."""
        found = []
        if self.dropped:
            rows, was = ("row", "was") if self.dropped == 1 else ("rows", "were")
            found.append(
                f"{self.dropped:,} {rows} of a contact who asked to be forgotten {was} dropped."
            )
        if self.anonymous:
            rows = "row that names" if self.anonymous == 1 else "rows that name"
            found.append(f"{self.anonymous:,} {rows} such a contact: kept without the contact.")
        return tuple(found)


@dataclass
class Gatekeeper:
    """Knows who was forgotten by keyed hashes alone, and learns their new ids and addresses."""

    listed: SuppressionList
    accounts: Callable[[], Mapping[str, str]]
    learnt: dict[tuple[SuppressionKind, str], int] = field(default_factory=dict)
    _tokens: dict[str, str | None] = field(default_factory=dict)
    _accounts: Mapping[str, str] | None = None

    @property
    def pieces(self) -> tuple[tuple[str, ...], ...]:
        """Of a text only addresses can be compared with a hash, and all have this."""
        return (("@",),)

    def is_theirs(self, contact_id: str | None, email: str | None) -> bool:
        """Whether a contact's row is of somebody who was forgotten."""
        by_id = self._deletion(SuppressionKind.CONTACT, contact_id)
        by_email = self._deletion(SuppressionKind.EMAIL, email)
        if by_id is None and by_email is None:
            return False
        if by_id is None and contact_id and by_email is not None:
            self.learnt[SuppressionKind.CONTACT, contact_id] = by_email
        if by_email is None and email and "@" in email and by_id is not None:
            self.learnt[SuppressionKind.EMAIL, email] = by_id
        return True

    def token(self, contact_id: str) -> str | None:
        """Return what stands for a contact id that was forgotten; None for any other."""
        if contact_id not in self._tokens:
            is_theirs = self._deletion(SuppressionKind.CONTACT, contact_id) is not None
            made = token_of(self.listed.secret, contact_id) if is_theirs else None
            self._tokens[contact_id] = made
        return self._tokens[contact_id]

    def new_key(self, key: str) -> str:
        """Return another key for a row of theirs: the one that the same row got when removed."""
        return rekeyed(self.listed.secret, key)

    def account_of(self, contact_id: str) -> str | None:
        """Return the account that earlier rows of theirs belong to."""
        if self._accounts is None:
            self._accounts = self.accounts()
        return self._accounts.get(self.token(contact_id) or "")

    def redacted(self, text: str, account_id: str | None = None) -> str:
        """Return a text without their addresses; their names nobody knows any more."""
        for address in addresses_in(text) if "@" in text else ():
            if self._deletion(SuppressionKind.EMAIL, address) is not None:
                text = text.replace(address, FORGOTTEN)
        return text

    def _deletion(self, kind: SuppressionKind, written: str | None) -> int | None:
        found = self.listed.entry(kind, written)
        return found.deletion_id if found else None


def gatekeeper(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> Gatekeeper | None:
    """Return who watches what is imported; None where nobody was ever forgotten."""
    listed = suppression_list(workspace)
    if all(each.deletion_id is None for each in listed.entries):
        return None
    return Gatekeeper(listed, lambda: _accounts(workspace, connection))


def let_in(
    connection: duckdb.DuckDBPyConnection, watch: Gatekeeper, table: TableName, rows: Path
) -> Arrived:
    """Take who was forgotten out of the rows of a file on its way in."""
    found = traces(connection, rows, table, watch)
    if not found:
        return Arrived()
    rewritten(connection, found, watch).put_in_place()
    return Arrived(len(found.removed), len(found.changed), found.row_numbers)


def clear_quarantine(
    watch: Gatekeeper, table: TableName, quarantine: Path, arrived: Arrived
) -> None:
    """Take who was forgotten out of the lines that an import sets aside."""
    found = lines(quarantine, table, watch, arrived.row_numbers)
    if found:
        found.write()


def keep_learnt(workspace: Workspace, watch: Gatekeeper) -> None:
    """Put the ids and addresses that were met beside a known one on the list too."""
    secret = watch.listed.secret
    with workspace.store.write() as connection:
        for (kind, written), deletion_id in sorted(watch.learnt.items()):
            new = NewSuppression(
                kind=kind,
                key=key_of(secret, kind, written),
                secret_id=secret_id(secret),
                shown=None,
                reason="met in an import beside what was forgotten",
                created_at=workspace.now(),
                actor=workspace.actor,
                deletion_id=deletion_id,
            )
            suppressions.added(connection, new)


def _accounts(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the accounts of the tokens that stand in earlier imports."""
    found: dict[str, str] = {}
    for batch in workspace.batches():
        if batch.table not in _NAMING:
            continue
        relation = reading(batch.path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        if not {"contact_id", "account_id"} <= {name for name, *_ in described}:
            continue
        query = (
            f"SELECT contact_id, max(account_id) FROM {relation} WHERE account_id IS NOT NULL"
            f" AND starts_with(contact_id, {DUCKDB.literal('forgotten-')}) GROUP BY ALL"
        )
        found |= {
            str(token): str(account) for token, account in connection.execute(query).fetchall()
        }
    return found
