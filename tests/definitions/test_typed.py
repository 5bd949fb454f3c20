"""A rule's values take the types of its fields, or the mistake is said."""

from datetime import date

import pytest

from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.definitions.rule import read_rule, write_rule
from bullseye.definitions.typed import typed
from bullseye.errors import DefinitionError, UnknownName

FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"employees": ["1k", 50]}, {"employees": {"any_of": [1000, 50]}}),
        ({"industry": 7}, {"industry": {"is": "7"}}),
        ({"industry": True}, {"industry": {"is": "true"}}),
        ({"is_hiring": "yes"}, {"is_hiring": {"is": True}}),
        ({"country": "Norway"}, {"country": {"is": "NO"}}),
        ({"country": "Nowhere"}, {"country": {"is": "Nowhere"}}),
        ({"headcount_growth_6m": {"over": "20%"}}, {"headcount_growth_6m": {"over": 0.2}}),
        ({"created_on": {"within": "2 weeks"}}, {"created_on": {"within": 14}}),
        ({"not": {"founded_year": "2000"}}, {"not": {"founded_year": {"is": 2000}}}),
    ],
)
def test_values_take_the_type_of_their_field(written, read):
    countries = {"Norway": "NO"}
    found = typed(read_rule(written), FIELDS, country=lambda text: countries.get(text, text))
    assert write_rule(found) == read


@pytest.mark.parametrize(
    "written",
    [
        {"employees": "many"},
        {"industry": {"over": 5}},
        {"employees": {"contains": "5"}},
        {"industry": {"all_of": ["a"]}},
        {"employees": {"within": 5}},
        {"is_hiring": "perhaps"},
        {"created_on": "2026-13-01"},
        {"any": [{"employees": 5}, {"not": {"is_hiring": {"under": 5}}}]},
    ],
)
def test_what_does_not_suit_a_field_is_refused_with_its_name(written):
    with pytest.raises(DefinitionError, match=r"employees|industry|is_hiring|created_on"):
        typed(read_rule(written), FIELDS)


@pytest.mark.parametrize("name", ["employes", "industry_growth_6m", "nothing_growth_6m"])
def test_a_field_that_does_not_exist_is_refused(name):
    with pytest.raises(UnknownName, match=name):
        typed(read_rule({name: 1}), FIELDS)


def test_a_day_stays_a_day():
    rule = read_rule({"created_on": {"over": date(2026, 1, 1)}})
    assert typed(rule, FIELDS) == rule
