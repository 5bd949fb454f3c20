"""Facts come out of the engine as columns of numbers, unknown where they are unknown."""

import duckdb
import numpy as np

from bullseye.definitions.field import Field, FieldType
from bullseye.warehouse.facts import ListFact, NumberFact, TextFact, read_facts

FIELDS = {
    name: Field(name, kind, "")
    for name, kind in {
        "employees": FieldType.COUNT,
        "founded": FieldType.DATE,
        "industry": FieldType.TEXT,
        "is_hiring": FieldType.FLAG,
        "tags": FieldType.LIST,
        "absent": FieldType.TEXT,
    }.items()
}
ROWS = """(SELECT * FROM (VALUES
  (3, 7, DATE '1970-01-03', 'b', true, ['x', 'y']),
  (1, NULL, NULL, NULL, NULL, NULL),
  (2, 9, DATE '1969-12-31', 'a', false, []),
  (4, 0, DATE '1970-01-01', 'b', true, ['y', 'y', NULL])
) AS t(no, employees, founded, industry, is_hiring, tags))"""


def test_numbers_and_days_are_floats_and_unknown_is_nan() -> None:
    with duckdb.connect() as connection:
        facts = read_facts(connection, ROWS, FIELDS, order="no")
    employees, founded = facts["employees"], facts["founded"]
    assert isinstance(employees, NumberFact)
    assert isinstance(founded, NumberFact)
    np.testing.assert_array_equal(employees.values, [np.nan, 9, 7, 0])
    np.testing.assert_array_equal(founded.values, [np.nan, -1, 2, 0])
    assert employees.known.tolist() == [False, True, True, True]


def test_texts_and_flags_are_codes_and_unknown_is_minus_one() -> None:
    with duckdb.connect() as connection:
        facts = read_facts(connection, ROWS, FIELDS, order="no")
    industry, hiring = facts["industry"], facts["is_hiring"]
    assert isinstance(industry, TextFact)
    assert isinstance(hiring, TextFact)
    assert industry.levels == ("a", "b")
    assert industry.codes.tolist() == [-1, 0, 1, 1]
    assert hiring.levels == ("no", "yes")
    assert hiring.codes.tolist() == [-1, 0, 1, 1]


def test_a_list_knows_what_each_row_holds_and_an_empty_one_is_known() -> None:
    with duckdb.connect() as connection:
        tags = read_facts(connection, ROWS, FIELDS, order="no")["tags"]
    assert isinstance(tags, ListFact)
    assert tags.known.tolist() == [False, True, True, True]
    assert tags.has(tags.levels.index("x")).tolist() == [False, False, True, False]
    assert tags.has(tags.levels.index("y")).tolist() == [False, False, True, True]


def test_a_field_the_relation_lacks_is_left_out() -> None:
    with duckdb.connect() as connection:
        assert "absent" not in read_facts(connection, ROWS, FIELDS, order="no")
