"""What holds for every table and every file, however odd."""

import contextlib
import csv
import io

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bullseye.connectors.dialects import layout
from bullseye.errors import BullseyeError

CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t\r"
)
PLAIN = st.text(st.sampled_from("abcXYZ0189 äß€'\"-._/"), max_size=8).filter(
    lambda text: not text.strip().startswith("'")  # 'a' is a quoted a, or it is not: who knows
)
WILD = st.text(CHARACTERS | st.sampled_from(",;\t|\"'\\\r\n"), max_size=12)


def header(width: int) -> list[str]:
    return [f"field {'abcdefgh'[at]}" for at in range(width)]


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[str]) -> list[list[str]]:
    width = draw(st.integers(2, 6))
    return draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=12))


def written(rows: list[list[str]], delimiter: str, newline: str, quoting: int) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows([header(len(rows[0])), *rows])
    return out.getvalue()


def expected(rows: list[list[str]]) -> list[tuple[str | None, ...]]:
    return [tuple(cell or None for cell in row) for row in rows]


relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@relaxed
@given(
    tables(PLAIN),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_comes_back_from_any_dialect(
    opened, rows, delimiter, newline, encoding, quoting
) -> None:
    content = written(rows, delimiter, newline, quoting)
    found = opened(content.encode(encoding))
    assert found.reading.delimiter == delimiter
    assert found.reading.columns == tuple(header(len(rows[0])))
    assert found.cells == expected(rows)


@relaxed
@given(tables(WILD), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_any_text_comes_back_from_a_fully_quoted_file(opened, rows, delimiter, newline) -> None:
    content = written(rows, delimiter, newline, csv.QUOTE_ALL)
    found = opened(content.encode(), delimiter=delimiter)
    assert found.cells == expected(rows)


@relaxed
@given(tables(WILD), st.integers(0, 2000), st.sampled_from('",\n\\x'))
def test_one_changed_character_loses_no_row_silently(opened, rows, at, character) -> None:
    content = written(rows, ",", "\n", csv.QUOTE_MINIMAL)
    start = content.index("\n") + 1
    place = start + at % max(1, len(content) - start)
    found = opened((content[:place] + character + content[place + 1 :]).encode(), delimiter=",")
    assert found.reading.columns == tuple(header(len(rows[0])))


@relaxed
@given(
    st.binary(max_size=400)
    | st.lists(WILD, max_size=20).map(lambda lines: ",\n".join(lines).encode())
)
def test_any_bytes_are_read_whole_or_refused(opened, content) -> None:
    with contextlib.suppress(BullseyeError):
        assert opened(content).reading.columns


@relaxed
@given(tables(PLAIN), st.sampled_from(",;\t|"))
def test_the_layout_is_found_from_the_text_alone(rows, delimiter) -> None:
    text = written(rows, delimiter, "\n", csv.QUOTE_MINIMAL)
    assume(delimiter in text)
    found = layout(text)
    assert found is not None
    assert found.dialect.delimiter == delimiter
    assert found.header == tuple(header(len(rows[0])))


@pytest.mark.parametrize("rows", [1, 3, 5_000])
def test_reading_in_place_and_row_by_row_agree(opened, rows) -> None:
    table = [[str(n), f"Näme {n}", 'a "b", c' if n % 3 else "two\nlines"] for n in range(rows)]
    sound = written(table, ",", "\n", csv.QUOTE_MINIMAL)
    in_place, staged = opened(sound.encode()), opened((sound + "damaged\n").encode())
    assert in_place.cells == staged.cells == expected(table)
    assert staged.reading.damaged_count == 1
