"""The physical lines of a text file, which can be given back and read again."""

import io
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from bullseye.errors import InputError

LONGEST_RECORD = 64_000_000
"""Characters after which an open quote is taken for a stray one."""

_BLOCK = 1 << 20
_BLOCK_LINES = 5_000


class Lines:
    """Iterates over physical lines and remembers those pulled until they are taken.

    `number` is the last line's, from 1.
    The iterator ends within a record that is longer than any can be, and goes on once the lines
    pulled are taken.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._pulled: list[str] = []
        self._characters = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._characters > LONGEST_RECORD:
            raise StopIteration
        line = self._again.popleft() if self._again else self._read_line()
        if not line:
            raise StopIteration
        self.number += 1
        self._pulled.append(line)
        self._characters += len(line)
        return line

    def take(self) -> list[str]:
        """Return the lines pulled since the last call."""
        pulled, self._pulled, self._characters = self._pulled, [], 0
        return pulled

    def give_back(self, lines: list[str]) -> None:
        """Let these lines be read again, next."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)

    def block(self) -> list[str]:
        """Return many whole lines at once, those given back first; none at the end."""
        if self._again:
            again = [self._again.popleft() for _ in range(min(len(self._again), _BLOCK_LINES))]
            self.number += len(again)
            return again
        text = self._file.read(_BLOCK) + self._read_line()
        lines = list(io.StringIO(text, newline=""))
        self.number += len(lines)
        return lines

    def _read_line(self) -> str:
        line = self._file.readline(LONGEST_RECORD)
        if len(line) < LONGEST_RECORD:
            return line
        raise InputError(
            f"A line is longer than {LONGEST_RECORD:,} characters.",
            place=f"{self._file.name}:{self.number + 1}",
            hint="Check that the file is a table with one row per line.",
        )
