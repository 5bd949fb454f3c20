"""Processor time, wall time and memory of a piece of work, each in a process of its own."""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb

ROOT = Path(__file__).parents[1]


@dataclass
class Cost:
    """What a piece of work took.

    `cpu` and `wall` in seconds, `cpu` of all threads; `memory` the most the whole process ever
    held, in MB. `parts` has the `cpu` of named parts.
    """

    cpu: float = 0.0
    wall: float = 0.0
    memory: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what happens inside the block; what happens outside is not counted."""
        cpu, wall = _cpu(), time.perf_counter()
        yield
        spent = _cpu() - cpu
        self.cpu += spent
        self.wall += time.perf_counter() - wall
        self.parts[name] = self.parts.get(name, 0.0) + spent
        self.memory = peak_memory()


def peak_memory() -> float:
    """Return the most memory this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held when it started us
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if platform.system() == "Darwin" else 1024)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Spread(NamedTuple):
    """The smallest, the middle and the largest of some measurements."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of `values`, of which there is at least one."""
        return cls(min(values), median(values), max(values))

    def text(self, digits: int = 2) -> str:
        """Return the middle, and the ends where there is more than one measurement.

        >>> Spread(1.0, 1.25, 2.0).text(), Spread(2.0, 2.0, 2.0).text()
        ('1.25 (1.00-2.00)', '2.00')
        """
        middle = f"{self.middle:,.{digits}f}"
        if self.low == self.high:
            return middle
        return f"{middle} ({self.low:,.{digits}f}-{self.high:,.{digits}f})"


def ratios(ours: Sequence[Cost], floors: Sequence[Cost]) -> Spread:
    """Return how many times the floor ours took, each run against the floor of its own round."""
    return Spread.of([one.cpu / floor.cpu for one, floor in zip(ours, floors, strict=True)])


def number(query: str) -> int:
    """Return the one whole number that a query over files gives."""
    with duckdb.connect() as connection:
        return int(connection.execute(query).fetchall()[0][0])


def in_a_process(module: str, *words: str, environment: Mapping[str, str] | None = None) -> Cost:
    """Run ``python -m module words…``, which ends by `report`, and return what it reports.

    Raises
    ------
    RuntimeError
        If the process fails; the message ends with what it wrote last.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(words)} failed:\n{done.stderr[-2000:]}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def report(cost: Cost) -> None:
    """Print a cost for `in_a_process` to read."""
    print(json.dumps(asdict(cost)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is right-aligned.

    >>> print(table(["a", "b"], [["x", "1"]]))
    | a | b |
    |---|--:|
    | x | 1 |
    """
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
