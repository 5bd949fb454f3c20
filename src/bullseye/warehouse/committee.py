"""Open opportunities, and the touches of the contacts on them, as known on a day."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from bullseye.definitions.field import TableName
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table
from bullseye.warehouse.state import State

_WANTED = "committee_contacts"


class OpenOpportunity(NamedTuple):
    """One opportunity that is neither won nor lost on the day; what is not known is None."""

    opportunity_id: str
    name: str | None
    account_id: str | None
    account: str | None
    stage: str | None
    amount: float | None
    opened_on: date | None
    owner: str | None


class Touched(NamedTuple):
    """One touch of one contact; texts are empty where nothing is said."""

    touch_id: str
    contact_id: str
    opportunity_id: str | None
    on: date
    channel: str
    direction: str
    outcome: str
    subject: str
    message: str


def open_opportunities(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    *,
    opportunity: str | None = None,
    account: str | None = None,
) -> list[OpenOpportunity]:
    """Return the open opportunities, those of most money first: all, one, or an account's."""
    only = ""
    if opportunity is not None:
        only = f" AND o.opportunity_id = {DUCKDB.literal(opportunity)}"
    elif account is not None:
        only = f" AND o.account_id = {DUCKDB.literal(account)}"
    query = (
        "SELECT o.opportunity_id, o.name, o.account_id, a.name, o.stage,"
        " CAST(o.amount AS DOUBLE), o.created_on, o.owner"
        f" FROM {reading(state.table(TableName.OPPORTUNITIES))} AS o"
        f" LEFT JOIN {reading(state.accounts)} AS a USING (account_id)"
        " WHERE coalesce(lower(o.outcome), 'open') NOT IN ('won', 'lost')"
        f" AND coalesce(o.created_on, DATE '1970-01-01') <= {DUCKDB.literal(state.as_of)}{only}"
        " ORDER BY o.amount DESC NULLS LAST, o.opportunity_id"
    )
    return [OpenOpportunity(*row) for row in connection.execute(query).fetchall()]


def touches_of(
    connection: duckdb.DuckDBPyConnection, state: State, contacts: Sequence[str]
) -> list[Touched]:
    """Return the touches of these contacts that happened by the day, oldest first."""
    wanted = make_table(
        connection, _WANTED, {"contact_id": "VARCHAR"}, [(each,) for each in sorted(set(contacts))]
    )
    texts = ", ".join(
        f"coalesce(t.{name}, '')"
        for name in ("channel", "direction", "outcome", "subject", "message")
    )
    query = (
        f"SELECT t.touch_id, t.contact_id, t.opportunity_id, t.occurred_on, {texts}"
        f" FROM {reading(state.table(TableName.TOUCHES))} AS t SEMI JOIN {wanted} AS w"
        f" USING (contact_id) WHERE t.occurred_on <= {DUCKDB.literal(state.as_of)}"
        " ORDER BY t.occurred_on, t.touch_id"
    )
    return [Touched(*row) for row in connection.execute(query).fetchall()]
