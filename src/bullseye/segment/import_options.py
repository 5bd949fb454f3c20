"""How a person says that files are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.source import DateOrder, DecimalMark


@dataclass(frozen=True)
class ImportOptions:
    """How files are to be read; None is detected or proposed.

    `columns` is field to column, as a person says; `constants` field to one value for the
    whole file.
    """

    as_of: date | None = None
    source: str | None = None
    columns: Mapping[str, str] | None = None
    constants: Mapping[str, str] | None = None
    dates: DateOrder | None = None
    decimals: DecimalMark | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    strict: bool = False
    dry_run: bool = False
