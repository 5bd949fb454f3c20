"""JSON lines, a JSON array of objects, or objects one after the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import duckdb

from bullseye.connectors.encodings import TextFacts, text_facts
from bullseye.connectors.reading import MOST_COLUMNS, DamageList, Reading, headers_made_usable
from bullseye.connectors.staging import StagedRows, cell_text, kept_rows
from bullseye.errors import InputError

LONGEST_OBJECT = 64_000_000
_CHUNK = 1 << 16
_SPACE = " \t\r\n\x1e\ufeff,"  # between objects; RFC 7464 puts a record separator before each


@dataclass(frozen=True)
class _Entry:
    """One element of the file: an object, or why it is none."""

    value: dict[str, object] | None
    line: int | None
    text: str = ""
    reason: str = ""


def read_json(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    *,
    encoding: str | None = None,
) -> Reading:
    """Return the rows of a JSON file, one per object.

    The columns are all keys in the order they are first seen; the file is read twice for them,
    in bounded memory. A list becomes text joined with "; ", a nested object JSON text.

    Raises
    ------
    InputError
        The file holds no object, or more keys than a table has columns.
    """
    facts = text_facts(path, encoding)
    keys = _keys(path, facts)
    headers = headers_made_usable(keys, str(path))
    damage = DamageList()
    with StagedRows(scratch, len(keys)) as staged:
        for row, entry in enumerate(_entries(path, facts), start=1):
            if entry.value is None:
                damage.add(row, entry.line, entry.text, entry.reason)
            else:
                value = entry.value
                staged.add(row, [cell_text(value.get(key)) for key in keys])
    return Reading(
        path=path,
        columns=headers.names,
        table=kept_rows(connection, staged.sql),
        damaged=tuple(damage.rows),
        damaged_count=damage.count,
        rows_read=staged.count + damage.count,
        format="json",
        encoding=facts.label,
        notes=(*([facts.note] if facts.note else []), *headers.notes),
    )


def _keys(path: Path, facts: TextFacts) -> list[str]:
    keys: dict[str, None] = {}
    is_empty = True
    for entry in _entries(path, facts):
        is_empty = False
        if entry.value:
            keys.update(dict.fromkeys(entry.value))
        if len(keys) > MOST_COLUMNS:
            break
    if keys:
        return list(keys)
    raise InputError(
        "The file is empty." if is_empty else "The file holds no JSON object to read as a row.",
        place=str(path),
        hint='Give JSON lines or an array, one object per row: {"name": "Acme", "employees": 50}',
    )


def _entries(path: Path, facts: TextFacts) -> Iterator[_Entry]:
    with path.open(encoding=facts.encoding, errors=facts.errors, newline="") as file:
        by_line = _has_whole_lines(file)
        file.seek(0)
        yield from _by_line(file) if by_line else _one_after_another(file)


def _has_whole_lines(file: TextIO) -> bool:
    """Whether the first lines are JSON lines; judged by any of ten, as one may be damaged."""
    for _ in range(10):
        line = file.readline(LONGEST_OBJECT)
        if line.strip() and isinstance(_loaded(line), dict):
            return True
    return False


def _loaded(text: str) -> object:
    """Return the JSON value, or None where there is none (a null is no row either)."""
    try:
        return json.loads(text.strip().strip("\x1e\ufeff").rstrip(","))
    except (ValueError, RecursionError):
        return None


def _by_line(file: TextIO) -> Iterator[_Entry]:
    number = 0
    while line := file.readline(LONGEST_OBJECT):
        number += 1
        if line.strip().strip("[]\ufeff"):
            yield _entry(_loaded(line), number, line, "the line is not a JSON object")


def _entry(value: object, line: int | None, text: str, reason: str) -> _Entry:
    if isinstance(value, dict):
        return _Entry(value, line)
    return _Entry(None, line, text, reason)


def _one_after_another(file: TextIO) -> Iterator[_Entry]:
    """Decode values from a growing buffer; what follows a fault is one damaged row."""
    decoder = json.JSONDecoder()
    buffer, at, step = file.read(_CHUNK), 0, _CHUNK
    start = _next(buffer, 0)
    is_array = buffer[start : start + 1] == "["
    at = start + is_array
    while True:
        at = _next(buffer, at)
        if is_array and buffer[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError):
            value, end = None, len(buffer)
        if end == len(buffer):  # broken off, or a number that may go on in the next chunk
            more = file.read(step) if len(buffer) - at < LONGEST_OBJECT else ""
            if more:
                buffer, at, step = buffer[at:] + more, 0, step * 2
                continue
            if at < end and not isinstance(value, dict):
                yield _Entry(
                    None, None, buffer[at:], "the JSON breaks off or is not valid from here"
                )
                return
        if at == end:
            return
        step = _CHUNK
        yield _entry(value, None, buffer[at:end], "the element is not a JSON object")
        at = end


def _next(buffer: str, at: int) -> int:
    """Return where the next value starts."""
    while at < len(buffer) and buffer[at] in _SPACE:
        at += 1
    return at
