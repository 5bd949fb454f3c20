"""Cells as people and systems write them: identifiers, dates, lists, and what goes wrong."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from bullseye.demo.chance import Bools, Floats, Ints
from bullseye.demo.truth import Dirt

Text: TypeAlias = pa.StringArray
"""A column of cells; null is an empty cell."""

pc: Any = pyarrow.compute  # its stubs know neither scalars among arrays nor what comes back

MISSING_WORDS = ("n/a", "N/A", "NULL", "Select", "-", "unknown", "none")
IMPOSSIBLE = {
    "%Y-%m-%d": ("2025-02-30", "0000-00-00", "1899-13-01", "9999-99-99"),
    "%m/%d/%Y": ("02/30/2025", "00/00/0000", "13/45/2024", "11/31/2023"),
    "%d/%m/%Y": ("31/02/2025", "00/00/0000", "45/13/2024", "31/11/2023"),
}
"""Days that do not exist, by the way dates are written."""

_ISO = "%Y-%m-%d"


def joined(*parts: Text | str) -> Text:
    """Return each row's parts one after the other; an empty cell makes the whole cell empty."""
    arrays = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    text: Text = pc.binary_join_element_wise(*arrays, "")
    return text


def taken(words: Text, rows: Ints) -> Text:
    """Return the words at the given places."""
    return words.take(rows)


def either(first: Bools, text: Text, other: Text) -> Text:
    """Return `text` in the rows marked `first`, and `other` in the rest."""
    mixed: Text = pc.if_else(pa.array(first), text, other)
    return mixed


def capitalised(text: Text) -> Text:
    """Return the cells with a capital first letter."""
    upper: Text = pc.utf8_capitalize(text)
    return upper


def shouted(text: Text) -> Text:
    """Return the cells in capitals."""
    upper: Text = pc.utf8_upper(text)
    return upper


def padded(numbers: Ints, width: int) -> Text:
    """Return whole numbers as text, with zeros in front."""
    text: Text = pc.utf8_lpad(whole(numbers), width, "0")
    return text


def picked(words: Sequence[str], codes: Ints, shown: Bools | None = None) -> Text:
    """Return the word at each code; a negative code, or a row not `shown`, is an empty cell."""
    gone = codes < 0 if shown is None else (codes < 0) | ~shown
    return pa.array(words, pa.string()).take(pa.array(codes, pa.int64(), mask=gone))


def identifiers(prefix: str, numbers: Ints, width: int) -> Text:
    """Return identifiers such as `0065g0000000000042`; a negative number is an empty cell."""
    return hidden(joined(prefix, padded(numbers, width)), numbers < 0)


def whole(numbers: Ints | Floats) -> Text:
    """Return whole numbers as text."""
    text: Text = pc.cast(pa.array(np.asarray(numbers).astype(np.int64)), pa.string())
    return text


def amounts(numbers: Floats) -> Text:
    """Return amounts with two decimals and a point."""
    cents = np.rint(numbers * 100).astype(np.int64)
    return joined(whole(cents // 100), ".", padded(cents % 100, 2))


def millions(numbers: Floats) -> Text:
    """Return amounts in a short form such as `$12.5M`; the smallest is `$0.1M`."""
    tenths = np.maximum(np.rint(numbers / 1e5).astype(np.int64), 1)
    return joined("$", whole(tenths // 10), ".", whole(tenths % 10), "M")


def days_text(days: Ints, pattern: str = _ISO, shown: Bools | None = None) -> Text:
    """Return dates as text in a `strftime` pattern; rows not `shown` are empty cells."""
    keep = np.ones(len(days), dtype=np.bool_) if shown is None else shown
    if not keep.any():
        return pa.nulls(len(days), pa.string())
    first, last = int(days[keep].min()), int(days[keep].max())
    every = pa.array(np.arange(first, last + 1), pa.int32()).cast(pa.date32())
    words: Text = pc.strftime(every.cast(pa.timestamp("s")), format=pattern)
    return words.take(pa.array(days - first, pa.int64(), mask=~keep))


def with_times(days: Text, detail: Ints, joint: str = " ", end: str = "") -> Text:
    """Return dates with an office hour and a minute behind them."""
    return joined(days, joint, padded(8 + detail % 10, 2), ":", padded(detail // 10 % 60, 2), end)


def lists(words: Sequence[str], chosen: npt.NDArray[np.bool_], joint: str) -> Text:
    """Return the chosen words of each row in one cell; a row with none is an empty cell."""
    codes = np.nonzero(chosen)[1]
    offsets = np.r_[0, np.cumsum(chosen.sum(axis=1))].astype(np.int32)
    cells = pa.ListArray.from_arrays(offsets, taken(pa.array(words, pa.string()), codes))
    return hidden(pc.binary_join(cells, joint), chosen.sum(axis=1) == 0)


def hidden(text: Text, rows: Bools) -> Text:
    """Return the cells with some of them empty."""
    left: Text = pc.if_else(pa.array(rows), pa.scalar(None, pa.string()), text)
    return left


def replaced(text: Text, rows: Bools, words: Sequence[str], codes: Ints) -> Text:
    """Return the cells with some of them overwritten by one of the words."""
    other = taken(pa.array(words, pa.string()), codes % len(words))
    return either(rows, other, text)


def smudged(random: np.random.Generator, text: Text, rate: float, words: Sequence[str]) -> Text:
    """Return the cells with a share of them overwritten by one of the words, at random."""
    rows = random.random(len(text)) < rate
    return replaced(text, rows, words, random.integers(0, 2**20, len(text)))


def worn(random: np.random.Generator, text: Text, dirt: Dirt) -> Text:
    """Return the cells with a share of them empty, and a share of words that mean empty."""
    gone = random.random(len(text)) < dirt.empty_cell
    return hidden(smudged(random, text, dirt.missing_word, MISSING_WORDS), gone)


def dated(random: np.random.Generator, text: Text, dirt: Dirt, pattern: str = _ISO) -> Text:
    """Return the dates with a share of them impossible."""
    there = np.asarray(pc.is_valid(text))
    rows = (random.random(len(text)) < dirt.impossible_date) & there
    return replaced(text, rows, IMPOSSIBLE[pattern], random.integers(0, 2**20, len(text)))


def with_repeats(random: np.random.Generator, table: pa.Table, rate: float) -> pa.Table:
    """Return the table with a share of its rows written twice."""
    again = np.flatnonzero(random.random(len(table)) < rate)
    return table.take(np.sort(np.r_[np.arange(len(table)), again]))


def overwritten(text: Text, rows: Ints, words: Sequence[str]) -> Text:
    """Return the cells with those at `rows`, in ascending order, replaced by the words."""
    mask = np.zeros(len(text), dtype=np.bool_)
    mask[rows] = True
    new: Text = pc.replace_with_mask(text, pa.array(mask), pa.array(words, pa.string()))
    return new
