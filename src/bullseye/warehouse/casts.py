"""The SQL that types the plain cells of a column, so that only the others reach Python."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bullseye.definitions.field import FieldType
from bullseye.definitions.source import DecimalMark
from bullseye.warehouse.cells import MISSING_WORDS, Style
from bullseye.warehouse.dates import FIRST_YEAR, HORIZON
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.lists import MAY_BE_LEGAL
from bullseye.warehouse.values import LONGEST, LONGEST_WORD, NO, SHARED_HOSTS, YES

SQL_TYPES = {
    FieldType.ID: "VARCHAR",
    FieldType.TEXT: "VARCHAR",
    FieldType.COUNTRY: "VARCHAR",
    FieldType.DOMAIN: "VARCHAR",
    FieldType.COUNT: "BIGINT",
    FieldType.YEAR: "INTEGER",
    FieldType.NUMBER: "DOUBLE",
    FieldType.MONEY: "DECIMAL(18,2)",
    FieldType.SHARE: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.FLAG: "BOOLEAN",
    FieldType.LIST: "VARCHAR[]",
}
"""How each type of field is stored."""

_DIRTY = "[^ -~]|  |^ | $"
"""What clean ASCII text has none of: other signs, double blanks, blanks at the ends."""

_MISSING = "|".join(re.escape(word) for word in sorted(MISSING_WORDS) if word.isascii() and word)
_NO_TEXT = DUCKDB.literal(f"{_DIRTY}|^(?i:{_MISSING})$")
"""Finds text that is dirty or says that nothing is known: one pass over a cell for both."""


@dataclass(frozen=True)
class Cast:
    """SQL over one column: `value` is right wherever `is_plain` is true.

    Both agree with `bullseye.warehouse.values.parse`; where `is_plain` is false or null the
    cell is for that parser to read.
    """

    is_plain: str
    value: str


def cast(kind: FieldType, cell: str, style: Style) -> Cast:
    """Return how the plain cells of the column `cell` (a quoted name) are typed in SQL."""
    match kind:
        case FieldType.TEXT | FieldType.ID:
            return _text(kind, cell, style)
        case FieldType.COUNT | FieldType.YEAR:
            return _whole(kind, cell, style)
        case FieldType.NUMBER | FieldType.MONEY | FieldType.SHARE:
            return _fraction(kind, cell, style)
        case FieldType.DATE:
            return _date(cell, style)
        case FieldType.FLAG:
            return _flag(cell)
        case FieldType.DOMAIN:
            return _domain(cell)
        case FieldType.LIST if style.separator in {";", "|", ","}:
            return _list(cell, style.separator)
        case FieldType.COUNTRY | FieldType.LIST:
            return Cast("false", f"CAST(NULL AS {SQL_TYPES[kind]})")


def word_set(words: Iterable[str]) -> str:
    """Return what may stand after IN to look words up in a hash table, not one by one."""
    return f"(SELECT unnest([{', '.join(map(DUCKDB.literal, sorted(words)))}]))"


def _text(kind: FieldType, cell: str, style: Style) -> Cast:
    fits = f"strlen({cell}) <= {LONGEST.get(kind, LONGEST_WORD)}"
    damaged = f" AND NOT ends_with({cell}, '.0')" if style.excel_ids else ""
    plain = f"NOT regexp_matches({cell}, {_NO_TEXT}) AND {fits}{damaged}"
    return Cast(plain, cell)


def _whole(kind: FieldType, cell: str, style: Style) -> Cast:
    value = f"TRY_CAST({cell} AS BIGINT)"
    most = style.as_of.year + 1 if kind is FieldType.YEAR else 10**12
    least = 1000 if kind is FieldType.YEAR else 0
    plain = f"{value}::VARCHAR = {cell} AND {value} BETWEEN {least} AND {most}"
    scaled = f"{value} * {style.scale}" if style.scale != 1 else value
    return Cast(
        plain if style.scale == 1 else f"{plain} AND {scaled} <= {most}",
        f"TRY_CAST({scaled} AS {SQL_TYPES[kind]})",
    )


def _fraction(kind: FieldType, cell: str, style: Style) -> Cast:
    stored = SQL_TYPES[kind]
    converted = style.column_currency not in {None, style.currency} or style.scale != 1
    if converted or style.percents:
        return Cast("false", f"CAST(NULL AS {stored})")
    sign = "[$]?" if kind is FieldType.MONEY and style.currency == "USD" else ""
    group, mark = (r"\.", ",") if style.decimals is DecimalMark.COMMA else (",", r"\.")
    whole = rf"(?:[0-9]{{1,15}}|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}}){{1,4}})"
    plain = f"regexp_full_match({cell}, '-?{sign}{whole}(?:{mark}[0-9]+)?')"
    if style.decimals is DecimalMark.COMMA:
        digits = f"translate({cell}, ',.$', '.')"
        return Cast(plain, f"TRY_CAST({digits} AS {stored})")
    bare = f"TRY_CAST({cell} AS {stored})"
    return Cast(plain, f"coalesce({bare}, TRY_CAST(translate({cell}, '$,', '') AS {stored}))")


def _date(cell: str, style: Style) -> Cast:
    day = f"TRY_CAST(left({cell}, 10) AS DATE)"
    stamp = f"TRY_CAST({cell} AS TIMESTAMP)::VARCHAR"
    iso = (
        f"CASE strlen({cell}) WHEN 10 THEN TRY_CAST({cell} AS DATE)::VARCHAR = {cell} "
        f"WHEN 19 THEN {stamp} = replace({cell}, 'T', ' ') ELSE false END"
    )
    years = f"{cell} >= '{FIRST_YEAR}' AND {cell} < '{style.as_of.year + HORIZON + 1}'"
    return Cast(f"{years} AND {iso}", day)


def _flag(cell: str) -> Cast:
    word = f"lower({cell})"
    return Cast(f"{word} IN {word_set(YES | NO)}", f"{word} IN {word_set(YES)}")


def _list(cell: str, separator: str) -> Cast:
    """Split lists of plain items; empty, repeated or missing ones are for the parser."""
    sign = DUCKDB.literal(separator)
    tight = f"replace(replace({cell}, '{separator} ', {sign}), ' {separator}', {sign})"
    folded = f"string_split(lower({tight}), {sign})"
    between = re.escape(separator)
    missing = f"(?:^|{between}) ?(?i:{_MISSING})? ?(?:{between}|$)"
    dirty = DUCKDB.literal(rf"{_DIRTY}|[\[\]{{}}\"]|{missing}")
    conditions = [
        f"NOT regexp_matches({cell}, {dirty})",
        f"strlen({cell}) <= {LONGEST[FieldType.LIST]}",
        f"len(list_distinct({folded})) = len({folded})",
    ]
    own = f"contains({cell}, {sign}) OR NOT regexp_matches({cell}, '[;|,\\n]')"
    conditions.append(f"({own})")  # a cell with another sign only is for the parser
    if separator == ",":
        conditions.append(f"NOT regexp_matches(lower({tight}), {DUCKDB.literal(MAY_BE_LEGAL)})")
    return Cast(" AND ".join(conditions), f"string_split({tight}, {sign})")


def _domain(cell: str) -> Cast:
    usual = r"'(?:[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\.){1,3}[a-z]{2,20}'"
    return Cast(
        f"regexp_full_match({cell}, {usual}) AND NOT starts_with({cell}, 'www.')"
        f" AND {cell} NOT IN {word_set(SHARED_HOSTS)}",
        cell,
    )
