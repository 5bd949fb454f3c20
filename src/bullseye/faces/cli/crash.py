"""What a user sees of a fault in Bullseye itself: a sentence, and a file to send."""

import tempfile
import traceback
from pathlib import Path

import click

UNEXPECTED = 5


def reported(error: Exception) -> int:
    """Write the details of `error` to a file, say where it is, and return the exit code.

    A full disk or a missing permission is not a fault of the program: it is said as it is.
    """
    if isinstance(error, OSError) and error.strerror:
        name = f" ({error.filename})" if error.filename else ""
        click.echo(f"Error: {error.strerror}{name}.", err=True)
        click.echo("  Check the path, its rights and the space on the disk.", err=True)
        return UNEXPECTED
    if isinstance(error, MemoryError):
        click.echo("Error: not enough memory.", err=True)
        click.echo("  Set a lower BULLSEYE_MEMORY, as in 1GB, so that work spills.", err=True)
        return UNEXPECTED
    details = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile(
        "w", prefix="bullseye-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(details)
    click.echo(f"Error: a fault in Bullseye itself: {type(error).__name__}.", err=True)
    click.echo(f"  Nothing was published. Please report it with {Path(file.name)}.", err=True)
    return UNEXPECTED
