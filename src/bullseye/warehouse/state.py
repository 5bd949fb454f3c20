"""The state as known on a day: every account with its facts, every signal with its account.

A pure function of the batches, the sources' priorities and the day: the same three give the
same rows in the same order. Nothing known later than the day can be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bullseye.definitions.field import KEYS, Field, TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.project import Project
from bullseye.warehouse.batches import (
    COLUMN_TYPES,
    Batch,
    SourceRows,
)
from bullseye.warehouse.changes import growth_sql, growths_wanted
from bullseye.warehouse.contacts import DERIVED, label_titles
from bullseye.warehouse.decisions import NO_DECISIONS, Decisions
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.events import Counted, build_signals, ranked_sources
from bullseye.warehouse.matching import REFERENCE, SAYS_NONE, clean_name, key_accounts, matched
from bullseye.warehouse.merging import (
    MERGED_AWAY,
    make_claims,
    make_maps,
    merge_accounts,
    merge_contacts,
    named_accounts,
    renamed,
)
from bullseye.warehouse.moves import move_events
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.references import FORMER, match_the_rest

MAX_DEPTH = 12
"""Levels of subsidiaries that are followed; deeper ones count as their own family."""


MAIL_DOMAIN = "nullif(split_part(lower(trim(r.email)), '@', 2), '')"
"""The SQL of the domain of a contact's e-mail address."""

OTHER_TABLES = (
    TableName.CONTACTS,
    TableName.OPPORTUNITIES,
    TableName.OPPORTUNITY_CONTACTS,
    TableName.SUBSCRIPTIONS,
    TableName.USAGE,
    TableName.TOUCHES,
)
"""Tables whose rows belong to an account; what others name stands before them (`THROUGH`)."""

THROUGH = {
    TableName.OPPORTUNITY_CONTACTS: (TableName.OPPORTUNITIES, TableName.CONTACTS),
    TableName.USAGE: (TableName.SUBSCRIPTIONS,),
    TableName.TOUCHES: (TableName.OPPORTUNITIES, TableName.CONTACTS),
}
"""Tables whose rows may say their account through a row of another table, the surest first."""


@dataclass(frozen=True)
class State:
    """Where the state's tables are, and what was noticed while building them.

    `accounts`: one row per account; every field of the table (`stored_fields`), the derived
    facts that definitions mention, and `_ultimate_parent_id`. `signals`: one row per event that
    has an account; `signal_no` (unique, later imports above earlier ones), `account_id`,
    `type`, `subject`, `occurred_day` (days since 1970), `occurred_on`, `detail`, `url`,
    `value`, `known_on`, `source`, `match_method`, `batch_number` (null for derived ones).
    """

    as_of: date
    folder: Path
    noticed: tuple[Counted, ...]

    @property
    def accounts(self) -> Path:
        """The accounts as known on the day."""
        return self.folder / "accounts.parquet"

    def table(self, name: TableName) -> Path:
        """One of the other tables as known on the day: its fields, its account, how it matched.

        `account_id` is the account the row was matched to, NULL where it matched none;
        `_given_account_id` is what the row itself says (where that was merged away, what stays),
        `_match_method` how it was matched, `_source` where it was said last.
        """
        return self.folder / f"{name}.parquet"

    @property
    def signals(self) -> Path:
        """The signals known on the day: one file, and one more per extension."""
        return self.folder / "signals*.parquet"


def build_state(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    as_of: date,
    folder: Path,
    titles: Path | None = None,
    decisions: Decisions = NO_DECISIONS,
) -> State:
    """Write the state of `batches` as known on `as_of` into `folder` and return it.

    `titles` is where labels of titles are kept, so that none is labelled twice; `decisions` are
    people's on which account is meant, and on which records are one.
    """
    fields = stored_fields(project, TableName.ACCOUNTS)
    make_maps(connection, decisions)
    sources = ranked_sources(connection, project, batches, TableName.ACCOUNTS, fields)
    sources, noticed = _merge_sources(connection, sources, fields, as_of, decisions)
    if sources and decisions.clusters(TableName.ACCOUNTS):
        sources = merge_accounts(connection, project, sources, fields, as_of)
    noticed += _build_accounts(connection, project, sources, fields, as_of, folder)
    _keep_former(connection, sources, as_of, folder / FORMER)
    state = State(as_of, folder, ())
    key_accounts(connection, reading(state.accounts))
    others: list[Counted] = []
    for table in OTHER_TABLES:
        others += build_other(connection, project, batches, table, state, titles, decisions)
    noticed += build_signals(
        connection,
        project,
        batches,
        sources,
        fields,
        reading(state.accounts),
        as_of,
        folder / "signals.parquet",
        decisions,
        move_events(connection, project, batches, state),
    )
    return State(as_of, folder, (*noticed, *others))


# -- accounts ------------------------------------------------------------------------------


def make_record_claims(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    table: TableName,
    as_of: date,
    decisions: Decisions,
) -> str:
    """Make a temporary table of what sources say of merged accounts or contacts; return its name.

    See `bullseye.warehouse.survivors` for its columns.
    """
    fields = stored_fields(project, table)
    make_maps(connection, decisions)
    sources = ranked_sources(connection, project, batches, table, fields)
    if table is TableName.ACCOUNTS:
        sources, _ = _merge_sources(connection, sources, fields, as_of, decisions)
    return make_claims(connection, table, renamed(sources, table, decisions), fields, as_of)


def _build_accounts(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    as_of: date,
    folder: Path,
) -> list[Counted]:
    noticed = _find_parents(connection)
    columns = [f"a.{DUCKDB.identifier(name)}" for name in fields]
    columns.append("f.ultimate_parent_id AS _ultimate_parent_id")
    joins = ["LEFT JOIN family AS f ON f.account_id = a.account_id"]
    for number, wanted in enumerate(growths_wanted(project, fields)):
        sql = growth_sql(sources, wanted.growth, as_of)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE growth_{number} AS {sql}")
        joins.append(
            f"LEFT JOIN growth_{number} AS g{number} ON g{number}.account_id = a.account_id"
        )
        columns.append(f"g{number}.growth AS {DUCKDB.identifier(wanted.name)}")
    query = (
        f"SELECT {', '.join(columns)} FROM merged AS a "
        + " ".join(joins)
        + " ORDER BY a.account_id"
    )
    publish(connection, query, folder / "accounts.parquet")
    return noticed


def _merge_sources(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    as_of: date,
    decisions: Decisions,
) -> tuple[list[SourceRows], list[Counted]]:
    """Make the temporary table `merged`: one row per account, the best source per field.

    The sources come back under the accounts' ids, whatever ids they use themselves.
    """
    if not sources:
        columns = [f"CAST(NULL AS {kind}) AS {name}" for name, kind in _typed_names(fields)]
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE merged AS SELECT {', '.join(columns)} WHERE FALSE"
        )
        return [], []
    first, *others = sources
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE merged AS {_fields_only(first, fields, as_of)}"
    )
    found, noticed = [first], []
    for rank, source in enumerate(others, 1):
        ids = f"accounts_of_{rank}"
        noticed += _merge_in(connection, source, fields, as_of, ids, decisions)
        sql = (
            f"SELECT r.* REPLACE (_final_id AS account_id) FROM ({source.sql}) AS r"
            f" JOIN {ids} ON _own_id = r.account_id"
        )
        found.append(source._replace(sql=sql))
    return found, noticed


def _typed_names(fields: Mapping[str, Field]) -> list[tuple[str, str]]:
    return [(DUCKDB.identifier(f.name), COLUMN_TYPES[f.type]) for f in fields.values()]


def _fields_only(source: SourceRows, fields: Mapping[str, Field], as_of: date) -> str:
    names = ", ".join(DUCKDB.identifier(name) for name in fields)
    return f"SELECT {names} FROM ({source.known_on(as_of)})"


def _merge_in(
    connection: duckdb.DuckDBPyConnection,
    source: SourceRows,
    fields: Mapping[str, Field],
    as_of: date,
    ids: str,
    decisions: Decisions,
) -> list[Counted]:
    """Add what a lower source knows: to the account it matches, or as an account of its own.

    The temporary table `ids` keeps which of the source's ids became which account.
    """
    named = named_accounts("merged", decisions)
    key_accounts(connection, named)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE other AS "
        + matched(
            f"({_fields_only(source, fields, as_of)})",
            "merged",
            domain="r.domain",
            name=clean_name("r.name"),
            own_domain="r.domain",
        )
    )
    merged = ", ".join(
        f"COALESCE(m.{name}, o.{name}) AS {name}"
        for name in (DUCKDB.identifier(n) for n in fields)
        if name != '"account_id"'
    )
    # An id that another system gave to another account gets its source before it. Where two
    # rows of the source are one account, the better match speaks, then the smaller id.
    label = DUCKDB.literal(f"{source.source}:")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ids} AS"
        " SELECT o.account_id AS _own_id, COALESCE(_matched_id, CASE WHEN"
        " taken.account_id IS NULL THEN o.account_id"
        f" ELSE {label} || o.account_id END) AS _final_id"
        " FROM other AS o LEFT JOIN merged AS taken ON taken.account_id = o.account_id"
        " QUALIFY row_number() OVER (PARTITION BY _final_id ORDER BY"
        " list_position(['id', 'domain'], _match_method) NULLS LAST, _own_id) = 1"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE merged AS "
        f"SELECT COALESCE(m.account_id, o._final_id) AS account_id, {merged} "
        "FROM merged AS m FULL JOIN (SELECT other.*, _final_id"
        f" FROM other JOIN {ids} ON _own_id = other.account_id) AS o"
        " ON m.account_id = o._final_id"
    )
    counts = connection.execute(
        "SELECT _match_method, count(*) FROM other GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    connection.execute("DROP TABLE other")
    words = {"unmatched": "new accounts", "ambiguous": "ambiguous: kept as accounts of their own"}
    return [
        Counted("accounts", f"{source.source}: {words.get(how, f'matched by {how}')}", count)
        for how, count in counts
    ]


def _keep_former(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[SourceRows], as_of: date, target: Path
) -> None:
    """Write the names and domains that a source gave an account, and that it has no more.

    A source whose rows are all of one day has no past; where all are so, nothing is written.
    """
    past = [source for source in sources if not source.dated_once]
    if not past:
        return
    day = DUCKDB.literal(as_of)
    every = "\nUNION ALL\n".join(
        f"SELECT account_id, name, domain FROM ({each.sql}) WHERE known_on <= {day}"
        for each in past
    )
    parts = [
        f"SELECT account_id, {column} FROM ({every}) WHERE {column} IS NOT NULL"
        f" EXCEPT SELECT account_id, {column} FROM merged"
        for column in ("name", "domain")
    ]
    query = (
        f"SELECT account_id, name, NULL::VARCHAR AS domain FROM ({parts[0]}) UNION ALL"
        f" SELECT account_id, NULL, domain FROM ({parts[1]})"
    )
    kept = f"SELECT * FROM ({query}) SEMI JOIN merged USING (account_id) ORDER BY ALL"
    publish(connection, kept, target)


def _find_parents(connection: duckdb.DuckDBPyConnection) -> list[Counted]:
    """Make the temporary table `family`: the ultimate parent of every account that has one.

    A parent may be given by id or by name. A circle has no top: its accounts get no parent.
    """
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE links AS
SELECT m.account_id, m.parent_account_id AS said, i.account_id AS parent_id
FROM merged AS m LEFT JOIN merged AS i ON i.account_id = m.parent_account_id
WHERE m.parent_account_id IS NOT NULL"""
    )
    _find_by_name(connection)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE family AS
WITH RECURSIVE up AS (
  SELECT account_id, parent_id AS top, 1 AS level FROM links
  WHERE parent_id IS NOT NULL AND parent_id <> account_id
  UNION ALL
  SELECT up.account_id, l.parent_id, up.level + 1
  FROM up JOIN links AS l ON l.account_id = up.top
  WHERE l.parent_id IS NOT NULL AND l.parent_id <> l.account_id AND up.level < {MAX_DEPTH})
SELECT account_id, arg_max(top, level) AS ultimate_parent_id FROM up
GROUP BY account_id
HAVING max(level) < {MAX_DEPTH} AND bool_and(top <> account_id)"""
    )
    counted = connection.execute(
        "SELECT count(*) FILTER (parent_id IS NULL), "
        "count(*) FILTER (parent_id IS NOT NULL AND account_id NOT IN "
        "(SELECT account_id FROM family)), (SELECT count(*) FROM family) FROM links"
    ).fetchone()
    labels = ("parent not found", "in a circle of parents: no parent", "have a parent")
    return [Counted("accounts", w, n) for w, n in zip(labels, counted or (), strict=False) if n]


def _find_by_name(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill in the parents that no id names, by a name that one account alone has.

    Names are cleaned only where a parent is sought by one: that is a quarter of a state's cost.
    """
    sought = connection.execute("SELECT count(*) FROM links WHERE parent_id IS NULL").fetchall()
    if not sought[0][0]:
        return
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE links AS
WITH by_name AS (
  SELECT {clean_name("name")} AS key, min(account_id) AS id FROM merged
  WHERE name IS NOT NULL GROUP BY ALL HAVING count(DISTINCT account_id) = 1)
SELECT l.account_id, COALESCE(l.parent_id, n.id) AS parent_id FROM links AS l
LEFT JOIN by_name AS n ON l.parent_id IS NULL AND n.key = {clean_name("l.said")}"""
    )


# -- the other tables ----------------------------------------------------------------------


def build_other(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    table: TableName,
    state: State,
    titles: Path | None = None,
    decisions: Decisions = NO_DECISIONS,
) -> list[Counted]:
    """Write one of the other tables as known on the day; return how its rows matched.

    `key_accounts` must have been given the state's accounts before.

    Contacts get what their title says (`level`, `function`) and `_title_norm`, the title as the
    rules read it, unless they have a field of that name. See `bullseye.warehouse.contacts`.
    """
    fields = stored_fields(project, table)
    sources = ranked_sources(connection, project, batches, table, fields)
    accounts = reading(state.accounts)
    names = [DUCKDB.identifier(name) for name in fields if name != "account_id"]
    sources = renamed(sources, table, decisions)
    every = _newest_of(sources, fields, KEYS[table], state.as_of)
    if table is TableName.CONTACTS and decisions.clusters(table) and sources:
        every = merge_contacts(connection, project, sources, fields, state.as_of, every)
        names += MERGED_AWAY
    for named in THROUGH.get(table, ()):
        every = _with_accounts_of(named, every, fields, state)
    is_contact = table is TableName.CONTACTS
    domain = MAIL_DOMAIN if is_contact else SAYS_NONE
    found = matched(
        f"({every})",
        accounts,
        domain=domain,
        name=clean_name("r.account_name"),
        reference=(domain, "r.account_name", "r.country" if is_contact else SAYS_NONE),
    )
    query = (
        f"WITH found AS ({found})\n"
        f"SELECT _matched_id AS account_id, {', '.join(names)}, account_id AS _given_account_id,"
        f" _match_method, known_on, _source, {', '.join(REFERENCE)} FROM found"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE other AS {query}")
    former = state.folder / FORMER
    match_the_rest(connection, "other", accounts, former=former, decisions=decisions.meant)
    for column in REFERENCE:
        connection.execute(f"ALTER TABLE other DROP COLUMN {column}")
    key = DUCKDB.identifier(KEYS[table])
    rows = "other"
    if table is TableName.CONTACTS:
        label_titles(connection, rows, titles)
        told = "".join(
            f", NULLIF(l.{name}, 'unknown') AS {name}" for name in DERIVED if name not in fields
        )
        rows = (
            f"(SELECT o.*, n.title_norm AS _title_norm{told} FROM other AS o"
            " LEFT JOIN title_norms AS n USING (title) LEFT JOIN title_labels AS l"
            " ON l.title_norm = n.title_norm)"
        )
    publish(connection, f"SELECT * FROM {rows} ORDER BY {key}, _source", state.table(table))
    counts = connection.execute(
        "SELECT _match_method, count(*) FROM other GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    connection.execute("DROP TABLE other")
    return [
        Counted(table, how if how in ("unmatched", "ambiguous") else f"matched by {how}", n)
        for how, n in counts
    ]


def _newest_of(
    sources: Sequence[SourceRows], fields: Mapping[str, Field], key: str, as_of: date
) -> str:
    """Return one row per key over all sources: of each field the newest value that is known.

    Unlike accounts, these rows are events and records of one system: what was said last holds,
    whichever export said it; the source's priority decides between equal days.
    """
    if not sources:
        typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in _typed_names(fields))
        return f"SELECT {typed}, CAST(NULL AS DATE) AS known_on, '' AS _source WHERE FALSE"
    every = "\nUNION ALL\n".join(
        f"(SELECT *, {DUCKDB.literal(each.source)} AS _source, {rank} AS _rank"
        f" FROM ({each.known_on(as_of)}))"
        for rank, each in enumerate(sources)
    )
    if len(sources) == 1:
        return f"SELECT * EXCLUDE (_rank) FROM ({every})"
    name = DUCKDB.identifier(key)
    others = ", ".join(
        f"arg_min({n}, _place) FILTER ({n} IS NOT NULL) AS {n}"
        for n in (DUCKDB.identifier(f) for f in fields if f != key)
    )
    return (
        f"SELECT {name}, {others}, max(known_on) AS known_on, arg_min(_source, _place) AS _source"
        f" FROM (SELECT *, row_number() OVER (PARTITION BY {name}"
        f" ORDER BY known_on DESC, _rank) AS _place FROM ({every})) GROUP BY {name}"
    )


def _with_accounts_of(
    named: TableName, rows: str, fields: Mapping[str, Field], state: State
) -> str:
    """Fill the account of rows that say none, but name a row of the table `named`."""
    key = DUCKDB.identifier(KEYS[named])
    others = ", ".join(f"r.{DUCKDB.identifier(n)}" for n in fields if n != "account_id")
    return (
        f"SELECT COALESCE(r.account_id, n.account_id) AS account_id, {others}, r.known_on,"
        f" r._source FROM ({rows}) AS r LEFT JOIN"
        f" (SELECT {key}, min(account_id) AS account_id"
        f" FROM {reading(state.table(named))} GROUP BY ALL) AS n ON r.account_id IS NULL"
        f" AND n.{key} = r.{key}"
    )
