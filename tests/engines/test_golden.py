"""The SQL of each dialect is the reviewed one, parses, and keeps to what every engine agrees on."""

import re

import pytest
from sqlglot import exp, parse_one
from tests.engines.golden import FOLDER, PAGE, golden, page, world
from tests.engines.worlds import random_world

from bullseye.warehouse.dialects import DIALECTS, EXECUTED, NOT_EXECUTED

REWRITE = "if the change is meant: python -m tests.engines.golden"

each_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda each: each.name)


@each_dialect
def test_the_sql_is_the_reviewed_one(dialect) -> None:
    kept = (FOLDER / f"{dialect.name}.sql").read_text(encoding="utf-8")
    assert kept == golden(dialect), REWRITE


def test_the_page_on_dialects_shows_the_hooks_as_they_are() -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert kept == page(kept), REWRITE


def test_there_is_a_reviewed_file_per_dialect_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(DIALECTS)


def test_a_dialect_is_executed_or_says_that_it_is_not() -> None:
    assert not set(EXECUTED) & set(NOT_EXECUTED)
    for dialect in NOT_EXECUTED:
        first = (FOLDER / f"{dialect.name}.sql").read_text(encoding="utf-8").splitlines()[0]
        assert "NOT executed" in first


@each_dialect
@pytest.mark.parametrize("seed", range(4))
def test_the_sql_parses_in_the_grammar_of_its_engine(dialect, seed) -> None:
    for sql in (random_world(seed, 5).sql(dialect), random_world(seed, 5).rendered_sql(dialect)):
        assert isinstance(parse_one(sql, read=dialect.grammar), exp.Query)


@each_dialect
def test_scans_use_nothing_that_engines_disagree_about(dialect) -> None:
    tree = parse_one(world().sql(dialect), read=dialect.grammar)
    disputed = (exp.Div, exp.Round, exp.Least, exp.Greatest, exp.Pow, exp.Concat, exp.DPipe)
    clocks = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.Rand)
    assert not list(tree.find_all(*disputed, *clocks))
    for negation in tree.find_all(exp.Not):
        assert isinstance(negation.this, exp.In | exp.Is), negation.sql()


def test_bigquery_is_never_asked_for_a_percent_sign_of_its_own() -> None:
    bigquery = DIALECTS["bigquery"]
    texts = re.compile(r"'(?:[^'\\]|\\.)*'")
    for seed in range(4):
        made = random_world(seed, 5)
        for sql in (made.sql(bigquery), made.rendered_sql(bigquery), world().sql(bigquery)):
            assert "%" not in texts.sub("''", sql)


@each_dialect
def test_every_condition_on_a_field_stands_inside_a_case(dialect) -> None:
    tree = parse_one(world().sql(dialect), read=dialect.grammar)
    scan = next(cte for cte in tree.find_all(exp.CTE) if cte.alias.lower() == "scan")
    conditions = list(scan.this.find_all(exp.Predicate))
    joined = [c for c in conditions if c.find_ancestor(exp.Join)]
    assert conditions
    assert all(c.find_ancestor(exp.Case) for c in conditions if c not in joined)


def test_the_day_is_the_one_given_and_never_the_engines_own() -> None:
    for dialect in DIALECTS.values():
        assert "DATE '2026-06-30'" in world().sql(dialect)
        assert not re.search(r"(?i)\bnow\s*\(|current_", world().sql(dialect))
