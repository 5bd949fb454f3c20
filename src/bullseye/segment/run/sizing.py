"""Size every market of the workspace on the state of one day."""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.segment.market import MarketSize, size
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.sizing import market_rules, size_sql, sized
from bullseye.workspace import Workspace


def market_sizes(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batch_ids: tuple[int, ...],
    as_of: date,
) -> list[MarketSize]:
    """Return TAM and SAM of every market, by name, as known on `as_of`."""
    state = workspace.state(connection, project, batch_ids, as_of)
    accounts = reading(state.accounts)
    fields = readable_fields(project, TableName.ACCOUNTS)
    found = []
    for name, market in sorted(project.markets.items()):
        rules = market_rules(market, fields)
        sizes = []
        for rule in (rules.tam, rules.sam):
            sql = size_sql(DUCKDB, rule, market, fields, accounts, as_of)
            sizes.append(size(sized(connection.execute(sql).fetchall()[0])))
        found.append(MarketSize(name, as_of, *sizes))
    return found


def fetched_sizes(
    fetched: Mapping[str, Sequence[Sequence[float]]], as_of: date
) -> list[MarketSize]:
    """Return TAM and SAM of every market, by name, from what a warehouse counted."""
    return [
        MarketSize(name, as_of, *(size(sized(row)) for row in rows))
        for name, rows in sorted(fetched.items())
    ]
