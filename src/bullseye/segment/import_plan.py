"""Which source a file belongs to, and what a new source is called."""

import fnmatch
import re
from collections.abc import Collection, Mapping, Sequence

from bullseye.definitions.field import TableName
from bullseye.definitions.source import Source
from bullseye.errors import InputError

_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)|\d{6,}"
)


def source_name(file_name: str, table: TableName, taken: Collection[str]) -> str:
    """Return the name of a new source for a file: its stem without dates and counters.

    >>> source_name("crm_companies_2026-03-31.csv", TableName.ACCOUNTS, ())
    'crm-companies'
    >>> source_name("2024.csv", TableName.SIGNALS, ("signals",))
    'signals-2'
    """
    stem = _DATE.sub(" ", file_name.split(".", maxsplit=1)[0].split("#", maxsplit=1)[0]).lower()
    words = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
    words = re.sub(r"^[0-9-]+", "", words)[:50].strip("-") or str(table)
    name, number = words, 1
    while name in taken:
        number += 1
        name = f"{words}-{number}"
    return name


def file_pattern(file_name: str) -> str:
    """Return the pattern by which later files of the same export are recognised.

    >>> file_pattern("crm_companies_2026-03-31.csv"), file_pattern("contacts.csv")
    ('crm_companies_*.csv', 'contacts.csv')
    """
    escaped = file_name.replace("[", "[[]")
    return _DATE.sub("*", escaped)


def matching_source(
    sources: Mapping[str, Source], table: TableName, file_name: str, columns: Sequence[str]
) -> Source | None:
    """Return the source whose pattern and columns fit a file, or None.

    Raises
    ------
    InputError
        If more than one fits.
    """
    found = [
        source
        for _, source in sorted(sources.items())
        if source.table is table
        and any(fnmatch.fnmatchcase(file_name, pattern) for pattern in source.files)
    ]
    fits = [source for source in found if _has_columns(source, columns)] or found
    if len(fits) > 1:
        names = ", ".join(source.name for source in fits)
        raise InputError(
            f"Several sources recognise this file: {names}.",
            place=file_name,
            hint="Say which with --source NAME, or narrow their `files` patterns.",
        )
    return fits[0] if fits else None


def _has_columns(source: Source, columns: Sequence[str]) -> bool:
    return {column.column for column in source.columns.values()} <= set(columns)
