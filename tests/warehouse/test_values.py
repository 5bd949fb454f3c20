"""Cells are read as what people mean by them, one type of field at a time."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.field import FieldType
from bullseye.definitions.source import DecimalMark
from bullseye.warehouse.cells import MISSING, Bad, Known, Numeral, Style
from bullseye.warehouse.currencies import header_unit
from bullseye.warehouse.lists import settle_separator
from bullseye.warehouse.numbers import LOWER_BOUND, RANGE, ROUGH
from bullseye.warehouse.outcomes import outcome
from bullseye.warehouse.spellings import common_spellings
from bullseye.warehouse.styles import settle_decimals
from bullseye.warehouse.values import parse

POINT = Style(as_of=date(2024, 5, 13), rates={"EUR": Decimal("1.1")})
COMMA = Style(as_of=date(2024, 5, 13), decimals=DecimalMark.COMMA)


def value(kind: FieldType, text: str, style: Style = POINT) -> object:
    cell = parse(kind, text, style)
    assert isinstance(cell, Known), cell
    return cell.value


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("word", ["", "NULL", "n/a", "NA", "#N/A", "-", "Select", "NaN", "TBD"])
def test_words_for_not_known_are_missing_in_every_type(kind: FieldType, word: str) -> None:
    assert parse(kind, word, POINT) is MISSING


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234", "1234.00"),
        ("$1,234.5m", "1234500000.00"),
        ("1.2bn", "1200000000.00"),
        ("USD 12", "12.00"),
        ("(1,234)", "-1234.00"),
        ("-$5", "-5.00"),
        ("1 234,5", "1234.50"),
        ("1'234", "1234.00"),
        ("€ 5 Mio", "5500000.00"),
        ("5kEUR", "5500.00"),
        ("12,34,567", "1234567.00"),
        ("1e3", "1000.00"),
        ("2.675", "2.68"),
    ],
)
def test_money_is_read_in_the_workspaces_currency(text: str, amount: str) -> None:
    assert value(FieldType.MONEY, text) == Decimal(amount)


def test_money_without_a_rate_says_which_rate_to_add() -> None:
    cell = parse(FieldType.MONEY, "£10", POINT)
    assert cell == Bad("currency GBP has no rate: add it to bullseye.yaml")


def test_a_dollar_is_the_workspaces_dollar() -> None:
    canadian = Style(as_of=POINT.as_of, currency="CAD")
    assert value(FieldType.MONEY, "$5", canadian) == Decimal("5.00")
    assert isinstance(parse(FieldType.MONEY, "US$5", canadian), Bad)


@pytest.mark.parametrize(
    ("text", "count", "doubt"),
    [
        ("50 employees", 50, ""),
        ("1.0", 1, ""),
        ("10-50", 30, RANGE),
        ("1,001+", 1001, LOWER_BOUND),
        ("~40 people", 40, ROUGH),
        ("about 40", 40, ROUGH),
        ("1.5k", 1500, ""),
    ],
)
def test_counts_are_read_and_what_is_vague_is_flagged(text: str, count: int, doubt: str) -> None:
    assert parse(FieldType.COUNT, text, POINT) == Known(count, doubt)


@pytest.mark.parametrize("text", ["-4", "1.5", "50%", "10-Nov", "many", "9" * 400, "1e999999999"])
def test_what_is_no_count_is_bad(text: str) -> None:
    assert isinstance(parse(FieldType.COUNT, text, POINT), Bad)


@pytest.mark.parametrize(
    ("text", "year"), [("2013 (1888)", 2013), ("1999.0", 1999), ("1904/1946", 1904)]
)
def test_the_first_year_written_is_kept(text: str, year: int) -> None:
    assert value(FieldType.YEAR, text) == year


@pytest.mark.parametrize("text", ["12", "3000", "2026", "last year"])
def test_impossible_years_are_bad(text: str) -> None:
    assert isinstance(parse(FieldType.YEAR, text, POINT), Bad)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.com/x?y", "acme.com"),
        ("bob@acme.co.uk", "acme.co.uk"),
        ("http://müller.de:80/", "xn--mller-kva.de"),
    ],
)
def test_domains_are_bare_lower_case_hosts(text: str, domain: str) -> None:
    assert value(FieldType.DOMAIN, text) == domain


@pytest.mark.parametrize("text", ["acme", "http://", "1.2.3.4", "a..b", "@"])
def test_what_has_no_dot_or_no_host_is_no_domain(text: str) -> None:
    assert isinstance(parse(FieldType.DOMAIN, text, POINT), Bad)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("Deutschland", "DE"),
        ("Philipines", "PH"),
        ("Namibia", "NA"),
    ],
)
def test_countries_become_two_letters(text: str, code: str) -> None:
    assert value(FieldType.COUNTRY, text) == code


def test_a_country_we_do_not_know_stays_as_written_and_is_doubtful() -> None:
    cell = parse(FieldType.COUNTRY, "Asia/Pacific Region", POINT)
    assert isinstance(cell, Known)
    assert cell.value == "Asia/Pacific Region"
    assert cell.doubt


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a, b", ("a", "b")),
        ("['a','b']", ("a", "b")),
        ('["a", "b"]', ("a", "b")),
        ("a, A , a", ("a",)),
        ("Acme, Inc., Beta LLC", ("Acme, Inc.", "Beta LLC")),
        ("[]", ()),
    ],
)
def test_lists_in_a_cell_are_split_trimmed_and_without_repeats(
    text: str, items: tuple[str, ...]
) -> None:
    assert value(FieldType.LIST, text) == items


def test_the_separator_is_settled_by_the_whole_column() -> None:
    assert settle_separator(["a, b; c", "d"]) == ";"
    assert settle_separator(["a|b", "c"]) == "|"
    assert settle_separator(["Acme, Inc."]) is None


def test_the_decimal_mark_is_settled_by_the_whole_column() -> None:
    mark, _ = settle_decimals({"9.999": 50, "99,5": 1}, FieldType.MONEY)
    assert mark is DecimalMark.COMMA
    assert value(FieldType.MONEY, "1.234", COMMA) == Decimal("1234.00")
    assert settle_decimals({"9.999": 50, "99.5": 1}, FieldType.MONEY)[0] is DecimalMark.POINT
    assert settle_decimals({"9,999": 50}, FieldType.MONEY)[0] is DecimalMark.POINT


def test_headers_name_currencies_and_scales() -> None:
    assert header_unit("Revenue (EUR millions)", "USD") == ("EUR", 10**6)
    assert header_unit("Plan M", "USD") == (None, 1)


def test_spellings_that_differ_in_case_and_blanks_become_the_most_frequent_one() -> None:
    cells, changed = common_spellings({"saas": 1, "SaaS": 5, "Sa aS": 1, "n/a": 3})
    assert {text: cells[text] for text in ("saas", "Sa aS")} == {
        "saas": Known("SaaS"),
        "Sa aS": Known("SaaS"),
    }
    assert cells["n/a"] is MISSING
    assert changed == 2


def test_spellings_the_workspace_knows_win_and_ties_go_to_the_first_by_alphabet() -> None:
    assert common_spellings({"SAAS": 9}, ["SaaS"])[0]["SAAS"] == Known("SaaS")
    assert common_spellings({"b": 1, "B": 1})[0]["b"] == Known("B")


@pytest.mark.parametrize(
    ("stage", "read"),
    [
        ("Closed Won", "won"),
        ("closedwon", "won"),
        ("Closed - Lost", "lost"),
        ("Not won", "lost"),
        ("Negotiation", "open"),
    ],
)
def test_stages_tell_the_outcome(stage: str, read: str) -> None:
    assert outcome(stage) == read


@given(st.sampled_from(FieldType), st.text(max_size=60))
def test_no_text_makes_a_parser_fail(kind: FieldType, text: str) -> None:
    numbered = [Style(as_of=POINT.as_of, numerals=numerals) for numerals in Numeral]
    for style in (POINT, COMMA, *numbered):
        cell = parse(kind, text, style)
        assert cell is MISSING or isinstance(cell, Known | Bad)


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 90_000,
        "[" + "-" * 50_000 + "1]",
        "['C:\\dir', '\\d']",
        "9" * 10_000_000,
        "1e9999999",
        "12345e99",
        "99999999999999",
        "," * 90_000,
        "\x00",
        "\ud800",
        "1-" * 50_000,
        "a." * 50_000,
        "9999-12-31T23:00:00-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_hostile_cells_are_read_or_refused(kind: FieldType, text: str) -> None:
    for numerals in Numeral:
        cell = parse(kind, text, Style(as_of=POINT.as_of, numerals=numerals))
        assert cell is MISSING or isinstance(cell, Known | Bad)


AMOUNTS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)


@given(AMOUNTS)
def test_money_written_with_points_comes_back(amount: Decimal) -> None:
    assert value(FieldType.MONEY, f"{amount:,.2f}") == amount
    assert value(FieldType.MONEY, f"USD {amount}") == amount


@given(AMOUNTS)
def test_money_written_with_commas_comes_back(amount: Decimal) -> None:
    swapped = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert value(FieldType.MONEY, swapped, COMMA) == amount


@given(st.integers(0, 10**12))
def test_counts_come_back_in_every_grouping(count: int) -> None:
    for mark in ",' ":
        assert value(FieldType.COUNT, f"{count:,}".replace(",", mark)) == count
    assert value(FieldType.COUNT, f"{count:,}".replace(",", "."), COMMA) == count


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 6)))
def test_numbers_come_back(number: float) -> None:
    assert value(FieldType.NUMBER, f"{number:.6f}") == pytest.approx(number, abs=1e-9)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{3,8}[0-9]", fullmatch=True), min_size=1, unique=True))
def test_lists_come_back(items: list[str]) -> None:
    for style in (";", "|", ","):
        separated = Style(as_of=POINT.as_of, separator=style)
        assert value(FieldType.LIST, f"{style} ".join(items), separated) == tuple(items)
    assert value(FieldType.LIST, repr(items)) == tuple(items)
