"""Outcomes as definitions: one question each, two of them built in."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bullseye.definitions.diff import applied, difference, meaning
from bullseye.definitions.outcome import BUILT_IN, Outcome
from bullseye.definitions.project import Project
from bullseye.errors import UnknownName


def outcome(name: str = "x", **written: Any) -> Outcome:
    governed = {"owner": "Dana", "review_by": date(2030, 1, 1), "review_when": ["it moves"]}
    return Outcome.model_validate({"name": name, **governed, **written})


def having(*outcomes: Outcome) -> Project:
    return Project(outcomes={each.name: each for each in outcomes})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "takes one of: won, churned, event, change, rule"),
        ({"won": True, "event": "x", "within": 9}, "takes one of"),
        ({"won": False}, "True"),
        ({"event": "funding"}, "need within"),
        ({"churned": True}, "need within"),
        ({"change": {"field": "status", "becomes": "x"}}, "need within"),
        ({"change": {"field": "status"}, "within": 9}, "becomes, gains, grows_over, falls_over"),
        ({"rule": {"status": "x"}, "within": 9}, "does not belong to rule"),
        ({"event": "change:hiring", "within": 9}, "for a change of a field use change"),
    ],
)
def test_an_outcome_asks_exactly_one_thing(written: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        outcome(**written)


def test_an_outcome_says_in_words_what_it_asks() -> None:
    assert BUILT_IN["won"].sentence == "won, not lost"
    grows = {"field": "employees", "grows_over": "20%"}
    asked = outcome(change=grows, within="6 months", among={"country": "DE"})
    assert asked.sentence == (
        "employees grows by more than 20 % within 182 days, among country is DE"
    )
    hires = outcome(change={"field": "is_hiring", "becomes": True}, within=90)
    assert hires.sentence == "is_hiring becomes yes within 90 days"
    gains = outcome(change={"field": "technologies", "gains": ["SAP", "Jira"]}, within=90)
    assert gains.sentence == "technologies gains SAP or Jira within 90 days"
    assert outcome(rule={"tags": "done"}).own_fields == {"tags"}


def test_churn_is_not_wanted_unless_somebody_says_so() -> None:
    assert not BUILT_IN["churned"].is_good
    assert BUILT_IN["won"].is_good
    assert outcome(churned=True, within=90, good=True).is_good


def test_won_and_churned_exist_without_a_file_and_a_file_replaces_them() -> None:
    assert set(Project().all_outcomes) == {"won", "churned"}
    own = outcome("won", won=True, within=90)
    assert having(own).outcome("won") == own
    with pytest.raises(UnknownName) as caught:
        Project().outcome("wonn")
    assert "won" in caught.value.hint


def test_a_text_from_before_outcomes_is_read_and_keeps_its_hash() -> None:
    text = Project().canonical()
    assert "outcomes" not in json.loads(text)
    assert Project.from_canonical(text).hash == Project().hash
    project = having(outcome(event="funding", within=90))
    assert Project.from_canonical(project.canonical()) == project


def test_a_difference_tells_what_is_asked_now_and_a_new_name_is_none() -> None:
    old = having(outcome("fast", won=True, within=90))
    new = having(outcome("fast", won=True, within=60), outcome("hires", event="hire", within=9))
    changes = difference(old, new)
    assert [each.sentence for each in changes] == [
        "outcome fast won, not lost within 90 days -> won, not lost within 60 days",
        "outcome hires is new: hire happens within 9 days",
    ]
    assert applied(changes, meaning(old)) == meaning(new)
    assert difference(old, having(outcome("quick", won=True, within=90))) == ()
