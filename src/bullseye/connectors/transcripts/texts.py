"""A text file in memory, decoded; whatever is no text, or too much of it, is refused."""

from dataclasses import dataclass
from pathlib import Path

from bullseye.connectors.encodings import text_facts
from bullseye.errors import InputError, nearest_name

LARGEST_TEXT = 64_000_000
"""Bytes; a day of talk is about one million."""


@dataclass(frozen=True)
class FileText:
    """The text of a file, with what was noticed while it was decoded."""

    path: Path
    text: str
    notes: tuple[str, ...] = ()


def file_text(path: Path, encoding: str | None = None) -> FileText:
    """Return the text of the file at `path`, its line ends as line feeds.

    Raises
    ------
    InputError
        The file is missing, too large for a conversation, empty, or no text.
    """
    try:
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            raise _missing(path)
        if size > LARGEST_TEXT:
            raise InputError(
                f"The file has {size / 1e6:,.0f} MB; a conversation has at most"
                f" {LARGEST_TEXT / 1e6:.0f} MB.",
                place=str(path),
                hint="Cut it into one file per conversation, or check what it is.",
            )
        facts = text_facts(path, encoding)
        with path.open(encoding=facts.encoding, errors=facts.errors) as file:
            text = file.read()
    except InputError as error:
        if "not a table" not in error.problem:
            raise
        raise InputError(
            "The file is not text.",
            place=str(path),
            hint="Export the transcript as WebVTT, SRT, JSON or text, and import that.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file cannot be read: {getattr(error, 'strerror', None) or error}.",
            place=str(path),
            hint="Check the path, its permissions and its encoding.",
        ) from error
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise InputError("The file is empty.", place=str(path), hint="Export it again.")
    return FileText(path, text, (facts.note,) if facts.note else ())


def _missing(path: Path) -> InputError:
    if path.is_dir():
        hint = f"Name its files, as in: {path}/*"
        return InputError("This is a folder.", place=str(path), hint=hint)
    siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    near = nearest_name(path.name, siblings)
    hint = f"Did you mean {str(path.parent / near)!r}?" if near else "Check the path."
    return InputError("There is no such file.", place=str(path), hint=hint)
