"""What every command shares: opening the workspace, output, progress, and errors as exit codes."""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from bullseye.errors import BullseyeError
from bullseye.workspace import Workspace

INTERRUPTED = 130


class Day(click.ParamType[date]):
    """A day written as 2026-03-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or refuse what is none."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write it as 2026-03-31", param, ctx)


DAY = Day()

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
as_of_option = click.option(
    "--as-of", type=DAY, default=None, metavar="DATE", help="The day meant, as in 2026-03-31."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be done; do nothing.")


def opened(context: click.Context) -> Workspace:
    """Return the workspace the command line names."""
    workspace = Workspace.open(folder(context))
    context.call_on_close(workspace.store.close)
    return workspace


def folder(context: click.Context) -> Path:
    """Return the folder the command line names."""
    root = context.find_root()
    return Path(root.params.get("workspace") or ".")


def plain(value: Any) -> Any:
    """Return `value` in the types JSON has; floats that are no numbers become null."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False)
    click.echo(text.encode("utf-8", "backslashreplace").decode())  # half a surrogate pair: \udc80


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, limit: int = 48) -> None:
    """Print a plain table: numbers to the right, long cells shortened."""
    cells = [[_short(_safe(cell), limit) for cell in row] for row in rows]
    widths = [
        max(len(header), *(len(row[at]) for row in cells)) if cells else len(header)
        for at, header in enumerate(headers)
    ]
    right = [bool(cells) and all(_is_number(row[at]) for row in cells) for at in range(len(widths))]
    for at, line in enumerate([list(headers), *cells]):
        text = "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        click.echo(click.style(text.rstrip(), bold=at == 0))


def _safe(text: str) -> str:
    """Return text without the control characters that could drive a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-0-9.,%kMB? ]*", text) is not None


def say(text: str) -> None:
    """Print a line for people, on standard output, safe for a terminal."""
    click.echo("\n".join(_safe(line) for line in text.split("\n")))


def note(text: str) -> None:
    """Print a line beside the output, on standard error."""
    click.echo("\n".join(_safe(line) for line in text.split("\n")), err=True)


@contextmanager
def stages(total: int, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield what is told each stage: a bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage: None
        return
    with click.progressbar(length=total, file=sys.stderr, item_show_func=str) as bar:

        def tell(stage: str) -> None:
            bar.update(1, stage)

        yield tell


def explained(error: BullseyeError) -> int:
    """Print an error for people and return its exit code."""
    note(f"Error: {error}")
    return error.exit_code
