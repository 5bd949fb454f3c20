"""Take one contact out of the files of the warehouse, and leave all that is counted as it was.

A contact's own rows go. Rows that name it (a touch, a part in an opportunity, a signal) stay
with their day, account, kind and outcome: the id gives way to a token, free text is taken out or
redacted. A file is written anew beside the old one, compared with it, and only then put in its
place; what is put in place twice is the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bullseye.definitions.field import KEYS, TableName
from bullseye.errors import ExternalError
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import ROW_GROUP, file_hash, publish_rows, reading

_PLACE = "file_row_number"
_TEXT, _LIST = "VARCHAR", "VARCHAR[]"

_COUNTED = frozenset(
    {"account_id", "account_name", "domain", "opportunity_id", "country", "source", "type"}
    | {"channel", "direction", "outcome", "role", "message", "stage"}
)
"""Texts of a row about a contact that its counts are made by; all other texts of it go."""

_OF_ACCOUNTS = frozenset({"name", "former_names", "account_name", "domain"})
"""What an account is called stays, even where a contact is called the same."""

_OF_NAMESAKES = frozenset({"full_name", "first_name", "last_name"})
"""What another contact is called is that contact's own."""


class Eraser(Protocol):
    """Knows whom to take out, and what to put in the place of what named them."""

    @property
    def pieces(self) -> tuple[tuple[str, ...], ...]:
        """Words that stand together in every text that may name them."""

    def is_theirs(self, contact_id: str | None, email: str | None) -> bool:
        """Whether a contact's row is theirs."""

    def token(self, contact_id: str) -> str | None:
        """Return what stands for a contact id that is theirs; None for any other."""

    def new_key(self, key: str) -> str:
        """Return another key for a row of theirs whose key its content made."""

    def account_of(self, contact_id: str) -> str | None:
        """Return the account of a contact id, where it is known."""

    def redacted(self, text: str, account_id: str | None = None) -> str:
        """Return a text without what names them."""


@dataclass(frozen=True)
class Traces:
    """What names a contact in one file of rows.

    `removed` are the places of rows that go, from 0; `changed` the new values of the columns of
    rows that stay; `row_numbers` the `row_no` of the rows that go; `about_accounts` counts
    rows whose account is called as the contact: they stay as they are.
    """

    path: Path
    table: TableName | None
    removed: frozenset[int] = frozenset()
    changed: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    row_numbers: frozenset[int] = frozenset()
    about_accounts: int = 0

    def __bool__(self) -> bool:
        return bool(self.removed or self.changed)


class Rewritten(NamedTuple):
    """A file that was written anew, not yet in its place, and what it will replace."""

    fresh: Path
    path: Path
    sha256_before: str
    sha256_after: str

    def put_in_place(self) -> None:
        """Let the new file take the name of the old one."""
        self.fresh.replace(self.path)


def traces(
    connection: duckdb.DuckDBPyConnection, path: Path, table: TableName | None, eraser: Eraser
) -> Traces:
    """Return what names a contact in a Parquet file; `table` is None where it is no batch."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {reading(path)}").fetchall()
    kinds = {str(name): str(kind) for name, kind, *_ in described if str(kind) in (_TEXT, _LIST)}
    pointing = [name for name in kinds if _points_at_contact(name)]
    ids = _ids_of_theirs(connection, path, pointing, eraser)
    theirs = _own_rows(connection, path, kinds, eraser) if table is TableName.CONTACTS else {}
    rows = _suspects(connection, path, kinds, pointing, ids, eraser.pieces)
    changed, about = {}, 0
    for place, row in rows:
        if place in theirs:
            continue
        new = _changes(row, kinds, pointing, ids, table, eraser)
        about += any(name in _OF_ACCOUNTS for name in new)
        new = {name: value for name, value in new.items() if not _stays(name, table)}
        if new:
            changed[place] = new
    numbers = frozenset(n for n in theirs.values() if n is not None)
    return Traces(path, table, frozenset(theirs), changed, numbers, about)


def rewritten(connection: duckdb.DuckDBPyConnection, found: Traces, eraser: Eraser) -> Rewritten:
    """Write a file without what names a contact beside the old one, and compare the two.

    Raises
    ------
    ExternalError
        If the new file does not hold all other rows as they were, or still names the contact.
    """
    fresh = found.path.with_name(f".{found.path.name}.forgotten")
    publish_rows(_parts(found), fresh)
    _compare(connection, found, fresh)
    if traces(connection, fresh, found.table, eraser):
        raise _refused(found.path, "it still names the contact")
    return Rewritten(fresh, found.path, file_hash(found.path), file_hash(fresh))


# -- finding -------------------------------------------------------------------------------


def _points_at_contact(name: str) -> bool:
    is_key = name in KEYS.values() and name != KEYS[TableName.CONTACTS]
    return name == "contact_id" or (name.endswith("_contact_id") and not is_key)


def _stays(name: str, table: TableName | None) -> bool:
    if table is TableName.CONTACTS and name in _OF_NAMESAKES:
        return True
    return name in _OF_ACCOUNTS and (table is TableName.ACCOUNTS or name != "name")


def _ids_of_theirs(
    connection: duckdb.DuckDBPyConnection, path: Path, pointing: Sequence[str], eraser: Eraser
) -> frozenset[str]:
    found: set[str] = set()
    for name in pointing:
        column = DUCKDB.identifier(name)
        query = f"SELECT DISTINCT {column} FROM {reading(path)} WHERE {column} IS NOT NULL"
        rows = connection.execute(query).fetchall()
        found |= {each for (each,) in rows if eraser.token(each) is not None}
    return frozenset(found)


def _own_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, kinds: Mapping[str, str], eraser: Eraser
) -> dict[int, int | None]:
    """Return the places of a contact's own rows, and their `row_no`."""
    email = "email" if "email" in kinds else "CAST(NULL AS VARCHAR)"
    query = f"SELECT DISTINCT contact_id, {email} FROM {reading(path)}"
    pairs = [(i, e) for i, e in connection.execute(query).fetchall() if eraser.is_theirs(i, e)]
    found: dict[int, int | None] = {}
    for contact_id, address in pairs:
        numbered = (
            f"SELECT {_PLACE}, row_no FROM read_parquet({DUCKDB.literal(str(path))},"
            f" {_PLACE} = true) WHERE contact_id IS NOT DISTINCT FROM ? AND {email}"
            " IS NOT DISTINCT FROM ?"
        )
        rows = connection.execute(numbered, [contact_id, address]).fetchall()
        found |= {int(place): int(number) for place, number in rows}
    return found


def _suspects(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    kinds: Mapping[str, str],
    pointing: Sequence[str],
    ids: frozenset[str],
    pieces: Sequence[Sequence[str]],
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows that may name a contact, by their place."""
    parts = []
    if ids:
        listed = ", ".join(DUCKDB.literal(each) for each in sorted(ids))
        parts += [f"{DUCKDB.identifier(name)} IN ({listed})" for name in pointing]
    for name, kind in kinds.items():
        column = DUCKDB.identifier(name)
        text = column if kind == _TEXT else f"array_to_string({column}, ' ')"
        folded = f"strip_accents(lower({text}))"
        for words in pieces:
            every = [f"contains({folded}, {_folded_literal(word)})" for word in words]
            parts.append(f"({' AND '.join(every)})")
    if not parts:
        return
    names = ", ".join(DUCKDB.identifier(name) for name in kinds)
    query = (
        f"SELECT {_PLACE}, {names} FROM read_parquet({DUCKDB.literal(str(path))}, {_PLACE} = true)"
        f" WHERE {' OR '.join(parts)}"
    )
    for place, *values in connection.execute(query).fetchall():
        yield int(place), dict(zip(kinds, values, strict=True))


def _folded_literal(word: str) -> str:
    return f"strip_accents(lower({DUCKDB.literal(word)}))"


# -- changing ------------------------------------------------------------------------------


def _changes(
    row: Mapping[str, Any],
    kinds: Mapping[str, str],
    pointing: Sequence[str],
    ids: frozenset[str],
    table: TableName | None,
    eraser: Eraser,
) -> dict[str, Any]:
    """Return the columns of a row that change, with their new values."""
    new: dict[str, Any] = {}
    account_id = row.get("account_id")
    for name, kind in kinds.items():
        value = row[name]
        if value is None:
            continue
        redacted: Any
        if kind == _LIST:
            redacted = [e and eraser.redacted(e, account_id) for e in value]
        else:
            redacted = eraser.redacted(value, account_id)
        if redacted != value:
            new[name] = redacted
    said = row.get("contact_id")
    if table is not None and table is not TableName.CONTACTS and said in ids:
        new |= _anonymous(row, kinds, KEYS[table], str(said), eraser)
    for name in pointing:
        if row[name] in ids:
            new[name] = eraser.token(row[name])
    return new


def _anonymous(
    row: Mapping[str, Any], kinds: Mapping[str, str], key: str, contact_id: str, eraser: Eraser
) -> dict[str, Any]:
    """Return what changes in a row about a contact beside what names it."""
    new: dict[str, Any] = {
        name: None
        for name in kinds
        if name not in _COUNTED and not name.endswith("_id") and row[name] is not None
    }
    if _is_made(row.get(key) or ""):
        new[key] = eraser.new_key(row[key])
    references = ("account_id", "account_name", "opportunity_id")
    if "account_id" in kinds and not any(row.get(name) for name in references):
        account = eraser.account_of(contact_id)
        if account is not None:
            new["account_id"] = account
    return new


def _is_made(key: str) -> bool:
    """Whether a key looks as one that was made of what its row said."""
    return len(key) == 24 and not key.strip("0123456789abcdef")


# -- writing -------------------------------------------------------------------------------


def _parts(found: Traces) -> Iterator[pa.Table]:
    """Yield the rows of a file in their order, changed or left out."""
    first = 0
    with pq.ParquetFile(found.path) as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP):
            part = pa.Table.from_batches([batch])
            # A column that never lacked a value may be declared so, and may lack one now.
            part = part.cast(pa.schema([each.with_nullable(True) for each in part.schema]))
            last = first + part.num_rows
            yield _changed_part(part, found, first, last)
            first = last


def _changed_part(part: pa.Table, found: Traces, first: int, last: int) -> pa.Table:
    changed = {at: found.changed[at] for at in found.changed if first <= at < last}
    for name in sorted({name for new in changed.values() for name in new}):
        at = part.schema.get_field_index(name)
        values = part.column(name).to_pylist()
        for place, new in changed.items():
            if name in new:
                values[place - first] = new[name]
        part = part.set_column(at, part.schema.field(at), pa.array(values, part.schema.types[at]))
    gone = {at - first for at in found.removed if first <= at < last}
    if gone:
        part = part.filter(pa.array([at not in gone for at in range(part.num_rows)]))
    return part


def _compare(connection: duckdb.DuckDBPyConnection, found: Traces, fresh: Path) -> None:
    """Refuse a new file whose rows are not those of the old one, but for what was to change."""
    touched = sorted({*found.removed, *found.changed})
    gone = sorted(found.removed)
    shifted = [at - sum(g < at for g in gone) for at in sorted(found.changed)]
    before = _fingerprint(connection, found.path, touched)
    after = _fingerprint(connection, fresh, shifted)
    if before != after:
        raise _refused(found.path, "other rows would change")


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, path: Path, without: Sequence[int]
) -> tuple[Any, ...]:
    """Return the columns of a file, and the count and a sum of hashes of its other rows."""
    columns = connection.execute(f"DESCRIBE SELECT * FROM {reading(path)}").fetchall()
    names = ", ".join(DUCKDB.identifier(str(name)) for name, *_ in columns)
    places = ", ".join(map(str, without)) or "-1"
    query = (
        f"SELECT count(*), sum(hash({names})::HUGEINT) FROM"
        f" read_parquet({DUCKDB.literal(str(path))}, {_PLACE} = true)"
        f" WHERE {_PLACE} NOT IN ({places})"
    )
    return ([(n, k) for n, k, *_ in columns], *connection.execute(query).fetchall())


def _refused(path: Path, why: str) -> ExternalError:
    path.with_name(f".{path.name}.forgotten").unlink(missing_ok=True)
    return ExternalError(
        f"The file was not written anew: {why}.",
        hint="It stands as it was. Report this as a fault of the program, without the file.",
        place=str(path),
    )
