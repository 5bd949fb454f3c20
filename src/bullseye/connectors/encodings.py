"""Which encoding a text file is in, and the facts about its bytes that decide how it is read."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from bullseye.connectors.quoting import free_path
from bullseye.errors import InputError, UsageError, nearest_name

SAMPLE_BYTES = 1 << 20
_CHUNK = 1 << 20
_MOST_CONTROL_SHARE = 0.02
_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = ("utf-8", "utf-16", "windows-1252", "windows-1250", "iso-8859-1", "mac-roman", "cp437")
_TWO_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_CONTROLS = bytes(b for b in range(32) if b not in b"\0\t\n\r\x0c\x1a\x1b\x1f")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that the encoding does not know as Windows-1252, the likeliest by far."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_WINDOWS_1252[byte] for byte in wrong), error.end


def _windows_1252_character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return "\ufffd"


_WINDOWS_1252 = tuple(_windows_1252_character(byte) for byte in range(256))
FALLBACK = "bullseye.windows-1252"
codecs.register_error(FALLBACK, _as_windows_1252)


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes of a text file found.

    `lines` counts line feeds, plus an unfinished last line; `returns` carriage returns that
    stand without a line feed. Both are only meaningful for encodings of one byte and UTF-8.
    """

    encoding: str
    errors: str
    note: str = ""
    nulls: int = 0
    lines: int = 0
    returns: int = 0

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes are valid UTF-8 as they stand."""
        return self.encoding in {"utf-8", "utf-8-sig"} and self.errors == "strict"

    @property
    def label(self) -> str:
        """The encoding's usual name."""
        names = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}
        return names.get(self.encoding, self.encoding)


def text_facts(path: Path, encoding: str | None = None) -> TextFacts:
    """Return how the text file at `path` is encoded, from a mark, its bytes, or `encoding`.

    UTF-8 is believed only if the whole file is valid. A file that is UTF-8 but for a few bytes
    is read as UTF-8 with these bytes as Windows-1252; any other as Windows-1252.

    Raises
    ------
    InputError
        The bytes are no text.
    UsageError
        `encoding` names no encoding.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if encoding is not None:
        return _given(path, encoding)
    marked = next((name for bom, name in _BOMS if sample.startswith(bom)), None)
    if marked in {"utf-16", "utf-32"}:
        return TextFacts(marked, "replace", f"Read as {marked.upper()}.")
    if marked is None and (wide := _unmarked_utf16(sample)):
        return TextFacts(wide, "replace", f"Read as {wide.upper()}.")
    _refuse_binary(path, sample)
    return _surveyed(path, marked or "utf-8")


def _given(path: Path, encoding: str) -> TextFacts:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError) as error:  # LookupError also where it encodes no text
        near = nearest_name(encoding, _COMMON)
        hint = f"Did you mean {near!r}?" if near else f"Known are, among others: {_COMMON}"
        raise UsageError(f"There is no encoding named {encoding!r}.", hint=hint) from error
    decoder = codecs.getincrementaldecoder(name)()
    done = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
                done += len(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise InputError(
            f"The file is not in {encoding}: decoding fails near byte {done:,}.",
            place=str(path),
            hint="Leave the encoding out to have it detected, or name the right one.",
        ) from error
    if name == "utf-8":
        return _surveyed(path, "utf-8-sig")
    return TextFacts(name, "strict")


def _unmarked_utf16(sample: bytes) -> str | None:
    """Return UTF-16's byte order where the zero bytes give it away."""
    half = max(len(sample) // 2, 1)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return None


def _refuse_binary(path: Path, sample: bytes) -> None:
    kept = sample.translate(None, _CONTROLS)
    controls = len(sample) - len(kept) + max(0, sample.count(0) - len(sample) // 20)
    if controls > 3 and controls > _MOST_CONTROL_SHARE * len(sample):
        raise InputError(
            "The file is not a table: its bytes are not text.",
            place=str(path),
            hint="Export it again as CSV, JSON lines, Excel (.xlsx) or Parquet.",
        )


def _surveyed(path: Path, encoding: str) -> TextFacts:
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, feeds, returns, pairs, nulls = True, 0, 0, 0, 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            feeds += chunk.count(b"\n")
            if b"\0" in chunk:  # looking for one is quick, counting none is not
                nulls += chunk.count(b"\0")
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
            valid = valid and _is_valid(decoder, chunk)
        valid = valid and _is_valid(decoder, b"", final=True)
    lines = feeds + (last not in {b"", b"\n"})
    if valid:
        return TextFacts(encoding, "strict", "", nulls, lines, returns - pairs)
    chosen, note = _not_utf8(path, encoding)
    return TextFacts(chosen, FALLBACK, note, nulls, lines, returns - pairs)


def _is_valid(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(path: Path, encoding: str) -> tuple[str, str]:
    """Return UTF-8 with faults where most of the text beyond ASCII is UTF-8, else Windows-1252."""
    good, beyond = 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            good += sum(len(found) for found in _TWO_BYTES.findall(chunk))
            beyond += len(chunk) - len(chunk.translate(None, bytes(range(128, 256))))
    wrong = max(beyond - good, 1)
    if good > 2 * wrong:
        note = f"About {wrong:,} bytes are not UTF-8; they were read as Windows-1252."
        return encoding, note
    return "cp1252", "Read as Windows-1252."


def utf8_copy(path: Path, facts: TextFacts, scratch: Path) -> Path:
    """Return a copy of a text file in UTF-8, without NUL characters; line ends stay."""
    target = free_path(scratch, "utf8", ".txt")
    with (
        path.open(encoding=facts.encoding, errors=facts.errors, newline="") as text,
        target.open("w", encoding="utf-8", errors="replace", newline="") as copy,
    ):
        while chunk := text.read(_CHUNK):
            copy.write(chunk.replace("\0", ""))
    return target
