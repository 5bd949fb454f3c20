"""Write the report of a run to a file: whole or not at all."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bullseye.errors import UsageError
from bullseye.faces.report.findings import findings
from bullseye.faces.report.limits import MOST_BYTES, STEPS
from bullseye.faces.report.page import page
from bullseye.faces.report.rendering import html
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Opened
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class ReportWritten:
    """A report that was written: where, of which run and day, and how large in bytes."""

    path: Path
    run_id: str
    as_of: date
    bytes: int


def write_report(workspace: Workspace, target: Path, *, as_of: date | None = None) -> ReportWritten:
    """Write the report of the newest published run as one self-contained HTML page.

    Parameters
    ----------
    workspace
        Where the run, its state and its definitions are.
    target
        The file to write; one that is there is replaced once the new one is complete.
    as_of
        The newest run not after this day, instead of the newest of all.

    Raises
    ------
    NotEnoughEvidence
        If nothing has been scored yet, or nothing as early as `as_of`.
    UsageError
        If `target` cannot be written.

    Notes
    -----
    The page asks no other host for anything and runs no script. Lists are cut, and say so, so
    that it stays below 400 kB whatever the number of accounts.
    """
    with prioritize.opened(workspace, as_of=as_of) as run:
        content = _small_enough(workspace, run, as_of)
        publish_page(content, target)
        return ReportWritten(target, run.run.id, run.run.as_of, len(content))


def _small_enough(workspace: Workspace, run: Opened, as_of: date | None) -> bytes:
    """Return the page with as much of its lists as its size allows."""
    content, found = b"", findings(workspace, run, STEPS[0], up_to=as_of)
    for limits in STEPS:
        content = html(page(found, limits)).encode("utf-8")
        if len(content) <= MOST_BYTES:
            break
    return content


def publish_page(content: bytes, target: Path) -> None:
    """Write a page to a file, whole or not at all; raise `UsageError` if that cannot be."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UsageError(
            f"The page cannot be written: {error.strerror or error}.",
            place=str(target),
            hint="Name a file in a folder that can be written to.",
        ) from error
