"""Dates are read one by one, but their order is settled by the whole column, or asked."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.source import DateOrder
from bullseye.errors import Question
from bullseye.warehouse.cells import Bad, Known, Numeral, Style
from bullseye.warehouse.date_styles import settle_dates
from bullseye.warehouse.dates import DAY_NOT_GIVEN, IN_THE_FUTURE, parse_date

AS_OF = date(2024, 5, 13)
STYLE = Style(as_of=AS_OF)
DAYS = st.dates(date(1970, 1, 1), AS_OF)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-3-5",
        "2024/03/05",
        "2024-03-05 10:00:00",
        "2024-03-05T10:00:00.000Z",
        "5 Mar 2024",
        "March 5, 2024",
        "05-Mar-24",
        "5. März 2024",
        "5 de marzo de 2024",
        "Tue, 05 Mar 2024 10:00:00 GMT",
    ],
)
def test_dates_that_say_their_order_need_none(text: str) -> None:
    assert parse_date(text, STYLE) == Known(date(2024, 3, 5))


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "1000-01-01", "2999-01-01", "2024-13-01", "soon", "45000", "2100-01-01"],
)
def test_impossible_dates_are_bad(text: str) -> None:
    assert isinstance(parse_date(text, STYLE), Bad)


def test_days_after_the_import_are_kept_but_doubtful() -> None:
    assert parse_date("2024-05-14", STYLE) == Known(date(2024, 5, 14), IN_THE_FUTURE)


def test_a_month_without_a_day_is_its_first_and_doubtful() -> None:
    assert parse_date("Mar 2024", STYLE) == Known(date(2024, 3, 1), DAY_NOT_GIVEN)


def test_two_digits_of_a_year_turn_the_century_at_sixty_nine() -> None:
    style = Style(as_of=AS_OF, date_order=DateOrder.DAY_FIRST)
    assert parse_date("20-10-16", style) == Known(date(2016, 10, 20))
    assert parse_date("20-10-69", style) == Known(date(1969, 10, 20))


def test_a_number_above_twelve_settles_the_column() -> None:
    assert settle_dates({"c": ["3/4/2024", "3/13/2024"]})["c"].order is DateOrder.MONTH_FIRST
    assert settle_dates({"c": ["03.04.24", "13.04.24"]})["c"].order is DateOrder.DAY_FIRST


def test_an_undecidable_column_asks_and_names_both_readings() -> None:
    with pytest.raises(Question) as asked:
        settle_dates({"closed": ["3/4/2024", "5/6/2024", "2024-01-01"]})
    assert "'closed'" in str(asked.value)
    assert "4 March 2024 (month-first) or 3 April 2024 (day-first)" in str(asked.value)
    assert "--dates month-first" in str(asked.value)


def test_another_column_of_the_same_shape_settles_it_and_the_note_says_so() -> None:
    style = settle_dates({"opened": ["3/4/2024"], "closed": ["3/13/2024"]})["opened"]
    assert style.order is DateOrder.MONTH_FIRST
    assert "'closed'" in style.note


def test_another_column_of_another_shape_settles_nothing() -> None:
    with pytest.raises(Question):
        settle_dates({"opened": ["3/4/2024"], "closed": ["13-03-24"]})


def test_a_persons_answer_wins() -> None:
    style = settle_dates({"c": ["3/4/2024"]}, {"c": DateOrder.DAY_FIRST})["c"]
    assert style.order is DateOrder.DAY_FIRST


def test_a_column_whose_days_equal_its_months_asks_nothing() -> None:
    assert settle_dates({"c": ["5/5/2024", "12/12/2023"]})["c"].order is None
    assert parse_date("5/5/2024", STYLE) == Known(date(2024, 5, 5))


def test_values_against_the_majority_are_bad_cells_not_swapped_days() -> None:
    cells = ["3/13/2024", "4/14/2024", "25/12/2023"]
    settled = settle_dates({"c": cells})["c"]
    style = Style(as_of=AS_OF, date_order=settled.order)
    assert isinstance(parse_date("25/12/2023", style), Bad)
    assert "1 of its values" in settled.note


@pytest.mark.parametrize(
    ("cells", "numerals", "text"),
    [
        (["45356", "45357.0"], Numeral.EXCEL_DAYS, "45356"),
        (["1709596800", "1709683200"], Numeral.SECONDS, "1709596800.0"),
        (["1709596800000"], Numeral.MILLISECONDS, "1709596800000"),
        (["20240305", "20230131"], Numeral.YYYYMMDD, "20240305"),
    ],
)
def test_numbers_are_dates_only_where_the_whole_column_is(
    cells: list[str], numerals: Numeral, text: str
) -> None:
    assert settle_dates({"c": cells})["c"].numerals is numerals
    assert parse_date(text, Style(as_of=AS_OF, numerals=numerals)) == Known(date(2024, 3, 5))
    assert settle_dates({"c": [*cells, "7777777"]})["c"].numerals is Numeral.NONE


@given(DAYS, st.sampled_from("/-."), st.sampled_from(["%Y", "%y"]))
def test_written_dates_come_back_in_the_settled_order(day: date, mark: str, year: str) -> None:
    for order, form in (
        (DateOrder.MONTH_FIRST, f"%m{mark}%d{mark}{year}"),
        (DateOrder.DAY_FIRST, f"%d{mark}%m{mark}{year}"),
    ):
        assert parse_date(f"{day:{form}}", Style(as_of=AS_OF, date_order=order)) == Known(day)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2024, 5, 10)), st.integers(-11, 11))
def test_a_time_with_a_zone_gives_the_day_in_utc(moment: datetime, hours: int) -> None:
    local = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    expected = (moment - timedelta(hours=hours)).date()
    assert parse_date(local.isoformat(), STYLE) == Known(expected)


@given(st.lists(DAYS, min_size=1, max_size=40))
def test_a_column_is_never_read_in_an_order_its_values_do_not_show(days: list[date]) -> None:
    cells = [f"{day:%d/%m/%Y}" for day in days]
    try:
        order = settle_dates({"c": cells})["c"].order
    except Question:
        assert all(day.day <= 12 for day in days)
    else:
        decided = any(day.day > 12 for day in days)
        assert order is (DateOrder.DAY_FIRST if decided else None)
        assert decided or all(day.day == day.month for day in days)
