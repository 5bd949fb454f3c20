"""What still names a contact after all of the workspace's own was cleared: the team's files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.segment.identity import Known, folded
from bullseye.warehouse.forgetting import traces
from bullseye.workspace import PRIVATE, Workspace

_PACKED = frozenset({".gz", ".zip", ".xlsx", ".xls", ".duckdb", ".sqlite", ".db", ".pdf", ".docx"})
_CHUNK = 1 << 22
_OVERLAP = 1 << 12


@dataclass(frozen=True)
class Remaining:
    """A file of the team that still names the contact, or that could not be looked into.

    `file` is relative to the workspace's folder; `places` is how many rows or parts of it name
    the contact, None where the file is packed and was not opened.
    """

    file: str
    places: int | None


def remaining(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    known: Known,
    quotes: Sequence[str] = (),
) -> tuple[Remaining, ...]:
    """Return the files in the workspace's folder, outside its private one, that name a contact.

    Files that hold one of the `quotes` of the contact are among them, and so are definitions:
    what the team wrote, only the team may change. Folders whose name begins with a dot, a
    repository's for one, are not looked into.
    """
    found = []
    for path in _files(workspace.folder):
        name = path.relative_to(workspace.folder).as_posix()
        if path.suffix == ".parquet":
            count = _rows(connection, path, known)
        elif path.suffix in _PACKED:
            found.append(Remaining(name, None))
            continue
        else:
            count = sum(_names(text, known) + _quotes(text, quotes) for text in _texts(path))
        if count:
            found.append(Remaining(name, count))
    return tuple(found)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == PRIVATE or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _rows(connection: duckdb.DuckDBPyConnection, path: Path, known: Known) -> int:
    try:
        found = traces(connection, path, None, known)
    except duckdb.Error:  # it only has the name of such a file
        return sum(_names(text, known) for text in _texts(path))
    return len(found.changed)


def _texts(path: Path) -> Iterator[str]:
    """Yield a file's text in parts that overlap, so that nothing hides at a cut."""
    try:
        with path.open("rb") as file:
            end = b""
            while part := file.read(_CHUNK):
                yield (end + part).decode("utf-8", "replace")
                end = part[-_OVERLAP:]
    except OSError:
        return


def _names(text: str, known: Known) -> int:
    """Return how many lines of a text name the contact."""
    plain = text.lower()
    words = [[piece, folded(piece).text] for pieces in known.pieces for piece in pieces[-1:]]
    if not any(form in plain for forms in words for form in forms):
        return 0
    return sum(known.redacted(line) != line for line in text.splitlines())


def _quotes(text: str, quotes: Sequence[str]) -> int:
    """Return how many of the quotes stand in a text, however its lines are cut."""
    if not quotes:
        return 0
    plain = " ".join(text.split())
    return sum(" ".join(quote.split()) in plain for quote in quotes)
