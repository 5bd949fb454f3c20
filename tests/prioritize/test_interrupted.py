"""A run that is stopped, killed or crowded out leaves what was published before it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bullseye.errors import Busy
from bullseye.prioritize import run as prioritize
from bullseye.store import runs
from bullseye.store.runs import RunStatus

STAGES = ("Building what was known", "Scoring accounts", "Keeping history")
SCRIPT = """
import os, sys
from datetime import date
from pathlib import Path
from bullseye.prioritize.run import score
from bullseye.workspace import Workspace

def wait(stage):
    if stage == sys.argv[2]:
        print("there", flush=True)
        sys.stdin.readline()

workspace = Workspace.open(Path(sys.argv[1]))
print(score(workspace, as_of=date.fromisoformat(sys.argv[3]), progress=wait).is_new)
"""


@pytest.fixture
def published(world):
    """A world with one published run, and news that were not scored yet."""
    world.icp("b2b", {"rule": {"employees": {"over": 10}}, "points": 10})
    world.known([{"account_id": "a", "employees": 50}])
    prioritize.score(world.workspace)
    world.known([{"account_id": "b", "employees": 50}], source="other")
    world.write()
    return world


@contextmanager
def elsewhere(world, stage: str) -> Iterator[subprocess.Popen[str]]:
    """Score in another process, and yield it while it waits at a stage."""
    command = [sys.executable, "-c", SCRIPT, str(world.folder), stage, str(world.today)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        yield process


def names(world) -> set[str]:
    return {target.account_id for target in prioritize.targets(world.workspace)}


def folders(world) -> set[str]:
    return {path.name for path in (world.workspace.warehouse / "runs").iterdir()}


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_run_leaves_the_published_one_and_the_next_one_works(published, stage):
    def stop(at: str) -> None:
        if at == stage:
            raise KeyboardInterrupt

    before = folders(published)
    with pytest.raises(KeyboardInterrupt):
        prioritize.score(published.workspace, progress=stop)
    assert runs.listed(published.store)[0].status is RunStatus.INTERRUPTED
    assert names(published) == {"a"}
    assert folders(published) == before
    assert prioritize.score(published.workspace).is_new
    assert names(published) == {"a", "b"}


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_killed_run_leaves_the_published_one_and_the_next_one_works(published, stage):
    with elsewhere(published, stage) as process:
        process.send_signal(signal.SIGKILL)
    assert names(published) == {"a"}
    assert prioritize.score(published.workspace).is_new
    assert names(published) == {"a", "b"}
    statuses = [run.status for run in runs.listed(published.store)]
    assert statuses == [RunStatus.DONE, RunStatus.INTERRUPTED, RunStatus.DONE]
    done = {run.id for run in runs.listed(published.store) if run.status is RunStatus.DONE}
    assert folders(published) == done


def test_of_two_processes_one_wins_and_the_other_is_told(published):
    with elsewhere(published, STAGES[1]) as process:
        with pytest.raises(Busy, match="run"):
            prioritize.score(published.workspace)
        assert names(published) == {"a"}
        output, _ = process.communicate("go on\n")
    assert output == "True\n"
    assert names(published) == {"a", "b"}


def test_a_failed_run_says_why_and_harms_nothing(published):
    def fail(at: str) -> None:
        if at == STAGES[1]:
            raise ZeroDivisionError("the disk is full")

    with pytest.raises(ZeroDivisionError):
        prioritize.score(published.workspace, progress=fail)
    failed = runs.listed(published.store)[0]
    assert (failed.status, "the disk is full" in (failed.summary or "")) == (RunStatus.FAILED, True)
    assert names(published) == {"a"}
