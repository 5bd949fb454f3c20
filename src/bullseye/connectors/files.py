"""Opens any file a customer brings as rows of text."""

import gzip
import os
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from bullseye.connectors.causes import unusable
from bullseye.connectors.csv_files import read_csv
from bullseye.connectors.formats import claimed_format, content_format
from bullseye.connectors.json_files import read_json
from bullseye.connectors.quoting import free_path
from bullseye.connectors.reading import DamagedRow, Reading
from bullseye.connectors.tables import read_duckdb, read_parquet, read_sqlite
from bullseye.connectors.workbooks import read_workbook
from bullseye.errors import InputError, UsageError, nearest_name

__all__ = ["DamagedRow", "Reading", "open_file"]

_CHUNK = 1 << 20
_HEAD_BYTES = 4096
_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True)
class _Options:
    """What the user said about the file."""

    sheet: str | None
    table: str | None
    delimiter: str | None
    encoding: str | None


def open_file(
    path: str | Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    sheet: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Reading:
    r"""Return a file's rows as text, whatever its format, dialect and encoding.

    The format is read from the file's first bytes, not from its name. CSV, JSON lines, JSON
    arrays (both also as .gz), Excel, Parquet, and `crm.duckdb#schema.table` or `crm.sqlite#table`.

    Parameters
    ----------
    path
        The file; for a database followed by "#" and a table, unless it has only one.
    connection
        The connection that gets the rows, as the temporary table `Reading.table`.
    scratch
        A folder for working copies.
    sheet
        Name of an Excel sheet; by default the first visible one that is not empty.
    delimiter, encoding
        How a text file is written; detected where absent.

    Raises
    ------
    InputError
        The file is missing, cannot be read, is damaged as a whole, or holds no table. Rows that
        are damaged one by one are in `Reading.damaged`.
    UsageError
        An option that is not possible, or does not apply to this format.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> file = folder / "accounts.csv"
    >>> _ = file.write_text("Name;Employees\nAcme;50\nBeta;7;9\n")
    >>> with duckdb.connect() as connection:
    ...     reading = open_file(file, connection=connection, scratch=folder / "scratch")
    ...     reading.columns, connection.sql(f"FROM {reading.table}").fetchall()
    (('Name', 'Employees'), [(1, 'Acme', '50')])
    >>> reading.damaged[0].reason
    '3 cells where the header has 2'
    """
    file, table = _located(path)
    options = _Options(sheet, table, _one_character(delimiter), encoding)
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        return _opened(file, options, connection, scratch)
    except OSError as error:
        raise _unreadable(file, error) from error
    except duckdb.Error as error:
        raise unusable(file, "file", error) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"The text breaks off inside a character: {error.reason}.",
            place=str(file),
            hint="Export the file again, or name its encoding.",
        ) from error


def _opened(
    file: Path, options: _Options, connection: duckdb.DuckDBPyConnection, scratch: Path
) -> Reading:
    head = _head(file)
    source, notes = file, list[str]()
    if head.startswith(b"\x1f\x8b"):
        source = _unpacked(file, scratch)
        head = _head(source)
        notes.append("Unpacked from gzip.")
    form = content_format(file, source, head)
    _refuse_misplaced(form, options, file)
    if (claimed := claimed_format(file)) and claimed != form:
        notes.append(f"The name says {claimed}, the content is {form}; it was read as {form}.")
    try:
        reading = _read(form, source, options, connection, scratch)
    except InputError as error:
        if source == file:
            raise
        place = error.place.replace(str(source), str(file))
        raise InputError(error.problem, hint=error.hint, place=place) from error
    return replace(reading, path=file, notes=(*notes, *reading.notes))


def _read(
    form: str,
    source: Path,
    options: _Options,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
) -> Reading:
    match form:
        case "parquet":
            return read_parquet(source, connection, scratch)
        case "xlsx":
            return read_workbook(source, connection, scratch, sheet=options.sheet)
        case "duckdb":
            return read_duckdb(source, options.table, connection, scratch)
        case "sqlite":
            return read_sqlite(source, options.table, connection, scratch)
        case "json":
            return read_json(source, connection, scratch, encoding=options.encoding)
        case _:
            delimiter, encoding = options.delimiter, options.encoding
            return read_csv(source, connection, scratch, delimiter=delimiter, encoding=encoding)


def _refuse_misplaced(form: str, options: _Options, file: Path) -> None:
    applies = {
        "a sheet": (options.sheet, {"xlsx"}, "Excel"),
        "a table after '#'": (options.table, {"duckdb", "sqlite"}, "database"),
        "a delimiter": (options.delimiter, {"csv"}, "CSV"),
        "an encoding": (options.encoding, {"csv", "json"}, "text"),
    }
    for what, (given, forms, kind) in applies.items():
        if given is not None and form not in forms:
            raise UsageError(
                f"{what.capitalize()} only makes sense for {kind} files; this is {form}.",
                place=str(file),
                hint="Leave it out.",
            )


def _one_character(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    found = _NAMED_DELIMITERS.get(delimiter.casefold(), delimiter)
    if len(found) != 1 or found in "\r\n\"'\\\0 " or found.isalnum():
        raise UsageError(
            f"{delimiter!r} cannot be a delimiter.",
            hint="Give one character, as in ';' or '|', or the word tab.",
        )
    return found


def _located(path: str | Path) -> tuple[Path, str | None]:
    """Return the file and the table named after "#", which is also allowed in file names."""
    text = str(path)
    if "\0" in text or not text:
        raise InputError(f"{text!r} is no file name.", hint="Give the path of a file.")
    try:
        whole = Path(text)
        if whole.exists() or "#" not in text:
            return whole, None
        name, _, table = text.rpartition("#")
        return (Path(name), table) if Path(name).exists() else (whole, None)
    except OSError as error:
        raise _unreadable(Path(text), error) from error


def _head(path: Path) -> bytes:
    if not path.exists():
        raise _missing(path)
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "no ordinary file"
        raise InputError(f"This is {kind}.", place=str(path), hint="Name one file to import.")
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _missing(path: Path) -> InputError:
    siblings = os.listdir(path.parent) if path.parent.is_dir() else []
    near = nearest_name(path.name, siblings)
    hint = f"Did you mean {str(path.parent / near)!r}?" if near else "Check the path."
    return InputError("There is no such file.", place=str(path), hint=hint)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"The file cannot be read: {error.strerror or error}.",
        place=str(path),
        hint="Check the permissions of the file and the free space of the disk.",
    )


def _unpacked(file: Path, scratch: Path) -> Path:
    """Return a copy of a gzip file's content; only one layer is unpacked."""
    target = free_path(scratch, "unpacked", "")
    try:
        with gzip.open(file) as packed, target.open("wb") as plain:
            while chunk := packed.read(_CHUNK):
                plain.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"The gzip file is damaged or cut short: {error}.",
            place=str(file),
            hint="Copy or download it again.",
        ) from error
    return target
