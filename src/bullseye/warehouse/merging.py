"""Make merged rows one, while the state of a day is built: imports stay as they are.

The temporary tables `merged_accounts` and `merged_contacts` say who is who: `id` (merged away or
staying), `survivor_id`, and `place` (0 for the one that stays, then the others in order).
"""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from bullseye.definitions.field import KEYS, STANDARD_FIELDS, Field, TableName
from bullseye.definitions.project import Project
from bullseye.definitions.survivorship import MERGEABLE, Survival, survival_rules
from bullseye.warehouse.batches import SourceRows
from bullseye.warehouse.decisions import Decisions
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.rows_in import make_table
from bullseye.warehouse.survivors import counted_claims, survivor_columns

MERGED_AWAY = ("_merged_ids", "_merged_emails")
"""Of a merged contact, every other id and every address: who is left alone by one is by all."""

_REFERS = {"account_id": TableName.ACCOUNTS, "contact_id": TableName.CONTACTS}
"""The fields by which rows of other tables name a row that may be merged."""


def who_is_who(table: TableName) -> str:
    """Return the name of the temporary table that says which rows of `table` are one."""
    return f"merged_{table}"


def make_maps(connection: duckdb.DuckDBPyConnection, decisions: Decisions) -> None:
    """Make the temporary tables of who is who; none where nothing is merged."""
    for table in MERGEABLE:
        clusters = decisions.clusters(table)
        if clusters:
            kinds = {"id": "VARCHAR", "survivor_id": "VARCHAR", "place": "INTEGER"}
            rows = (
                (one, survivor, place)
                for survivor, others in clusters.items()
                for place, one in enumerate((survivor, *others))
            )
            make_table(connection, who_is_who(table), kinds, rows)


def renamed(
    sources: Sequence[SourceRows], table: TableName, decisions: Decisions
) -> list[SourceRows]:
    """Return the sources of a table whose rows name the accounts and contacts that stay.

    Accounts come back as they are, and so do the contacts' own ids: `merge_accounts` and
    `merge_contacts` make those one.
    """
    if table is TableName.ACCOUNTS:
        return list(sources)
    named = {field.name for field in STANDARD_FIELDS[table]}
    wanted = {
        column: of
        for column, of in _REFERS.items()
        if column in named and column != KEYS[table] and decisions.clusters(of)
    }
    return [source._replace(sql=_renamed(source.sql, wanted)) for source in sources]


def _renamed(sql: str, wanted: Mapping[str, TableName]) -> str:
    for column, of in wanted.items():
        sql = (
            f"SELECT r.* REPLACE (COALESCE(m.survivor_id, r.{column}) AS {column}) FROM ({sql})"
            f" AS r LEFT JOIN {who_is_who(of)} AS m ON m.id = r.{column}"
        )
    return sql


def named_accounts(accounts: str, decisions: Decisions) -> str:
    """Return accounts under the ids that stay, one row per record: what names may mean."""
    if not decisions.clusters(TableName.ACCOUNTS):
        return accounts
    return f"({_renamed(f'SELECT * FROM {accounts}', {'account_id': TableName.ACCOUNTS})})"


def merge_accounts(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    as_of: date,
) -> list[SourceRows]:
    """Make the rows of the temporary table `merged` one where people said so.

    Parameters
    ----------
    connection
        The engine, with `merged` (one row per account) and the tables of `make_maps`.
    project
        The definitions; they may state which value survives.
    sources
        The accounts' sources under the accounts' ids, the surest first.
    fields
        The fields of accounts.
    as_of
        The day of the state.

    Returns
    -------
    list of SourceRows
        The sources under the ids that stay. Records of one account are sources of their own:
        the values of one are never compared with those of another.
    """
    table = TableName.ACCOUNTS
    rules = survival_rules(table, fields, project.settings.survivorship)
    claims = make_claims(connection, table, sources, fields, as_of)
    columns = survivor_columns(table, rules)
    parent = "COALESCE(p.survivor_id, a.parent_account_id) AS parent_account_id"
    who = who_is_who(table)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE merged AS SELECT a.* REPLACE ({parent}) FROM"
        f" (SELECT * FROM merged WHERE account_id NOT IN (SELECT id FROM {who})) AS a"
        f" LEFT JOIN {who} AS p ON p.id = a.parent_account_id UNION ALL BY NAME"
        f" SELECT _to AS account_id, {columns} FROM {counted_claims(claims, rules)} GROUP BY _to"
    )
    rest = [
        each._replace(
            sql=f"SELECT * FROM ({each.sql}) WHERE account_id NOT IN (SELECT id FROM {who})"
        )
        for each in sources
    ]
    places = connection.execute(f"SELECT DISTINCT place FROM {who} ORDER BY 1").fetchall()
    for (place,) in places:
        rest += [_of_place(each, who, place) for each in sources]
    return rest


def _of_place(source: SourceRows, who: str, place: int) -> SourceRows:
    """Return one record's rows of each merged account, under the id that stays."""
    sql = (
        f"SELECT r.* REPLACE (m.survivor_id AS account_id) FROM ({source.sql}) AS r"
        f" JOIN {who} AS m ON m.id = r.account_id AND m.place = {place}"
    )
    # Their names and domains may be gone from the account even where all rows have one day.
    return source._replace(sql=sql, dated_once=False)


def merge_contacts(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    as_of: date,
    every: str,
) -> str:
    """Return the select of the contacts in `every`, those one that people said are one.

    The arguments are as in `merge_accounts`; `every` is a select of one row per contact with
    the fields, `known_on` and `_source`. The result has `MERGED_AWAY` too.
    """
    table = TableName.CONTACTS
    rules: Mapping[str, Survival] = survival_rules(table, fields, project.settings.survivorship)
    claims = make_claims(connection, table, sources, fields, as_of)
    return (
        f"SELECT * FROM ({every}) WHERE contact_id NOT IN (SELECT id FROM {who_is_who(table)})"
        f" UNION ALL BY NAME SELECT _to AS contact_id, {survivor_columns(table, rules)},"
        " max(known_on) AS known_on, arg_min(_source, row(_id <> _to, _age, _rank, _id)) AS"
        " _source, list_sort(list(DISTINCT _id) FILTER (_id <> _to)) AS _merged_ids,"
        " list_sort(list(DISTINCT email) FILTER (email IS NOT NULL)) AS _merged_emails"
        f" FROM {counted_claims(claims, rules)} GROUP BY _to"
    )


def make_claims(
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    as_of: date,
) -> str:
    """Make a temporary table of what sources say of merged rows; return its name.

    See `bullseye.warehouse.survivors` for its columns. An account's parent is named as it
    stands after merging, and is unknown where it is the account itself.
    """
    key, who = DUCKDB.identifier(KEYS[table]), who_is_who(table)
    name = f"claims_of_{table}"
    columns = [f"s.{DUCKDB.identifier(n)}" for n in fields if n != KEYS[table]]
    joins = ""
    if table is TableName.ACCOUNTS:
        columns.remove('s."parent_account_id"')
        columns.append(
            "NULLIF(COALESCE(p.survivor_id, s.parent_account_id), m.survivor_id)"
            " AS parent_account_id"
        )
        joins = f" LEFT JOIN {who} AS p ON p.id = s.parent_account_id"
    selects = [
        f"SELECT s.{key} AS _id, m.survivor_id AS _to, {rank} AS _rank,"
        f" {DUCKDB.literal(source.source)} AS _source, -(s.known_on - DATE '1970-01-01') AS _age,"
        f" s.known_on, {', '.join(columns)} FROM ({source.known_on(as_of)}) AS s"
        f" JOIN {who} AS m ON m.id = s.{key}{joins}"
        for rank, source in enumerate(sources)
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS " + "\nUNION ALL BY NAME\n".join(selects)
    )
    return name
