"""A run that does not come to its end leaves the last published one readable."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.engines_run.worlds import ACCOUNTS, CUSTOMERS

from bullseye import pipeline
from bullseye.errors import Busy, InputError, NotEnoughEvidence
from bullseye.prioritize.run import past_runs, targets
from bullseye.warehouse.remote import Names


def seen(house: Any) -> list[tuple[Any, ...]]:
    return sorted(house.query("SELECT account_id, icp, tier, run_id FROM bullseye.scores"))


def listed(world: Any) -> list[tuple[Any, ...]]:
    return [(each.account_id, each.tier) for each in targets(world.workspace)]


def run_until(stage: str, action: Callable[[], None]) -> Callable[[str], None]:
    def tell(now: str) -> None:
        if now == stage:
            action()

    return tell


@pytest.mark.parametrize("stage", ["Scoring accounts", "Publishing"])
def test_a_run_that_is_killed_leaves_the_last_view_and_list(
    pushed: Any, house: Any, stage: str
) -> None:
    first = pipeline.run(pushed.workspace)
    there, here = seen(house), listed(pushed)
    house.table("crm.accounts", ACCOUNTS, CUSTOMERS[:2])
    pushed.write()
    script = Path(__file__).with_name("dying.py")
    command = [sys.executable, script, pushed.folder, pushed.today.isoformat(), stage]
    assert subprocess.run(command, timeout=120, check=False).returncode == -signal.SIGKILL
    assert seen(house) == there
    assert {row[-1] for row in there} == {first.run_id}
    assert listed(pushed) == here
    after = pipeline.run(pushed.workspace)
    assert after.accounts == 2
    assert {row[-1] for row in seen(house)} == {after.run_id}
    assert [each.status for each in past_runs(pushed.workspace)] == ["done", "interrupted", "done"]


def test_what_a_killed_run_left_is_dropped_by_the_next_ones(pushed: Any, house: Any) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.run(pushed.workspace, progress=run_until("Publishing", stop))
    done = [pipeline.run(pushed.workspace).run_id for _ in range(3)]
    names = house.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'bullseye'"
        " AND table_name LIKE 'scores_%'"
    )
    kept = {Names("bullseye", run).scores.split(".")[1] for run in done[-2:]}
    assert {name for (name,) in names} == kept


def test_of_two_runs_at_once_one_wins_and_the_other_says_so(pushed: Any, house: Any) -> None:
    refused: list[Busy] = []

    def again() -> None:
        with pytest.raises(Busy) as error:
            pipeline.run(pushed.workspace)
        refused.append(error.value)

    done = pipeline.run(pushed.workspace, progress=run_until("Scoring accounts", again))
    assert len(refused) == 1
    assert {row[-1] for row in seen(house)} == {done.run_id}


def test_two_workspaces_do_not_share_a_schema(pushed: Any, house: Any, tmp_path: Any) -> None:
    scores = Names("bullseye", "r-2026-11-02-0001").scores
    house.table(scores, {"account_id": "text"}, [])
    with pytest.raises(Busy, match="another workspace writes to this schema"):
        pipeline.run(pushed.workspace)


def test_an_account_that_stands_twice_is_refused_and_nothing_is_published(
    pushed: Any, house: Any
) -> None:
    before = pipeline.run(pushed.workspace)
    house.table("crm.accounts", ACCOUNTS, [*CUSTOMERS, CUSTOMERS[0]])
    with pytest.raises(InputError, match="'a1' \\(2 times\\)"):
        pipeline.run(pushed.workspace)
    assert {row[-1] for row in seen(house)} == {before.run_id}


def test_a_relation_without_accounts_publishes_nothing(pushed: Any, house: Any) -> None:
    house.table("crm.accounts", ACCOUNTS, [])
    with pytest.raises(NotEnoughEvidence, match="No account was known"):
        pipeline.run(pushed.workspace)
    assert past_runs(pushed.workspace)[0].status == "failed"
