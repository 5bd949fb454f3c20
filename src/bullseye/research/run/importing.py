"""Import what people said: read, resolved, each source once, a file whole or not at all."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

from bullseye.connectors.files import open_file
from bullseye.connectors.transcripts.columns import ANSWER_COLUMNS
from bullseye.connectors.transcripts.files import people_in, read_file
from bullseye.definitions.conversation import Conversations, Flaw
from bullseye.errors import BullseyeError, InputError
from bullseye.research.answers import Row, conversations, proposed
from bullseye.research.imported import ImportedFile, ImportedSource, ReadFile, ResearchOptions
from bullseye.research.run.directory import directory_for, one_account
from bullseye.research.run.evidence import source_of
from bullseye.research.run.keeping import Seen, keep_file
from bullseye.research.source import Source, SourceKind
from bullseye.store import research
from bullseye.store.research import KeptSource
from bullseye.workspace import Workspace

__all__ = [
    "ImportedFile",
    "ImportedSource",
    "ResearchOptions",
    "import_files",
    "listed",
    "shown",
    "undo",
]

Progress = Callable[[str], None]
_NOTHING_SAID = ResearchOptions()


def import_files(
    workspace: Workspace,
    paths: Sequence[str | Path],
    options: ResearchOptions = _NOTHING_SAID,
    *,
    as_of: date | None = None,
    progress: Progress = lambda _stage: None,
) -> tuple[ImportedFile, ...]:
    """Import files of what people said, and tell what became of each.

    A file that cannot be used does not stop the others: its `error` says why. Files that only
    list people give names to speakers of the others. Each source is imported once: the same
    words in another file are the same source, and so are nearly the same ones unless `anyway`.

    Parameters
    ----------
    workspace
        Where to import into.
    paths
        The files.
    options
        What the user says of them.
    as_of
        The day whose accounts and contacts speakers are looked up in; today if absent.
    progress
        Is told each file.

    Raises
    ------
    UnknownName
        If the account that the user names is not known, or is not one.
    """
    files = [Path(each) for each in paths]
    people = people_in(files)
    beside = tuple(people.values())
    done: dict[Path, ImportedFile] = {}
    read: list[ReadFile] = []
    for path in files:
        progress(f"Reading {path.name}")
        if path in people:
            note = "It lists people and no words: they give names to the other files' speakers."
            done[path] = ImportedFile(str(path), "people", notes=(note,))
            continue
        try:
            read.append(_read(workspace, path, options, beside))
        except BullseyeError as error:
            done[path] = ImportedFile(str(path), error=error)
    every = [each for one in read for each in one.found.conversations]
    directory = directory_for(workspace, every, account=options.account, as_of=as_of)
    given = one_account(directory, options.account) if options.account else None
    seen = Seen.of(workspace)
    for one in read:
        progress(f"Importing {one.path.name}")
        done[one.path] = keep_file(workspace, one, options, directory, given, seen)
    return tuple(done[path] for path in files)


def undo(workspace: Workspace, number: int, *, dry_run: bool = False) -> KeptSource:
    """Take a source back: it and its evidence count no more; return it."""
    if dry_run:
        return research.get(workspace.store, number)
    return research.undo(workspace.store, number, at=workspace.now(), actor=workspace.actor)


# -- reading ---------------------------------------------------------------------------------


def _read(
    workspace: Workspace, path: Path, options: ResearchOptions, beside: tuple[object, ...]
) -> ReadFile:
    found = read_file(path, kind=options.kind, encoding=options.encoding, beside=beside)
    if found is not None:
        return ReadFile(path, found)
    with _scratch(workspace) as scratch, workspace.connection() as connection:
        table = open_file(path, connection=connection, scratch=scratch, encoding=options.encoding)
        cells = connection.execute(f"SELECT * FROM {table.table} ORDER BY row_no").fetchall()
    rows = [Row(int(row[0]), tuple(row[1:])) for row in cells]
    mapped = proposed(table.columns, rows, ANSWER_COLUMNS, options.columns, str(path))
    kind = options.kind or SourceKind.SURVEY
    spoken, empty = conversations(table.columns, rows, mapped, kind, workspace.today, options.dates)
    if not spoken:
        raise InputError(
            "No row holds what somebody wrote.",
            place=str(path),
            hint="Name the column: --map text=COLUMN",
        )
    notes = table.notes
    if empty:
        notes += (f"Rows without any words, which were left out: {empty:,}.",)
    flaws = tuple(Flaw(bad.line, bad.reason) for bad in table.damaged[:20])
    form = f"{table.format} table"
    return ReadFile(path, Conversations(form, spoken, flaws, table.damaged_count, notes), mapped)


@contextmanager
def _scratch(workspace: Workspace) -> Iterator[Path]:
    folder = workspace.warehouse / f".research-{uuid4().hex}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listed(workspace: Workspace, *, account: str | None = None) -> tuple[KeptSource, ...]:
    """Return the sources that count, in order of import; only those with an account if named."""
    return research.listed(workspace.store, account_id=account)


def shown(workspace: Workspace, number: int) -> tuple[KeptSource, Source]:
    """Return a source that counts: how it was kept, and its turns."""
    kept = research.get(workspace.store, number)
    return kept, source_of(kept, research.turns(workspace.store, number))
