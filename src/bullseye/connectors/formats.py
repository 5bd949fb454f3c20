"""What a file is, by its first bytes; its name only settles what these leave open."""

import re
import zipfile
from pathlib import Path

from bullseye.errors import InputError

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".tab": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".duckdb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
_SAVE_AS = "Export it again as CSV, JSON lines, Excel (.xlsx) or Parquet."
_UNREADABLE = (  # first bytes, what they say, what to do
    (
        b"\xd0\xcf\x11\xe0",
        "an old or encrypted Excel file",
        "Save it in Excel as .xlsx, unprotected.",
    ),
    (b"%PDF-", "a PDF", _SAVE_AS),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "Unpack it first."),
    (b"BZh91AY", "compressed with bzip2", "Unpack it first."),
    (b"\xfd7zXZ", "compressed with xz", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"\x1f\x8b", "packed twice", "Unpack it first."),
    (b"Obj\x01", "an Avro file", _SAVE_AS),
    (b"ARROW1\0", "an Arrow file", _SAVE_AS),
)


def claimed_format(file: Path) -> str | None:
    """Return the format that the file's name says; None where it says nothing.

    >>> claimed_format(Path("accounts.csv.gz"))
    'csv'
    """
    stem = file.with_suffix("") if file.suffix.casefold() == ".gz" else file
    return _ENDINGS.get(stem.suffix.casefold())


def content_format(file: Path, source: Path, head: bytes) -> str:
    """Return the format of the bytes in `source`, which begins with `head`.

    `file` is what the user named; it differs from `source` where the file was unpacked.

    Raises
    ------
    InputError
        The file is empty, or of a kind that holds no table we can read.
    """
    if head.startswith(b"PK\x03\x04"):
        return _zip_format(file, source)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head[8:12] == b"DUCK":
        return "duckdb"
    for mark, what, hint in _UNREADABLE:
        if head.startswith(mark):
            raise InputError(f"The file is {what}.", place=str(file), hint=hint)
    text = _text_start(head)
    if not text and len(head) < 4:
        raise InputError("The file is empty.", place=str(file), hint=_SAVE_AS)
    if text.startswith((b"<!doctypehtml", b"<html", b"<table")):
        raise InputError("The file is a web page.", place=str(file), hint=_SAVE_AS)
    return _text_format(file, text)


def _text_start(head: bytes) -> bytes:
    """Return the first characters in lower case, whatever the encoding, without space."""
    return re.sub(rb"^\xef\xbb\xbf|^\xff\xfe|^\xfe\xff|[\0\s]", b"", head[:256]).lower()


def _text_format(file: Path, start: bytes) -> str:
    """Return json for what looks like it beyond doubt, or by its name and look; else csv."""
    looks = start.startswith((b"{", b"["))
    is_certain = start.startswith((b'{"', b'[{"', b"[]", b"{}"))
    return "json" if is_certain or (looks and claimed_format(file) == "json") else "csv"


def _zip_format(file: Path, source: Path) -> str:
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise InputError(
            f"The workbook or archive is damaged or cut short: {error}.",
            place=str(file),
            hint="Copy or download it again.",
        ) from error
    if any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise InputError("The file is a binary workbook.", place=str(file), hint=_SAVE_AS)
        return "xlsx"
    is_sheet = "mimetype" in names and "content.xml" in names
    what = "an OpenDocument file" if is_sheet else "a ZIP archive"
    hint = "Save it as .xlsx." if is_sheet else "Unpack it and import the files inside."
    raise InputError(f"The file is {what}.", place=str(file), hint=hint)
