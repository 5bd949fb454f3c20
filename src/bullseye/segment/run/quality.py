"""How good each import is: what became of its rows, and how much of each field is known."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bullseye.connectors.reading import Reading
from bullseye.definitions.field import FieldType
from bullseye.store import batches
from bullseye.store.batches import Batch, NewBatch
from bullseye.warehouse.intake import Intake
from bullseye.warehouse.profile import FieldProfile, Suspicion, TopValue
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows of one import; `rows_read` is always the sum of the next three.

    `number` is None for an import that was only tried. `quarantine` is the file of rows and
    cells set aside, relative to the warehouse folder, None where every row was kept.
    `set_aside_cells` are cells of kept rows that could not be read and became unknown.
    """

    number: int | None
    table: str
    source: str
    file: str
    as_of: date
    rows_read: int
    kept: int
    quarantined: int
    exact_duplicates: int
    set_aside_cells: int
    quarantine: str | None
    notes: tuple[str, ...]
    fields: tuple[FieldProfile, ...]


def report_text(reading: Reading, intake: Intake, advice: tuple[str, ...]) -> str:
    """Return what an import keeps about its quality, as JSON text."""
    report = {
        "set_aside_cells": intake.set_aside_cells,
        "notes": [*advice, *reading.notes, *intake.notes],
        "fields": [asdict(field) for field in intake.fields],
    }
    return json.dumps(report, sort_keys=True)


def import_report(batch: NewBatch) -> ImportReport:
    """Return the quality of one import, from the batch and the report kept with it.

    What an older report does not have is left out.
    """
    report = _report(batch.report)
    return ImportReport(
        batch.id if isinstance(batch, Batch) else None,
        str(batch.table),
        batch.source,
        batch.file_name,
        batch.as_of,
        batch.rows_read,
        batch.kept,
        batch.quarantined,
        batch.exact_duplicates,
        _count(report.get("set_aside_cells")),
        batch.quarantine_path,
        tuple(str(note) for note in _items(report.get("notes"))),
        tuple(_field(each, batch.kept) for each in _named(report.get("fields"), "field")),
    )


def imports(workspace: Workspace) -> list[ImportReport]:
    """Return the quality of every import that stands, by day and then in order of import."""
    return [import_report(batch) for batch in batches.listed(workspace.store)]


def imports_of(workspace: Workspace, numbers: Iterable[int]) -> list[ImportReport]:
    """Return the quality of exactly these imports, undone or not: what a run once read."""
    return [import_report(batch) for batch in batches.by_ids(workspace.store, numbers)]


def _report(text: str) -> dict[str, Any]:
    """Return the report by its keys; empty if it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _field(said: dict[str, Any], kept: int) -> FieldProfile:
    rows = _count(said.get("rows"), kept)
    known = _count(said.get("known"))
    kinds = set(map(str, FieldType))
    return FieldProfile(
        field=str(said["field"]),
        type=FieldType(said["type"]) if said.get("type") in kinds else FieldType.TEXT,
        rows=rows,
        known=known,
        coverage=known / rows if rows else 0.0,
        distinct_count=_count(said.get("distinct_count")),
        smallest=_text(said.get("smallest")),
        largest=_text(said.get("largest")),
        top=tuple(
            TopValue(str(each["value"]), _count(each.get("rows")))
            for each in _named(said.get("top"), "value")
        ),
        suspicions=tuple(
            Suspicion(str(each["what"]), _count(each.get("rows")))
            for each in _named(said.get("suspicions"), "what")
        ),
    )


def _items(said: object) -> list[Any]:
    return said if isinstance(said, list) else []


def _named(said: object, key: str) -> list[dict[str, Any]]:
    """Return the entries of a list that are mappings with `key`."""
    return [each for each in _items(said) if isinstance(each, dict) and key in each]


def _count(said: object, fallback: int = 0) -> int:
    return said if isinstance(said, int) and said >= 0 else fallback


def _text(said: object) -> str | None:
    return None if said is None else str(said)
