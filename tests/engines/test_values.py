"""Whatever a text contains, every engine reads it as that text and nothing else."""

import math
import re
import sys

import pyarrow as pa
import pytest
from tests.engines.executing import written
from tests.engines.worlds import DAYS, FRACTIONS, PARTS, TEXTS, WHOLE

from bullseye.definitions.evaluate import folded
from bullseye.errors import UsageError
from bullseye.warehouse.compile import day_number
from bullseye.warehouse.dialects import DIALECTS, DUCKDB, SPARK

NASTY = (*TEXTS, *PARTS, *map(chr, range(1, 128)), "\\u0041", "\\n", "x'--\\", "$$", "\\$", "?%s")


def _texts(tmp_path, values=NASTY):
    table = pa.table({"no": range(len(values)), "word": pa.array(values, pa.string())})
    return written({"words": table}, tmp_path)


def test_text_arrives_as_it_was_given(engine, tmp_path) -> None:
    dialect = engine.dialect
    files = _texts(tmp_path)
    equal = " OR ".join(
        f"(no = {no} AND word = {dialect.literal(text)})" for no, text in enumerate(NASTY)
    )
    asked = f"SELECT no FROM words WHERE {equal}"
    assert {row[0] for row in engine.rows(asked, files)} == set(range(len(NASTY)))


def test_text_comes_back_as_it_was_given(engine, tmp_path) -> None:
    literals = [engine.dialect.literal(text) for text in NASTY]
    columns = ", ".join(f"{text} AS c{no}" for no, text in enumerate(literals))
    assert engine.rows(f"SELECT {columns}", {}) == [NASTY]


def test_a_name_is_quoted_whatever_it_contains(engine) -> None:
    printable = (t.replace("${", "{") for t in TEXTS if t.isprintable() and t.strip())
    names = list({name.lower(): name for name in printable}.values())
    quote = engine.dialect.identifier
    inner = ", ".join(f"{no} AS {quote(name)}" for no, name in enumerate(names))
    outer = ", ".join(f"t.{quote(name)}" for name in names)
    assert engine.rows(f"SELECT {outer} FROM (SELECT {inner}) AS t", {}) == [
        tuple(range(len(names)))
    ]


def test_spark_refuses_a_name_it_would_replace() -> None:
    with pytest.raises(UsageError, match="replaces"):
        SPARK.identifier("a${spark.app.name}")
    assert "${" not in SPARK.literal("a${spark.app.name}")


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda each: each.name)
def test_no_text_ends_its_own_quotes(dialect) -> None:
    escapes = dialect.grammar in ("spark", "databricks", "snowflake", "bigquery")
    inside = re.compile(r"(?:[^'\\]|\\.)*" if escapes else r"(?:[^']|'')*", re.DOTALL)
    for text in NASTY:
        literal = dialect.literal(text)
        assert literal[0] == literal[-1] == "'"
        assert inside.fullmatch(literal[1:-1]), text


def test_looking_for_a_text_is_blind_to_case_as_the_definition_is(engine, tmp_path) -> None:
    dialect, words = engine.dialect, (*TEXTS, "K\u0301", "E\u0301", "DŽ Dž dž", "Ꭰꭰ", "ΑΣ ας", "ﬁ")
    parts = [folded(part) for part in (*PARTS, "É", "e\u0301", "ꭰ", "dž", "ΑΣ", "fi", "Σ")]
    asked = ", ".join(
        f"CASE WHEN {dialect.contains(dialect.lowered('word', [part]), dialect.literal(part))}"
        f" THEN 1 ELSE 0 END AS c{no}"
        for no, part in enumerate(parts)
    )
    rows = engine.rows(f"SELECT word, {asked} FROM words", _texts(tmp_path, words))
    assert {row[0]: row[1:] for row in rows} == {
        word: tuple(int(part in folded(word)) for part in parts) for word in words
    }


def test_duckdb_lowers_every_letter_there_is_as_the_definition_does(engine, tmp_path) -> None:
    if engine.dialect is not DUCKDB:
        assert engine.dialect.lowered("c", ["a"]) != "lower(c)"
        return
    letters = [c for c in map(chr, range(1, sys.maxunicode + 1)) if c.isalpha() or c.lower() != c]
    files = _texts(tmp_path, letters)
    rows = engine.rows("SELECT word, lower(word) FROM words WHERE lower(word) <> word", files)
    assert dict(rows) == {c: folded(c) for c in letters if folded(c) != c}


def test_an_item_is_looked_for_inside_itself_only(engine, tmp_path) -> None:
    dialect = engine.dialect
    lists = [None, [], [None], ["a", None, "b"], ["a\ue000b"], ["ab"], ["a'b", "\\"]]
    table = pa.table({"no": range(len(lists)), "items": pa.array(lists, pa.list_(pa.string()))})
    joined = dialect.joined("items", dialect.literal("\ue001"))
    asked = ", ".join(
        f"CASE WHEN {condition} THEN 1 ELSE 0 END AS c{no}"
        for no, condition in enumerate((
            dialect.contains(joined, dialect.literal("ab")),
            dialect.contains(joined, dialect.literal("a")),
            dialect.has("items", dialect.literal("a")),
            dialect.has("items", dialect.literal("\\")),
            "items IS NULL",
        ))
    )  # fmt: skip
    rows = engine.rows(f"SELECT no, {asked} FROM words", written({"words": table}, tmp_path))
    assert sorted(rows) == [
        (0, 0, 0, 0, 0, 1),
        (1, 0, 0, 0, 0, 0),
        (2, 0, 0, 0, 0, 0),
        (3, 0, 1, 1, 0, 0),
        (4, 0, 1, 0, 0, 0),
        (5, 1, 1, 0, 0, 0),
        (6, 0, 1, 0, 1, 0),
    ]


def test_numbers_are_the_numbers_that_were_written(engine, tmp_path) -> None:
    dialect = engine.dialect
    values = [float(f) for f in FRACTIONS] + [sys.float_info.max, 5e-324, -0.1, 2.0**70]
    columns = ", ".join(f"{dialect.literal(value)} AS c{no}" for no, value in enumerate(values))
    (row,) = engine.rows(f"SELECT {columns}", {})
    assert [float(cell) for cell in row] == values
    assert dialect.literal(2**70) == dialect.literal(2.0**70)
    whole = ", ".join(f"{dialect.literal(value)} AS c{no}" for no, value in enumerate(WHOLE))
    assert engine.rows(f"SELECT {whole}", {}) == [WHOLE]


def test_what_is_no_number_is_unknown_whatever_the_engine_makes_of_it(engine, tmp_path) -> None:
    cells = [None, math.nan, -math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 1.0]
    table = pa.table({"no": range(len(cells)), "x": pa.array(cells, pa.float64())})
    finite = engine.dialect.finite("x")
    asked = (
        f"SELECT no, CASE WHEN {finite} IS NULL THEN 1 ELSE 0 END AS unknown,"
        f" CASE WHEN {finite} >= 0e0 THEN 1 ELSE 0 END AS from_zero,"
        f" CASE WHEN {finite} IN (0e0, 7e0) THEN 1 ELSE 0 END AS zero FROM numbers"
    )
    rows = engine.rows(asked, written({"numbers": table}, tmp_path))
    assert sorted(rows) == [
        *((no, 1, 0, 0) for no in range(5)),
        (5, 0, 1, 1),
        (6, 0, 1, 1),
        (7, 0, 1, 0),
        (8, 0, 1, 0),
    ]


def test_nan_is_unknown_even_where_a_files_statistics_leave_it_out(engine, tmp_path) -> None:
    table = pa.table({"no": [0, 1, 2], "x": pa.array([1.0, math.nan, 2.0], pa.float64())})
    asked = f"SELECT no FROM numbers WHERE {engine.dialect.finite('x')} IS NULL"
    assert engine.rows(asked, written({"numbers": table}, tmp_path)) == [(1,)]


def test_days_are_numbered_from_1970(engine, tmp_path) -> None:
    table = pa.table({"no": range(len(DAYS)), "day": pa.array(DAYS, pa.date32())})
    files = written({"days": table}, tmp_path)
    rows = engine.rows(f"SELECT no, {engine.dialect.day_number('day')} FROM days", files)
    assert sorted(rows) == [(no, day_number(day)) for no, day in enumerate(DAYS)]
    days = ", ".join(f"{engine.dialect.literal(day)}" for day in DAYS)
    found = engine.rows(f"SELECT no FROM days WHERE day IN ({days})", files)
    assert len(found) == len(DAYS)


def test_bits_are_counted_beyond_thirty_two(engine, tmp_path) -> None:
    dialect = engine.dialect
    table = pa.table({"bits": pa.array([1 << 62, 1 << 40, 5], pa.int64())})
    asked = (
        f"SELECT CAST({dialect.bit_or('bits')} AS {dialect.big}),"
        f" SUM(CASE WHEN {dialect.has_bits('bits', (1 << 62) + 4)} THEN 1 ELSE 0 END),"
        f" MAX({dialect.modulo('bits', 1 << 41)}) FROM flags"
    )
    rows = engine.rows(asked, written({"flags": table}, tmp_path))
    assert rows == [((1 << 62) + (1 << 40) + 5, 2, 1 << 40)]
