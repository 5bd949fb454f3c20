"""Which rows can be kept: faults, duplicates, and the file that lists what was set aside."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bullseye.definitions.field import KNOWN_ON
from bullseye.definitions.source import Source
from bullseye.warehouse.columns import Reading, Staged
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.scratch import Scratch
from bullseye.warehouse.typed import Typed, required_fields

_LONGEST_SHOWN = 500
_COLUMNS = "row_no BIGINT, field VARCHAR, column_name VARCHAR, value VARCHAR, reason VARCHAR"


@dataclass(frozen=True)
class Faults:
    """What is wrong with the rows of one file.

    `table` holds every fault (row_no, column_name, value, reason, scope); `dropped` the row_no
    of every row that is not kept. `doubts` counts, per field, the kept cells a person may want
    to look at, by what is doubtful about them.
    """

    table: str
    dropped: str
    quarantined: int
    exact_duplicates: int
    set_aside_cells: int
    doubts: Mapping[str, Mapping[str, int]]

    @property
    def kept_only(self) -> str:
        """The join that leaves out the dropped rows, "" where there are none."""
        some = self.quarantined + self.exact_duplicates
        return f"ANTI JOIN {self.dropped} USING (row_no)" if some else ""


def faults(typed: Typed, *, strict: bool) -> Faults:
    """Find the cells that cannot be read and the rows that cannot be kept.

    A row whose key or other required field is bad or missing is quarantined, with `strict` also
    one with any bad cell. Of rows that are equal in every field the last stays and the others
    are exact duplicates; of rows with the same key and `known_on` that differ, the last stays
    and the others are quarantined.
    """
    scratch = typed.staged.scratch
    cells = scratch.table(_cell_faults(typed))
    needed = [DUCKDB.literal(name) for name in required_fields(typed.source.table)]
    scope = "true" if strict else f"field IN ({', '.join(needed)})"
    bad_rows = scratch.table(f"SELECT DISTINCT row_no FROM {cells} WHERE {scope}")
    twins = scratch.table(_twins(typed, bad_rows))
    dropped = scratch.table(f"SELECT row_no FROM {bad_rows} UNION ALL SELECT row_no FROM {twins}")
    table = scratch.table(_all_faults(cells, twins, typed.source, scope))
    copies = scratch.number(f"SELECT count(*) FROM {twins} WHERE winner IS NULL")
    gone = scratch.number(f"SELECT count(*) FROM {dropped}")
    set_aside = scratch.number(f"SELECT count(*) FROM {cells} ANTI JOIN {dropped} USING (row_no)")
    doubts = _doubts(typed.staged, typed.read, dropped)
    return Faults(table, dropped, gone - copies, copies, set_aside, doubts)


def _cell_faults(typed: Typed) -> str:
    """Return the query for bad cells, and for required fields that are missing."""
    staged, read = typed.staged, typed.read
    parts = [f"SELECT * FROM (VALUES (0, '', '', '', '')) v({_names()}) WHERE false"]
    parts += [_bad_cells(staged, each) for each in read if each.has_faults]
    headers = {each.field.name: each.header for each in read}
    for name in required_fields(typed.source.table):
        header = DUCKDB.literal(headers.get(name, name))
        explained = " OR ".join(
            f"raw.{each.cell} IN (SELECT cell FROM {each.lookup} WHERE reason IS NOT NULL)"
            for each in read
            if each.field.name == name and each.has_faults
        )
        parts.append(
            f"SELECT t.row_no, {DUCKDB.literal(name)}, {header}, NULL, 'is missing' "
            f"FROM ({typed.named}) t JOIN {staged.table} raw USING (row_no) "
            f"WHERE t.{DUCKDB.identifier(name)} IS NULL AND ({explained or 'false'}) IS NOT TRUE"
        )
    return " UNION ALL ".join(parts)


def _bad_cells(staged: Staged, each: Reading) -> str:
    return (
        f"SELECT raw.row_no, {DUCKDB.literal(each.field.name)}, "
        f"{DUCKDB.literal(each.header)}, left(raw.{each.cell}, {_LONGEST_SHOWN}), l.reason "
        f"FROM {staged.table} raw JOIN {each.lookup} l ON l.cell = raw.{each.cell} "
        "WHERE l.reason IS NOT NULL"
    )


def _names() -> str:
    return ", ".join(column.split()[0] for column in _COLUMNS.split(", "))


def _twins(typed: Typed, bad_rows: str) -> str:
    """Return the query for rows that give way to another with the same key and `known_on`.

    `winner` is the row_no of the one that stays, null for exact copies.
    """
    scratch, key, known = typed.staged.scratch, DUCKDB.identifier(typed.source.key), KNOWN_ON.name
    good = f"SELECT row_no, {key}, {known} FROM ({typed.named})"
    if scratch.number(f"SELECT count(*) FROM {bad_rows}"):
        good += f" ANTI JOIN {bad_rows} USING (row_no)"
    none = "SELECT 0::BIGINT AS row_no, 0::BIGINT AS winner WHERE false"
    if _ascends(scratch, good, key):
        return none
    shared = scratch.table(f"SELECT {key}, {known} FROM ({good}) GROUP BY ALL HAVING count(*) > 1")
    if not scratch.number(f"SELECT count(*) FROM {shared}"):
        return none
    rivals = scratch.table(f"SELECT row_no FROM ({good}) SEMI JOIN {shared} USING ({key}, {known})")
    rows = typed.among(rivals)
    described = scratch.rows(f"DESCRIBE {rows}")
    content = ", ".join(DUCKDB.identifier(str(name)) for name, *_ in described if name != "row_no")
    return (
        "SELECT row_no, if(place > 1, NULL, winner) AS winner FROM ("
        f"SELECT row_no, row_number() OVER (PARTITION BY {content} ORDER BY row_no DESC) AS place,"
        f" max(row_no) OVER (PARTITION BY {key}, {known}) AS winner "
        f"FROM ({rows})) WHERE row_no <> winner"
    )


def _ascends(scratch: Scratch, rows: str, key: str) -> bool:
    """Whether each key is greater than the one before it: then no two are the same.

    A cheap look that most systems' own exports pass, since they write accounts in order.
    """
    steps = f"SELECT {key} > lag({key}) OVER () AS up FROM ({rows})"
    return scratch.number(f"SELECT count(*) - count(CASE WHEN up THEN 1 END) FROM ({steps})") <= 1


def _all_faults(cells: str, twins: str, source: Source, scope: str) -> str:
    same = DUCKDB.literal(f"same {source.key} as row ")
    return (
        "SELECT row_no, column_name, value, reason, "
        f"if({scope}, 'row', 'cell') AS scope "
        f"FROM {cells} UNION ALL "
        f"SELECT row_no, {DUCKDB.literal(source.key)}, NULL, {same} || winner, 'row' "
        f"FROM {twins} WHERE winner IS NOT NULL"
    )


def _doubts(
    staged: Staged, read: Sequence[Reading], dropped: str
) -> Mapping[str, Mapping[str, int]]:
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for each in read:
        if not each.has_doubts:
            continue
        found = staged.scratch.rows(
            f"SELECT l.doubt, count(*) FROM {staged.table} raw "
            f"JOIN {each.lookup} l ON l.cell = raw.{each.cell} "
            f"ANTI JOIN {dropped} d ON d.row_no = raw.row_no "
            "WHERE l.doubt IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        for doubt, rows in found:
            counted[each.field.name][str(doubt)] = int(str(rows))
    return MappingProxyType(counted)


def write_quarantine(scratch: Scratch, found: Faults, path: Path) -> None:
    """Write everything set aside as CSV: row_no, column, value, reason, scope.

    A value that a spreadsheet would run as a formula gets an apostrophe before it. Written
    under another name, then renamed.
    """
    select = (
        f'SELECT row_no, {_harmless("column_name")} AS "column", '
        f'{_harmless("value")} AS "value", reason, scope '
        f"FROM {found.table} ORDER BY ALL"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    target = DUCKDB.literal(str(unfinished))
    try:
        scratch.connection.execute(f"COPY ({select}) TO {target} (FORMAT csv, HEADER)")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _harmless(column: str) -> str:
    risky = f"regexp_matches({column}, '^[=+@\\t\\r\\n-]')"
    return f"if({risky}, '''' || {column}, {column})"
