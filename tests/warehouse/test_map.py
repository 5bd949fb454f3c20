"""Columns are mapped by their names and the shapes of their cells; people have the last word."""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb
import pytest

from bullseye.connectors.synonyms import PREFIXES, SUFFIXES, column_names
from bullseye.definitions.field import ROW_FIELDS, STANDARD_FIELDS, FieldType, TableName
from bullseye.errors import InputError, UnknownName
from bullseye.warehouse.map import ColumnSample, Proposal, propose, samples, to_source

T = TableName


def proposal(
    table: TableName,
    cells: Mapping[str, Sequence[str | None]],
    overrides: Mapping[str, str] | None = None,
) -> Proposal:
    sampled = [ColumnSample(c, tuple(shown), not any(shown)) for c, shown in cells.items()]
    known = column_names(table)
    return propose(table, sampled, known, prefixes=PREFIXES, suffixes=SUFFIXES, overrides=overrides)


def mapped(table: TableName, cells: Mapping[str, Sequence[str | None]]) -> dict[str, str]:
    return {m.field: m.column for m in proposal(table, cells).matches if not m.is_own}


@pytest.mark.parametrize("table", TableName)
def test_every_name_we_know_is_for_a_field_there_is(table: TableName) -> None:
    fields = {f.name for f in (*STANDARD_FIELDS[table], *ROW_FIELDS)} | {"is_won", "is_closed"}
    assert {field for field, _, _ in column_names(table)} <= fields


def test_names_in_general_use_are_known() -> None:
    assert mapped(
        T.ACCOUNTS,
        {
            "company": ["Acme", "Bolt"],
            "# Employees": ["10", "20"],
            "Sector": ["SaaS", "Retail"],
            "HQ country": ["US", "DE"],
            "Year Established": ["1999", "2004"],
            "Annual Revenue (USD)": ["1000", "2000"],
        },
    ) == {
        "account_id": "company",
        "name": "company",
        "employees": "# Employees",
        "industry": "Sector",
        "country": "HQ country",
        "founded_year": "Year Established",
        "revenue": "Annual Revenue (USD)",
    }


def test_hubspots_export_is_known() -> None:
    assert mapped(
        T.ACCOUNTS,
        {
            "Record ID": ["1", "2"],
            "Company name": ["Acme", "Bolt"],
            "Company Domain Name": ["acme.com", "bolt.io"],
            "Number of Employees": ["10", "20"],
            "Country/Region": ["US", "DE"],
            "Company owner": ["Ann", "Bob"],
            "Create Date": ["2024-01-01 10:00", "2024-01-02 11:00"],
        },
    ) == {
        "account_id": "Record ID",
        "name": "Company name",
        "domain": "Company Domain Name",
        "employees": "Number of Employees",
        "country": "Country/Region",
        "owner": "Company owner",
        "created_on": "Create Date",
    }


def test_salesforces_names_are_known_and_its_flags_tell_the_outcome() -> None:
    found = proposal(
        T.OPPORTUNITIES,
        {
            "Id": ["1", "2"],
            "AccountId": ["a", "b"],
            "Name": ["Deal one", "Deal two"],
            "StageName": ["Closed Won", "Prospecting"],
            "IsWon": ["true", "false"],
            "IsClosed": ["true", "false"],
            "Amount": ["100", "200"],
            "CloseDate": ["2024-01-01", "2024-02-01"],
            "Deal_Size__c": ["L", "S"],
        },
    )
    types = {match.field: match.type for match in found.matches}
    assert types["is_won"] is types["is_closed"] is FieldType.FLAG
    assert {match.field: match.column for match in found.matches} == {
        "opportunity_id": "Id",
        "account_id": "AccountId",
        "name": "Name",
        "stage": "StageName",
        "amount": "Amount",
        "closed_on": "CloseDate",
        "is_won": "IsWon",
        "is_closed": "IsClosed",
        "deal_size": "Deal_Size__c",
    }


def test_a_warehouse_copys_prefix_makes_no_difference() -> None:
    found = mapped(T.OPPORTUNITIES, {"deal_id": ["1"], "property_dealname": ["x"]})
    assert found == {"opportunity_id": "deal_id", "name": "property_dealname"}


def test_cells_that_do_not_fit_outweigh_a_name() -> None:
    found = mapped(T.ACCOUNTS, {"id": ["1", "2"], "size": ["small", "large"]})
    assert "employees" not in found


def test_cells_speak_where_names_do_not() -> None:
    found = mapped(T.CONTACTS, {"contact_id": ["1", "2"], "x": ["a@b.com", "c@d.org"]})
    assert found["email"] == "x"
    found = mapped(T.ACCOUNTS, {"id": ["1", "2"], "w": ["acme.com", "https://bolt.io/x"]})
    assert found["domain"] == "w"
    coded = mapped(T.ACCOUNTS, {"id": ["1", "2", "3"], "w": ["02.Medium"] * 3})
    assert "domain" not in coded


def test_no_column_fills_two_fields_but_a_name_that_stands_in_for_an_identifier() -> None:
    found = proposal(T.ACCOUNTS, {"account": ["Acme", "Bolt"], "company": ["Acme Inc", "Bolt"]})
    columns = [match.column for match in found.matches if match.field != "account_id"]
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Free copy", ["Yes", "No"], FieldType.FLAG),
        ("Health score", ["1.5", "2"], FieldType.NUMBER),
        ("Login count", ["15", "2"], FieldType.COUNT),
        ("Growth", ["10%", "20%"], FieldType.SHARE),
        ("Spend", ["$10", "$1,200.50"], FieldType.MONEY),
        ("Renewal", ["2024-01-31", "2024-02-28"], FieldType.DATE),
        ("Zip", ["02139", "10115"], FieldType.ID),
        ("Modules", ["a; b", "b; c", "a"], FieldType.LIST),
        ("Notes", ["call, then mail", "10"], FieldType.TEXT),
    ],
)
def test_other_columns_become_fields_of_the_customers_own(
    header: str, cells: list[str], kind: FieldType
) -> None:
    own = proposal(T.ACCOUNTS, {"account_id": ["a", "b"], header: cells}).matches[-1]
    assert (own.is_own, own.column, own.type) == (True, header, kind)


def test_own_names_are_words_and_never_taken_ones() -> None:
    found = proposal(
        T.ACCOUNTS,
        {
            "account_id": ["a"],
            "employees": ["5"],
            "Employees!": ["x"],
            "日本": ["y"],
            "3rd party": ["z"],
            "row_no": ["1"],
        },
    )
    own = [match.field for match in found.matches if match.is_own]
    assert own == ["employees_2", "column_2", "column_3rd_party", "row_no_2"]


def test_columns_without_any_value_are_left_out() -> None:
    found = proposal(T.ACCOUNTS, {"account_id": ["a"], "Fax": [None, ""]})
    assert found.ignored == ("Fax",)
    assert [match.column for match in found.matches] == ["account_id"]


def test_a_person_has_the_last_word() -> None:
    cells = {"Id": ["1", "2"], "Code": ["x", "y"], "Name": ["Acme", "Bolt"]}
    found = proposal(T.ACCOUNTS, cells, {"account_id": "code", "brand": "Name"})
    by_field = {match.field: match for match in found.matches}
    assert by_field["account_id"].column == "Code"
    assert by_field["account_id"].confidence == 1.0
    assert by_field["brand"].column == "Name"
    assert "name" not in by_field


def test_a_name_said_to_be_the_identifier_stays_the_name() -> None:
    found = proposal(T.ACCOUNTS, {"Company": ["Acme"]}, {"account_id": "Company"})
    assert {match.field for match in found.matches} == {"account_id", "name"}


def test_a_column_that_is_not_there_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match="Nmae") as wrong:
        proposal(T.ACCOUNTS, {"Name": ["Acme"]}, {"name": "Nmae"})
    assert "Did you mean 'Name'?" in str(wrong.value)


def written(found: Proposal, constants: Mapping[str, str] | None = None) -> Mapping[str, str]:
    source = to_source(
        found,
        name="crm",
        owner="Ann Lee",
        review_by=date(2030, 1, 1),
        review_when=("the export changes",),
        constants=constants,
    )
    return {field: column.column for field, column in source.columns.items()}


def test_a_proposal_becomes_a_source_with_the_types_of_own_fields() -> None:
    found = proposal(T.ACCOUNTS, {"account_id": ["a"], "Score": ["1.5"], "Fax": [None]})
    source = to_source(
        found, name="crm", owner="Ann Lee", review_by=date(2030, 1, 1), review_when=("change",)
    )
    assert source.columns["score"].type is FieldType.NUMBER
    assert source.columns["account_id"].type is None
    assert source.ignore == ("Fax",)


def test_a_needed_field_without_a_column_stops_with_a_way_on() -> None:
    found = proposal(T.SIGNALS, {"company": ["Acme"], "date": ["2024-01-31"], "what": ["x"]})
    with pytest.raises(InputError) as stopped:
        written(found)
    assert "--map type=COLUMN" in str(stopped.value)
    assert "--set type=VALUE" in str(stopped.value)
    assert "'what'" in str(stopped.value)


def test_a_constant_can_fill_a_needed_field_and_events_need_no_identifier() -> None:
    found = proposal(T.SIGNALS, {"company": ["Acme"], "date": ["2024-01-31"]})
    columns = written(found, {"type": "layoff"})
    assert columns == {"account_name": "company", "occurred_on": "date"}


def test_samples_reach_the_whole_file_and_find_rare_values() -> None:
    rows = (
        "SELECT i AS row_no, i::VARCHAR AS c0, if(i = 90000, 'rare', NULL) AS c1, "
        "CAST(NULL AS VARCHAR) AS c2, if(i > 5000, 'text', '1') AS c3 FROM range(1, 100001) t(i)"
    )
    headers = ["id", "seldom", "never", "late"]
    found = {each.column: each for each in samples(duckdb.connect(), f"({rows})", headers, 400)}
    assert "rare" in found["seldom"].cells
    assert found["never"].is_empty
    assert {"1", "text"} <= set(found["late"].cells)
    again = samples(duckdb.connect(), f"({rows})", headers, 400)
    assert {each.column: each for each in again} == found


def test_a_file_without_rows_has_samples_without_cells() -> None:
    rows = "SELECT 1::BIGINT AS row_no, 'x' AS c0 WHERE false"
    assert samples(duckdb.connect(), f"({rows})", ["a"]) == (ColumnSample("a", (), is_empty=True),)
