"""Size every market of the workspace on the state of one day."""

from datetime import date

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.segment.market import MarketSize, market_rules, size, size_sql
from bullseye.warehouse.publish import reading
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
            row = connection.execute(size_sql(rule, market, fields, accounts, as_of)).fetchone()
            assert row is not None  # noqa: S101 - an aggregate always gives one row
            sizes.append(size(row))
        found.append(MarketSize(name, as_of, *sizes))
    return found
