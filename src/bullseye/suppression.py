"""Who is left alone: the one place that says whether a contact may be handed over.

Whatever names a contact to a person or a system (a list, an export, a brief, a text, a ranking)
asks here first, and says how many it left out. Counts of the past go on counting everybody.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from bullseye.definitions.addresses import SuppressionKind, normal_email
from bullseye.errors import InputError
from bullseye.store import suppressions
from bullseye.store.suppressions import Suppression, key_of
from bullseye.warehouse.merging import MERGED_AWAY
from bullseye.warehouse.rows_in import make_table
from bullseye.workspace import PRIVATE, Workspace

SUPPRESSED = "suppressed_contacts"
"""The temporary table of `suppressed_table`."""

_COLUMNS = ("contact_id", "email", "do_not_contact")


class Because(StrEnum):
    """Why a contact is left alone."""

    ASKED = "do_not_contact"  # the imported row says so
    LISTED = "suppressed"  # the address, the contact or the domain is on the list
    FORGOTTEN = "forgotten"  # its data was removed, and an import brought it back


@dataclass(frozen=True)
class SuppressionList:
    """The suppressions that hold, by kind and key, and the secret their keys were made with."""

    by_key: Mapping[SuppressionKind, Mapping[str, Suppression]]
    secret: bytes

    @property
    def entries(self) -> tuple[Suppression, ...]:
        """Every suppression that holds, in the order they were made."""
        found = (each for of_kind in self.by_key.values() for each in of_kind.values())
        return tuple(sorted(found, key=lambda each: each.id))

    def entry(self, kind: SuppressionKind, written: str | None) -> Suppression | None:
        """Return the suppression of exactly this address, contact or domain, if there is one."""
        of_kind = self.by_key.get(kind)
        if not written or not of_kind:  # no hash is made for nothing: there may be millions
            return None
        return of_kind.get(key_of(self.secret, kind, written))

    def why(
        self,
        contact_id: str | None,
        email: str | None = None,
        do_not_contact: bool | None = None,
    ) -> Because | None:
        """Return why a contact is left alone; None where it may be handed over."""
        found = [
            self.entry(SuppressionKind.CONTACT, contact_id),
            self.entry(SuppressionKind.EMAIL, email),
        ]
        if SuppressionKind.DOMAIN in self.by_key:
            found += [self.entry(SuppressionKind.DOMAIN, each) for each in _domains(email)]
        entries = [each for each in found if each is not None]
        if any(each.deletion_id is not None for each in entries):
            return Because.FORGOTTEN
        if entries:
            return Because.LISTED
        return Because.ASKED if do_not_contact else None


def suppression_list(workspace: Workspace) -> SuppressionList:
    """Return who is left alone in a workspace: now, whatever day is asked about.

    Raises
    ------
    InputError
        If there is a list, and the secret it was made with is gone or another one.
    """
    entries = suppressions.active(workspace.store)
    if not entries:
        return SuppressionList({}, b"")
    secret = workspace_secret(workspace)
    if secret is None or any(e.secret_id != suppressions.secret_id(secret) for e in entries):
        raise InputError(
            "The suppression list cannot be read: the secret it was made with is gone.",
            hint="Restore the file from a backup. Until then no contact can be handed over.",
            place=str(_secret_file(workspace)),
        )
    by_key: dict[SuppressionKind, dict[str, Suppression]] = {}
    for each in entries:
        by_key.setdefault(each.kind, {})[each.key] = each
    return SuppressionList(by_key, secret)


def suppressed_table(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, contacts: str
) -> str:
    """Make the temporary table of the contacts that are left alone; return its quoted name.

    Parameters
    ----------
    workspace
        Where the list is.
    connection
        The engine that gets the table.
    contacts
        A table expression with `contact_id`, and `email` and `do_not_contact` if it has them:
        as `bullseye.warehouse.contacts.contacts_sql` gives.

    Returns
    -------
    str
        Grain: one contact that is left alone. Columns: `contact_id` and `because`, a value of
        `Because`. Filter with: ``ANTI JOIN {table} USING (contact_id)``.
    """
    listed = suppression_list(workspace)
    described = connection.execute(f"DESCRIBE SELECT * FROM {contacts}").fetchall()
    present = {name for name, *_ in described}
    columns = [name if name in present else f"NULL AS {name}" for name in _COLUMNS]
    query = f"SELECT contact_id, {', '.join(columns)} FROM {contacts} WHERE contact_id IS NOT NULL"
    if not listed.by_key:
        query += " AND do_not_contact"
    elif present.issuperset(MERGED_AWAY):  # a refusal of one record is one of the person
        query += (
            f" UNION ALL SELECT contact_id, unnest(_merged_ids), NULL, NULL FROM {contacts}"
            f" UNION ALL SELECT contact_id, NULL, unnest(_merged_emails), NULL FROM {contacts}"
        )
    found = {
        contact_id: str(because)
        for contact_id, said_id, email, do_not_contact in connection.execute(query).fetchall()
        if (because := listed.why(said_id, email, do_not_contact)) is not None
    }
    kinds = {"contact_id": "VARCHAR", "because": "VARCHAR"}
    return make_table(connection, SUPPRESSED, kinds, sorted(found.items()))


def not_suppressed_sql(table: str, contact_id: str = "contact_id") -> str:
    """Return the condition that a contact may be handed over, given the table of those who not.

    >>> not_suppressed_sql('"suppressed_contacts"', "c.contact_id")
    'c.contact_id NOT IN (SELECT contact_id FROM "suppressed_contacts")'
    """
    return f"{contact_id} NOT IN (SELECT contact_id FROM {table})"


def left_out(connection: duckdb.DuckDBPyConnection, table: str) -> Mapping[str, int]:
    """Return how many contacts are left alone, by why."""
    query = f"SELECT because, count(*) FROM {table} GROUP BY ALL ORDER BY ALL"
    return {str(because): int(count) for because, count in connection.execute(query).fetchall()}


def workspace_secret(workspace: Workspace, *, make: bool = False) -> bytes | None:
    """Return the workspace's secret; None where there is none, unless one is to be made."""
    file = _secret_file(workspace)
    if make:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), file.open("x", encoding="utf-8") as fresh:
            file.chmod(0o600)
            fresh.write(secrets.token_urlsafe(32))
    if not file.is_file():
        return None
    return file.read_text(encoding="utf-8").strip().encode() or None


def _secret_file(workspace: Workspace) -> Path:
    return workspace.folder / PRIVATE / "secret"


def _domains(email: str | None) -> list[str]:
    """Return the domain of an address and those it is a subdomain of."""
    if not email or "@" not in email:
        return []
    parts = normal_email(email).rpartition("@")[2].split(".")
    return [".".join(parts[at:]) for at in range(max(1, len(parts) - 1))]
