"""How a CSV file is written: its delimiter, its quotes, and the line its header is on.

Each candidate dialect cuts the first lines into cells; the one that gives the most rows of one
and the same width wins, as in van den Burg et al., "Wrangling messy CSV files by detecting row
and type patterns" (2019), without the types.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"
"""Stands for "one column": the character ASCII set aside to separate units, never in a cell."""

_SAMPLE_LINES = 1_000
_MOST_TITLE_LINES = 20
_SPACED_QUOTE = (
    r"(?m)(?:^|{delimiter}) +{quote}(?!{quote})[^\r\n]{{0,200}}?{quote} *(?:{delimiter}|\r?$)"
)
_QUOTED_CELL = r"(?m)(?:^|{delimiter}) *{quote}[^\r\n]{{0,200}}?{quote}(?={delimiter}|\r?$)"
_SINGLE_QUOTED_WORD = r"(?m)(?:^|{delimiter}) *'[^\r\n'{delimiter}]*\w[^\r\n'{delimiter}]*'"
_LEAST_SHARE = {1: 0.0, 2: 0.5}
_LEAST_SHARE_OF_WIDER = 0.2


@dataclass(frozen=True)
class Dialect:
    """How a CSV file separates and quotes its cells."""

    delimiter: str
    quote: str = '"'
    backslash: bool = False  # a quote inside a cell is written \\" and not ""
    spaced: bool = False  # a space stands before the quotes, as in: 1, "Acme, Inc"

    def cells(self, lines: Iterable[str], *, strict: bool) -> Iterator[list[str]]:
        """Return the rows of `lines`; `strict` raises csv.Error where quotes do not add up."""
        source = map(self._doubled, lines) if self.backslash else lines
        return csv.reader(
            source,
            delimiter=self.delimiter,
            quotechar=self.quote,
            doublequote=True,
            skipinitialspace=self.spaced,
            strict=strict,
        )

    def _doubled(self, line: str) -> str:
        return re.sub(
            r'\\([\\"\'])', lambda m: self.quote * 2 if m[1] == self.quote else m[1], line
        )

    def escaped_in(self, sample: str) -> bool:
        """Whether the sample escapes quotes inside cells with a backslash."""
        return (
            re.search(rf"\\{self.quote}(?!{re.escape(self.delimiter)}|{self.quote}|\s|\Z)", sample)
            is not None
        )


@dataclass(frozen=True)
class Layout:
    """A dialect, and where the header stands.

    `header_line` counts physical lines from 0; `titles` is how many lines with text are above.
    `is_wrapped` says that whole rows, the header's too, stand in one extra pair of quotes.
    """

    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    lines_after: int  # physical lines up to and including the header's last
    titles: int = 0
    is_wrapped: bool = False


@dataclass(frozen=True)
class _Record:
    cells: list[str]
    first_line: int
    end_line: int


@dataclass(frozen=True)
class _Trial:
    layout: Layout
    score: float


def layout(sample: str, delimiter: str | None = None) -> Layout | None:
    """Return how the file that begins with `sample` is written; None if it holds no cell.

    `delimiter` overrules what the sample suggests, and so does a first line such as `sep=;`.
    """
    lines = _lines(sample)[:_SAMPLE_LINES]
    skipped = 0
    if declared := re.fullmatch(r"sep=(.)\s*", lines[0] if lines else ""):
        delimiter, skipped = delimiter or declared[1], 1
    candidates = (delimiter,) if delimiter else DELIMITERS
    text = "".join(lines[skipped:])
    trials = [
        trial
        for each in candidates
        for quote in _quotes(text, each)
        if (trial := _trial(lines, skipped, _dialect(text, each, quote)))
    ]
    best = max(trials, key=lambda trial: trial.score, default=None)
    if best and (delimiter or best.score > 0):
        return best.layout
    single = _trial(lines, skipped, Dialect(NO_DELIMITER))
    return single.layout if single else None


def _lines(sample: str) -> list[str]:
    """Split at line ends only, not at the rarer breaks that str.splitlines also knows."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", sample)


def _quotes(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the quotes to try, the likelier first.

    The single quote is only tried where it encloses cells and the double one never does; it is
    certain where it encloses a word on every other line.
    """
    escaped = re.escape(delimiter)
    if re.search(_QUOTED_CELL.format(delimiter=escaped, quote='"'), text):
        return ('"',)
    words = re.findall(_SINGLE_QUOTED_WORD.format(delimiter=escaped), text)
    if 2 * len(words) >= text.count("\n") + text.count("\r") > 0:
        return ("'",)
    single = re.search(_QUOTED_CELL.format(delimiter=escaped, quote="'"), text)
    return ('"', "'") if single else ('"',)


def _dialect(text: str, delimiter: str, quote: str) -> Dialect:
    spaced = _SPACED_QUOTE.format(delimiter=re.escape(delimiter), quote=quote)
    dialect = Dialect(delimiter, quote, spaced=re.search(spaced, text) is not None)
    return replace(dialect, backslash=dialect.escaped_in(text))


def _trial(lines: list[str], skipped: int, dialect: Dialect) -> _Trial | None:
    records = _records(lines, skipped, dialect)
    written = [record for record in records if record.cells]
    if not written:
        return None
    plain = _scored(records, dialect, is_wrapped=False)
    inner = [record for record in written if len(record.cells) == 1]
    quoted = lines[written[0].first_line].lstrip().startswith(dialect.quote)
    if plain.score > 0 or not quoted or len(inner) < max(2, 0.9 * len(written)):
        return plain
    unwrapped = [replace(r, cells=_first_row(r.cells[0], dialect)) for r in inner]
    return _scored(unwrapped, dialect, is_wrapped=True)


def _first_row(text: str, dialect: Dialect) -> list[str]:
    return next(dialect.cells(_lines(text), strict=False), [])


def _records(lines: list[str], skipped: int, dialect: Dialect) -> list[_Record]:
    records: list[_Record] = []
    position = skipped

    def counted() -> Iterator[str]:
        nonlocal position
        for line in lines[skipped:]:
            position += 1
            yield line.replace("\0", "")

    start = position
    for cells in dialect.cells(counted(), strict=False):
        is_blank = not "".join(lines[start:position]).strip("\0\r\n\t ")
        records.append(_Record([] if is_blank else cells, start, position))
        start = position
    return records


def _scored(records: list[_Record], dialect: Dialect, *, is_wrapped: bool) -> _Trial:
    """Score = share of rows with the commonest width, times how much that width tells."""
    rows = [record.cells for record in records]
    at = header_index(rows)
    header = records[at]
    width, share = common_width(rows)
    fits = 1.0 if len(header.cells) >= width else 0.0 if len(header.cells) == 1 else 0.5
    least = _LEAST_SHARE.get(width, _LEAST_SHARE_OF_WIDER)
    score = fits * share * (1 - 1 / width) if share >= least else 0.0
    found = Layout(
        dialect,
        tuple(header.cells),
        header.first_line,
        header.end_line,
        titles=sum(bool(cells) for cells in rows[:at]),
        is_wrapped=is_wrapped,
    )
    return _Trial(found, score)


def common_width(rows: list[list[str]]) -> tuple[int, float]:
    """Return the commonest number of cells above one, and the share of rows that have it.

    Blank rows do not count; where no row has two cells the answer is one.
    """
    widths = Counter(len(row) for row in rows if row)
    width = max(widths, key=lambda each: (widths[each] * (each > 1), each))
    return width, widths[width] / widths.total()


def header_index(rows: list[list[str]]) -> int:
    """Return which of the first rows is the header: the first, unless titles stand above it.

    A title fills one cell. It is believed to be one only where the table below is at least three
    columns wide, its first row holds names, and a blank row or the data below says so too.
    Blank rows are empty lists; one row at least is not blank.

    >>> header_index([["Accounts, May"], [], ["id", "name", "country"], ["1", "Acme", "US"]])
    2
    >>> header_index([["id"], ["1"]])
    0
    """
    first = next(at for at, row in enumerate(rows) if row)
    width, _ = common_width(rows)
    for at in range(first, min(first + _MOST_TITLE_LINES + 1, len(rows))):
        filled = [cell.strip() for cell in rows[at] if cell.strip()]
        if len(filled) > 1:
            is_header = width > 2 and _names(filled, width)
            told = not all(rows[first:at]) or _data_differs(rows[at], rows[at + 1 : at + 21])
            return at if is_header and told else first
    return first


def _data_differs(header: list[str], below: list[list[str]]) -> bool:
    """Whether some column has a number in every cell below a name without one."""
    for at, name in enumerate(header):
        cells = [row[at] for row in below if len(row) == len(header) and row[at].strip()]
        has_digits = cells and all(re.search(r"\d", cell) for cell in cells)
        if has_digits and not re.search(r"\d", name):
            return True
    return False


def _names(filled: list[str], width: int) -> bool:
    enough = len(filled) >= max(2, 0.7 * width)
    distinct = len({name.casefold() for name in filled}) == len(filled)
    return enough and distinct and not any(_is_number(name) for name in filled)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+$€£(]*[\d.,\s]+%?\)?", text) is not None
