"""Telling live processes from dead ones."""

import subprocess
import sys
from dataclasses import replace

import pytest

from bullseye.store.processes import is_dead, this_process


def test_this_process_lives() -> None:
    assert not is_dead(this_process())


def test_a_process_that_ended_is_dead() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_dead(replace(this_process(), pid=ended.pid))


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_process_nobody_buried_is_dead() -> None:
    code = "print(flush=True)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read()  # until it has ended, without asking how
        while not is_dead(replace(this_process(), pid=child.pid)):
            assert child.returncode is None
        assert child.returncode is None


def test_a_number_no_process_can_have_is_not_trusted_to_be_dead() -> None:
    assert not is_dead(replace(this_process(), pid=10**30, started=""))
