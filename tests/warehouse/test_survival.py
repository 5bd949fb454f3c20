"""The life table of the engine says what the arrays say, to 1e-12."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from bullseye.stats.survival import aalen_johansen, life_table, still_open
from bullseye.warehouse.survival import curves_sql, life_tables


@pytest.mark.parametrize("seed", range(25))
def test_the_engine_and_the_arrays_give_the_same_curves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 400))
    segment, days = rng.integers(0, 3, n), rng.integers(0, 30, n)
    state = rng.choice(3, n, p=rng.dirichlet([1, 1, 1]))
    with duckdb.connect() as connection:
        connection.register("cases", pa.table({"segment": segment, "days": days, "state": state}))
        rows = connection.execute(curves_sql("cases", segment="segment")).fetchall()
        tables = life_tables(connection, "cases", segment="segment")
    for name, table in tables.items():
        mine = segment == int(str(name))
        own = life_table(days[mine], state[mine])
        for found, expected in zip(
            (table.days, table.at_risk, table.yes, table.other),
            (own.days, own.at_risk, own.yes, own.other),
            strict=True,
        ):
            np.testing.assert_array_equal(found, expected)
        curves = np.array([row[5:] for row in rows if row[0] == name])
        np.testing.assert_allclose(curves[:, 0], still_open(own), rtol=0, atol=1e-12)
        np.testing.assert_allclose(curves[:, 1], aalen_johansen(own).share, rtol=0, atol=1e-12)


def test_an_empty_relation_has_no_life_table() -> None:
    with duckdb.connect() as connection:
        empty = "(SELECT 1 AS days, 1 AS state WHERE FALSE)"
        assert life_tables(connection, empty) == {}


def test_a_hostile_column_name_is_only_a_name() -> None:
    name = 'x" FROM t; DROP TABLE t; --'
    with duckdb.connect() as connection:
        connection.register("cases", pa.table({name: ["a"], "days": [3], "state": [1]}))
        assert list(life_tables(connection, "cases", segment=name)) == ["a"]


def test_cases_without_a_day_do_not_count_and_an_unknown_segment_is_its_own() -> None:
    rows = "(SELECT * FROM (VALUES ('a', 3, 1), (NULL, 4, 2), ('a', NULL, 1)) t(g, days, state))"
    with duckdb.connect() as connection:
        tables = life_tables(connection, rows, segment="g")
    assert {name: table.n for name, table in tables.items()} == {"a": 1, None: 1}
