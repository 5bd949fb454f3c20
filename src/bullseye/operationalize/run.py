"""Run step 6: write the target list to a file that people and systems can open."""

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font

from bullseye.errors import UsageError, nearest_name
from bullseye.operationalize.changes import Earlier, counted
from bullseye.operationalize.target_list import TargetList, harmless, target_list
from bullseye.store import audit
from bullseye.store.audit import Change
from bullseye.workspace import Workspace

EXCEL_ROWS = 1_048_575
EXCEL_CELL = 32_767

_NUMBERS = frozenset(
    {
        "fit_score",
        "fit_low",
        "fit_high",
        "fit_coverage",
        "signal_strength",
        "fill_chance",
        "revenue",
        "expected_acv",
    }
)
_INTEGERS = frozenset({"employees", "why_now_age_days"})
_FLAGS = frozenset({"has_role", "is_bullseye"})
_DAYS = frozenset({"as_of", "why_now_on"})


@dataclass(frozen=True)
class Exported:
    """A file that was written, or, with `dry_run`, would be.

    With `since`, `rows` are those that changed since that run, and `changes` counts them.
    """

    path: Path
    format: str
    rows: int
    as_of: date
    definition_version: str
    membership_hash: str
    dry_run: bool
    since: str | None = None
    changes: Mapping[str, int] | None = None


def export(
    workspace: Workspace,
    rows: Sequence[Mapping[str, Any]],
    target: Path,
    *,
    as_of: date,
    definition_version: str,
    earlier: Earlier | None = None,
    dry_run: bool = False,
) -> Exported:
    """Write rows of the target list to `target`, in the format its ending names.

    With an `earlier` list, only what changed since is written, each row with its change. The file
    appears whole or not at all; the export is logged with its membership hash.

    Raises
    ------
    UsageError
        If the ending is none of csv, xlsx, parquet, json, or Excel cannot hold the rows.
    """
    format_ = target.suffix.lower().lstrip(".")
    if format_ not in WRITERS:
        near = nearest_name(format_, list(WRITERS))
        hint = f"Did you mean .{near}?" if near else f"Known: {', '.join(WRITERS)}."
        raise UsageError(f"{target.name} has no ending that says its format.", hint=hint)
    whole = target_list(rows, as_of, definition_version, earlier)
    if format_ == "xlsx" and len(whole.rows) > EXCEL_ROWS:
        raise UsageError(
            f"Excel holds {EXCEL_ROWS:,} rows, the list has {len(whole.rows):,}.",
            hint="Write it as .csv or .parquet, or choose tiers with --tier.",
        )
    done = Exported(
        target,
        format_,
        len(whole.rows),
        as_of,
        definition_version,
        whole.membership_hash,
        dry_run,
        whole.since,
        counted(whole.rows) if whole.since else None,
    )
    if dry_run:
        return done
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        WRITERS[format_](whole, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _log(workspace, done)
    return done


def _log(workspace: Workspace, done: Exported) -> None:
    after = {
        "rows": done.rows,
        "as_of": done.as_of.isoformat(),
        "definition_version": done.definition_version,
        "membership_hash": done.membership_hash,
        "file": done.path.name,
    } | ({"since": done.since} if done.since else {})
    audit.record(
        workspace.store,
        Change(
            at=workspace.now(),
            actor=workspace.actor,
            action="export",
            subject="target list",
            before=None,
            after=json.dumps(after, sort_keys=True),
        ),
    )


def _csv(whole: TargetList, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(whole.columns)
        writer.writerows([harmless(_flat(cell)) for cell in row.values()] for row in whole.rows)


def _json(whole: TargetList, path: Path) -> None:
    document = {
        "as_of": whole.as_of.isoformat(),
        "definition_version": whole.definition_version,
        "membership_hash": whole.membership_hash,
        **({"since": whole.since} if whole.since else {}),
        "accounts": [
            {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
            for row in whole.rows
        ],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def list_table(
    rows: Sequence[Mapping[str, Any]], *, as_of: date, definition_version: str
) -> pa.Table:
    """Return rows of the target list as an Arrow table, columns and stamps as in the export."""
    return _arrow(target_list(rows, as_of, definition_version))


def _parquet(whole: TargetList, path: Path) -> None:
    pq.write_table(_arrow(whole), path)


def _arrow(whole: TargetList) -> pa.Table:
    schema = pa.schema(
        [(name, _type(name)) for name in whole.columns],
        metadata={
            "definition_version": whole.definition_version,
            "membership_hash": whole.membership_hash,
            "as_of": whole.as_of.isoformat(),
            **({"since": whole.since} if whole.since else {}),
        },
    )
    return pa.Table.from_pylist(list(map(dict, whole.rows)), schema)


def _type(name: str) -> pa.DataType:
    if name in _NUMBERS:
        return pa.float64()
    if name in _INTEGERS:
        return pa.int64()
    if name in _FLAGS:
        return pa.bool_()
    if name in _DAYS:
        return pa.date32()
    return pa.list_(pa.string()) if name == "all_icps" else pa.string()


def _excel(whole: TargetList, path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Target list")
    sheet.freeze_panes = "C2"
    head = []
    for name in whole.columns:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in whole.rows:
        sheet.append([_excel_cell(sheet, _flat(cell)) for cell in row.values()])
    about = book.create_sheet("About")
    for label, value in (
        ("As of", whole.as_of.isoformat()),
        ("Definition version", whole.definition_version),
        ("Membership hash", whole.membership_hash),
        ("Rows", len(whole.rows)),
        *((("Since run", whole.since),) if whole.since else ()),
    ):
        about.append([label, value])
    for name, means in whole.columns.items():
        about.append([name, means])
    book.save(path)


def _excel_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", harmless(value))[:EXCEL_CELL]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # text even where it looks like a formula
    return cell


def _flat(cell: Any) -> Any:
    if isinstance(cell, list | tuple):
        return "; ".join(map(str, cell))
    return cell


WRITERS: Mapping[str, Callable[[TargetList, Path], None]] = {
    "csv": _csv,
    "xlsx": _excel,
    "parquet": _parquet,
    "json": _json,
}
"""How the list is written, by the ending of the file."""
