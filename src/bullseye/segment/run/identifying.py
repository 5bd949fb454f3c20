"""Find all that names one contact, in every import that ever was."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.definitions.addresses import normal_email
from bullseye.definitions.field import TableName
from bullseye.errors import BullseyeError, Question
from bullseye.segment.identity import Identity, folded, names_of
from bullseye.store import merges
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

_WANTED = (
    *("contact_id", "account_id", "email", "full_name", "first_name", "last_name"),
    *("phone", "linkedin_url"),
)


@dataclass(frozen=True)
class _Row:
    """What one row of one import says of a contact."""

    contact_id: str | None
    account_id: str | None
    email: str | None
    full_name: str | None
    first_name: str | None
    last_name: str | None
    phone: str | None
    linkedin_url: str | None

    @property
    def names(self) -> frozenset[str]:
        return names_of(self.full_name, self.first_name, self.last_name)

    @property
    def said(self) -> frozenset[str]:
        """The names as they are compared."""
        return frozenset(folded(name).text for name in self.names)

    @property
    def others(self) -> frozenset[str]:
        return frozenset(each for each in (self.phone, self.linkedin_url) if each)


def contact_files(workspace: Workspace) -> list[Path]:
    """Return the files of every import of contacts, undone ones among them."""
    return sorted((workspace.warehouse / "batches" / TableName.CONTACTS).rglob("*.parquet"))


def identity_of(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    who: Sequence[str],
    leave: Collection[str] = (),
) -> Identity:
    """Return all that names the contact whom addresses and ids in `who` mean.

    What shares an address is the same contact, and so is what shares a public profile and a
    name, and what a person merged; `leave` are ids that are not.

    Raises
    ------
    Question
        If a contact of another name has the same address, and neither is it named nor left.
    """
    ids = {each.strip() for each in who if "@" not in each}
    emails = {normal_email(each) for each in who if "@" in each}
    rows: list[_Row] = []
    while True:
        ids |= _merged(workspace, ids)
        rows = list(_rows(workspace, connection, ids, emails, leave))
        rows += _of_profiles(workspace, connection, rows, leave)
        _require_one(rows, ids, {each.strip() for each in who})
        more_ids = {row.contact_id for row in rows if row.contact_id} - ids
        more = {normal_email(row.email) for row in rows if row.email and "@" in row.email} - emails
        if not more_ids and not more:
            break
        ids |= more_ids
        emails |= more
    return _identity(
        workspace, connection, ids, emails - _emails_of(workspace, connection, leave), rows
    )


def _identity(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    ids: set[str],
    emails: set[str],
    rows: Sequence[_Row],
) -> Identity:
    names = frozenset(name for row in rows for name in row.names)
    others = frozenset(each for row in rows for each in row.others)
    accounts = {row.contact_id: row.account_id for row in rows if row.contact_id and row.account_id}
    accounts |= _matched(workspace, connection, ids - set(accounts))
    shared = _shared(workspace, connection, ids, emails, names, others)
    wanted = {folded(name).text for name in names}
    return Identity(
        contact_ids=frozenset(ids),
        emails=frozenset(emails),
        names=names,
        others=others - {each for row in shared for each in row.others},
        account_ids=frozenset(accounts.values()),
        namesakes=frozenset(r.contact_id for r in shared if r.contact_id and r.said & wanted),
        accounts=accounts,
    )


def _merged(workspace: Workspace, ids: Collection[str]) -> set[str]:
    """Return the ids that people said are the same contact as one of `ids`."""
    groups = [
        {each.survivor_id, *each.other_ids}
        for each in merges.active(workspace.store)
        if each.table == TableName.CONTACTS
    ]
    found = set(ids)
    while grown := [group for group in groups if group & found and not group <= found]:
        for group in grown:
            found |= group
    return found


def _rows(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    ids: Collection[str],
    emails: Collection[str],
    leave: Collection[str],
) -> Iterator[_Row]:
    """Yield the rows with one of the ids or addresses, the newest import last."""
    parts = [f"contact_id = {DUCKDB.literal(each)}" for each in sorted(ids)]
    # What an address is compared by is not what is written: a part of it finds the candidates.
    parts += [
        f"contains(lower(email), {DUCKDB.literal(each.partition('@')[0])})"
        for each in sorted(emails)
    ]
    for row in _of_files(workspace, connection, " OR ".join(parts) or "FALSE"):
        has_address = row.email is not None and normal_email(row.email) in emails
        if row.contact_id not in leave and (row.contact_id in ids or has_address):
            yield row


def _of_profiles(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    rows: Sequence[_Row],
    leave: Collection[str],
) -> list[_Row]:
    """Return further rows with the public profile and a name of one of `rows`."""
    profiles = {row.linkedin_url: row.said for row in rows if row.linkedin_url}
    parts = [f"linkedin_url = {DUCKDB.literal(each)}" for each in sorted(profiles)]
    return [
        row
        for row in _of_files(workspace, connection, " OR ".join(parts) or "FALSE")
        if row.contact_id not in leave and row.said & profiles[str(row.linkedin_url)]
    ]


def _of_files(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, condition: str
) -> Iterator[_Row]:
    none = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in _WANTED)
    for path in contact_files(workspace):
        every = f"(SELECT {none} WHERE FALSE UNION ALL BY NAME SELECT * FROM {reading(path)})"
        query = f"SELECT DISTINCT {', '.join(_WANTED)} FROM {every} WHERE {condition} ORDER BY ALL"
        for values in connection.execute(query).fetchall():
            yield _Row(*values)


def _require_one(rows: Iterable[_Row], ids: Collection[str], who: Collection[str]) -> None:
    """Raise where an address is shared by contacts of different names."""
    names: dict[str, set[str]] = {}
    for row in rows:
        if row.contact_id and row.names:
            names.setdefault(row.contact_id, set()).update(folded(n).text for n in row.names)
    known = [name for each in ids for name in names.get(each, ())]
    for contact_id, said in sorted(names.items()):
        first = next(iter(sorted(names)))
        meant = set(known) or names[first]
        if contact_id not in ids and contact_id not in who and not said & meant:
            raise Question(
                f"Contact {contact_id} has the same address and another name: nobody but you"
                " can say whether it is the same person.",
                hint=f"If it is, name both: bullseye forget … {contact_id}; if not, leave it:"
                f" --leave {contact_id}",
            )


def _emails_of(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, leave: Collection[str]
) -> set[str]:
    if not leave:
        return set()
    listed = ", ".join(DUCKDB.literal(each) for each in sorted(leave))
    rows = _of_files(workspace, connection, f"contact_id IN ({listed})")
    return {normal_email(row.email) for row in rows if row.email}


def _matched(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, ids: Collection[str]
) -> dict[str, str]:
    """Return the account that contacts without one of their own were matched to."""
    if not ids or not contact_files(workspace):
        return {}
    numbers = tuple(batch.number for batch in workspace.batches())
    try:
        state = workspace.state(connection, workspace.project, numbers, workspace.today)
    except BullseyeError:  # no accounts are imported: then there is none to be lost
        return {}
    listed = ", ".join(DUCKDB.literal(each) for each in sorted(ids))
    query = (
        f"SELECT contact_id, account_id FROM {reading(state.table(TableName.CONTACTS))}"
        f" WHERE contact_id IN ({listed}) AND account_id IS NOT NULL"
    )
    return {str(contact): str(account) for contact, account in connection.execute(query).fetchall()}


def _shared(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    ids: Collection[str],
    emails: Collection[str],
    names: Collection[str],
    others: Collection[str],
) -> list[_Row]:
    """Return the rows of other contacts that have a name, a number or a profile of theirs."""
    parts = [
        f"contains(strip_accents(lower(concat_ws(' ', full_name, first_name, last_name))),"
        f" strip_accents(lower({DUCKDB.literal(name.split()[-1])})))"
        for name in sorted(names)
    ]
    for each in sorted(others):
        literal = DUCKDB.literal(each)
        parts += [f"phone = {literal}", f"linkedin_url = {literal}"]
    wanted = {folded(name).text for name in names}
    return [
        row
        for row in _of_files(workspace, connection, " OR ".join(parts) or "FALSE")
        if row.contact_id not in ids
        and not (row.email and normal_email(row.email) in emails)
        and (row.said & wanted or row.others & set(others))
    ]
