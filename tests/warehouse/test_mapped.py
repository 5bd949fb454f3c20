"""Customers' columns become our fields: found, cleaned and typed, on every engine's grammar."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pytest
import sqlglot

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.source import Source
from bullseye.warehouse.dialects import DIALECTS, DUCKDB
from bullseye.warehouse.kinds import Kind, can_hold, kind_of
from bullseye.warehouse.mapped import PARENT, Bound, Reader, bound
from bullseye.warehouse.remote import strangers_sql

DAY = date(2026, 11, 2)
OWN = {
    FieldType.NUMBER: "number",
    FieldType.SHARE: "share",
    FieldType.LIST: "list",
}


def source(table: TableName = TableName.ACCOUNTS, **columns: Any) -> Source:
    return Source(
        name="crm",
        owner="Ada",
        review_by=date(2030, 1, 1),
        review_when=("it moves",),
        table=table,
        relation="crm.t",
        columns=columns,
    )


def read(kind: FieldType, sql_type: str, cells: list[Any]) -> list[Any]:
    """Return cells of a column as a field of this type, read by DuckDB."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t (place INTEGER, cell {sql_type})")
    for at, cell in enumerate(cells):
        connection.execute("INSERT INTO t VALUES (?, ?)", [at, cell])
    sql = Reader(DUCKDB, DAY, {"Germany": "DE"}).typed(kind, "cell", kind_of(sql_type))
    found = connection.execute(f"SELECT {sql} FROM t ORDER BY place").fetchall()
    connection.close()
    return [value for (value,) in found]


def test_words_for_not_known_are_unknown() -> None:
    assert read(FieldType.TEXT, "VARCHAR", ["N/A", " - ", "", None, " Acme "]) == [
        *[None] * 4,
        "Acme",
    ]


def test_an_id_is_kept_whatever_it_says() -> None:
    assert read(FieldType.ID, "VARCHAR", ["none", " 7 ", ""]) == ["none", "7", None]
    assert read(FieldType.ID, "BIGINT", [7]) == ["7"]


def test_countries_are_codes_and_unknown_ones_stay_as_written() -> None:
    assert read(FieldType.COUNTRY, "VARCHAR", ["Germany", "DE", "Atlantis"]) == [
        "DE",
        "DE",
        "Atlantis",
    ]


def test_numbers_out_of_bounds_are_unknown() -> None:
    nan, inf = float("nan"), float("inf")
    cells = [12.0, 12.5, -1.0, 1e300, nan, inf, -inf]
    assert read(FieldType.COUNT, "DOUBLE", cells) == [12, *[None] * 6]
    assert read(FieldType.SHARE, "DOUBLE", cells) == [12.0, 12.5, -1.0, 1e300, None, None, None]
    assert read(FieldType.YEAR, "INTEGER", [2001, 2028, 999]) == [2001, None, None]


def test_texts_are_read_as_numbers_and_days_where_they_say_one() -> None:
    assert read(FieldType.COUNT, "VARCHAR", [" 12 ", "12.0", "a dozen", "NaN"]) == [
        12,
        12,
        None,
        None,
    ]
    assert read(FieldType.DATE, "VARCHAR", ["2026-02-28", "2026-02-30", "28.2.2026"]) == [
        date(2026, 2, 28),
        None,
        None,
    ]


def test_a_moment_is_its_day_and_an_impossible_day_is_unknown() -> None:
    assert read(FieldType.DATE, "TIMESTAMP", ["2026-02-28 23:59:59"]) == [date(2026, 2, 28)]
    assert read(FieldType.DATE, "DATE", ["0001-01-01", "9999-01-01"]) == [None, None]


def test_flags_are_read_from_words_and_numbers() -> None:
    assert read(FieldType.FLAG, "VARCHAR", ["yes", "nein", "maybe"]) == [True, False, None]
    assert read(FieldType.FLAG, "INTEGER", [1, 0, 2]) == [True, False, None]


def test_text_is_split_into_a_list_at_semicolons() -> None:
    assert read(FieldType.LIST, "VARCHAR", ["dbt; Kafka ;a", "", "none"]) == [
        ["dbt", "Kafka", "a"],
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("character varying(80)", Kind.TEXT),
        ("numeric(18,2)", Kind.NUMBER),
        ("timestamp with time zone", Kind.MOMENT),
        ("TIMESTAMP_NTZ", Kind.MOMENT),
        ("array<string>", Kind.TEXTS),
        ("array(varchar(10))", Kind.TEXTS),
        ("text[]", Kind.TEXTS),
        ("INTEGER[]", Kind.LIST),
        ("jsonb", Kind.OTHER),
        ("STRUCT(a INTEGER)", Kind.OTHER),
    ],
)
def test_types_are_known_by_every_engines_names(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize("wanted", list(FieldType))
def test_a_list_of_numbers_is_no_field(wanted: FieldType) -> None:
    assert not can_hold(Kind.LIST, wanted)


def test_a_column_is_found_in_any_case_where_only_one_has_the_name() -> None:
    found = bound(source(account_id="Id", name="Name"), "t", {"ID": "text", "name": "text"})
    assert found.columns["account_id"].name == "ID"
    assert found.lost == ()
    twins = bound(source(account_id="Id"), "t", {"ID": "text", "id": "text"})
    assert [(lost.field, lost.why) for lost in twins.lost] == [("account_id", "it may be ID or id")]


def test_of_each_account_the_newest_row_known_on_the_day_holds() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES ('a', 1, DATE '2026-01-01'),"
        " ('a', 2, DATE '2026-10-01'), ('a', 3, DATE '2026-12-01'), (NULL, 4, NULL))"
        " AS v (id, staff, seen)"
    )
    mapped = bound(
        source(account_id="id", employees="staff", known_on="seen"),
        "t",
        {"id": "VARCHAR", "staff": "INTEGER", "seen": "DATE"},
    )
    accounts = Reader(DUCKDB, DAY).accounts(mapped, [Field("employees", FieldType.COUNT, "")])
    sql = f"SELECT account_id, employees, {PARENT} FROM {accounts} AS a"
    assert connection.execute(sql).fetchall() == [("a", 2, None)]


def test_an_event_with_an_id_counts_once() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES ('e1', 'a', 'funding', DATE '2026-10-01'),"
        " ('e1', 'a', 'funding', DATE '2026-10-02'), ('e2', 'a', 'funding', DATE '2026-10-02'))"
        " AS v (event, id, kind, day)"
    )
    mapped = events_of({"event": "VARCHAR", "id": "VARCHAR", "kind": "VARCHAR", "day": "DATE"})
    sql = Reader(DUCKDB, DAY).events([mapped], ["funding"], date(2026, 8, 1))
    rows = connection.execute(f"SELECT signal_no, occurred_on FROM ({sql})").fetchall()
    assert rows == [(1, date(2026, 10, 2)), (2, date(2026, 10, 2))]


@pytest.mark.parametrize("dated", [True, False])
def test_what_was_deleted_is_not_there(dated: bool) -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES ('a', 'no', DATE '2026-10-01'),"
        " ('b', 'yes', DATE '2026-10-02'), ('c', NULL, DATE '2026-10-02')) AS v (id, gone, seen)"
    )
    if dated:  # 'a' is deleted later, 'b' came back
        connection.execute("INSERT INTO t VALUES ('a', 'yes', '2026-10-03')")
        connection.execute("INSERT INTO t VALUES ('b', 'no', '2026-10-03')")
    known_on = {"known_on": "seen"} if dated else {}
    mapped = bound(
        source(account_id="id", is_deleted="gone", **known_on),
        "t",
        {"id": "VARCHAR", "gone": "VARCHAR", "seen": "DATE"},
    )
    accounts = Reader(DUCKDB, DAY).accounts(mapped, [])
    found = connection.execute(f"SELECT account_id FROM {accounts} AS a ORDER BY ALL").fetchall()
    assert [name for (name,) in found] == (["b", "c"] if dated else ["a", "c"])


def events_of(types: Mapping[str, str]) -> Bound:
    written = source(
        TableName.SIGNALS, signal_id="event", account_id="id", type="kind", occurred_on="day"
    )
    return bound(written, "t", types)


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_every_dialects_statements_can_be_parsed(name: str) -> None:
    dialect = DIALECTS[name]
    every = {kind.value: kind for kind in FieldType}
    columns = {
        "account_id": "id",
        "is_deleted": "my_flag",
        **{f"my_{n}": {"column": f"{n}'\"`\\", "type": n} for n in every if n != "id"},
    }
    names = {
        "id": "VARCHAR",
        "my_flag": "VARCHAR",
        **{f"{n}'\"`\\": "VARCHAR" for n in every if n != "id"},
    }
    mapped = bound(source(**columns), "t", names)
    fields = [Field(f"my_{n}", kind, "") for n, kind in every.items() if n != "id"]
    reader = Reader(dialect, DAY, {"Côte d'Ivoire": "CI"})
    accounts = f"SELECT account_id FROM {reader.accounts(mapped, fields)} AS a"
    events = reader.events(
        [events_of(dict.fromkeys(("event", "id", "kind", "day"), "VARCHAR"))], ["it's"], DAY
    )
    for sql in (accounts, events):
        assert sqlglot.parse_one(sql, read=dialect.grammar or None) is not None


def test_events_that_find_no_account_by_its_id_are_counted() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA crm")
    connection.execute("CREATE TABLE crm.t AS SELECT unnest(['1', NULL, ' ', '9']) AS who")
    events = bound(source(TableName.SIGNALS, account_id="who"), "crm.t", {"who": "VARCHAR"})
    assert connection.execute(Reader(DUCKDB, DAY).unnamed(events)).fetchall() == [(2,)]
    connection.execute("CREATE TABLE scores AS SELECT '1' AS account_id")
    connection.execute("CREATE TABLE signals AS SELECT unnest(['1', '9', '9']) AS account_id")
    strangers = strangers_sql(DUCKDB, "signals", "scores")
    assert connection.execute(strangers).fetchall() == [(2,)]
    connection.close()
