"""Titles get the same labels on every engine as in plain Python."""

from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp, parse_one
from tests.engines.executing import Executing, written
from tests.engines.titles import FOLDER, golden, hostile, real

from bullseye.definitions.titles import labelled, lexicon, normalised
from bullseye.warehouse.dialects import DIALECTS, NOT_EXECUTED
from bullseye.warehouse.titles import titles_sql


def expected(titles: list[str | None]) -> list[tuple[object, ...]]:
    rows = []
    for number, title in enumerate(titles):
        found = labelled(title)
        flags = [rule.name in found.flags for rule in lexicon().flags]
        labels = (found.level, found.level_rule, found.function, found.function_rule)
        rows.append((number, normalised(title), *labels, *flags))
    return rows


def test_every_engine_reads_titles_as_the_reference_does(engine: Executing, tmp_path: Path) -> None:
    titles = [*real(), *hostile()]
    table = pa.table({"title_no": range(len(titles)), "title": pa.array(titles, pa.string())})
    sql = titles_sql(engine.dialect, lexicon(), "titles")
    rows = sorted(engine.rows(sql, written({"titles": table}, tmp_path)))
    assert len(titles) > 500
    assert [tuple(row) for row in rows] == expected(titles)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda each: each.name)
def test_the_sql_of_titles_is_the_reviewed_one(dialect) -> None:
    kept = (FOLDER / f"{dialect.name}.sql").read_text(encoding="utf-8")
    assert kept == golden(dialect), "if the change is meant: python -m tests.engines.titles"


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda each: each.name)
def test_the_sql_of_titles_parses_in_the_grammar_of_its_engine(dialect) -> None:
    sql = titles_sql(dialect, lexicon(), "titles")
    assert isinstance(parse_one(sql, read=dialect.grammar), exp.Query)


def test_a_dialect_that_is_not_executed_says_so() -> None:
    for dialect in NOT_EXECUTED:
        assert "NOT executed" in (FOLDER / f"{dialect.name}.sql").read_text(encoding="utf-8")


def test_snowflake_looks_for_a_pattern_anywhere_in_the_title() -> None:
    kept = (FOLDER / "snowflake.sql").read_text(encoding="utf-8")
    assert "REGEXP_INSTR(" in kept
    assert "REGEXP_LIKE(" not in kept.upper()
