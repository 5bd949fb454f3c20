"""Outcomes as they are listed: counted, explained where they cannot be, and guarded on wish."""

import json
from datetime import date
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.faces.cli.main import code_of
from bullseye.pipeline.outcomes import Every, outcomes

JANUARY, MARCH, JUNE = (date(2026, month, 10) for month in (1, 3, 6))


@pytest.fixture
def sold(world: Any) -> Any:
    """Two accounts known before, one opportunity each; one account nobody knew."""
    world.known([{"account_id": "a"}, {"account_id": "b"}], on=JANUARY)
    rows = [("o1", "a", "won"), ("o2", "b", "open"), ("o3", "<b>", "won")]
    world.known(
        [
            {"opportunity_id": name, "account_id": at, "outcome": ended, "created_on": MARCH}
            for name, at, ended in rows
        ],
        table=TableName.OPPORTUNITIES,
    )
    world.write()
    return world


def test_every_outcome_is_listed_and_what_cannot_be_answered_says_why(sold: Any) -> None:
    found = {each.outcome: each for each in outcomes(sold.workspace, every=Every.QUARTER)}
    assert set(found) == {"won", "churned"}
    won = found["won"]
    assert (won.n, won.yes, won.no, won.undecided, won.undated) == (2, 1, 0, 1, 1)
    assert [(each.n, each.reason) for each in won.left_out] == [(1, "their account is not known")]
    assert (won.is_good, found["churned"].is_good) == (True, False)
    assert "No subscriptions" in found["churned"].problem
    assert "bullseye import subscriptions" in found["churned"].hint
    assert won.guard is None


def test_an_outcome_that_is_named_raises_what_is_wrong(sold: Any) -> None:
    with pytest.raises(NotEnoughEvidence):
        outcomes(sold.workspace, ["churned"])
    with pytest.raises(UnknownName):
        outcomes(sold.workspace, ["wonn"])


def test_without_earlier_facts_the_next_step_is_said(world: Any) -> None:
    world.define("outcomes", "hires", change={"field": "is_hiring", "becomes": True}, within=90)
    world.known([{"account_id": "a", "is_hiring": False}])
    row = {"opportunity_id": "o", "account_id": "a", "outcome": "won", "created_on": MARCH}
    world.known([row], table=TableName.OPPORTUNITIES)
    won, hires = outcomes(world.workspace, ["won", "hires"])
    assert "--as-known-today --guard" in won.hint
    assert "earlier day" in hires.hint
    assert (won.n, hires.n) == (0, 0)
    (today,) = outcomes(world.workspace, ["won"], as_known_today=True, guarded=True)
    assert (today.n, today.dated, today.hint) == (1, False, "")
    assert "as known today" in today.warning
    assert today.guard is not None


def test_the_command_shows_counts_reasons_and_the_guard(
    sold: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["-w", str(sold.folder), "outcomes", "--every", "quarter", "--as-of", "2026-11-02"]
    assert code_of([*words, "--guard"]) == 0
    shown = capsys.readouterr().out
    assert "left out: 1, their account is not known" in shown
    assert "won: won, not lost" in shown
    assert "(not wanted)" in shown
    assert "cannot tell yet: it takes 20 accounts with and without the outcome" in shown
    assert "no fact is suspicious" not in shown
    assert code_of([*words, "won", "--json"]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert (document["n"], document["dated"], document["guard"]) == (2, True, None)
    assert document["cohorts"] == ["2026-01-10"]
    assert code_of([*words, "wonn"]) == 3
    assert "Did you mean 'won'?" in capsys.readouterr().err
    assert code_of([*words, "churned"]) == 6
