"""Signals as known on a day: imported events with their account, and events made of changes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from bullseye.definitions.field import Field, TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.project import Project
from bullseye.warehouse.batches import Batch, SourceRows, by_source, source_rows
from bullseye.warehouse.changes import change_signals
from bullseye.warehouse.decisions import NO_DECISIONS, Decisions
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.matching import clean_name, key_accounts, matched
from bullseye.warehouse.merging import make_maps, renamed
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.references import FORMER, match_the_rest


class Counted(NamedTuple):
    """How many rows of a table had one outcome, as in unmatched."""

    table: str
    what: str
    rows: int


def ranked_sources(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    table: TableName,
    fields: Mapping[str, Field],
) -> list[SourceRows]:
    """Return the sources of a table, the one that wins first."""
    found = by_source(batches, table)

    def rank(name: str) -> tuple[int, str]:
        source = project.sources.get(name)
        return (source.priority if source else 1000, name)

    return [source_rows(connection, n, found[n], fields) for n in sorted(found, key=rank)]


_EVENT_COLUMNS = (
    "account_id, type, subject, occurred_on, detail, url, value, known_on, source, match_method,"
    " batch_number, row_no, _domain, _name, _country"
)


def build_signals(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    account_sources: Sequence[SourceRows],
    account_fields: Mapping[str, Field],
    accounts: str,
    as_of: date,
    target: Path,
    decisions: Decisions = NO_DECISIONS,
    further: Sequence[str] = (),
) -> list[Counted]:
    """Write the signals known on `as_of` to `target`, and return what was noticed.

    `accounts` is a table expression of the state's accounts; `account_sources` are what
    derived signals compare from import to import; `decisions` are people's on who is meant;
    `further` are selects of other derived events.
    """
    fields = stored_fields(project, TableName.SIGNALS)
    sources = ranked_sources(connection, project, batches, TableName.SIGNALS, fields)
    sources = renamed(sources, TableName.SIGNALS, decisions)
    events = [_imported(source, accounts, as_of) for source in sources]
    events += change_signals(project, account_sources, account_fields, accounts, as_of)
    events += further
    _make_events(connection, "events", events, accounts, target.parent, decisions)
    return _write_signals(connection, batches, target)


def extend_signals(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    added: Sequence[Batch],
    accounts: str,
    as_of: date,
    folder: Path,
    decisions: Decisions = NO_DECISIONS,
) -> list[Counted] | None:
    """Take the signals of further batches into those in `folder`; what they correct goes.

    Parameters
    ----------
    connection
        The engine; the temporary table `met_anew` holds the `account_id` of every account that
        got, lost or kept such a signal.
    project
        The definitions.
    batches, added
        All batches, and those of signals not known in `folder` yet, newer than the others.
    accounts
        A table expression of the state's accounts.
    as_of
        The day of the state.
    folder
        Where the signals are; the result has the rows of building anew.
    decisions
        What people decided on who is meant, the same as when `folder` was made.

    Returns
    -------
    list of Counted or None
        How the counts of building anew differ; None where only building anew can tell.
    """
    fields = stored_fields(project, TableName.SIGNALS)
    older = [batch for batch in batches if batch not in added]
    make_maps(connection, decisions)

    def ranked(some: Sequence[Batch]) -> dict[str, SourceRows]:
        found = ranked_sources(connection, project, some, TableName.SIGNALS, fields)
        return {source.source: source for source in renamed(found, TableName.SIGNALS, decisions)}

    new, before, after = ranked(added), ranked(older), ranked(batches)
    for source in new.values():
        unnamed = f"SELECT 1 FROM ({source.sql}) WHERE signal_id IS NULL LIMIT 1"
        if connection.execute(unnamed).fetchall():
            return None

    def said_again(sources: Mapping[str, SourceRows]) -> list[str]:
        return [
            _imported(_only(sources[name], new[name]), accounts, as_of)
            for name in new
            if name in sources
        ]

    _make_events(connection, "replaced", said_again(before), accounts, folder, decisions)
    rows = connection.execute(
        f"SELECT count(*) FROM {reading(folder / 'signals*.parquet')}"
        " WHERE match_method = 'derived'"
    ).fetchall()
    derived = int(rows[0][0])
    _take_out(connection, batches, folder, derived)
    newest = max(batch.number for batch in added)
    part = folder / f"signals-{newest:08d}.parquet"
    _make_events(connection, "events", said_again(after), accounts, folder, decisions)
    counted = _write_signals(connection, batches, part, derived=derived)
    gone = _counted(connection, "replaced")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE met_anew AS SELECT account_id FROM replaced"
        f" WHERE account_id IS NOT NULL UNION SELECT account_id FROM {reading(part)}"
    )
    connection.execute("DROP TABLE replaced")
    return counted + [each._replace(rows=-each.rows) for each in gone]


def _only(source: SourceRows, new: SourceRows) -> SourceRows:
    """Return the rows of `source` whose signals `new` names."""
    ids = f"SELECT signal_id FROM ({new.sql})"
    sql = f"SELECT * FROM ({source.sql}) WHERE signal_id IN ({ids})"
    return source._replace(sql=sql, dated_once=False)


def _take_out(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch], folder: Path, derived: int
) -> None:
    """Write the files in `folder` that hold a replaced signal again, without it."""
    offsets = ", ".join(f"({number}, {offset})" for number, offset in _offsets(connection, batches))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE taken AS SELECT {derived} + o.first_no + r.row_no AS"
        f" signal_no FROM replaced AS r JOIN (VALUES {offsets}) AS o(number, first_no)"
        " ON o.number = r.batch_number WHERE r.account_id IS NOT NULL"
    )
    any_taken = connection.execute("SELECT 1 FROM taken LIMIT 1").fetchall()
    for file in sorted(folder.glob("signals*.parquet")) if any_taken else ():
        found = f"SELECT 1 FROM {reading(file)} SEMI JOIN taken USING (signal_no) LIMIT 1"
        if connection.execute(found).fetchall():
            left = f"SELECT * FROM {reading(file)} ANTI JOIN taken USING (signal_no)"
            publish(connection, f"{left} ORDER BY account_id, signal_no", file)
    connection.execute("DROP TABLE taken")


def summed(noticed: Sequence[Counted], further: Sequence[Counted]) -> tuple[Counted, ...]:
    """Return counts with further ones added where they count the same; none of 0 rows."""
    totals = {(each.table, each.what): each.rows for each in noticed}
    for each in further:
        totals[each.table, each.what] = totals.get((each.table, each.what), 0) + each.rows
    return tuple(Counted(table, what, rows) for (table, what), rows in totals.items() if rows)


def _make_events(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    events: Sequence[str],
    accounts: str,
    folder: Path,
    decisions: Decisions,
) -> None:
    """Make the temporary table `table` of events, each with its account where it has one."""
    every = "\nUNION ALL BY NAME\n".join(f"({sql})" for sql in (_no_events(), *events))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {every}")
    match_the_rest(
        connection,
        table,
        accounts,
        former=folder / FORMER,
        decisions=decisions.meant,
        method="match_method",
    )


def _write_signals(
    connection: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    target: Path,
    derived: int | None = None,
) -> list[Counted]:
    """Number `events` and write those that have an account; `derived` counts earlier ones.

    Derived events come first, in order of content; imported ones follow in order of arrival,
    so that what arrives later takes no number from what was there.
    """
    offsets = ", ".join(f"({number}, {offset})" for number, offset in _offsets(connection, batches))
    first = derived
    if first is None:
        rows = connection.execute("SELECT count(*) FROM events WHERE batch_number IS NULL")
        first = int(rows.fetchall()[0][0])
    query = (
        f"SELECT CASE WHEN e.batch_number IS NULL THEN row_number() OVER (PARTITION BY"
        " e.batch_number IS NULL ORDER BY account_id, occurred_on, type, subject, detail, url,"
        f" value, known_on, source) ELSE {first} + o.first_no + e.row_no END AS signal_no,"
        " account_id, type, subject,"
        " CAST(occurred_on - DATE '1970-01-01' AS INTEGER) AS occurred_day, occurred_on,"
        " detail, url, value, known_on, source, match_method, e.batch_number FROM events AS e"
        f" LEFT JOIN (VALUES {offsets or '(0, 0)'}) AS o(number, first_no)"
        " ON o.number = e.batch_number WHERE account_id IS NOT NULL ORDER BY account_id, signal_no"
    )
    publish(connection, query, target)
    counted = _counted(connection, "events")
    connection.execute("DROP TABLE events")
    return counted


def _counted(connection: duckdb.DuckDBPyConnection, events: str) -> list[Counted]:
    """Return how many imported ones of a table of events matched which way."""
    counts = connection.execute(
        f"SELECT match_method, count(*) FROM {events} WHERE match_method <> 'derived'"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [
        Counted("signals", how if how in ("unmatched", "ambiguous") else f"matched by {how}", n)
        for how, n in counts
    ]


def _offsets(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]
) -> list[tuple[int, int]]:
    """Return, per batch of signals, how many rows all earlier batches could have."""
    found, total = [], 0
    for batch in sorted(batches, key=lambda each: each.number):
        if batch.table is TableName.SIGNALS:
            found.append((batch.number, total))
            rows = connection.execute(
                f"SELECT COALESCE(max(row_no), 0) FROM {reading(batch.path)}"
            ).fetchall()
            total += int(rows[0][0])
    return found


def _imported(source: SourceRows, accounts: str, as_of: date) -> str:
    """Return the imported events known on the day, each with the account it belongs to."""
    day = DUCKDB.literal(as_of)
    rows = f"(SELECT * FROM ({source.known_on(as_of)}) WHERE occurred_on <= {day})"
    label = DUCKDB.literal(source.source)
    found = matched(
        rows,
        accounts,
        domain="r.domain",
        name=clean_name("r.account_name"),
        reference=("r.domain", "r.account_name", "NULL::VARCHAR"),
    )
    return (
        f"WITH found AS ({found})\n"
        "SELECT _matched_id AS account_id, type, subject, occurred_on, detail, url,"
        f" value, known_on, {label} AS source, _match_method AS match_method,"
        " _batch AS batch_number, _row AS row_no, _domain, _name, _country FROM found"
    )


def open_signals(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    accounts: str,
    as_of: date,
    decisions: Decisions = NO_DECISIONS,
) -> str:
    """Return the select of what signals without id, domain or name of an account say of one.

    It has `_domain`, `_name` and `_country`, one row per signal.
    """
    fields = stored_fields(project, TableName.SIGNALS)
    make_maps(connection, decisions)
    sources = ranked_sources(connection, project, batches, TableName.SIGNALS, fields)
    sources = renamed(sources, TableName.SIGNALS, decisions)
    key_accounts(connection, accounts)
    every = (_no_events(), *(_imported(source, accounts, as_of) for source in sources))
    events = "\nUNION ALL BY NAME\n".join(f"({sql})" for sql in every)
    return (
        f"SELECT _domain, _name, _country FROM ({events})"
        " WHERE match_method IN ('unmatched', 'ambiguous')"
    )


def _no_events() -> str:
    kinds = {
        "occurred_on": "DATE",
        "known_on": "DATE",
        "value": "DOUBLE",
        "batch_number": "BIGINT",
        "row_no": "BIGINT",
    }
    columns = (
        f"CAST(NULL AS {kinds.get(c, 'VARCHAR')}) AS {c}" for c in _EVENT_COLUMNS.split(", ")
    )
    return f"SELECT {', '.join(columns)} WHERE FALSE"
