"""Put addresses, contacts and domains on the suppression list, and take them off again."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from bullseye.connectors import synonyms
from bullseye.connectors.files import open_file
from bullseye.definitions.field import TableName
from bullseye.errors import InputError, UsageError
from bullseye.segment.suppression import BadRow, Meant, masked, meant, meant_in, why_bad
from bullseye.store import suppressions
from bullseye.store.suppressions import NewSuppression, Suppression, key_of, secret_id
from bullseye.suppression import suppression_list, workspace_secret
from bullseye.workspace import Workspace

__all__ = ["BadRow", "FromFile", "Listed", "listed", "suppress", "suppress_file", "unsuppress"]

_FIELDS = ("email", "contact_id", "domain")


@dataclass(frozen=True)
class Listed:
    """One suppression as it may be shown: nothing in it says more of a contact than its mask."""

    id: int
    kind: str
    shown: str | None
    reason: str
    created_on: str
    actor: str
    is_forgotten: bool


@dataclass(frozen=True)
class FromFile:
    """What became of the rows of a file of suppressions."""

    rows_read: int
    added: int
    known: int
    bad: tuple[BadRow, ...]


def suppress(workspace: Workspace, written: str, *, reason: str, dry_run: bool = False) -> Listed:
    """Leave an address, a contact or a domain alone from now on.

    Raises
    ------
    UsageError
        If it is blank or neither, the reason is blank, or the reason says who is meant.
    """
    about = meant(written)
    _require_reason(reason, about)
    if dry_run:
        return _shown_before(workspace, about, reason)
    with workspace.alone("suppress"):
        secret = _secret(workspace)
        return _listed(suppressions.add(workspace.store, _new(workspace, secret, about, reason)))


def suppress_file(
    workspace: Workspace, path: str, *, reason: str, dry_run: bool = False
) -> FromFile:
    """Leave alone whoever a file names in a column of addresses, contact ids or domains.

    Rows that name nobody are counted with their numbers; the others are kept.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or has no such column.
    """
    good, bad, rows = _read(workspace, path)
    for each in good:
        _require_reason(reason, each)
    known = suppression_list(workspace)
    fresh = {each: None for each in good if known.entry(each.kind, each.text) is None}
    if not dry_run and fresh:
        with workspace.alone("suppress"):
            secret = _secret(workspace)
            with workspace.store.write() as connection:
                for each in fresh:
                    suppressions.added(connection, _new(workspace, secret, each, reason))
    return FromFile(rows, len(fresh), len(good) - len(fresh), tuple(bad))


def unsuppress(workspace: Workspace, written: str, *, dry_run: bool = False) -> Listed:
    """Take an address, a contact or a domain off the list from now on.

    Raises
    ------
    UsageError
        If it is not on the list.
    """
    about = meant(written)
    found = suppression_list(workspace).entry(about.kind, about.text)
    if found is None:
        raise UsageError(
            f"{masked(about)} is not on the suppression list.",
            hint="See what is with: bullseye suppressions",
        )
    if dry_run:
        return _listed(found)
    with workspace.alone("unsuppress"):
        at, actor = workspace.now(), workspace.actor
        return _listed(suppressions.withdraw(workspace.store, found.key, at=at, actor=actor))


def listed(workspace: Workspace) -> list[Listed]:
    """Return the suppressions that hold, in the order they were made."""
    return [_listed(each) for each in suppression_list(workspace).entries]


def _require_reason(reason: str, about: Meant) -> None:
    if not reason.strip():
        raise UsageError("A suppression needs its reason.", hint="Say it with: --reason TEXT")
    if about.text.lower() in reason.lower():
        raise UsageError(
            "The reason says who is meant, and it would be kept for ever.",
            hint="Say why without an address or an id.",
        )


def _secret(workspace: Workspace) -> bytes:
    suppression_list(workspace)  # refuses a secret that is not the list's
    return workspace_secret(workspace, make=True) or b""


def _new(workspace: Workspace, secret: bytes, about: Meant, reason: str) -> NewSuppression:
    return NewSuppression(
        kind=about.kind,
        key=key_of(secret, about.kind, about.text),
        secret_id=secret_id(secret),
        shown=masked(about),
        reason=reason,
        created_at=workspace.now(),
        actor=workspace.actor,
    )


def _listed(each: Suppression) -> Listed:
    return Listed(
        each.id,
        str(each.kind),
        each.shown,
        each.reason,
        each.created_at.date().isoformat(),
        each.actor,
        each.deletion_id is not None,
    )


def _shown_before(workspace: Workspace, about: Meant, reason: str) -> Listed:
    found = suppression_list(workspace).entry(about.kind, about.text)
    if found is not None:
        return _listed(found)
    day, actor = workspace.today.isoformat(), workspace.actor
    return Listed(0, str(about.kind), masked(about), reason, day, actor, is_forgotten=False)


# -- files ---------------------------------------------------------------------------------


def _read(workspace: Workspace, path: str) -> tuple[list[Meant], list[BadRow], int]:
    """Return whom a file names, its rows that name nobody, and how many rows it has."""
    scratch = workspace.warehouse / "scratch" / f"try-{uuid4().hex}"
    try:
        with workspace.connection() as connection:
            reading = open_file(path, connection=connection, scratch=scratch)
            fields = _fields(reading.columns, path)
            cells = ", ".join(f"c{at}" for at in fields)
            query = f"SELECT row_no, {cells} FROM {reading.table} ORDER BY row_no"
            good: list[Meant] = []
            bad = [BadRow(row.row, row.reason) for row in reading.damaged]
            for number, *values in connection.execute(query).fetchall():
                named = [*filter(None, map(meant_in, fields.values(), values))]
                good += named
                if not named:
                    bad.append(BadRow(int(number), why_bad(values)))
            bad.sort(key=lambda each: each.row)
            return good, bad, reading.rows_read
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fields(columns: Sequence[str], path: str) -> dict[int, str]:
    """Return what the columns of a file hold, by their place."""
    known = {_plain(name): field for field, name, _ in synonyms.column_names(TableName.CONTACTS)}
    known |= {_plain(name): name for name in _FIELDS}
    found = {at: known.get(_plain(column), "") for at, column in enumerate(columns)}
    named = {at: field for at, field in found.items() if field in _FIELDS}
    if not named:
        raise InputError(
            "No column holds e-mail addresses, contact ids or domains.",
            place=path,
            hint="Call the column email, contact_id or domain.",
        )
    return named


def _plain(header: str) -> str:
    return "".join(letter for letter in header.lower() if letter.isalnum())
