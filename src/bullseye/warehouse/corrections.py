"""Facts of accounts said anew for a day whose state is there: only their rows are made again.

That is exact where nothing else hangs on what was said: one source of accounts, no account new
or gone, none with another name, domain or parent, and no signal derived from changes. Rows of
other tables then belong to the accounts they belonged to.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.project import Project
from bullseye.warehouse.batches import Batch, SourceRows
from bullseye.warehouse.changes import growth_sql, growths_wanted
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.events import ranked_sources
from bullseye.warehouse.publish import publish, reading

_TELLING = ("name", "former_names", "domain", "country", "parent_account_id")
"""What other rows find an account by, and what makes families."""


def correct_accounts(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    added: Sequence[Batch],
    as_of: date,
    accounts: Path,
) -> bool:
    """Write the rows of `accounts` again of which further batches say something else.

    Parameters
    ----------
    connection
        The engine; the temporary table `corrected` holds the `account_id` of every such row.
    project
        The definitions.
    batches, added
        All batches, and those not known yet.
    as_of
        The day of the state.
    accounts
        The state's accounts, which get the rows of building anew.

    Returns
    -------
    bool
        Whether it could be done; if not, only building anew can tell, and nothing is written.
    """
    fields = stored_fields(project, TableName.ACCOUNTS)
    sources = ranked_sources(connection, project, batches, TableName.ACCOUNTS, fields)
    [*new] = ranked_sources(connection, project, added, TableName.ACCOUNTS, fields)
    derives = any(signal.change is not None for signal in project.signals.values())
    if len(sources) != 1 or len(new) != 1 or derives:
        return False
    ids = f"SELECT account_id FROM ({new[0].sql})"
    source = _only(sources[0], ids)
    names = [DUCKDB.identifier(name) for name in fields]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE said AS SELECT {', '.join(names)}"
        f" FROM ({source.known_on(as_of)})"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE before AS SELECT * FROM {reading(accounts)}"
        f" WHERE account_id IN ({ids})"
    )
    if not _are_the_same(connection) or _tell_of_before(connection, new[0]):
        return False
    connection.execute(_again(source, project, as_of))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE corrected AS SELECT account_id FROM"
        " (SELECT * FROM again EXCEPT ALL SELECT * FROM before)"
    )
    publish(
        connection,
        f"SELECT * FROM {reading(accounts)} ANTI JOIN corrected USING (account_id)"
        " UNION ALL SELECT * FROM again SEMI JOIN corrected USING (account_id)"
        " ORDER BY account_id",
        accounts,
    )
    return True


def _only(source: SourceRows, ids: str) -> SourceRows:
    sql = f"SELECT * FROM ({source.sql}) WHERE account_id IN ({ids})"
    return source._replace(sql=sql, dated_once=False)


def _are_the_same(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the accounts before are those said, and are found by the same."""
    differs = " OR ".join(f"s.{name} IS DISTINCT FROM b.{name}" for name in _TELLING)
    found = connection.execute(
        "SELECT 1 FROM said AS s FULL JOIN before AS b USING (account_id)"
        f" WHERE s.account_id IS NULL OR b.account_id IS NULL OR {differs} LIMIT 1"
    ).fetchall()
    return not found


def _tell_of_before(connection: duckdb.DuckDBPyConnection, new: SourceRows) -> bool:
    """Whether rows give an account a name or domain it has not now: it may have had it before."""
    found = connection.execute(
        f"SELECT 1 FROM ({new.sql}) AS n JOIN before AS b USING (account_id)"
        " WHERE n.name <> b.name OR n.domain <> b.domain LIMIT 1"
    ).fetchall()
    return bool(found)


def _again(source: SourceRows, project: Project, as_of: date) -> str:
    """Return the statement that makes the table `again`: what is said, in the state's columns."""
    fields = stored_fields(project, TableName.ACCOUNTS)
    columns = [f"s.{DUCKDB.identifier(name)}" for name in fields]
    columns.append("b._ultimate_parent_id")
    joins = ["JOIN before AS b USING (account_id)"]
    for number, wanted in enumerate(growths_wanted(project, fields)):
        growth = growth_sql([source], wanted.growth, as_of)
        joins.append(f"LEFT JOIN ({growth}) AS g{number} USING (account_id)")
        columns.append(f"g{number}.growth AS {DUCKDB.identifier(wanted.name)}")
    return (
        f"CREATE OR REPLACE TEMP TABLE again AS SELECT {', '.join(columns)}"
        f" FROM said AS s {' '.join(joins)}"
    )
