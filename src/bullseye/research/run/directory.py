"""Look up in the workspace the accounts and contacts that files of words name."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from bullseye.definitions.conversation import Conversation
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.research.directory import (
    Directory,
    KnownAccount,
    KnownContact,
    mail_domains,
    name_key,
)
from bullseye.research.folding import folded
from bullseye.warehouse.publish import reading
from bullseye.warehouse.references import FORMER
from bullseye.warehouse.rows_in import make_table
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


def directory_for(
    workspace: Workspace,
    conversations: Sequence[Conversation],
    *,
    account: str | None = None,
    as_of: date | None = None,
) -> Directory:
    """Return what the workspace knows of the people and accounts that conversations name.

    Only what they mention is looked up: a workspace may know millions. Without any account
    imported it is our own domains alone.

    Parameters
    ----------
    workspace
        Where to look.
    conversations
        What was read, of however many files.
    account
        An account that the user names besides.
    as_of
        The day whose knowledge counts; today if absent.
    """
    ours = frozenset(
        domain for each in workspace.project.settings.our_domains for domain in _own(each)
    )
    ids = tuple(batch.number for batch in workspace.batches())
    with workspace.connection() as connection:
        try:
            day = as_of or workspace.today
            state = workspace.state(connection, workspace.project, ids, day)
        except NotEnoughEvidence:
            return Directory(our_domains=ours)
        _ask(connection, conversations, account)
        accounts = _accounts(connection, state)
        contacts = _contacts(connection, state, accounts)
        owners = _owners(connection, state)
    return Directory(accounts, contacts, ours, owners)


def one_account(directory: Directory, written: str) -> str:
    """Return the id of the account a user names by id, domain or name; else raise."""
    found = directory.by_reference.get(folded(written).text, frozenset())
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise UnknownName(
            "account", written, (), hint="Name it by its id: bullseye accounts lists them."
        )
    raise UnknownName(
        "one account", written, (), hint=f"{len(found)} have it; name the id: {sorted(found)[:5]}"
    )


def _own(domain: str) -> frozenset[str]:
    plain = domain.strip().lower().removeprefix("@")
    return mail_domains(f"x@{plain}") | {plain}


def _ask(
    connection: duckdb.DuckDBPyConnection,
    conversations: Sequence[Conversation],
    account: str | None,
) -> None:
    """Make tables of the addresses, domains and account names that are mentioned."""
    emails = {u.email for c in conversations for u in c.utterances if u.email}
    emails |= {p.email for c in conversations for p in c.participants if p.email}
    domains = {domain for each in emails for domain in mail_domains(each)}
    written = {c.account for c in conversations if c.account} | ({account} if account else set())
    references = {form for each in written for form in (each, folded(each).text)}
    for name, values in (
        ("_asked_emails", emails),
        ("_asked_domains", domains),
        ("_asked_references", references),
    ):
        make_table(connection, name, {"value": "VARCHAR"}, _rows(values))


def _rows(values: Iterable[str]) -> list[tuple[str]]:
    return [(each,) for each in sorted(values)]


def _accounts(connection: duckdb.DuckDBPyConnection, state: State) -> tuple[KnownAccount, ...]:
    """Return the accounts mentioned, and those of the contacts mentioned."""
    accounts, contacts = reading(state.accounts), _table(state, TableName.CONTACTS)
    former = state.folder / FORMER
    known = [
        f"SELECT account_id, name, domain FROM {accounts}",
        f"SELECT account_id, unnest(former_names), NULL FROM {accounts}",
    ]
    if former.exists():
        known.append(f"SELECT account_id, name, domain FROM {reading(former)}")
    mentioned = [
        "account_id IN (FROM _asked_references)",
        "lower(name) IN (FROM _asked_references)",
        "lower(domain) IN (FROM _asked_references)",
        "lower(domain) IN (FROM _asked_domains)",
    ]
    if contacts:
        speaking = f"SELECT account_id FROM {contacts} WHERE lower(trim(email)) IN"
        mentioned.append(f"account_id IN ({speaking} (FROM _asked_emails))")
    query = f"""
        WITH known AS ({" UNION ALL ".join(known)}),
        wanted AS (SELECT DISTINCT account_id FROM known WHERE {" OR ".join(mentioned)})
        SELECT account_id, list(DISTINCT name ORDER BY name), list(DISTINCT domain ORDER BY domain)
        FROM known SEMI JOIN wanted USING (account_id) GROUP BY ALL ORDER BY account_id"""
    return tuple(
        KnownAccount(account_id, tuple(filter(None, names)), tuple(filter(None, domains)))
        for account_id, names, domains in connection.execute(query).fetchall()
    )


def _contacts(
    connection: duckdb.DuckDBPyConnection, state: State, accounts: Sequence[KnownAccount]
) -> tuple[KnownContact, ...]:
    """Return the contacts mentioned by their address, and all of the accounts mentioned."""
    contacts = _table(state, TableName.CONTACTS)
    if contacts is None:
        return ()
    make_table(
        connection, "_met_accounts", {"value": "VARCHAR"}, _rows(a.account_id for a in accounts)
    )
    query = f"""
        SELECT contact_id, account_id,
          COALESCE(full_name, nullif(trim(concat_ws(' ', first_name, last_name)), '')),
          lower(trim(email))
        FROM {contacts}
        WHERE lower(trim(email)) IN (FROM _asked_emails) OR account_id IN (FROM _met_accounts)
        ORDER BY contact_id"""
    return tuple(KnownContact(*row) for row in connection.execute(query).fetchall())


def _owners(connection: duckdb.DuckDBPyConnection, state: State) -> frozenset[str]:
    """Return the names of our own people: those who own accounts or opportunities."""
    tables = [reading(state.accounts), _table(state, TableName.OPPORTUNITIES)]
    every = " UNION ".join(f"SELECT owner FROM {table}" for table in tables if table)
    rows = connection.execute(f"SELECT owner FROM ({every}) WHERE owner IS NOT NULL").fetchall()
    return frozenset(name_key(name) for (name,) in rows)


def _table(state: State, table: TableName) -> str | None:
    path = state.table(table)
    return reading(path) if path.exists() else None
