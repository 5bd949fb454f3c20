"""The fast path in SQL and the careful parsers in Python read every cell alike."""

from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bullseye.definitions.field import FieldType
from bullseye.definitions.source import DecimalMark
from bullseye.warehouse.casts import cast
from bullseye.warehouse.cells import Known, Style
from bullseye.warehouse.values import parse

CONNECTION = duckdb.connect()
STYLES = [
    Style(as_of=date(2024, 5, 13)),
    Style(as_of=date(2024, 5, 13), decimals=DecimalMark.COMMA, excel_ids=True, separator=";"),
    Style(as_of=date(2024, 5, 13), separator="|"),
]
TRICKY = [
    "1", "007", "-1", "+1", "1.5", "0.001", "0,001", "012.345",
    "1,234", "1.234", "1,234.5", "1.234,5", "$5", "-$1,000.25",
    "1e3", "1_000", " 12 ", "12 ", "2.675", "99999999999999999999", "0.1", ".5", "5.", "-", "--",
    "2024-03-05", "2024-02-30", "2024-03-05 10:00:00", "2024-03-05T10:00:00", "0001-01-01",
    "1700-01-01", "2999-12-31", "20240-01-01", "2024-03-05 25:00:00", "12:00:00", "true", "TRUE",
    "Ja", "no", "0", "1.0", "maybe", "acme.com", "www.acme.com", "gmail.com", "-a.com", "a-.com",
    "ACME.com", "acme.museum", "Select", "n/a", "NA", "two  blanks", " edge ", "tab\there",
    "a; b", "a ;b", "a;;b", "a; A", "a, n/a", "Acme, Inc.", "Acme, inc, B", "[a]", "a|b | c",
    "a , b,c d", "'a','b'", "a;", ",a", "Sap, Ltd Ltd", ";", "línea",
    "x" * 301, "12.0", "1999", "2025", "2026", "999", "a\x00b", "'; DROP TABLE x; --",
]  # fmt: skip
LIKELY = st.one_of(
    st.sampled_from(TRICKY),
    st.text(alphabet="0123456789.,-+$eE :/", max_size=12),
    st.text(alphabet="aAnN/;|, .'", max_size=12),
    st.from_regex(r"-?[0-9]{1,4}([.,][0-9]{1,3}){0,3}", fullmatch=True),
    st.dates().map(str),
    st.text(max_size=10),
)


def assert_alike(kind: FieldType, style: Style, texts: list[str]) -> None:
    fast = cast(kind, '"c0"', style)
    cells = pa.table({"c0": pa.array(texts, pa.string())})
    CONNECTION.register("cells", cells)
    sql = f"SELECT c0, {fast.value} FROM cells WHERE c0 <> '' AND ({fast.is_plain})"
    for text, value in CONNECTION.execute(sql).fetchall():
        cell = parse(kind, text, style)
        assert isinstance(cell, Known), (kind, text, cell)
        read = tuple(value) if isinstance(value, list) else value
        assert cell.value == read, (kind, text)
        assert not cell.doubt or kind is FieldType.DATE, (kind, text, cell)


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("style", STYLES)
def test_tricky_cells_are_read_alike(kind: FieldType, style: Style) -> None:
    assert_alike(kind, style, TRICKY)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FieldType), st.sampled_from(STYLES), st.lists(LIKELY, max_size=30))
def test_any_cells_are_read_alike(kind: FieldType, style: Style, texts: list[str]) -> None:
    assert_alike(kind, style, texts)


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (FieldType.COUNT, "42"),
        (FieldType.MONEY, "1,234.50"),
        (FieldType.DATE, "2024-03-05"),
        (FieldType.TEXT, "Fintech"),
        (FieldType.FLAG, "Yes"),
        (FieldType.DOMAIN, "acme.com"),
    ],
)
def test_common_cells_take_the_fast_path(kind: FieldType, plain: str) -> None:
    fast = cast(kind, "c0", STYLES[0])
    found = CONNECTION.execute(f"SELECT {fast.is_plain} FROM (SELECT ? AS c0)", [plain])
    assert found.fetchone() == (True,)
