"""How a column writes its values, read off the shapes of all its cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bullseye.definitions.field import FieldType
from bullseye.definitions.source import DecimalMark
from bullseye.warehouse.numbers import DIGITS, GROUPS

_PLAIN = re.compile(r"^-?[0-9]+$")


@dataclass
class _Votes:
    point: int = 0
    comma: int = 0
    either_point: int = 0  # "1.234": grouped, or three decimals
    either_comma: int = 0
    long_plain: int = 0  # "1234": written without groups


def settle_decimals(shapes: Mapping[str, int], kind: FieldType) -> tuple[DecimalMark, str]:
    """Return the decimal mark of a column and a note on why, "" where it is plain.

    Parameters
    ----------
    shapes
        The column's cells, or their shapes with every digit but a leading zero made a 9,
        and how many rows have each.
    kind
        Type of the field. Where every mark stands before exactly three digits, a comma groups;
        a point groups in a COUNT, and in MONEY if no number above 999 is written without one.

    Examples
    --------
    >>> settle_decimals({"9.999,99": 3, "9.999": 5}, FieldType.MONEY)[0]
    <DecimalMark.COMMA: 'comma'>
    """
    votes = _Votes()
    for shape, rows in shapes.items():
        for run in DIGITS.findall(shape):
            _vote(votes, re.sub(r"[^0-9.,]", "", run), rows)
    if votes.point or votes.comma:
        mark = DecimalMark.COMMA if votes.comma > votes.point else DecimalMark.POINT
        odd = min(votes.point, votes.comma)
        against = f", against {odd:,} of its values" if odd else ""
        return mark, f"decimal {mark}{against}" if odd or mark is DecimalMark.COMMA else ""
    grouping = kind is FieldType.COUNT or (kind is FieldType.MONEY and not votes.long_plain)
    if votes.either_point and not votes.either_comma and grouping:
        return DecimalMark.COMMA, "points are read as marks of thousands"
    return DecimalMark.POINT, ""


def _vote(votes: _Votes, run: str, rows: int) -> None:
    points, commas = run.count("."), run.count(",")
    if points and commas:
        if run.rfind(".") > run.rfind(","):
            votes.point += rows
        else:
            votes.comma += rows
    elif points + commas == 0:
        votes.long_plain += rows * (len(run) > _GROUP and bool(_PLAIN.match(run)))
    elif points + commas > 1:  # several of one mark can only group
        votes.comma += rows * bool(points)
        votes.point += rows * bool(commas)
    else:
        _vote_on_one(votes, run, rows)


_GROUP: Final = 3


def _vote_on_one(votes: _Votes, run: str, rows: int) -> None:
    mark = "." if "." in run else ","
    either = bool(GROUPS[mark].match(run)) and not run.startswith("0")
    name = ("either_" if either else "") + ("point" if mark == "." else "comma")
    setattr(votes, name, getattr(votes, name) + rows)
