"""What filling a field could do: every region of its values is tried."""

from datetime import date

import pytest

from bullseye.definitions.completion import point_range, representatives
from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.definitions.icp import Clause
from bullseye.definitions.rule import fields_in
from bullseye.definitions.rule import tests_in as comparisons

TODAY = date(2026, 3, 1)
FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]}


def ends(*rules: dict[str, object]) -> tuple[int, int]:
    """Return the fewest and most points; the n-th rule earns 10 to the power of n."""
    clauses = [Clause(name=f"c{n}", rule=rule, points=10**n) for n, rule in enumerate(rules)]
    (name,) = set().union(*(fields_in(clause.rule) for clause in clauses))
    return tuple(point_range(clauses, FIELDS[name], FIELDS, TODAY))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"employees": {"over": 5}}, {"employees": {"under": 5}}], (0, 10)),
        ([{"employees": {"over": 5}}, {"employees": {"at_most": 5}}], (1, 10)),
        ([{"employees": {"under": 0}}], (0, 0)),
        ([{"employees": {"between": [4.2, 4.8]}}], (0, 0)),
        ([{"revenue": {"between": [0.011, 0.019]}}], (0, 0)),
        ([{"revenue": {"over": 5 * 10**15}}], (0, 1)),
        ([{"headcount": {"over": 1}}], None),
        ([{"industry": {"contains": "value"}}], (0, 1)),
        ([{"industry": {"contains": ["a", "other", "\ufffd"]}}], (0, 1)),
        (
            [{"industry": {"contains": ["a b"]}},
             {"industry": {"contains": ["a"]}, "not": {"industry": {"contains": ["a b"]}}}],
            (0, 10),
        ),
        (
            [{"all": [{"industry": {"contains": ["a"]}}, {"industry": {"contains": ["b"]}},
                      {"not": {"industry": {"contains": ["a b"]}}}]}],
            (0, 1),
        ),
        (
            [{"technologies": {"contains": "Sales"}, "not": {"technologies": ["Sales"]}}],
            (0, 1),
        ),
        ([{"technologies": ["A"]}, {"technologies": {"none_of": ["A"]}}], (1, 10)),
        ([{"technologies": {"all_of": ["A", "B"]}}, {"technologies": {"none_of": ["A"]}}], (0, 10)),
        ([{"is_hiring": True}, {"is_hiring": False}], (1, 10)),
        ([{"created_on": {"within": 10**9}}, {"created_on": {"over": TODAY}}], (1, 10)),
        ([{"created_on": {"over": date.max}}, {"created_on": {"under": date.min}}], (0, 0)),
    ],
)  # fmt: skip
def test_the_range_is_what_some_value_earns(rules, expected):
    if expected is None:
        with pytest.raises(KeyError):
            ends(*rules)
    else:
        assert ends(*rules) == expected


def test_with_too_many_values_the_range_is_too_wide_but_never_too_narrow():
    many = [f"t{n}" for n in range(9)]
    assert ends({"technologies": many}, {"technologies": {"none_of": many}}) == (0, 11)


def test_a_number_too_large_for_a_float_is_no_trouble():
    rule = Clause(name="c", rule={"revenue": {"over": 10**400}}, points=1)
    assert representatives(list(comparisons(rule.rule)), FIELDS["revenue"], TODAY)
