"""What the tables say of contacts and their part in purchases, as known on a day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from bullseye.definitions.field import TableName
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table
from bullseye.warehouse.state import State


class ContactFacts(NamedTuple):
    """One contact on file; level and function as its title tells, None where it does not.

    `employees` is the size of its account.
    """

    contact_id: str
    account_id: str | None
    full_name: str | None
    title: str | None
    level: str | None
    function: str | None
    employees: int | None


class WrittenRole(NamedTuple):
    """One row of a contact on an opportunity; `role` as the CRM writes it.

    `on` is the day the contact was put there, or the day the row was known.
    """

    opportunity_contact_id: str
    opportunity_id: str
    contact_id: str
    account_id: str | None
    role: str | None
    is_primary: bool
    on: date


class TouchFacts(NamedTuple):
    """A kind of touch of one contact: the texts it has, how often, and the last of them."""

    contact_id: str
    outcome: str
    channel: str
    direction: str
    subject: str
    touch_count: int
    touch_id: str
    opportunity_id: str | None
    on: date


WANTED = "role_accounts"
"""The temporary table of the accounts that are asked about."""


def wanted_accounts(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    accounts: Sequence[str],
    contact_ids: Sequence[str],
) -> list[str]:
    """Return these accounts and those of these contacts, sorted."""
    names = make_table(
        connection, "role_contacts", {"contact_id": "VARCHAR"}, [(each,) for each in contact_ids]
    )
    query = (
        f"SELECT DISTINCT account_id FROM {contacts_sql(state.table(TableName.CONTACTS))}"
        f" SEMI JOIN {names} USING (contact_id) WHERE account_id IS NOT NULL"
    )
    return sorted({*accounts, *(row[0] for row in connection.execute(query).fetchall())})


def contact_facts(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    corrected: Sequence[Corrected] = (),
    accounts: Sequence[str] | None = None,
) -> list[ContactFacts]:
    """Return the contacts on file, in order of account and contact.

    Parameters
    ----------
    connection
        The embedded engine.
    state
        What is known on the day.
    corrected
        What people say titles mean.
    accounts
        Only contacts of these; all if absent.
    """
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    names = "COALESCE(c.full_name, NULLIF(trim(concat_ws(' ', c.first_name, c.last_name)), ''))"
    query = (
        f"SELECT c.contact_id, c.account_id, {names}, c.title, c.level, c.function, a.employees"
        f" FROM {contacts} AS c LEFT JOIN {reading(state.accounts)} AS a USING (account_id)"
        f" WHERE c.contact_id IS NOT NULL{_only(connection, accounts, 'c.account_id')}"
        " ORDER BY c.account_id NULLS LAST, c.contact_id"
    )
    return [ContactFacts(*row) for row in connection.execute(query).fetchall()]


def written_roles(connection: duckdb.DuckDBPyConnection, state: State) -> list[WrittenRole]:
    """Return who is written down on opportunities by the day, in order of day and record."""
    rows = _rows_of(state, TableName.OPPORTUNITY_CONTACTS)
    if rows is None:
        return []
    query = (
        "SELECT opportunity_contact_id, opportunity_id, contact_id, account_id, role,"
        " COALESCE(is_primary, FALSE), LEAST(COALESCE(added_on, known_on), known_on) AS day"
        f" FROM {rows} WHERE COALESCE(added_on, known_on) <= {DUCKDB.literal(state.as_of)}"
        " AND contact_id IS NOT NULL AND opportunity_id IS NOT NULL ORDER BY day, 1"
    )
    return [WrittenRole(*row) for row in connection.execute(query).fetchall()]


def touch_facts(
    connection: duckdb.DuckDBPyConnection, state: State, accounts: Sequence[str] | None = None
) -> list[TouchFacts]:
    """Return the touches of contacts that happened by the day, alike ones of a contact as one."""
    rows = _rows_of(state, TableName.TOUCHES)
    if rows is None:
        return []
    texts = ", ".join(
        f"COALESCE({name}, '') AS {name}" for name in ("outcome", "channel", "direction", "subject")
    )
    query = (
        f"SELECT contact_id, {texts}, count(*), arg_max(touch_id, (occurred_on, touch_id)),"
        " arg_max(opportunity_id, (occurred_on, touch_id)), max(occurred_on)"
        f" FROM {rows} WHERE contact_id IS NOT NULL"
        f" AND occurred_on <= {DUCKDB.literal(state.as_of)}"
        f"{_only(connection, accounts, 'account_id')} GROUP BY ALL ORDER BY ALL"
    )
    return [TouchFacts(*row) for row in connection.execute(query).fetchall()]


def _rows_of(state: State, table: TableName) -> str | None:
    """Return the rows of a table; None where the state was built before the table was known."""
    path: Path = state.table(table)
    return reading(path) if path.exists() else None


def _only(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[str] | None, column: str
) -> str:
    if accounts is None:
        return ""
    table = make_table(
        connection, WANTED, {"account_id": "VARCHAR"}, [(each,) for each in sorted(set(accounts))]
    )
    return f" AND {column} IN (SELECT account_id FROM {table})"


def accounts_called(
    connection: duckdb.DuckDBPyConnection, state: State, wanted: str
) -> list[tuple[str, str | None]]:
    """Return the id and name of the accounts with this id; else with this domain or name."""
    query = (
        f"SELECT account_id, name FROM {reading(state.accounts)} WHERE account_id = ?"
        " OR lower(domain) = lower(?) OR lower(name) = lower(?)"
        " QUALIFY rank() OVER (ORDER BY account_id <> ?) = 1 ORDER BY account_id"
    )
    return [(i, n) for i, n in connection.execute(query, [wanted] * 4).fetchall()]


def account_of_opportunity(
    connection: duckdb.DuckDBPyConnection, state: State, opportunity_id: str
) -> list[str | None]:
    """Return the account of an opportunity; no row where there is no such opportunity."""
    rows = _rows_of(state, TableName.OPPORTUNITIES)
    if rows is None:
        return []
    query = f"SELECT account_id FROM {rows} WHERE opportunity_id = ?"
    return [account_id for (account_id,) in connection.execute(query, [opportunity_id]).fetchall()]
