"""A workspace that may only be read: questions are answered, and what would write says why not."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bullseye.prioritize import run as prioritize

AS_ANYBODY = """
import ctypes, os, sys
if os.getuid() == 0:  # who may do everything gives that up
    version, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None, use_errno=True).capset(version, none) == 0
from bullseye.faces.cli.main import code_of
sys.exit(code_of(sys.argv[1:]))
"""
Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def bullseye(world: Any) -> Iterator[Callable[..., Ran]]:
    """Run a command on a scored workspace whose files and folders nobody may write."""
    world.icp("north", {"points": 10, "rule": {"employees": {"at_least": 100}}})
    world.known([{"account_id": "a", "employees": 200}])
    prioritize.score(world.workspace)
    world.write()
    every = [world.folder, *world.folder.rglob("*")]
    allow(every, writing=False)

    def run(*arguments: str) -> Ran:
        command = [sys.executable, "-c", AS_ANYBODY, "--workspace", str(world.folder)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    yield run
    allow([path for path in every if path.exists()], writing=True)


def allow(paths: list[Path], *, writing: bool) -> None:
    for path in paths:
        mode = path.stat().st_mode
        os.chmod(path, mode | 0o200 if writing else mode & 0o555)


@pytest.mark.parametrize("question", [("accounts",), ("explain", "a"), ("history", "a")])
def test_questions_are_answered(bullseye: Callable[..., Ran], question: tuple[str, ...]) -> None:
    ran = bullseye(*question, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) is not None


def test_what_writes_says_that_it_may_not(bullseye: Callable[..., Ran]) -> None:
    ran = bullseye("run", "--as-of", "2026-11-01")
    assert ran.returncode == 5
    assert "The store cannot be written." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_state_that_is_gone_needs_somebody_who_may_write(
    bullseye: Callable[..., Ran], world: Any
) -> None:
    states = world.workspace.states
    allow([states, *states.iterdir()], writing=True)
    for folder in states.iterdir():
        folder.rename(world.folder.parent / f"{world.folder.name}-{folder.name}")
    allow([states], writing=False)
    ran = bullseye("accounts")
    assert ran.returncode == 5
    assert "Let somebody who may write to it score first: bullseye run" in ran.stderr
