"""`bullseye import` and `bullseye imports`: bring data in, and see how good it is."""

from datetime import date
from pathlib import Path

import click

from bullseye.definitions.field import TableName
from bullseye.definitions.source import DateOrder, DecimalMark
from bullseye.errors import BullseyeError, UsageError
from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    explained,
    json_option,
    note,
    opened,
    plain,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.segment import run as segment
from bullseye.segment.run import Imported, ImportOptions, ImportReport

MOST_NOTES = 8


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for value in values:
        field, separator, rest = value.partition("=")
        if not separator or not field.strip() or not rest.strip():
            raise UsageError(f"{option} is written as FIELD=VALUE, not {value!r}.")
        found[field.strip()] = rest.strip()
    return found


@click.command(
    "import",
    epilog='Example: bullseye import accounts companies.csv --map employees="Head count"',
)
@click.argument("table", type=click.Choice([str(table) for table in TableName]))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@as_of_option
@click.option("--source", metavar="NAME", help="The source the files belong to.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Map a column.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="One value for all.")
@click.option(
    "--dates", type=click.Choice([str(each) for each in DateOrder]), help="How 3/4/2026 is meant."
)
@click.option(
    "--decimals", type=click.Choice([str(each) for each in DecimalMark]), help="How 1.234 is meant."
)
@click.option("--delimiter", metavar="CHARACTER", help="Between the cells of a text file.")
@click.option("--encoding", metavar="NAME", help="Of a text file, as in windows-1252.")
@click.option("--sheet", metavar="NAME", help="Of an Excel file.")
@click.option("--strict", is_flag=True, help="Quarantine a row for one bad cell.")
@dry_run_option
@json_option
@click.pass_context
def import_(
    context: click.Context,
    table: str,
    files: tuple[str, ...],
    as_of: date | None,
    source: str | None,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    dates: str | None,
    decimals: str | None,
    delimiter: str | None,
    encoding: str | None,
    sheet: str | None,
    strict: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import FILE... into TABLE.

    A file is CSV in any dialect, JSON lines, Excel, Parquet, or a table of a DuckDB or SQLite
    file, as in crm.duckdb#accounts. Columns are recognised by name and content; the mapping is
    shown and kept in sources/. Rows that cannot be used go to a quarantine file with their
    reason. The same file twice changes nothing; --as-of says which day the file speaks of.
    """
    options = ImportOptions(
        as_of=as_of,
        source=source,
        columns=_pairs(columns, "--map"),
        constants=_pairs(constants, "--set"),
        dates=DateOrder(dates) if dates else None,
        decimals=DecimalMark(decimals) if decimals else None,
        delimiter={"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter),
        encoding=encoding,
        sheet=sheet,
        strict=strict,
        dry_run=dry_run,
    )
    workspace = opened(context)
    done: list[Imported] = []
    code = 0
    for file in files:
        try:
            with stages(4, quiet=as_json) as tell:
                done.append(
                    segment.import_file(workspace, TableName(table), file, options, progress=tell)
                )
        except BullseyeError as error:
            code = explained(error)
            continue
        if not as_json:
            _show(done[-1], workspace.warehouse, dry_run=dry_run)
    if as_json:
        print_json(done)
    return code


def _show(imported: Imported, warehouse: Path, *, dry_run: bool) -> None:
    report = imported.report
    if imported.matches:
        rows = [(m.field, m.column, f"{m.confidence:.2f}", m.why) for m in imported.matches]
        print_table(("field", "column", "sure", "because"), rows)
        if imported.source_file and not dry_run and not imported.was_known:
            say(f"Kept in {imported.source_file}: correct it there, or with --map FIELD=COLUMN.")
    say(_summary(report))
    if imported.was_known:
        say("  Imported before: nothing changed.")
    if dry_run:
        say("  Dry run: nothing was published.")
    for line in report.notes[:MOST_NOTES]:
        note(f"  {line}")
    if len(report.notes) > MOST_NOTES:
        note(f"  … and {len(report.notes) - MOST_NOTES} more: bullseye imports --json")
    if report.quarantine and not dry_run:
        say(f"  Set aside, with reasons: {warehouse / report.quarantine}")


def _summary(report: ImportReport) -> str:
    cells = f" · {report.set_aside_cells:,} bad cells set aside" if report.set_aside_cells else ""
    return (
        f"{report.file} -> {report.table} (source {report.source}, as of {report.as_of}): "
        f"{report.rows_read:,} rows read = {report.kept:,} kept + {report.quarantined:,}"
        f" quarantined + {report.exact_duplicates:,} exact duplicates{cells}"
    )


@click.command("imports", epilog="Example: bullseye imports 3")
@click.argument("number", type=int, required=False)
@click.option("--undo", is_flag=True, help="Take import NUMBER back.")
@json_option
@click.pass_context
def imports_(context: click.Context, number: int | None, undo: bool, as_json: bool) -> None:
    """List the imports, or show the data quality of import NUMBER, field by field.

    An import taken back with --undo is not seen by later runs; earlier ones stay replayable.
    """
    workspace = opened(context)
    if undo:
        if number is None:
            raise UsageError("Say which import to undo.", hint="As in: bullseye imports 3 --undo")
        report = segment.undo_import(workspace, number)
        print_json(plain(report)) if as_json else say(f"Undone: {_summary(report)}")
        return
    found = segment.imports(workspace)
    if number is not None:
        found = [report for report in found if report.number == number]
        if not found:
            raise UsageError(f"There is no import {number}.", hint="List them: bullseye imports")
    if as_json:
        print_json(found)
    elif number is not None:
        _show_fields(found[0])
    else:
        rows = [
            (
                str(r.number),
                r.table,
                r.source,
                r.file,
                str(r.as_of),
                *(f"{n:,}" for n in (r.rows_read, r.kept, r.quarantined, r.exact_duplicates)),
            )
            for r in found
        ]
        headers = ("#", "table", "source", "file", "as of", "read", "kept", "quarantined", "dupl.")
        print_table(headers, rows)


def _show_fields(report: ImportReport) -> None:
    say(_summary(report))
    rows = [
        (
            field.field,
            field.type,
            f"{field.coverage:.0%}",
            f"{field.distinct_count:,}",
            field.smallest or "",
            field.largest or "",
            ", ".join(f"{odd.rows:,} x {odd.what}" for odd in field.suspicions),
        )
        for field in report.fields
    ]
    headers = ("field", "type", "known", "distinct", "smallest", "largest", "looks odd")
    print_table(headers, rows)
    for line in report.notes:
        say(f"  {line}")
