"""Answers as Arrow tables: typed by their contracts, so that an empty one has its columns too."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

import pyarrow as pa

_TYPES: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: pa.timestamp("us", "UTC"),
    date: pa.date32(),
}


def table_of(kind: type, rows: Sequence[Any], **before: Sequence[str]) -> pa.Table:
    """Return rows of the dataclass `kind` as a table, columns as its fields.

    Parameters
    ----------
    kind
        A dataclass of plain values; fields of any other type are left out.
    rows
        Its instances, one per row; None is unknown.
    before
        Columns of text that stand before its fields, one value per row.

    Examples
    --------
    >>> from dataclasses import make_dataclass
    >>> table_of(make_dataclass("Size", [("n", int), ("of", str | None)]), []).schema.names
    ['n', 'of']
    """
    hints = get_type_hints(kind)
    kinds = {f.name: _type(hints[f.name]) for f in fields(kind)}
    typed = {name: found for name, found in kinds.items() if found is not None}
    schema = pa.schema([*((name, pa.string()) for name in before), *typed.items()])
    own = {name: [_plain(getattr(row, name)) for row in rows] for name in typed}
    return pa.table({**{name: list(said) for name, said in before.items()}, **own}, schema)


def _type(hint: Any) -> pa.DataType | None:
    """Return the Arrow type of a field, None where it is no plain value."""
    known = [each for each in get_args(hint) or (hint,) if each is not NoneType]
    if len(known) != 1 or not isinstance(known[0], type):
        return None
    if issubclass(known[0], str):
        return pa.string()
    return _TYPES.get(known[0])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
