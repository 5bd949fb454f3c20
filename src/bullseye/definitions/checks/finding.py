"""What the linter returns: findings, which are values, and the edits that settle some of them."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: only errors make `bullseye check` fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Fix:
    """One edit of one file: the characters `start` to `end` change from `old` to `new`.

    Offsets count the characters of the file's text, without its byte order mark and with every
    line end as one character, the way the loader read it.
    """

    file: str
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True)
class Finding:
    """One broken rule at one place; `place` is ``file:line:column``, counted from 1.

    `definition` is the definition's kind and name, as in ``icps/b2b-saas``; it is empty where
    the finding is about the workspace.
    """

    code: str
    severity: Severity
    place: str
    message: str
    hint: str = ""
    definition: str = ""
    fix: Fix | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """What findings are sorted by: file, line, column, code, message."""
        file, line, column = self.place.rsplit(":", 2)
        return file, int(line), int(column), self.code, self.message

    def __str__(self) -> str:
        first = f"{self.place}: {self.severity} {self.code}: {self.message}"
        return f"{first}\n  {self.hint}" if self.hint else first
