"""Import files into one table: whole or not at all, each batch dated, each file once."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb

from bullseye.connectors import synonyms
from bullseye.connectors.files import open_file
from bullseye.connectors.reading import DamagedRow, Reading
from bullseye.definitions import yaml
from bullseye.definitions.field import KEYS, KNOWN_ON, FieldType, TableName
from bullseye.definitions.loader import load
from bullseye.definitions.source import Column, DateOrder, DecimalMark, Source
from bullseye.errors import BullseyeError, UnknownName, UsageError
from bullseye.segment.import_plan import file_pattern, matching_source, source_name
from bullseye.segment.run.quality import ImportReport, import_report, report_text
from bullseye.store import batches as manifest
from bullseye.store.batches import NewBatch
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.intake import Intake, take_in
from bullseye.warehouse.map import Match, propose, samples, to_source
from bullseye.warehouse.publish import reading as parquet
from bullseye.workspace import Workspace

REVIEW_AFTER = timedelta(days=180)
MOST_SPELLINGS = 1000
"""A field with more distinct values than this is no category."""


@dataclass(frozen=True)
class ImportOptions:
    """How files are to be read; None is detected or proposed.

    `columns` is field to column, as a person says; `constants` field to one value for the
    whole file.
    """

    as_of: date | None = None
    source: str | None = None
    columns: Mapping[str, str] | None = None
    constants: Mapping[str, str] | None = None
    dates: DateOrder | None = None
    decimals: DecimalMark | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    strict: bool = False
    dry_run: bool = False


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
    with workspace.alone(f"import {table}"), workspace.connection() as connection:
        scratch = workspace.warehouse / "scratch" / uuid4().hex
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
            plan = _plan(workspace, connection, table, path, reading, options)
            digest = _digest(Path(path.split("#", maxsplit=1)[0]), path, plan.source, options)
            known = manifest.find(
                workspace.store, table=table, source=plan.source.name, as_of=as_of, sha256=digest
            )
            if known is not None:
                return _result(plan, path, import_report(known), was_known=True)
            progress("Reading the cells")
            taken = _take_in(workspace, connection, reading, plan.source, as_of, options, scratch)
            new = _batch(workspace, table, path, plan.source, as_of, digest, reading, taken)
            if options.dry_run:
                return _result(plan, path, import_report(new), was_known=False)
            progress("Publishing")
            _keep(workspace, new, scratch)
            if plan.is_new:
                _write_source(workspace, plan.source)
            added = manifest.add(workspace.store, new)
            return _result(plan, path, import_report(added.batch), was_known=not added.is_new)
        except BullseyeError as error:
            if not error.place:
                error.place = path
            raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


# -- the source ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    source: Source
    matches: tuple[Match, ...]
    is_new: bool


def _plan(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    path: str,
    reading: Reading,
    options: ImportOptions,
) -> _Plan:
    """Return the source of a file: the known one it fits, or a proposed one."""
    sources = load(workspace.folder).project.sources
    file_name = Path(path).name
    known = sources.get(options.source) if options.source else None
    if known is not None:
        if known.table is not table:
            raise UsageError(f"Source {known.name} fills {known.table}, not {table}.")
    elif options.source is None:
        known = matching_source(sources, table, file_name, reading.columns)
    if known is not None and not options.columns and not options.constants:
        return _Plan(_with_style(known, options), (), is_new=False)
    proposal = propose(
        table,
        samples(connection, reading.sql, reading.columns),
        synonyms.column_names(table),
        prefixes=synonyms.PREFIXES,
        suffixes=synonyms.SUFFIXES,
        overrides=options.columns,
    )
    name = options.source or (known.name if known else None)
    proposed = to_source(
        proposal,
        name=name or source_name(file_name, table, sources),
        owner=workspace.project.settings.owner or workspace.actor,
        review_by=workspace.today + REVIEW_AFTER,
        review_when=("the export changes",),
        files=(file_pattern(file_name),),
        constants=options.constants,
    )
    proposed = _ranked(proposed, sources)
    return _Plan(_with_style(proposed, options), proposal.matches, is_new=True)


def _ranked(source: Source, sources: Mapping[str, Source]) -> Source:
    """Rank a new source after those that fill the same table already."""
    others = [s.priority for s in sources.values() if s.table is source.table]
    if source.name in sources:
        return source.model_copy(update={"priority": sources[source.name].priority})
    return source.model_copy(update={"priority": max(others, default=0) + 10})


def _with_style(source: Source, options: ImportOptions) -> Source:
    """Write down how the user says dates and decimals are written."""
    if options.dates is None and options.decimals is None:
        return source
    fields = {field.name: field.type for field in source.fields}
    numeric = {FieldType.NUMBER, FieldType.MONEY, FieldType.SHARE, FieldType.COUNT}

    def styled(name: str, column: Column) -> Column:
        dates = options.dates if fields.get(name) is FieldType.DATE else None
        decimals = options.decimals if fields.get(name) in numeric else None
        return column.model_copy(
            update={"dates": dates or column.dates, "decimals": decimals or column.decimals}
        )

    columns = {name: styled(name, column) for name, column in source.columns.items()}
    return source.model_copy(update={"columns": columns})


def _write_source(workspace: Workspace, source: Source) -> None:
    folder = workspace.folder / "sources"
    folder.mkdir(exist_ok=True)
    written = source.model_dump(mode="json", exclude_defaults=True)
    written["columns"] = {
        name: column.column
        if not (rest := column.model_dump(mode="json", exclude_none=True, exclude={"column"}))
        else {"column": column.column, **rest}
        for name, column in source.columns.items()
    }
    text = (
        "# yaml-language-server: $schema=../schemas/sources.schema.json\n"
        "# Which column of the file fills which of our fields. Proposed by the first import:\n"
        "# correct it where it is wrong, then import again.\n" + yaml.write(written)
    )
    target = folder / f"{source.name}.yaml"
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(target)


# -- the batch -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Taken:
    intake: Intake
    rows: Path
    quarantine: Path


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
    intake = take_in(
        connection,
        reading.sql,
        reading.columns,
        source,
        as_of=as_of,
        currency=settings.currency,
        rates=settings.rates,
        known_spellings=_spellings(workspace, connection, source),
        out=rows,
        quarantine=quarantine,
        strict=options.strict,
    )
    if reading.damaged:
        _add_damaged(quarantine, reading.damaged)
    return _Taken(intake, rows, quarantine)


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
    path: str,
    source: Source,
    as_of: date,
    digest: str,
    reading: Reading,
    taken: _Taken,
) -> NewBatch:
    intake = taken.intake
    has_quarantine = bool(intake.quarantined or intake.set_aside_cells or reading.damaged_count)
    file = f"{digest[:16]}-{as_of}"
    return NewBatch(
        table=table,
        source=source.name,
        as_of=as_of,
        sha256=digest,
        path=f"batches/{table}/{source.name}/{file}.parquet",
        file_name=Path(path).name,
        rows_read=reading.rows_read,
        kept=intake.kept,
        quarantined=intake.quarantined + reading.damaged_count,
        exact_duplicates=intake.exact_duplicates,
        quarantine_path=f"quarantine/{table}/{source.name}/{file}.csv" if has_quarantine else None,
        report=report_text(reading, intake, _advice(source, intake)),
        imported_at=workspace.now(),
        actor=workspace.actor,
    )


def _advice(source: Source, intake: Intake) -> tuple[str, ...]:
    """Return what the user should know about the file as a whole."""
    repeated = intake.quarantined * 5 > intake.rows_read and intake.rows_read > 10
    if repeated and KNOWN_ON.name not in source.columns:
        return (
            f"Many rows repeat a {source.key}. If the file is a history, say which column dates"
            f" its rows: --map {KNOWN_ON.name}=COLUMN",
        )
    return ()


def _keep(workspace: Workspace, new: NewBatch, scratch: Path) -> None:
    """Move the batch and its quarantine to their places; the manifest does not know them yet."""
    moves = {"batch.parquet": new.path, "quarantine.csv": new.quarantine_path}
    for name, place in moves.items():
        if place is not None:
            target = workspace.warehouse / place
            target.parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).replace(target)


def _digest(file: Path, path: str, source: Source, options: ImportOptions) -> str:
    """Return the SHA-256 of a file's content and of all that decides how it is read."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            digest.update(chunk)
    reading = source.model_dump(mode="json", include={"table", "columns", "constants", "ignore"})
    inner = path.partition("#")[2]
    how = [inner, options.sheet, options.delimiter, options.encoding, options.strict]
    digest.update(json.dumps([reading, how], sort_keys=True).encode())
    return digest.hexdigest()


def _result(plan: _Plan, path: str, report: ImportReport, *, was_known: bool) -> Imported:
    file = f"sources/{plan.source.name}.yaml" if plan.is_new else None
    return Imported(path, plan.source.name, file, plan.matches, was_known, report)


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
