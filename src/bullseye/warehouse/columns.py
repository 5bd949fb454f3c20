"""One column of a file on its way to one field: its style, its plain cells, its odd cells."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bullseye.definitions.field import STANDARD_FIELDS, Field, FieldType
from bullseye.definitions.source import DecimalMark, Source
from bullseye.warehouse.casts import SQL_TYPES, Cast, cast
from bullseye.warehouse.cells import MISSING_WORDS, Bad, Cell, Known, Style
from bullseye.warehouse.currencies import header_unit
from bullseye.warehouse.date_styles import settle_dates
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.lists import settle_separator
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.spellings import MOST_CATEGORIES, common_spellings
from bullseye.warehouse.styles import settle_decimals
from bullseye.warehouse.survey import Survey, surveys
from bullseye.warehouse.values import parse

_LONGEST_CATEGORY = 100_000
_FEW_LISTS = 100_000
_MOST_SHARE = 1.5


@dataclass(frozen=True)
class Reading:
    """How one column is read into one field.

    `cell` is the column's quoted name in the staged rows; `lookup` names the table of odd cells
    (cell, value, doubt, reason) that were read in Python, None where every cell is plain;
    `has_odd` says whether there can be any.
    """

    field: Field
    header: str
    cell: str
    style: Style
    cast: Cast
    survey: Survey
    has_odd: bool = True
    lookup: str | None = None
    has_faults: bool = False
    has_doubts: bool = False
    note: str = ""


@dataclass(frozen=True)
class Staged:
    """A file's rows as text: a table with row_no and one VARCHAR column per file column."""

    scratch: Scratch
    table: str

    def rows(self, select: str, cell: str, where: str = "true") -> list[tuple[object, ...]]:
        """Return `select` over the rows whose `cell` says something and fulfils `where`."""
        sql = f"SELECT {select} FROM {self.table} WHERE {cell} IS NOT NULL AND {where}"
        return self.scratch.rows(sql)


def readings(
    staged: Staged,
    source: Source,
    cells: Mapping[str, str],
    base: Style,
    known_spellings: Mapping[str, Collection[str]],
) -> tuple[Reading, ...]:
    """Settle and read every mapped column that the file has.

    Parameters
    ----------
    staged
        The file's rows.
    source
        Which column fills which field.
    cells
        Field: quoted name of its column among the staged rows.
    base
        What all columns share: day of the import, currency, rates.
    known_spellings
        Field: spellings of categories the workspace has already.

    Raises
    ------
    Question
        A column of dates has two readings.
    """
    fields = {field.name: field for field in source.fields}
    named = {each.name for each in STANDARD_FIELDS[source.table]}
    begun = [
        _begun(
            _as_domain(fields[name], cells),
            source.columns[name].column,
            cell,
            base,
            is_standard=name in named,
        )
        for name, cell in cells.items()
    ]
    columns = [(each.field, each.cell, each.style) for each in begun]
    found = surveys(staged.scratch, staged.table, columns)
    settled = [
        _settled(staged, each, source.columns[each.field.name].decimals, survey)
        for each, survey in zip(begun, found, strict=True)
    ]
    return tuple(
        _with_lookup(staged, each, known_spellings.get(each.field.name, ()))
        for each in _with_dates(staged, settled, source)
    )


def _as_domain(field: Field, cells: Mapping[str, str]) -> Field:
    """Return the key as a domain where a column of domains doubles as the key."""
    is_domain = field.type is FieldType.ID and cells[field.name] == cells.get("domain")
    return field._replace(type=FieldType.DOMAIN) if is_domain else field


def _begun(field: Field, header: str, cell: str, base: Style, *, is_standard: bool) -> Reading:
    style, note = base, ""
    if is_standard and field.type in {FieldType.MONEY, FieldType.COUNT}:
        style, note = _header_style(field, header, base)
    return Reading(field, header, cell, style, cast(field.type, cell, style), Survey(), note=note)


def _settled(
    staged: Staged, begun: Reading, decimals: DecimalMark | None, survey: Survey
) -> Reading:
    style, notes = begun.style, [begun.note]
    match begun.field.type:
        case FieldType.COUNT | FieldType.NUMBER | FieldType.MONEY | FieldType.SHARE as kind:
            mark, why = _decimals(staged, begun, decimals, survey)
            percents = kind is FieldType.SHARE and survey.most > _MOST_SHARE
            style = replace(style, decimals=mark, percents=percents)
            notes += [why, "bare numbers are read as percent" if percents else ""]
        case FieldType.LIST:
            style = replace(style, separator=_separator(staged, begun.cell))
        case FieldType.ID if survey.damaged_ids and _are_excel_ids(staged, begun.cell):
            style = replace(style, excel_ids=True)
            notes.append('".0" is taken off every identifier')
        case _:
            pass
    note = "; ".join(filter(None, notes))
    kind_cast = cast(begun.field.type, begun.cell, style)
    has_odd = survey.odd > 0 or kind_cast != begun.cast
    return replace(begun, style=style, cast=kind_cast, survey=survey, has_odd=has_odd, note=note)


def _header_style(field: Field, header: str, style: Style) -> tuple[Style, str]:
    currency, scale = header_unit(header, style.currency)
    if field.type is FieldType.COUNT:
        currency = None
    note = f"in {currency or style.currency}, times {scale:,}" if scale != 1 else ""
    return replace(style, column_currency=currency, scale=scale), note


def _decimals(
    staged: Staged, begun: Reading, given: DecimalMark | None, survey: Survey
) -> tuple[DecimalMark, str]:
    if given:
        return given, ""
    cell = begun.cell
    telling = f"contains({cell}, '.') AND NOT left(right({cell}, 4), 1) = '.'"
    if not survey.odd and (not survey.points or _any(staged, cell, telling)):
        return DecimalMark.POINT, ""  # plain figures, and no point that could group
    shape = (
        f"if(starts_with({cell}, '0'), '0' || translate(substr({cell}, 2, 60), '012345678', "
        f"'999999999'), translate(left({cell}, 60), '012345678', '999999999'))"
    )
    found = staged.rows(f"{shape} AS shape, count(*)", cell, "true GROUP BY 1")
    shapes = {str(shape): int(str(rows)) for shape, rows in found}
    return settle_decimals(shapes, begun.field.type)


def _separator(staged: Staged, cell: str) -> str | None:
    bare = f"NOT starts_with(ltrim({cell}), '[')"
    for sign in (";", "|", "\n"):
        if _any(staged, cell, f"contains({cell}, {DUCKDB.literal(sign)}) AND {bare}"):
            return sign
    found = staged.rows(f"DISTINCT {cell}", cell, f"contains({cell}, ',') ORDER BY 1 LIMIT 20000")
    return settle_separator(str(text) for (text,) in found)


def _are_excel_ids(staged: Staged, cell: str) -> bool:
    damaged = f"regexp_full_match({cell}, '[0-9]+[.]0')"
    words = ", ".join(map(DUCKDB.literal, sorted(MISSING_WORDS)))
    return not _any(staged, cell, f"NOT {damaged} AND lower(trim({cell})) NOT IN ({words})")


def _any(staged: Staged, cell: str, where: str) -> bool:
    return bool(staged.rows("1", cell, f"{where} LIMIT 1"))


def _with_dates(staged: Staged, settled: list[Reading], source: Source) -> list[Reading]:
    """Settle all columns of dates together, since one may settle another."""
    dates = {each.header: each for each in settled if each.field.type is FieldType.DATE}
    odd = {header: list(_odd_cells(staged, each)) for header, each in dates.items()}
    given = {column.column: column.dates for column in source.columns.values() if column.dates}
    styles = settle_dates(odd, given)
    return [
        replace(
            each,
            style=replace(
                each.style,
                date_order=styles[each.header].order,
                numerals=styles[each.header].numerals,
            ),
            note=styles[each.header].note,
        )
        if each.field.type is FieldType.DATE
        else each
        for each in settled
    ]


def _odd_cells(staged: Staged, reading: Reading) -> Iterator[str]:
    if not reading.has_odd:
        return
    cell, where = reading.cell, f"({reading.cast.is_plain}) IS NOT TRUE"
    yield from (str(text) for (text,) in staged.rows(f"DISTINCT {cell}", cell, where))


def _with_lookup(staged: Staged, reading: Reading, known: Collection[str]) -> Reading:
    note = reading.note
    is_repeated = reading.field.type is FieldType.LIST and reading.survey.distinct <= _FEW_LISTS
    if is_repeated:  # lists are slow to look at, and mostly the same few
        select = f"SELECT DISTINCT {reading.cell} FROM {staged.table}"
        staged = replace(staged, table=staged.scratch.table(select))
    categories = _categories(staged, reading)
    if categories is None:
        parsed: Iterable[tuple[str, Cell]] = (
            (text, parse(reading.field.type, text, reading.style))
            for text in _odd_cells(staged, reading)
        )
    else:
        unified, changed = common_spellings(categories, known)
        parsed = [(text, cell) for text, cell in unified.items() if cell != Known(text)]
        if changed:
            note = f"{changed:,} spellings were made one with a more frequent one"
    stored = SQL_TYPES[reading.field.type]
    columns = {"cell": "VARCHAR", "value": stored, "doubt": "VARCHAR", "reason": "VARCHAR"}
    scratch = staged.scratch
    lookup = scratch.filled(columns, (_lookup_row(text, cell) for text, cell in parsed))
    if lookup is None:
        return replace(reading, note=note)
    counted = scratch.rows(f"SELECT count(reason), count(doubt) FROM {lookup}")
    faults, doubts = (int(str(each)) for each in counted[0])
    return replace(reading, lookup=lookup, has_faults=faults > 0, has_doubts=doubts > 0, note=note)


def _categories(staged: Staged, reading: Reading) -> Mapping[str, int] | None:
    """Return the cells of a column of categories and how often each occurs; None if it is none."""
    if reading.field.type is not FieldType.TEXT:
        return None
    survey = reading.survey
    if survey.distinct > MOST_CATEGORIES * 2 or survey.longest > _LONGEST_CATEGORY:
        return None
    found = staged.rows(f"{reading.cell}, count(*)", reading.cell, "true GROUP BY 1")
    return {str(t): int(str(n)) for t, n in found} if len(found) <= MOST_CATEGORIES else None


def _lookup_row(text: str, cell: Cell) -> tuple[str, object, str | None, str | None]:
    match cell:
        case Known(value, doubt):
            return text, value, doubt or None, None
        case Bad(reason):
            return text, None, None, reason
        case _:
            return text, None, None, None
