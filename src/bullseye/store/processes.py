"""Processes: telling whether the one that wrote something still lives."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One process, told apart from any other that may get its number later.

    `pid_space` tells containers on one host apart and `started` the processes that had the
    same number; both are empty where the system does not say.
    """

    host: str
    pid_space: str
    pid: int
    started: str


def this_process() -> Process:
    """Return the process that calls."""
    return Process(socket.gethostname(), _pid_space(), os.getpid(), _started(os.getpid()))


def is_dead(process: Process) -> bool:
    """Return whether the process is certainly gone; False where it cannot be told from here."""
    if (process.host, process.pid_space) != (socket.gethostname(), _pid_space()):
        return False
    if os.name != "posix":  # elsewhere asking would end the process
        return False
    if not _exists(process.pid):
        return True
    started = _started(process.pid)
    return bool(started and process.started) and started != process.started


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _pid_space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def _started(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid:d}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # proc(5): the start is field 22; the name, field 2, may itself hold blanks and brackets.
    after_name = status.rpartition(")")[2].split()
    # A zombie has ended: only its parent has not looked yet.
    return "ended" if after_name[0] == "Z" else after_name[19]
