"""Rules read as marketers write them, write back as one form, and name the place of a mistake."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.rule import (
    AllOf,
    AnyOf,
    Not,
    Op,
    Rule,
    RuleMistake,
    fields_in,
    read_rule,
    write_rule,
)
from bullseye.definitions.rule import Test as Comparison
from bullseye.definitions.yaml import read, write

names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: name not in {"all", "any", "not"}
)
texts = st.text(min_size=1, max_size=12)
numbers = st.one_of(
    st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False)
)
members = st.lists(
    st.one_of(texts, st.integers(-99, 99), st.booleans()), min_size=1, max_size=4, unique_by=repr
).map(lambda values: tuple(dict.fromkeys(values)))
ordered = st.one_of(numbers, st.dates())
bounds = st.one_of(st.tuples(numbers, numbers), st.tuples(st.dates(), st.dates())).map(
    lambda pair: tuple(sorted(pair))
)
comparisons = st.one_of(
    st.builds(Comparison, names, st.sampled_from([Op.ANY_OF, Op.ALL_OF, Op.NONE_OF]), members),
    st.builds(Comparison, names, st.just(Op.IS), members.map(lambda values: values[:1])),
    st.builds(
        Comparison,
        names,
        st.just(Op.CONTAINS),
        st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple),
    ),
    st.builds(
        Comparison,
        names,
        st.sampled_from([Op.OVER, Op.UNDER, Op.AT_LEAST, Op.AT_MOST]),
        ordered.map(lambda value: (value,)),
    ),
    st.builds(Comparison, names, st.just(Op.BETWEEN), bounds),
    st.builds(Comparison, names, st.just(Op.WITHIN), st.integers(1, 3650).map(lambda d: (d,))),
)
rules = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(rules)
def test_a_written_rule_reads_back_as_itself(rule: Rule) -> None:
    assert read_rule(write_rule(rule)) == rule


@given(rules)
def test_a_rule_survives_a_yaml_file(rule: Rule) -> None:
    assert read_rule(read(write(write_rule(rule)))) == rule


@given(rules)
def test_every_rule_can_be_said_in_words(rule: Rule) -> None:
    assert all(field in str(rule) for field in fields_in(rule))


def test_several_fields_of_one_rule_must_all_hold() -> None:
    rule = read_rule({"country": "NO", "employees": {"over": "1k", "at_most": "5,000"}})
    assert rule == AllOf(
        (
            Comparison("country", Op.IS, ("NO",)),
            AllOf(
                (
                    Comparison("employees", Op.OVER, (1000,)),
                    Comparison("employees", Op.AT_MOST, (5000,)),
                )
            ),
        )
    )


def test_days_and_shares_are_read_from_text() -> None:
    assert read_rule({"created_on": {"over": "2026-03-31"}}).values == (date(2026, 3, 31),)
    assert read_rule({"headcount_growth_6m": {"over": "20%"}}).values == (0.2,)


MISTAKES = [
    ({}, (), "field: {op: value}"),
    ([], (), "field: {op: value}"),
    ({"employees": {}}, ("employees",), "field: {op: value}"),
    ({"employees": {"betwen": [1, 2]}}, ("employees", "betwen"), "did you mean between?"),
    ({"employees": {"between": [500, 50]}}, ("employees", "between"), "smaller value first"),
    ({"employees": {"between": 5}}, ("employees", "between"), "two values"),
    ({"employees": {"over": [5]}}, ("employees", "over"), "takes one value"),
    ({"employees": {"over": "many"}}, ("employees", "over"), "no number and no day"),
    ({"industry": []}, ("industry",), "at least one value"),
    ({"industry": [None]}, ("industry", 0), "plain values"),
    ({"industry": {"is": ["a", "b"]}}, ("industry", "is"), "use any_of"),
    ({"name": {"contains": [5]}}, ("name", "contains"), "takes texts"),
    ({"created_on": {"within": "soon"}}, ("created_on", "within"), "span of time"),
    ({"any": {"a": 1}}, ("any",), "takes a list of rules"),
    ({"any": [{"a": 1}, {"b": {"over": "x"}}]}, ("any", 1, "b", "over"), "no number"),
    ({"not": []}, ("not",), "field: {op: value}"),
]


@pytest.mark.parametrize(("written", "path", "problem"), MISTAKES)
def test_a_mistake_names_its_place_inside_the_rule(written, path, problem) -> None:
    with pytest.raises(RuleMistake) as caught:
        read_rule(written)
    assert caught.value.path == path
    assert problem in caught.value.problem


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "x", *map(str, Op)]), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


def read_or_refused(written: object) -> Rule | RuleMistake:
    try:
        return read_rule(written)
    except RuleMistake as mistake:
        return mistake


@given(anything)
def test_anything_is_a_rule_or_a_mistake(written: object) -> None:
    read = read_or_refused(written)
    if isinstance(read, RuleMistake):
        assert read.problem
    else:
        assert read_rule(write_rule(read)) == read
