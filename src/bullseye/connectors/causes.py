"""Why an engine could not read a file, in our words: engines speak to programmers."""

import re
from dataclasses import dataclass
from pathlib import Path

from bullseye.errors import InputError

_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class _Cause:
    """What an engine's message tells: `said` (a pattern), and what it means to the user."""

    said: str
    problem: str
    hint: str


_CAUSES = (
    _Cause(
        r"set lock on file|database is locked|being used by another process",
        "Another program has the {what} open.",
        "Close it there, or copy the file and import the copy.",
    ),
    _Cause(
        r"newer version|version number|unsupported file format",
        "The {what} was written by another version of its program.",
        "Export the table as Parquet or CSV, and import that.",
    ),
    _Cause(
        r"out of memory|no space left|max_temp_directory_size|disk is full",
        "The {what} does not fit into the memory or the free disk space.",
        "Free some disk space, or allow more memory: BULLSEYE_MEMORY=8GB",
    ),
    _Cause(
        r"^permission error|disabled by configuration|disabled through configuration",
        "The view reads other files, and views in a file may not.",
        "Export its rows as Parquet or CSV, and import that.",
    ),
    _Cause(
        r"^catalog error|^binder error|no such table|no such column",
        "The view refers to something that is not in the file.",
        "Correct the view, or name another table after '#'.",
    ),
    _Cause(
        r"no magic bytes|could not read enough bytes|too small",
        "The {what} is damaged or incomplete: it ends too early.",
        "Copy or export it again; it may have been cut short.",
    ),
    _Cause(
        r"corrupt|checksum|malformed|tprotocol|not a database",
        "The {what} is damaged or incomplete.",
        "Copy or export it again.",
    ),
)


def unusable(path: Path, what: str, error: Exception) -> InputError:
    """Return the error for a file that its engine cannot read.

    What no pattern knows is shown as the engine says it, without the name of its kind of error.
    """
    said = str(error).strip()
    for cause in _CAUSES:
        if re.search(cause.said, said, re.IGNORECASE):
            return InputError(cause.problem.format(what=what), place=str(path), hint=cause.hint)
    first = next(iter(said.splitlines()), type(error).__name__)
    bare = re.sub(r"^(?:[A-Z][A-Za-z-]* )+Error: ", "", first)[:_LONGEST_SHOWN].rstrip(".")
    return InputError(
        f"The {what} cannot be read: {bare}.",
        place=str(path),
        hint="Copy or export it again; it may be damaged, or a view of it may fail.",
    )
