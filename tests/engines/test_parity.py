"""The same definitions give the same bytes on every engine, and what plain Python gives."""

import pytest
from tests.engines.executing import DuckDbHere, canonical, written
from tests.engines.reference import expected
from tests.engines.worlds import random_world

EVERYWHERE = range(6)
"""Worlds every engine is asked about."""


@pytest.mark.parametrize("seed", EVERYWHERE)
def test_every_engine_gives_what_plain_python_gives(engine, seed, tmp_path) -> None:
    world = random_world(seed)
    rows = engine.rows(world.sql(engine.dialect), written(world.tables, tmp_path))
    assert canonical(rows) == canonical(expected(world))


@pytest.mark.parametrize("seed", range(100, 180))
def test_many_more_definitions_give_what_plain_python_gives(seed, tmp_path) -> None:
    world = random_world(seed, accounts=60)
    engine = DuckDbHere(1)
    rows = engine.rows(world.sql(engine.dialect), written(world.tables, tmp_path))
    assert canonical(rows) == canonical(expected(world))


def test_readable_scores_are_the_same_to_the_last_bit(engine, tmp_path) -> None:
    world = random_world(3)
    here = DuckDbHere(1)
    files = written(world.tables, tmp_path)
    rows = engine.rows(world.rendered_sql(engine.dialect), files)
    assert len(rows) == len(world.accounts) * len(world.profiles)
    assert canonical(rows) == canonical(here.rows(world.rendered_sql(here.dialect), files))


def test_every_integer_comes_back_as_one(engine, tmp_path) -> None:
    world = random_world(0)
    rows = engine.rows(world.sql(engine.dialect), written(world.tables, tmp_path))
    assert {type(cell) for row in rows for cell in row[1:]} <= {int, type(None)}
