"""Every error Bullseye raises on purpose.

    BullseyeError
    ├── UsageError           the call makes no sense here         exit 2   HTTP 400
    ├── DefinitionError      a definition is wrong                exit 3   HTTP 422
    │   └── UnknownName      ... it names nothing we know         exit 3   HTTP 404
    ├── InputError           a file or table cannot be used       exit 4   HTTP 409
    │   ├── Question         ... until the user settles a doubt   exit 4   HTTP 409
    │   └── MissingColumns   ... a column that is needed is gone  exit 4   HTTP 409
    ├── ExternalError        another system failed                exit 5   HTTP 502
    ├── NotEnoughEvidence    the data cannot answer               exit 6   HTTP 409
    └── Busy                 another run holds the workspace      exit 7   HTTP 409

Exit code 0 is success, 1 means that `bullseye check` found problems, 130 an interruption.
A message says what is wrong, where, and what to do next; never a stack trace.
"""

from collections.abc import Collection
from difflib import get_close_matches
from typing import ClassVar


class BullseyeError(Exception):
    """Base of all errors a user can cause and fix."""

    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 400

    def __init__(self, problem: str, *, hint: str = "", place: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.place = place

    def __str__(self) -> str:
        first = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{first}\n  {self.hint}" if self.hint else first


class UsageError(BullseyeError):
    """The call itself makes no sense: a missing workspace, an option that does not apply."""


class DefinitionError(BullseyeError):
    """A definition is invalid, or two definitions contradict each other."""

    exit_code = 3
    http_status = 422


class UnknownName(DefinitionError):
    """A name refers to no known definition, field, account, run or step."""

    http_status = 404

    def __init__(self, kind: str, name: str, known: Collection[str], *, hint: str = "") -> None:
        nearest = nearest_name(name, known)
        listed = sorted(known)[:12]
        more = f", and {len(known) - len(listed):,} more" if len(known) > len(listed) else ""
        fallback = hint or (f"Known: {', '.join(listed)}{more}." if listed else "")
        super().__init__(
            f"No {kind} is named {name!r}.",
            hint=f"Did you mean {nearest!r}?" if nearest else fallback,
        )


class InputError(BullseyeError):
    """A file or a table cannot be used as it is."""

    exit_code = 4
    http_status = 409


class Question(InputError):
    """The data has two readings, and only a person can say which is meant."""


class MissingColumns(InputError):
    """A table lacks columns that a definition or a step needs."""

    def __init__(self, table: str, missing: Collection[str]) -> None:
        super().__init__(
            f"Table {table!r} has no column {', '.join(sorted(missing))}.",
            hint=f"Map the columns with: bullseye import {table} FILE --map FIELD=COLUMN",
        )


class ExternalError(BullseyeError):
    """A system that is not ours failed or refused."""

    exit_code = 5
    http_status = 502


class NotEnoughEvidence(BullseyeError):
    """The data cannot support the answer asked for."""

    exit_code = 6
    http_status = 409


class Busy(BullseyeError):
    """Another process is writing to the workspace."""

    exit_code = 7
    http_status = 409


def nearest_name(name: str, known: Collection[str]) -> str | None:
    """Return the known name closest to `name`, ignoring case, or None if none is close.

    >>> nearest_name("industy", ["industry", "employees"])
    'industry'
    >>> nearest_name("FINTECH", ["Fintech"])
    'Fintech'
    """
    folded = {each.casefold(): each for each in sorted(known, reverse=True)}
    close = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None
