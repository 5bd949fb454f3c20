"""Rows are kept, quarantined or counted as copies; none is ever lost."""

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bullseye.definitions.field import TableName
from bullseye.definitions.source import Source
from bullseye.errors import DefinitionError, MissingColumns, Question
from bullseye.warehouse.intake import Intake, take_in

AS_OF = date(2024, 5, 13)
Row = Sequence[str | None]


class Desk:
    """Takes files in, as the import does, and shows what was written."""

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect()
        self.out = folder / "rows.parquet"
        self.quarantine = folder / "quarantine.csv"

    def take_in(
        self,
        headers: Sequence[str],
        rows: Sequence[Row],
        *,
        table: TableName = TableName.ACCOUNTS,
        columns: Mapping[str, object] | None = None,
        constants: Mapping[str, str] | None = None,
        known_spellings: Mapping[str, Sequence[str]] | None = None,
        strict: bool = False,
    ) -> Intake:
        source = Source.model_validate(
            {
                "name": "crm",
                "owner": "Ann Lee",
                "review_by": AS_OF,
                "review_when": ["the export changes"],
                "table": table,
                "columns": columns or {header: header for header in headers},
                "constants": constants or {},
            }
        )
        cells = {f"c{i}": pa.array([r[i] for r in rows], pa.string()) for i in range(len(headers))}
        numbers = pa.array(range(1, len(rows) + 1), pa.int64())
        self.connection.register("file_rows", pa.table({"row_no": numbers, **cells}))
        return take_in(
            self.connection,
            "file_rows",
            headers,
            source,
            as_of=AS_OF,
            currency="USD",
            rates={"EUR": Decimal("1.1")},
            known_spellings=known_spellings or {},
            out=self.out,
            quarantine=self.quarantine,
            strict=strict,
        )

    def rows(self, columns: str = "*") -> list[tuple[object, ...]]:
        sql = f"SELECT {columns} FROM read_parquet(?)"
        return self.connection.execute(sql, [str(self.out)]).fetchall()

    def types(self) -> dict[str, str]:
        described = self.connection.execute("DESCRIBE FROM read_parquet(?)", [str(self.out)])
        return {name: kind for name, kind, *_ in described.fetchall()}

    def set_aside(self) -> list[dict[str, str]]:
        with self.quarantine.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_every_field_is_written_in_its_type_sorted_by_key(desk: Desk) -> None:
    columns = {
        "account_id": "Id",
        "employees": "Size",
        "revenue": "Sales",
        "founded_year": "Founded",
        "is_hiring": "Hiring",
        "technologies": "Stack",
        "country": "Land",
        "created_on": "Since",
        "growth": {"column": "Growth", "type": "share"},
    }
    headers = ["Id", "Size", "Sales", "Founded", "Hiring", "Stack", "Land", "Since", "Growth"]
    rows = [
        ["b", "10-50", "$1,234.5m", "2013 (1888)", "ja", "SAP; Marketo", "UK", "13/2/2024", "20"],
        ["a", "Select", "€ 5", None, "no", "[]", "USA", "1/2/2024", "35"],
    ]
    taken = desk.take_in(headers, rows, columns=columns)
    assert taken.kept == 2
    assert desk.rows() == [
        ("a", None, Decimal("5.50"), None, False, [], "US", date(2024, 2, 1), 0.35, AS_OF, 2),
        (
            "b",
            30,
            Decimal("1234500000.00"),
            2013,
            True,
            ["SAP", "Marketo"],
            "GB",
            date(2024, 2, 13),
            0.2,
            AS_OF,
            1,
        ),
    ]
    assert list(desk.types().values()) == [
        "VARCHAR",
        "BIGINT",
        "DECIMAL(18,2)",
        "INTEGER",
        "BOOLEAN",
        "VARCHAR[]",
        "VARCHAR",
        "DATE",
        "DOUBLE",
        "DATE",
        "BIGINT",
    ]
    assert "'Since': read day-first" in taken.notes


def test_a_bad_cell_becomes_unknown_and_is_listed(desk: Desk) -> None:
    taken = desk.take_in(["account_id", "employees"], [["a", "many"], ["b", "5"]])
    assert (taken.kept, taken.set_aside_cells, taken.quarantined) == (2, 1, 0)
    assert desk.rows("account_id, employees") == [("a", None), ("b", 5)]
    assert desk.set_aside() == [
        {
            "row_no": "1",
            "column": "employees",
            "value": "many",
            "reason": "not a number",
            "scope": "cell",
        }
    ]


def test_where_strictness_is_asked_for_a_bad_cell_costs_the_row(desk: Desk) -> None:
    rows = [["a", "many"], ["b", "5"]]
    taken = desk.take_in(["account_id", "employees"], rows, strict=True)
    assert (taken.kept, taken.quarantined, taken.set_aside_cells) == (1, 1, 0)
    assert desk.set_aside()[0]["scope"] == "row"


def test_a_row_without_its_key_or_a_needed_field_is_quarantined(desk: Desk) -> None:
    headers = ["subscription_id", "started_on"]
    rows = [["s1", "2024-01-01"], [None, "2024-01-01"], ["s3", "soon"], ["s4", "n/a"]]
    taken = desk.take_in(headers, rows, table=TableName.SUBSCRIPTIONS)
    assert (taken.kept, taken.quarantined) == (1, 3)
    reasons = [(row["row_no"], row["reason"]) for row in desk.set_aside()]
    assert reasons == [("2", "is missing"), ("3", "not a date"), ("4", "is missing")]


def test_exact_copies_are_counted_and_the_last_of_different_rows_wins(desk: Desk) -> None:
    rows = [["a", "1"], ["a", "2"], ["b", "3"], ["b", "3.0"], ["a", "2"], ["c", "1"]]
    taken = desk.take_in(["account_id", "employees"], rows)
    assert (taken.rows_read, taken.kept, taken.quarantined, taken.exact_duplicates) == (6, 3, 1, 2)
    assert desk.rows("account_id, employees, row_no") == [("a", 2, 5), ("b", 3, 4), ("c", 1, 6)]
    assert [row["reason"] for row in desk.set_aside()] == ["same account_id as row 5"]


def test_the_same_key_on_two_days_is_a_history_not_a_copy(desk: Desk) -> None:
    rows = [["a", "2024-01-01"], ["a", "2024-02-01"], ["a", "2099-01-01"]]
    desk.take_in(["account_id", "known_on"], rows)
    assert desk.rows("known_on") == [(date(2024, 1, 1),), (date(2024, 2, 1),), (AS_OF,)]


def test_events_without_an_identifier_get_one_made_of_their_content(desk: Desk) -> None:
    headers = ["account_id", "type", "occurred_on", "detail"]
    rows = [["a", "news", "2024-01-01", "x"], ["a", "news", "2024-01-01", "y"]]
    taken = desk.take_in(headers, [*rows, rows[0]], table=TableName.SIGNALS)
    assert (taken.kept, taken.exact_duplicates) == (2, 1)
    first = desk.rows("signal_id, detail")
    desk.take_in(headers, list(reversed(rows)), table=TableName.SIGNALS)
    assert desk.rows("signal_id, detail") == first
    desk.take_in(headers[:3], [rows[0][:3]], table=TableName.SIGNALS)
    assert desk.rows("signal_id")[0] not in [key for key, _ in first]


def test_constants_fill_a_field_of_every_row(desk: Desk) -> None:
    constants = {"type": "layoff"}
    headers = ["account_name", "occurred_on"]
    desk.take_in(headers, [["A", "2024-01-01"]], table=TableName.SIGNALS, constants=constants)
    assert desk.rows("type, account_name") == [("layoff", "A")]


def test_a_constant_that_is_no_value_of_its_field_is_a_mistake_in_the_source(desk: Desk) -> None:
    with pytest.raises(DefinitionError, match="not a count"):
        desk.take_in(["account_id"], [["a"]], constants={"employees": "many"})


@pytest.mark.parametrize(
    ("columns", "row", "outcome"),
    [
        ({"stage": "S"}, ["o", "Closed Won"], "won"),
        ({"stage": "S"}, ["o", "Qualified"], "open"),
        ({"stage": "S"}, ["o", None], None),
        ({"outcome": "S"}, ["o", "Lost"], "lost"),
        ({"outcome": "S"}, ["o", "1"], "won"),
        ({"outcome": "S"}, ["o", "FALSE"], "lost"),
        ({"outcome": "S", "stage": "T"}, ["o", "0", "Proposal"], "open"),
        ({"is_won": "S", "is_closed": "T"}, ["o", "false", "true"], "lost"),
        ({"is_won": "S", "is_closed": "T"}, ["o", "false", "false"], "open"),
    ],
)
def test_the_outcome_is_read_off_whatever_tells_it(
    desk: Desk, columns: dict[str, str], row: Row, outcome: str | None
) -> None:
    typed = {
        field: {"column": column, "type": "flag"} if field.startswith("is_") else column
        for field, column in columns.items()
    }
    mapped = {"opportunity_id": "O", **typed}
    headers = ["O", "S", "T"][: len(row)]
    desk.take_in(headers, [row], table=TableName.OPPORTUNITIES, columns=mapped)
    assert desk.rows("outcome") == [(outcome,)]


def test_spellings_are_made_one_also_with_those_the_workspace_knows(desk: Desk) -> None:
    rows = [["a", "saas"], ["b", "SaaS "], ["c", "FINTECH"]]
    taken = desk.take_in(
        ["account_id", "industry"], rows, known_spellings={"industry": ["Fintech", "SaaS"]}
    )
    assert desk.rows("industry") == [("SaaS",), ("SaaS",), ("Fintech",)]
    assert any("industry" in note and "spelling" in note for note in taken.notes)


def test_an_ambiguous_column_of_dates_stops_the_import_and_writes_nothing(desk: Desk) -> None:
    with pytest.raises(Question, match="created_on"):
        desk.take_in(["account_id", "created_on"], [["a", "3/4/2024"]])
    assert not desk.out.exists()


def test_an_order_given_by_the_source_answers_the_question(desk: Desk) -> None:
    columns = {
        "account_id": "account_id",
        "created_on": {"column": "created_on", "dates": "day-first"},
    }
    desk.take_in(["account_id", "created_on"], [["a", "3/4/2024"]], columns=columns)
    assert desk.rows("created_on") == [(date(2024, 4, 3),)]


def test_a_file_without_a_needed_column_is_refused_and_others_are_noted(desk: Desk) -> None:
    columns = {"account_id": "Id", "employees": "Size"}
    with pytest.raises(MissingColumns, match="Id"):
        desk.take_in(["Size"], [["1"]], columns=columns)
    taken = desk.take_in(["Id"], [["a"]], columns=columns)
    assert taken.notes == ("'Size' is not in this file: its field stays unknown",)


def test_formulas_are_harmless_in_the_quarantine_file(desk: Desk) -> None:
    rows = [["a", "=1+1"], ["b", "@x"], ["c", "+cmd"], ["d", "-x"], ["e", "\tx"]]
    desk.take_in(["account_id", "employees"], rows)
    assert [row["value"][0] for row in desk.set_aside()] == ["'"] * 5


def test_hostile_texts_are_only_texts(desk: Desk) -> None:
    nasty = "x'; DROP TABLE file_rows; --"
    desk.take_in(
        [nasty, "account_id"], [[nasty, "a"]], columns={"account_id": "account_id", "name": nasty}
    )
    assert desk.rows("name") == [(nasty,)]


def test_a_decimal_comma_and_damaged_identifiers_are_settled_by_the_column(desk: Desk) -> None:
    rows = [["12.0", "1.234"], ["13.0", "99,5"], ["nan", "1"]]
    taken = desk.take_in(["account_id", "revenue"], rows)
    assert desk.rows("account_id, revenue") == [("12", Decimal(1234)), ("13", Decimal("99.5"))]
    assert any("decimal comma" in note for note in taken.notes)


def test_an_empty_file_keeps_nothing_and_writes_a_table_of_the_right_types(desk: Desk) -> None:
    taken = desk.take_in(["account_id", "employees"], [])
    assert (taken.rows_read, taken.kept) == (0, 0)
    assert desk.types()["employees"] == "BIGINT"


def test_temporary_tables_do_not_outlive_the_intake(desk: Desk) -> None:
    desk.take_in(["account_id"], [["a"]])
    left = desk.connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    assert left == (0,)


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["a", "b", "c", "1", "2", "n/a", "Select", "x;y", "2024-01-31", "50%", "=1"]),
    st.text(max_size=6),
)
HEADERS = ["account_id", "employees", "industry", "tags", "country", "created_on", "revenue"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[CELLS] * len(HEADERS)), max_size=25))
def test_no_row_is_ever_lost(rows: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        taken = desk.take_in(HEADERS, rows)
        kept = {number for (number,) in desk.rows("row_no")}
        gone = {int(row["row_no"]) for row in desk.set_aside() if row["scope"] == "row"}
    assert taken.rows_read == len(rows)
    assert taken.rows_read == taken.kept + taken.quarantined + taken.exact_duplicates
    assert len(kept) == taken.kept
    assert len(gone) == taken.quarantined
    assert not kept & gone


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(*[CELLS] * 6), min_size=1),
    st.randoms(use_true_random=False),
)
def test_a_shuffled_file_gives_the_same_rows(
    content: dict[str, tuple[str | None, ...]], chance: random.Random
) -> None:
    rows = [[key, *cells] for key, cells in content.items()]
    shuffled = chance.sample(rows, len(rows))
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.take_in(HEADERS, rows)
        first = desk.rows("* EXCLUDE (row_no)")
        desk.take_in(HEADERS, shuffled)
        assert desk.rows("* EXCLUDE (row_no)") == first


def test_more_odd_cells_than_are_handed_over_at_once_are_all_read(desk: Desk) -> None:
    rows = [[f"a{i:05}", f"www.a{i}.com"] for i in range(12_000)]
    desk.take_in(["account_id", "domain"], rows)
    assert desk.rows("count(*), count(DISTINCT domain), count_if(domain LIKE 'www%')") == [
        (12_000, 12_000, 0)
    ]


@pytest.mark.parametrize("ids", [["a", "b", "b"], ["b", "b", "a"], ["b", "a", "b"]])
def test_a_key_that_stands_twice_is_found_in_any_order(desk: Desk, ids: list[str]) -> None:
    rows = [[each, str(number)] for number, each in enumerate(ids)]
    taken = desk.take_in(["account_id", "employees"], rows)
    assert (taken.kept, taken.quarantined) == (2, 1)
    assert desk.rows("account_id") == [("a",), ("b",)]


def test_repeated_lists_are_read_like_rare_ones(desk: Desk) -> None:
    cells = ["SAP; dbt", "SAP;SAP", "n/a; Zoho", "Über ; SAP", "SAP; dbt", None]
    rows = [[str(number), cell] for number, cell in enumerate(cells)]
    desk.take_in(["account_id", "technologies"], rows)
    assert [row[0] for row in desk.rows("technologies")] == [
        ["SAP", "dbt"],
        ["SAP"],
        ["Zoho"],
        ["Über", "SAP"],
        ["SAP", "dbt"],
        None,
    ]
