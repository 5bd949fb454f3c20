"""The part of the report about data quality: what each import brought, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bullseye.faces.report.charts import share_mark
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.words import clipped, first_of, percent, thousands
from bullseye.prioritize.run import Opened
from bullseye.segment.run import ImportReport


@dataclass(frozen=True)
class FileRow:
    """One import in a line; the three numbers after `read` add up to it."""

    file: str
    table: str
    source: str
    as_of: str
    read: str
    kept: str
    quarantined: str
    duplicates: str
    lost: Markup


@dataclass(frozen=True)
class FieldRow:
    """One field of an import: its coverage, and what looks odd about its values."""

    field: str
    coverage: str
    mark: Markup
    known: str
    odd: str


@dataclass(frozen=True)
class ImportPart:
    """The newest import of one source, field by field."""

    table: str
    source: str
    file: str
    as_of: str
    kept: str
    fields: tuple[FieldRow, ...]
    fields_shown: str
    notes: tuple[str, ...]
    set_aside_cells: int


@dataclass(frozen=True)
class NoticedRow:
    """Something noticed while the imports were joined, and in how many rows."""

    table: str
    what: str
    rows: str


@dataclass(frozen=True)
class QualityPart:
    """All imports of the run in lines, the newest of each source in full."""

    files: tuple[FileRow, ...]
    files_shown: str
    newest: tuple[ImportPart, ...]
    newest_shown: str
    noticed: tuple[NoticedRow, ...]


def quality_part(imports: Sequence[ImportReport], run: Opened, limits: Limits) -> QualityPart:
    """Return the data quality of the imports a run read, newest first."""
    ordered = sorted(imports, key=lambda each: (each.as_of, each.number or 0), reverse=True)
    newest = list({(e.table, e.source): e for e in reversed(ordered)}.values())
    newest.sort(key=lambda each: (each.table, each.source))
    return QualityPart(
        tuple(_file(each) for each in ordered[: limits.files]),
        first_of(min(limits.files, len(ordered)), len(ordered), "import"),
        tuple(_import(each, limits) for each in newest[: limits.imports]),
        first_of(min(limits.imports, len(newest)), len(newest), "source"),
        tuple(
            NoticedRow(clipped(n.table, 40), clipped(n.what, 100), thousands(n.rows))
            for n in run.state.noticed[: limits.files]
        ),
    )


def _file(report: ImportReport) -> FileRow:
    read = report.rows_read or 1
    return FileRow(
        clipped(report.file, 60),
        report.table,
        report.source,
        report.as_of.isoformat(),
        thousands(report.rows_read),
        thousands(report.kept),
        thousands(report.quarantined),
        thousands(report.exact_duplicates),
        share_mark(report.kept / read, "t2"),
    )


def _import(report: ImportReport, limits: Limits) -> ImportPart:
    fields = sorted(report.fields, key=lambda each: (each.coverage, each.field))
    return ImportPart(
        report.table,
        report.source,
        clipped(report.file, 60),
        report.as_of.isoformat(),
        thousands(report.kept),
        tuple(
            FieldRow(
                clipped(each.field, 60),
                percent(each.coverage),
                share_mark(each.coverage, "t2", 1 - each.coverage),
                thousands(each.known),
                clipped("; ".join(f"{o.rows:,} × {o.what}" for o in each.suspicions), limits.text),  # noqa: RUF001
            )
            for each in fields[: limits.fields]
        ),
        first_of(min(limits.fields, len(fields)), len(fields), "field"),
        tuple(clipped(note, limits.text) for note in report.notes[: limits.notes]),
        report.set_aside_cells,
    )
