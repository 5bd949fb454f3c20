"""Numbers, spans and days are read as people write them, and nothing else is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.quantity import day, days, number

NUMBERS = [
    ("20%", 0.2), ("-20%", -0.2), ("12.5 %", 0.125), ("$50M", 50_000_000), ("€1.2bn", 1.2e9),
    ("1,000", 1000), ("1,234,567.5", 1_234_567.5), (" 7 ", 7), ("50k", 50_000), (0, 0),
]  # fmt: skip
NO_NUMBERS = ["", "many", "1,00", "12,34", "1.2.3", "5 apples", "1e5", "nan", True, None]


@pytest.mark.parametrize(("written", "value"), NUMBERS)
def test_numbers_are_read_with_units(written, value) -> None:
    assert number(written) == pytest.approx(value)


@pytest.mark.parametrize("written", [*NO_NUMBERS, float("inf"), float("nan")])
def test_what_is_no_number_is_none(written) -> None:
    assert number(written) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("90 days", 90),
        ("1 week", 7),
        ("6 months", 182),
        ("12 months", 365),
        ("1 quarter", 91),
        ("2 years", 730),
    ],
)
def test_spans_count_in_days(written, value) -> None:
    assert days(written) == value


@pytest.mark.parametrize("written", ["soon", "90", "-3 days", 0, -5, True, 1.5, None, "1.5 days"])
def test_what_is_no_span_is_none(written) -> None:
    assert days(written) is None


def test_days_are_iso_days() -> None:
    assert day("2026-03-31") == date(2026, 3, 31)
    assert [day(text) for text in ("31/3/2026", "2026-02-30", "soon", 5)] == [None] * 4


@given(st.integers(-(10**15), 10**15))
def test_grouped_numbers_read_as_plain_ones(value: int) -> None:
    assert number(f"{value:,}") == number(str(value)) == value


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert number(text) is None or isinstance(number(text), int | float)
    assert days(text) is None or days(text) >= 0
    assert day(text) is None or isinstance(day(text), date)
