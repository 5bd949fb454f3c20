"""A customer's columns onto our fields: proposed with a confidence, shown, and kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from duckdb import DuckDBPyConnection

from bullseye.definitions.field import (
    KEYS,
    ROW_FIELDS,
    STANDARD_FIELDS,
    Field,
    FieldType,
    TableName,
)
from bullseye.definitions.source import Column, Source
from bullseye.errors import InputError, UnknownName
from bullseye.warehouse.headers import field_name, words
from bullseye.warehouse.intake import needed_fields
from bullseye.warehouse.likeness import Known, Likeness, likenesses, look_alikes
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.shapes import inferred_type, present_cells, unique_share
from bullseye.warehouse.typed import ROW_NUMBER

SURE_ENOUGH = 0.5
"""Confidence from which a column is mapped without being asked about."""

_DOUBLING = 0.6
_MOSTLY_UNIQUE = 0.8
_IDENTIFIERS = frozenset(
    {"id", "ids", "nr", "no", "number", "nummer", "key", "code", "uuid", "guid"}
    | {"numéro", "número", "numero"}
)


@dataclass(frozen=True)
class ColumnSample:
    """Some cells of one column, as the file has them; `is_empty` if all rows have none."""

    column: str
    cells: tuple[str | None, ...]
    is_empty: bool = False


@dataclass(frozen=True)
class Match:
    """One field and the column proposed for it; `confidence` 0-1, `why` for display."""

    field: str
    type: FieldType
    column: str
    confidence: float
    why: str
    is_own: bool = False


@dataclass(frozen=True)
class Proposal:
    """How the columns of one file may fill one table.

    `matches` are in the order of the table's fields, the customer's own fields last. `ignored`
    are columns without a single value. `doubtful` are the next best columns for needed fields
    that have none.
    """

    table: TableName
    matches: tuple[Match, ...]
    ignored: tuple[str, ...] = ()
    doubtful: tuple[Match, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields without which no row can be kept, and that have no column."""
        given = {match.field for match in self.matches}
        return tuple(name for name in needed_fields(self.table) if name not in given)


def _blank(scratch: Scratch, table: str, names: Sequence[str]) -> list[str]:
    """Return the columns that have no value in any row of `table`."""
    counts = ", ".join(f"count(nullif(trim({name}), ''))" for name in names)
    found = scratch.rows(f"SELECT {counts} FROM {table}")[0]
    return [name for name, count in zip(names, found, strict=True) if not int(str(count))]


def samples(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], rows: int = 2000
) -> tuple[ColumnSample, ...]:
    """Return some cells of every column, and which columns are empty in all rows.

    Of `rows` rows half are the first, the others are spread over the file; columns empty in all
    of them are looked for in the whole file. The same file gives the same sample.

    Parameters
    ----------
    connection
        The engine.
    table
        What to select row_no and VARCHAR columns c0 … cN from.
    columns
        The file's headers, in the order of c0 … cN.
    rows
        How many rows to look at, more where a column is rarely filled.
    """
    if not columns:
        return ()
    names = [f'"c{i}"' for i in range(len(columns))]
    listed = ", ".join(names)
    shuffled = f"{ROW_NUMBER} * 2654435761 % 4294967296"  # Knuth's multiplicative hash
    with Scratch(connection) as scratch:
        chosen = scratch.table(  # numbers first: sorting whole rows costs three times as much
            f"SELECT {ROW_NUMBER} FROM {table} "
            f"ORDER BY {ROW_NUMBER} > {rows // 2}, {shuffled} LIMIT {rows}"
        )
        staged = scratch.table(
            f"SELECT {ROW_NUMBER}, {listed} FROM {table} SEMI JOIN {chosen} USING ({ROW_NUMBER})"
        )
        blank = _blank(scratch, staged, names)
        if blank:  # rare values must not pass for none
            some = " OR ".join(f"{name} <> ''" for name in blank)
            staged = scratch.table(
                f"SELECT * FROM {staged} UNION ALL (SELECT {ROW_NUMBER}, {listed} "
                f"FROM {table} WHERE {some} ORDER BY {ROW_NUMBER} LIMIT {rows})"
            )
        found = scratch.rows(f"SELECT {listed} FROM {staged} ORDER BY {ROW_NUMBER}")
        empty = _blank(scratch, staged, names)
    cells = list(zip(*found, strict=True)) if found else [()] * len(columns)
    return tuple(
        ColumnSample(header, tuple(None if c is None else str(c) for c in column), name in empty)
        for header, column, name in zip(columns, cells, names, strict=True)
    )


def propose(
    table: TableName,
    sampled: Sequence[ColumnSample],
    known: Sequence[Known],
    *,
    prefixes: Sequence[str] = (),
    suffixes: Sequence[str] = (),
    overrides: Mapping[str, str] | None = None,
) -> Proposal:
    """Propose which column fills which field.

    Parameters
    ----------
    table
        The table to fill.
    sampled
        The file's columns with some of their cells.
    known
        (field, column name, origin) in general use and of vendors, best first; a field that is
        not standard is one of the customer's own, a flag.
    prefixes, suffixes
        What vendors' tools write around names.
    overrides
        Field: column, as a person says; they win, with confidence 1.

    Raises
    ------
    UnknownName
        An override names a column the file does not have.
    """
    said = _checked(overrides or {}, [each.column for each in sampled])
    cells = {each.column: present_cells(each.cells) for each in sampled if not each.is_empty}
    free = [c for c in cells if c not in said.values()]
    fields = [f for f in (*STANDARD_FIELDS[table], *ROW_FIELDS) if f.name not in said]
    fields += _vendor_flags(table, known, said)
    named = [
        likeness
        for column in free
        for likeness in likenesses(
            fields, column, cells[column], known, prefixes, suffixes, key=KEYS[table]
        )
    ]
    best = _assigned(named)
    best += _assigned(look_alikes(fields, {c: cells[c] for c in free}, best), best)
    matches = [_match(each) for each in best if each.confidence >= SURE_ENOUGH]
    matches += [_said(table, f, c, cells.get(c, []), prefixes, suffixes) for f, c in said.items()]
    matches = _with_key(table, matches, cells)
    matches += _named_by_key(table, matches, said, known, prefixes, suffixes)
    used = {match.column for match in matches}
    rest = [column for column in cells if column not in used]
    matches += _own(table, rest, cells, matches, prefixes, suffixes)
    order = [field.name for field in STANDARD_FIELDS[table]]
    matches.sort(key=lambda m: (m.is_own, order.index(m.field) if m.field in order else len(order)))
    proposal = Proposal(table, tuple(matches), tuple(e.column for e in sampled if e.is_empty))
    wanted = [each for each in named if each.field.name in proposal.missing]
    doubtful = sorted(wanted, key=lambda each: -each.confidence)[:5]
    return replace(proposal, doubtful=tuple(map(_match, doubtful)))


def _checked(overrides: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    folded = {column.casefold().strip(): column for column in reversed(columns)}
    said = {}
    for field, column in overrides.items():
        actual = column if column in columns else folded.get(column.casefold().strip())
        if actual is None:
            raise UnknownName("column", column, columns)
        said[field] = actual
    return said


def _vendor_flags(table: TableName, known: Sequence[Known], said: Collection[str]) -> list[Field]:
    standard = {field.name for field in (*STANDARD_FIELDS[table], *ROW_FIELDS)}
    names = dict.fromkeys(name for name, *_ in known if name not in standard and name not in said)
    return [Field(name, FieldType.FLAG, name.replace("_", " ").capitalize()) for name in names]


def _assigned(found: Iterable[Likeness], before: Iterable[Likeness] = ()) -> list[Likeness]:
    """Give each field its likeliest column and each column to one field only."""
    fields = {each.field.name for each in before}
    columns = {each.column for each in before}
    chosen = []
    for each in sorted(found, key=lambda likeness: -likeness.confidence):
        if each.field.name not in fields and each.column not in columns:
            fields.add(each.field.name)
            columns.add(each.column)
            chosen.append(each)
    return chosen


def _match(each: Likeness) -> Match:
    own = each.field.type is FieldType.FLAG and each.field.name in {"is_won", "is_closed"}
    confidence = round(each.confidence, 2)
    return Match(each.field.name, each.field.type, each.column, confidence, each.why, own)


def _said(
    table: TableName,
    field: str,
    column: str,
    cells: Sequence[str],
    prefixes: Sequence[str],
    suffixes: Sequence[str],
) -> Match:
    standard = {each.name: each for each in (*STANDARD_FIELDS[table], *ROW_FIELDS)}
    if field in standard:
        return Match(field, standard[field].type, column, 1.0, "you said so")
    kind = inferred_type(words(column, prefixes, suffixes), cells)
    return Match(field, kind, column, 1.0, "you said so", is_own=True)


def _with_key(
    table: TableName, matches: list[Match], cells: Mapping[str, Sequence[str]]
) -> list[Match]:
    """Find what names an account where no column is known to: an identifier, a name, a domain."""
    given = {match.field: match for match in matches}
    if table is not TableName.ACCOUNTS or KEYS[table] in given:
        return matches
    used = {match.column for match in matches}
    for column in cells:
        if column not in used and _names_rows(column, cells[column]):
            why = "its name says identifier and no value repeats often"
            return [*matches, Match(KEYS[table], FieldType.ID, column, _DOUBLING, why)]
    for stand_in in ("name", "domain"):
        match = given.get(stand_in)
        if match:
            unique = unique_share(cells.get(match.column, []))
            why = f"no column of identifiers: the {stand_in} names the account"
            confidence = round(min(match.confidence, _DOUBLING) * (1.0 if unique > 0.5 else 0.9), 2)
            return [*matches, Match(KEYS[table], FieldType.ID, match.column, confidence, why)]
    return matches


def _named_by_key(
    table: TableName,
    matches: Sequence[Match],
    said: Mapping[str, str],
    known: Sequence[Known],
    prefixes: Sequence[str],
    suffixes: Sequence[str],
) -> list[Match]:
    """Keep an account's name where a person says that its column is the identifier too."""
    column = said.get(KEYS[table])
    if table is not TableName.ACCOUNTS or not column or "name" in {m.field for m in matches}:
        return []
    names = [field for field in STANDARD_FIELDS[table] if field.name == "name"]
    found = likenesses(names, column, [], known, prefixes, suffixes, key=KEYS[table])
    return [_match(each) for each in found if each.confidence >= SURE_ENOUGH]


def _names_rows(column: str, cells: Sequence[str]) -> bool:
    """Whether a column looks like the file's own identifier."""
    said = _IDENTIFIERS & set(words(column))
    return bool(said and cells) and unique_share(cells) > _MOSTLY_UNIQUE


def _own(
    table: TableName,
    columns: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    matches: Sequence[Match],
    prefixes: Sequence[str],
    suffixes: Sequence[str],
) -> list[Match]:
    taken = {field.name for field in (*STANDARD_FIELDS[table], *ROW_FIELDS)} | {ROW_NUMBER}
    taken |= {match.field for match in matches}
    own = []
    for number, column in enumerate(columns, start=1):
        parts = words(column, prefixes, suffixes)
        name = field_name(parts, taken, number)
        taken.add(name)
        kind = inferred_type(parts, cells[column])
        own.append(Match(name, kind, column, 1.0, "a field of your own", is_own=True))
    return own


def to_source(
    proposal: Proposal,
    *,
    name: str,
    owner: str,
    review_by: date,
    review_when: tuple[str, ...],
    files: tuple[str, ...] = (),
    describes: str = "CRM",
    constants: Mapping[str, str] | None = None,
) -> Source:
    """Write a proposal down as a source the team can read, correct and keep.

    Raises
    ------
    InputError
        A field without which no row can be kept has neither a column nor a constant.
    """
    given = constants or {}
    missing = [field for field in proposal.missing if field not in given]
    if missing:
        raise _no_column(proposal, missing[0])
    return Source(
        name=name,
        owner=owner,
        review_by=review_by,
        review_when=review_when,
        table=proposal.table,
        files=files,
        describes=describes,
        columns={
            match.field: Column(column=match.column, type=match.type if match.is_own else None)
            for match in proposal.matches
            if match.field not in given
        },
        ignore=proposal.ignored,
        constants=dict(given),
    )


def _no_column(proposal: Proposal, field: str) -> InputError:
    near = [match.column for match in proposal.doubtful if match.field == field]
    others = [match.column for match in proposal.matches if match.is_own]
    candidates = ", ".join(repr(column) for column in (near or others)[:5])
    hint = f"Candidates: {candidates}. " if candidates else ""
    constant = (
        "" if field == KEYS[proposal.table] else f", or give all rows one: --set {field}=VALUE"
    )
    return InputError(
        f"No column is surely the {field} of {proposal.table}.",
        hint=f"{hint}Name it with --map {field}=COLUMN{constant}",
    )
