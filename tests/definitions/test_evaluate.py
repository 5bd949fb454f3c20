"""A rule has three answers, and unknown is one of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.evaluate import days_before, folded, holds
from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.definitions.rule import AllOf, AnyOf, Not, read_rule

TODAY = date(2026, 3, 1)
FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]}
LARGE, HIRING = {"employees": {"over": 50}}, {"is_hiring": True}


@pytest.mark.parametrize(
    ("rule", "row", "answer"),
    [
        ({"all": [LARGE, HIRING]}, {"employees": 50}, False),
        ({"all": [LARGE, HIRING]}, {"employees": 51}, None),
        ({"any": [LARGE, HIRING]}, {"employees": 51}, True),
        ({"any": [LARGE, HIRING]}, {"employees": 50}, None),
        ({"not": LARGE}, {}, None),
        ({"not": LARGE}, {"employees": 50}, True),
        ({"employees": {"between": [50, 60]}}, {"employees": 60}, True),
        ({"employees": {"at_least": 50}}, {"employees": float("nan")}, None),
        ({"technologies": {"none_of": ["SAP"]}}, {"technologies": []}, True),
        ({"technologies": {"none_of": ["SAP"]}}, {}, None),
        ({"technologies": {"all_of": ["SAP", "Zoom"]}}, {"technologies": ["Zoom"]}, False),
        ({"technologies": {"contains": ["sales"]}}, {"technologies": [None, "Salesforce"]}, True),
        ({"industry": {"contains": ["ΟΔΟΣ"]}}, {"industry": "η οδοσ"}, True),
        ({"industry": {"none_of": ["a"]}}, {"industry": "A"}, True),
        ({"created_on": {"within": "30 days"}}, {"created_on": date(2026, 1, 30)}, True),
        ({"created_on": {"within": "30 days"}}, {"created_on": date(2026, 1, 29)}, False),
        ({"created_on": {"within": 30}}, {"created_on": date(2026, 3, 2)}, False),
        ({"created_on": {"within": 10**9}}, {"created_on": date.min}, True),
    ],
)
def test_a_rule_holds_does_not_or_cannot_be_told(rule, row, answer):
    assert holds(read_rule(rule), row, FIELDS, TODAY) is answer


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_an_answer_is_given_exactly_when_no_unknown_could_change_it(answers):
    names = [f"f{at}" for at in range(len(answers))]
    fields = {name: FIELDS["is_hiring"]._replace(name=name) for name in names}
    parts = tuple(read_rule({name: True}) for name in names)
    for rule in (AllOf(parts), AnyOf(parts), Not(AllOf(parts))):
        completions = {
            holds(rule, dict(zip(names, each, strict=True)), fields, TODAY)
            for each in _completions(answers)
        }
        said = holds(rule, dict(zip(names, answers, strict=True)), fields, TODAY)
        assert said == (completions.pop() if len(completions) == 1 else None)


def _completions(answers: list[bool | None]) -> list[list[bool]]:
    found: list[list[bool]] = [[]]
    for each in answers:
        values = [True, False] if each is None else [each]
        found = [[*before, value] for before in found for value in values]
    return found


@given(st.text(), st.integers(0, 10**9))
def test_folding_keeps_every_letter_in_its_place_and_days_never_run_out(text, days):
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)
    assert date.min <= days_before(TODAY, days) <= TODAY
