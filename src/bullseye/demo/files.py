"""CSV files written block by block, each in the dialect of the system it pretends to be."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.csv as pacsv


@dataclass(frozen=True)
class Format:
    """How a system writes CSV."""

    delimiter: str = ","
    encoding: str = "utf-8"
    byte_order_mark: bool = False


class GrowingFile:
    """A CSV file that is written a table at a time; the first table writes the header."""

    def __init__(self, path: Path, form: Format) -> None:
        self.path = path
        self.rows = 0
        self._form = form
        self._file = path.open("wb")
        self._fresh = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, table: pa.Table) -> None:
        """Write the rows of `table` at the end."""
        buffer = BytesIO()
        options = pacsv.WriteOptions(include_header=self._fresh, delimiter=self._form.delimiter)
        pacsv.write_csv(table, buffer, options)
        if self._fresh and self._form.byte_order_mark:
            self._file.write(b"\xef\xbb\xbf")
        self._file.write(_encoded(buffer.getvalue(), self._form.encoding))
        self._fresh = False
        self.rows += len(table)


def _encoded(utf8: bytes, encoding: str) -> bytes:
    return utf8 if encoding == "utf-8" else utf8.decode().encode(encoding, errors="replace")
