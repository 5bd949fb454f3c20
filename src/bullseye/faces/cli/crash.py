"""What a user sees of what no module foresaw: a sentence, and a file to send if it is our fault."""

import re
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

import click

UNEXPECTED = 5

_ENGINES = ("duckdb", "_duckdb", "pyarrow")
_FILE = re.compile(r"[^\s'\"]+\.(?:parquet|csv|db|tmp|unfinished)\b")


def reported(error: Exception) -> int:
    """Say what failed and return the exit code.

    A full disk, a missing permission, too little memory or a damaged file is not a fault of the
    program: it is said as it is. Anything else is, and its details are kept in a file.
    """
    problem, hint = _outside(error) or _fault(error)
    click.echo(f"Error: {problem}", err=True)
    click.echo(f"  {hint}", err=True)
    return UNEXPECTED


def _outside(error: Exception) -> tuple[str, str] | None:
    """Return problem and next action where the outside world failed, None where we did."""
    kind = type(error)
    if isinstance(error, MemoryError) or kind.__name__ == "OutOfMemoryException":
        return "not enough memory.", "Raise BULLSEYE_MEMORY, as in 8GB, or free some memory."
    if isinstance(error, OSError) and error.strerror:
        name = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{name}.", "Check the path, its rights and the space on the disk."
    if kind.__module__.split(".")[0] in _ENGINES:
        return _of_engine(str(error))
    return None


def _of_engine(message: str) -> tuple[str, str] | None:
    """Return what an engine says of a file that it could not read or write."""
    file = _FILE.search(message)
    if file is None:
        return None
    first = message.splitlines()[0][:300]
    if "rite" in message or "space" in message:
        return first, "Check the rights of the folder and the space on the disk."
    return (
        f"a file of the workspace is damaged or gone: {file[0]}.",
        f"Restore it from a backup, or import its file again. ({first})",
    )


def _fault(error: Exception) -> tuple[str, str]:
    details = "".join(traceback.format_exception(error))
    place = ""
    with (
        suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w",
            prefix="bullseye-fault-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file,
    ):
        file.write(details)
        place = f" with {Path(file.name)}"
    return (
        f"a fault in Bullseye itself: {type(error).__name__}.",
        f"Nothing was published. Please report it{place}.",
    )
