"""A backtest and a watch from imports to the kept result: what was known, and what followed."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.pipeline.proving import backtest
from bullseye.pipeline.watching import drift
from bullseye.store import proofs
from bullseye.validate.run import Answer

FIRST, TODAY = date(2025, 1, 1), date(2026, 12, 31)


def filled(world: Any, *, effect: bool = True, facts_on: date = FIRST) -> Any:
    """Half the accounts are software; with an effect, software is won three times as often."""
    world.today = TODAY
    random = np.random.default_rng(5)
    world.icp(
        "software",
        {"name": "is-software", "rule": {"industry": "Software"}, "points": 10},
    )
    world.tiers({"tier": "T1", "fit": 70})
    world.known(
        [
            {"account_id": f"a{at:03}", "industry": "Software" if at % 2 else "Public <b>'\""}
            for at in range(300)
        ],
        on=facts_on,
    )
    rows = []
    for at in range(900):
        account = int(random.integers(0, 300))
        opened = FIRST + timedelta(days=int(random.integers(1, 640)))
        rate = 0.45 if effect and account % 2 else 0.15
        ended = "won" if random.random() < rate else "lost"
        rows.append(
            {
                "opportunity_id": f"o{at}",
                "account_id": f"a{account:03}",
                "outcome": ended,
                "created_on": opened,
                "closed_on": opened + timedelta(days=int(random.integers(5, 80))),
                "amount": float(random.integers(1, 9)) * 1000,
            }
        )
    world.known(rows, on=TODAY, table=TableName.OPPORTUNITIES)
    return world


def test_a_planted_effect_is_found_and_the_result_is_kept(world: Any) -> None:
    workspace = filled(world).workspace
    found = backtest(workspace, every="quarter")
    assert found.verdict.answer is Answer.BETTER
    assert found.headline.chosen.name == "T1"
    assert found.question.dated
    assert found.cases == 900
    assert sum(each.cases for each in found.standings) == 900
    kept = proofs.newest(workspace.store, "backtest", "software")
    assert kept is not None
    assert json.loads(kept.document)["cases"] == 900
    assert kept.as_of == TODAY


def test_a_dry_run_keeps_nothing_and_gives_the_same_numbers(world: Any) -> None:
    workspace = filled(world, effect=False).workspace
    first = backtest(workspace, every="quarter", dry_run=True)
    assert proofs.listed(workspace.store) == ()
    assert first.verdict.answer is not Answer.BETTER
    assert repr(backtest(workspace, every="quarter", dry_run=True)) == repr(first)


def test_facts_known_only_after_the_outcomes_are_refused_unless_wished(world: Any) -> None:
    workspace = filled(world, facts_on=TODAY).workspace
    with pytest.raises(NotEnoughEvidence, match="known before"):
        backtest(workspace, every="quarter")
    found = backtest(workspace, every="quarter", as_known_today=True)
    assert not found.question.dated
    assert "as known today" in found.warnings[0]


def test_what_became_known_later_does_not_change_how_the_past_was_scored(world: Any) -> None:
    made = filled(world)
    before = backtest(made.workspace, every="quarter", dry_run=True)
    made.known([{"account_id": f"a{at:03}", "industry": "Public"} for at in range(300)], on=TODAY)
    after = backtest(made.workspace, every="quarter", dry_run=True)
    assert repr(after.standings) == repr(before.standings)
    assert repr(after.gains) == repr(before.gains)


def test_two_versions_are_compared_on_the_same_cases_and_at_equal_spend(world: Any) -> None:
    made = filled(world)
    first = backtest(made.workspace, every="quarter")
    made.icp("software", {"name": "is-public", "rule": {"industry": "Public <b>'\""}, "points": 10})
    found = backtest(
        made.workspace, every="quarter", against=first.question.version[:12], capacity=60
    )
    assert found.against is not None
    assert found.against.t1.verdict.answer is Answer.WORSE
    assert found.against.t1.both == 0
    assert found.against.order is not None
    assert found.against.order.high < 0
    (spend,) = found.against.spend
    assert spend.name.startswith("opportunity opened")
    assert spend.tested.n == spend.other.n
    with pytest.raises(UnknownName):
        backtest(made.workspace, against="nothing")
    with pytest.raises(NotEnoughEvidence, match="live"):
        backtest(made.workspace, against="live")


def test_an_icp_has_to_be_named_where_there_are_several(world: Any) -> None:
    made = filled(world)
    made.icp("other", {"rule": {"industry": "Public"}, "points": 1})
    with pytest.raises(UsageError, match="2 ICPs"):
        backtest(made.workspace)
    with pytest.raises(UnknownName, match="sofware"):
        backtest(made.workspace, "sofware")
    with pytest.raises(UnknownName, match="nothing"):
        backtest(made.workspace, "software", outcome="nothing")


def test_a_watch_of_a_healthy_year_is_kept_and_counts_every_decided_case(world: Any) -> None:
    workspace = filled(world).workspace
    found = drift(workspace)
    assert found.answer != "review opens"
    assert len(found.periods) == 11
    assert found.periods[-1].last == TODAY
    assert found.cases == sum(each.ratio.n for each in found.periods)
    assert found.cases + found.reference_cases == 900
    kept = proofs.newest(workspace.store, "drift", "software")
    assert kept is not None
    assert json.loads(kept.document)["answer"] == found.answer


def test_a_watch_sees_a_drop_and_the_command_says_so_by_its_exit_code(
    world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = filled(world)
    rows = [
        {
            "opportunity_id": f"p{at}",
            "account_id": f"a{at % 300:03}",
            "outcome": "lost",
            "created_on": date(2026, 5, 1) + timedelta(days=at % 120),
            "closed_on": date(2026, 6, 1) + timedelta(days=at % 200),
        }
        for at in range(700)
    ]
    made.known(rows, on=TODAY, table=TableName.OPPORTUNITIES)
    made.write()
    assert code_of(["-w", str(tmp_path), "drift", "--json", "--as-of", str(TODAY)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["answer"] == "review opens"
    assert found["drift"]["since"] > "2026-03"


def test_a_short_past_expects_nothing(world: Any) -> None:
    world.icp("software", {"rule": {"industry": "Software"}, "points": 10})
    world.known([{"account_id": "a", "industry": "Software"}], on=FIRST)
    opened = {"account_id": "a", "created_on": date(2025, 1, 5), "closed_on": date(2025, 1, 20)}
    rows = [{"opportunity_id": each, "outcome": each, **opened} for each in ("won", "lost")]
    world.known(rows, on=date(2025, 1, 31), table=TableName.OPPORTUNITIES)
    with pytest.raises(NotEnoughEvidence, match="too short a past"):
        drift(world.workspace, as_of=date(2025, 2, 1))


def test_the_commands_print_the_numbers_with_their_intervals(
    world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = filled(world)
    made.write()
    where = ["-w", str(tmp_path)]
    arguments = ["--every", "quarter", "--as-of", str(TODAY), "--dry-run"]
    assert code_of([*where, "backtest", *arguments]) == 0
    printed = capsys.readouterr().out
    assert "Better: T1 did better than the rest." in printed
    assert "n = " in printed
    assert "Rule: " in printed
    assert code_of([*where, "drift", *arguments]) in (0, 1)
    assert "alarm above" in capsys.readouterr().out
    assert code_of([*where, "backtest", "nothing"]) == 3
    assert code_of([*where, "backtest", "--outcome", "churned", "--as-of", str(TODAY)]) == 6
