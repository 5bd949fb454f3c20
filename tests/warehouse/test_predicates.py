"""Conditions are written for the one engine, and everything in them is quoted."""

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.definitions.rule import read_rule
from bullseye.errors import UnknownName
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates

TODAY = date(2026, 11, 2)
ENGINE = duckdb.connect()
FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]}


def test_predicates_refuse_a_field_they_do_not_know():
    predicates = Predicates(DUCKDB, FIELDS, TODAY)
    with pytest.raises(UnknownName, match="employes"):
        predicates.yes(read_rule({"employes": 1}))


@pytest.mark.parametrize(
    "value", [0, -7, 2**63, 0.1, 5e-324, -1e300, 1e15, True, "it's", "\\", "a;--", TODAY, ""]
)
def test_a_literal_reads_back_as_itself(value):
    (read,) = ENGINE.execute(f"SELECT {DUCKDB.literal(value)}").fetchone()
    assert (type(value)(read) if isinstance(value, int | float) else read) == value


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_an_identifier_is_one_whatever_it_contains(name):
    result = ENGINE.execute(f"SELECT 1 AS {DUCKDB.identifier(name)}")
    assert [each[0] for each in result.description] == [name]
