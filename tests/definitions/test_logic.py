"""Contradictions are claimed only where no account could meet the rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions import Project, TableName
from bullseye.definitions.checks.logic import Logic
from bullseye.definitions.known import readable_fields
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule, read_rule
from bullseye.definitions.rule import Test as Comparison

LOGIC = Logic(readable_fields(Project(), TableName.ACCOUNTS), date(2026, 11, 21))

IMPOSSIBLE = [
    {"employees": {"between": [50, 100], "over": 500}},
    {"employees": {"over": 10, "under": 11}},
    {"employees": {"under": 0}},
    {"employees": {"any_of": [5, 7], "over": 7}},
    {"revenue": {"over": "5M", "at_most": "5M"}},
    {"industry": {"is": "Fintech", "none_of": ["Fintech", "Retail"]}},
    {"all": [{"industry": "Fintech"}, {"industry": "Retail"}]},
    {"industry": {"is": "Retail", "contains": "tech"}},
    {"all": [{"name": {"contains": "bank"}}, {"not": {"name": {"contains": "ban"}}}]},
    {"technologies": {"all_of": ["SAP"], "none_of": ["SAP", "AWS"]}},
    {"all": [{"technologies": ["SAP"]}, {"not": {"technologies": {"all_of": ["SAP"]}}}]},
    {"all": [{"is_hiring": True}, {"is_hiring": False}]},
    {"created_on": {"within": "90 days", "under": "2026-01-01"}},
    {"all": [{"any": [{"employees": 5}, {"employees": 6}]}, {"employees": {"over": 9}}]},
]
POSSIBLE = [
    {"employees": {"between": [50, 100], "over": 99}},
    {"revenue": {"over": 10, "under": 11}},
    {"headcount_growth_6m": {"under": 0}},
    {"industry": {"contains": ["fin"], "none_of": ["Fintech"]}},
    {"all": [{"name": {"contains": "bank"}}, {"name": {"contains": "north"}}]},
    {"not": {"name": {"contains": "a"}}},
    {"technologies": {"all_of": ["SAP", "AWS"], "none_of": ["Azure"]}},
    {"all": [{"technologies": ["SAP"]}, {"technologies": ["AWS"]}]},
    {"created_on": {"within": "90 days", "over": "2026-11-20"}},
    {"nonsense": {"over": 5, "under": 3}},
]


@pytest.mark.parametrize("rule", IMPOSSIBLE, ids=str)
def test_contradictions_are_seen(rule) -> None:
    assert not LOGIC.can_hold(read_rule(rule))


@pytest.mark.parametrize("rule", POSSIBLE, ids=str)
def test_nothing_possible_is_called_a_contradiction(rule) -> None:
    assert LOGIC.can_hold(read_rule(rule))


def test_a_range_implies_a_wider_one_and_not_the_reverse() -> None:
    narrow = read_rule({"employees": {"between": [50, 100]}})
    wide = read_rule({"employees": {"over": 49}})
    assert LOGIC.implies(narrow, wide)
    assert not LOGIC.implies(wide, narrow)


def test_whole_numbers_make_over_49_the_same_as_at_least_50() -> None:
    over, least = ({"employees": {"over": 49}}, {"employees": {"at_least": 50}})
    assert LOGIC.same(read_rule(over), read_rule(least))


def test_a_rule_too_tangled_to_follow_counts_as_possible() -> None:
    either = {"any": [{"employees": 1}, {"employees": 2}]}
    assert LOGIC.can_hold(read_rule({"all": [either] * 12 + [{"employees": 3}]}))


small = st.integers(0, 6)
number_tests = st.one_of(
    st.builds(
        lambda op, v: Comparison("employees", op, (v,)),
        st.sampled_from([Op.OVER, Op.UNDER, Op.AT_LEAST, Op.AT_MOST, Op.IS]),
        small,
    ),
    st.builds(
        lambda op, vs: Comparison("employees", op, tuple(vs)),
        st.sampled_from([Op.ANY_OF, Op.NONE_OF]),
        st.lists(small, min_size=1, max_size=3, unique=True),
    ),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    number_tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


def holds(rule: Rule, employees: int) -> bool:
    match rule:
        case AllOf(parts):
            return all(holds(part, employees) for part in parts)
        case AnyOf(parts):
            return any(holds(part, employees) for part in parts)
        case Not(part):
            return not holds(part, employees)
    value = rule.values[0]
    return {
        Op.OVER: employees > value,
        Op.UNDER: employees < value,
        Op.AT_LEAST: employees >= value,
        Op.AT_MOST: employees <= value,
        Op.IS: employees == value,
        Op.ANY_OF: employees in rule.values,
        Op.NONE_OF: employees not in rule.values,
    }[rule.op]


@given(rules)
def test_reasoning_agrees_with_trying_every_number(rule: Rule) -> None:
    assert LOGIC.can_hold(rule) == any(holds(rule, each) for each in range(10))


@given(rules, rules)
def test_implication_agrees_with_trying_every_number(one: Rule, other: Rule) -> None:
    tried = all(holds(other, each) for each in range(10) if holds(one, each))
    assert LOGIC.implies(one, other) == tried
