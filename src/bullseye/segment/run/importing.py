"""Import files into one table: whole or not at all, each batch dated, each file once."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from uuid import uuid4

import duckdb

from bullseye.connectors.files import open_file
from bullseye.connectors.reading import DamagedRow, Reading
from bullseye.definitions.field import KEYS, KNOWN_ON, FieldType, TableName
from bullseye.definitions.source import Source
from bullseye.errors import BullseyeError, MissingColumns, UnknownName
from bullseye.segment.import_options import ImportOptions
from bullseye.segment.run.arriving import (
    Arrived,
    Gatekeeper,
    clear_quarantine,
    gatekeeper,
    keep_learnt,
    let_in,
)
from bullseye.segment.run.planning import Plan, plan, write_source
from bullseye.segment.run.quality import ImportReport, import_report, report_text
from bullseye.store import batches as manifest
from bullseye.store.batches import NewBatch
from bullseye.store.locks import Lease
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.intake import Intake, take_in
from bullseye.warehouse.map import Match
from bullseye.warehouse.publish import reading as parquet
from bullseye.workspace import Workspace

MOST_SPELLINGS = 1000
"""A field with more distinct values than this is no category."""


@dataclass(frozen=True)
class Imported:
    """What became of one file.

    `matches` is the mapping that was proposed, empty where the source was known already.
    `was_known` tells that the same file was imported before: nothing changed.
    """

    file: str
    source: str
    source_file: str | None
    matches: tuple[Match, ...]
    was_known: bool
    report: ImportReport


def import_file(
    workspace: Workspace,
    table: TableName,
    path: str,
    options: ImportOptions,
    *,
    progress: Callable[[str], None] = lambda _stage: None,
) -> Imported:
    """Import one file into `table`.

    The batch, its quarantine and the source's definition appear together at the end; a crash
    before leaves the previous state.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or has no column for a field it needs.
    Question
        If its dates or numbers can be read in two ways; the message says how to answer.
    """
    as_of = options.as_of or workspace.today
    with (
        _held(workspace, table, options) as lease,
        workspace.connection() as connection,
        _scratch(workspace, options) as scratch,
    ):
        try:
            progress("Opening the file")
            reading = open_file(
                path,
                connection=connection,
                scratch=scratch,
                sheet=options.sheet,
                delimiter=options.delimiter,
                encoding=options.encoding,
            )
            progress("Finding the columns")
            inner = "" if Path(path) == reading.path else path.rpartition("#")[2]
            name = f"{reading.path.name}#{inner}" if inner else reading.path.name
            made = plan(workspace, connection, table, name, reading, options)
            digest = _digest(workspace, reading.path, inner, made.source, options)
            known = manifest.find(
                workspace.store, table=table, source=made.source.name, as_of=as_of, sha256=digest
            )
            if known is not None:
                if lease is not None:
                    write_source(workspace, made)
                return _result(made, path, import_report(known), was_known=True)
            progress("Reading the cells")
            taken = _take_in(workspace, connection, reading, made.source, as_of, options, scratch)
            new = _batch(workspace, table, name, made.source, as_of, digest, reading, taken)
            if lease is None:
                return _result(made, path, import_report(new), was_known=False)
            progress("Publishing")
            lease.renew()
            if taken.watch is not None and taken.watch.learnt:
                keep_learnt(workspace, taken.watch)
            _keep(workspace, new, scratch)
            write_source(workspace, made)
            added = manifest.add(workspace.store, new)
            return _result(made, path, import_report(added.batch), was_known=not added.is_new)
        except BullseyeError as error:
            error.place = error.place or path
            if isinstance(error, MissingColumns):
                error.hint += " If another system wrote the file, give it a source: --source NAME"
            raise


@contextmanager
def _held(workspace: Workspace, table: TableName, options: ImportOptions) -> Iterator[Lease | None]:
    """Hold the workspace while something is written; a dry run writes nothing and holds nothing."""
    if options.dry_run:
        yield None
        return
    with workspace.alone(f"import {table}") as lease:
        _drop_leftovers(workspace)
        yield lease


@contextmanager
def _scratch(workspace: Workspace, options: ImportOptions) -> Iterator[Path]:
    """Yield a folder for working copies that is gone afterwards."""
    kind = "try" if options.dry_run else "import"
    folder = workspace.warehouse / "scratch" / f"{kind}-{uuid4().hex}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _drop_leftovers(workspace: Workspace) -> None:
    """Delete what imports left behind that were killed; we hold the lock, so none is at work."""
    for folder in (workspace.warehouse / "scratch").glob("import-*"):
        shutil.rmtree(folder, ignore_errors=True)


# -- the batch -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Taken:
    intake: Intake
    rows: Path
    quarantine: Path
    arrived: Arrived
    watch: Gatekeeper | None


def _take_in(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    source: Source,
    as_of: date,
    options: ImportOptions,
    scratch: Path,
) -> _Taken:
    scratch.mkdir(parents=True, exist_ok=True)
    rows, quarantine = scratch / "batch.parquet", scratch / "quarantine.csv"
    settings = workspace.project.settings
    watch = gatekeeper(workspace, connection)
    arrived = [Arrived()]

    def cleared(written: Path) -> int:
        if watch is not None:
            arrived.append(let_in(connection, watch, source.table, written))
        return arrived[-1].dropped

    intake = take_in(
        connection,
        reading.table,
        reading.columns,
        source,
        as_of=as_of,
        currency=settings.currency,
        rates=settings.rates,
        known_spellings=_spellings(workspace, connection, source),
        out=rows,
        quarantine=quarantine,
        strict=options.strict,
        cleared=cleared,
    )
    if reading.damaged:
        _add_damaged(quarantine, reading.damaged)
    if watch is not None:
        clear_quarantine(watch, source.table, quarantine, arrived[-1])
    return _Taken(intake, rows, quarantine, arrived[-1], watch)


def _spellings(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, source: Source
) -> dict[str, tuple[str, ...]]:
    """Return how the workspace spells the categories of the source's text fields so far."""
    texts = {f.name for f in source.fields if f.type is FieldType.TEXT} - {KEYS[source.table]}
    found: dict[str, tuple[str, ...]] = {}
    for batch in workspace.batches():
        if batch.table is not source.table:
            continue
        relation = parquet(batch.path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        for name in sorted(texts & {name for name, *_ in described}):
            column = DUCKDB.identifier(name)
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM {relation} WHERE {column} IS NOT NULL"
                f" ORDER BY 1 LIMIT {MOST_SPELLINGS + 1}"
            ).fetchall()
            if len(rows) <= MOST_SPELLINGS:
                seen = found.get(name, ())
                found[name] = tuple(dict.fromkeys((*seen, *(str(value) for (value,) in rows))))
    return found


def _add_damaged(quarantine: Path, damaged: Sequence[DamagedRow]) -> None:
    """Append the rows that could not even be cut into cells to the quarantine file."""
    with quarantine.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for row in damaged:
            text = f"'{row.text}" if row.text[:1] in "=+-@\t\r" else row.text
            place = f"line {row.line}" if row.line else ""
            writer.writerow([row.row, place, text, row.reason, "row"])


def _batch(
    workspace: Workspace,
    table: TableName,
    name: str,
    source: Source,
    as_of: date,
    digest: str,
    reading: Reading,
    taken: _Taken,
) -> NewBatch:
    intake = taken.intake
    has_quarantine = bool(intake.quarantined or intake.set_aside_cells or reading.damaged_count)
    folder, file = f"{table}/{source.name}", _free_name(workspace, f"{digest[:16]}-{as_of}")
    return NewBatch(
        table=table,
        source=source.name,
        as_of=as_of,
        sha256=digest,
        path=f"batches/{folder}/{file}.parquet",
        file_name=name,
        rows_read=reading.rows_read,
        kept=intake.kept,
        quarantined=intake.quarantined + reading.damaged_count,
        exact_duplicates=intake.exact_duplicates,
        quarantine_path=f"quarantine/{folder}/{file}.csv" if has_quarantine else None,
        report=report_text(
            reading,
            intake,
            (*taken.arrived.notes, *_advice(workspace, name, source, as_of, intake)),
        ),
        imported_at=workspace.now(),
        actor=workspace.actor,
    )


def _free_name(workspace: Workspace, name: str) -> str:
    """Return a file name no batch ever had: what was undone must stay as earlier runs read it."""
    taken = {Path(b.path).stem for b in manifest.listed(workspace.store, include_undone=True)}
    numbered = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(each for each in numbered if each not in taken)


def _advice(
    workspace: Workspace, name: str, source: Source, as_of: date, intake: Intake
) -> tuple[str, ...]:
    """Return what the user should know about the file as a whole."""
    found = []
    repeated = intake.quarantined * 5 > intake.rows_read and intake.rows_read > 10
    if repeated and KNOWN_ON.name not in {*source.columns, *source.constants}:
        found.append(
            f"Many rows were set aside. If they repeat a {source.key} because the file is a"
            f" history, say which column dates its rows: --map {KNOWN_ON.name}=COLUMN"
        )
    found += [
        f"Import {batch.id} of the same file and day still stands; if this one replaces it, take"
        f" it back: bullseye imports {batch.id} --undo"
        for batch in manifest.listed(workspace.store, table=source.table)
        if (batch.source, batch.as_of, batch.file_name) == (source.name, as_of, name)
    ]
    if as_of > workspace.today:
        found.append(f"{as_of} is in the future: runs of earlier days do not see this import.")
    return tuple(found)


def _keep(workspace: Workspace, new: NewBatch, scratch: Path) -> None:
    """Move the batch and its quarantine to their places; the manifest does not know them yet."""
    moves = {"batch.parquet": new.path, "quarantine.csv": new.quarantine_path}
    for name, place in moves.items():
        if place is not None:
            target = workspace.warehouse / place
            target.parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).replace(target)


def _digest(
    workspace: Workspace, file: Path, inner: str, source: Source, options: ImportOptions
) -> str:
    """Return the SHA-256 of a file's content and of all that decides how it is read."""
    digest = hashlib.sha256()
    for part in (file, *(file.with_name(file.name + end) for end in (".wal", "-wal"))):
        if part == file or part.exists():  # a database keeps its newest rows beside it
            with part.open("rb") as opened:
                while chunk := opened.read(1 << 20):
                    digest.update(chunk)
    settings = workspace.project.settings
    how = {
        "source": source.model_dump(
            mode="json", include={"table", "columns", "constants", "ignore"}
        ),
        "money": [settings.currency, {name: str(rate) for name, rate in settings.rates.items()}],
        "file": [inner, options.sheet, options.delimiter, options.encoding, options.strict],
    }
    digest.update(json.dumps(how, sort_keys=True).encode())
    return digest.hexdigest()


def _result(made: Plan, path: str, report: ImportReport, *, was_known: bool) -> Imported:
    return Imported(path, made.source.name, made.file, made.matches, was_known, report)


# -- undoing -------------------------------------------------------------------------------


def undo_import(workspace: Workspace, number: int) -> ImportReport:
    """Take an import back: later runs do not see it; earlier ones can still be replayed.

    Raises
    ------
    UnknownName
        If no import that stands has this number.
    """
    with workspace.alone("undo import"):
        known = {batch.number for batch in workspace.batches()}
        if number not in known:
            raise UnknownName("import", str(number), [str(each) for each in known])
        undone = manifest.undo(workspace.store, number, at=workspace.now(), actor=workspace.actor)
    return import_report(undone)
