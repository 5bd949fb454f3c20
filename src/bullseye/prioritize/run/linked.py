"""Sources over the tables of the connected warehouse: which there are, and their problems."""

from collections.abc import Sequence
from dataclasses import dataclass

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.definitions.source import Source
from bullseye.errors import ExternalError, InputError, UsageError
from bullseye.warehouse.connection import Connection, kept
from bullseye.warehouse.engines import Denied, Engine
from bullseye.warehouse.mapped import Bound, bound
from bullseye.workspace import PRIVATE, Workspace

NEEDED = {
    TableName.ACCOUNTS: ("account_id",),
    TableName.SIGNALS: ("account_id", "type", "occurred_on"),
}
"""The fields a relation must fill; the tables it may fill."""


@dataclass(frozen=True)
class Seen:
    """What was seen of one source's relation.

    `columns` are all its columns with their types; `problems` say what keeps it from being
    used, each with what to do; `is_read` tells whether a run reads the table at all.
    """

    source: str
    table: str
    relation: str
    columns: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    is_read: bool


def connection_of(workspace: Workspace) -> Connection | None:
    """Return the connection the workspace keeps, or None."""
    return kept(workspace.folder / PRIVATE)


def related(project: Project) -> list[Source]:
    """Return the sources that read a relation, by name."""
    return [each for _, each in sorted(project.sources.items()) if each.relation]


def scores_in_warehouse(project: Project) -> bool:
    """Whether the accounts are those of a relation."""
    return any(each.table is TableName.ACCOUNTS for each in related(project))


def seen(engine: Engine, project: Project) -> list[Seen]:
    """Look at every source's relation: whether it is there, has the columns, and may be read."""
    return [_seen(engine, source) for source in related(project)]


def _seen(engine: Engine, source: Source) -> Seen:
    relation = str(source.relation)
    columns = engine.columns(relation)
    if columns is None:
        missing = (
            f"{relation} is not there, or hidden from us. Grant: {engine.grant_reading(relation)}"
        )
        return Seen(source.name, source.table, relation, (), (missing,), source.table in NEEDED)
    mapped = bound(source, engine.quoted(relation), dict(columns))
    problems = [f"{lost.field}: {lost.column!r}: {lost.why}" for lost in mapped.lost]
    filled = {*source.columns, *source.constants}
    problems += [
        f"no column fills {field}" for field in NEEDED.get(source.table, ()) if field not in filled
    ]
    readable = [column.name for column in mapped.columns.values()]
    denied = engine.read_denied(relation, readable)
    if denied is not None:
        problems.append(f"We may not {denied.what} ({denied.said}). Grant: {denied.grant}")
    told = tuple((column.name, column.type) for column in columns)
    return Seen(source.name, source.table, relation, told, tuple(problems), source.table in NEEDED)


def bound_sources(engine: Engine, project: Project) -> tuple[Bound, tuple[Bound, ...]]:
    """Return the source of accounts and those of signals, over columns that were seen.

    Raises
    ------
    UsageError
        If several relations hold accounts.
    InputError
        If a relation cannot be used; every problem of every relation is named.
    """
    accounts = [each for each in related(project) if each.table is TableName.ACCOUNTS]
    if len(accounts) > 1:
        named = " and ".join(each.name for each in accounts)
        raise UsageError(
            f"The sources {named} both read accounts from the warehouse.",
            hint="Join them in one view there, and let one source read it.",
        )
    looked = [each for each in seen(engine, project) if each.is_read]
    problems = [f"{each.relation}: {problem}" for each in looked for problem in each.problems]
    if problems:
        raise InputError(
            "The warehouse's tables cannot be used as they are:\n  " + "\n  ".join(problems),
            hint="Correct the sources or the permissions, then: bullseye connect",
        )
    signals = [each for each in related(project) if each.table is TableName.SIGNALS]
    return _bound(engine, accounts[0]), tuple(_bound(engine, each) for each in signals)


def _bound(engine: Engine, source: Source) -> Bound:
    relation = str(source.relation)
    return bound(source, engine.quoted(relation), dict(engine.columns(relation) or ()))


def refuse_unless_writable(engine: Engine, schema: str) -> None:
    """Check that the one schema can be written.

    Raises
    ------
    ExternalError
        If not; it says what is missing and how to grant it.
    """
    denied = engine.write_denied(schema)
    if denied is not None:
        raise refusal([denied])


def refusal(denied: Sequence[Denied]) -> ExternalError:
    """Return the error that names every permission that is missing."""
    return ExternalError(
        "; ".join(f"We may not {each.what} ({each.said})" for each in denied),
        hint="Grant what is missing: " + "; ".join(each.grant for each in denied),
    )
