"""Connect a workspace to the customer's warehouse: see what is there and what is allowed."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bullseye.errors import UsageError
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Seen
from bullseye.warehouse.connection import DEFAULT_SCHEMA, Connection, chosen, forget, keep
from bullseye.warehouse.engines import Denied, open_engine
from bullseye.warehouse.remote import VIEW_COLUMNS
from bullseye.workspace import PRIVATE, Workspace


@dataclass(frozen=True)
class Connected:
    """What was found behind a connection; no password is in it.

    `denied` names every permission that is missing for writing the schema; what is missing for
    reading stands at its relation. `checked_writing` is False where nothing may be written.
    """

    address: str
    engine: str
    schema: str
    relations: tuple[Seen, ...]
    denied: tuple[Denied, ...]
    checked_writing: bool
    is_kept: bool

    @property
    def is_usable(self) -> bool:
        """Whether a run could score there now."""
        return not self.denied and not any(each.problems for each in self.relations if each.is_read)


def wanted(
    workspace: Workspace, url: str | None, url_env: str | None, schema: str | None
) -> Connection:
    """Return the connection asked for, or the one that is kept where none is named.

    Raises
    ------
    UsageError
        If none is named and none is kept.
    """
    if url is not None or url_env is not None:
        return chosen(url, url_env, schema or DEFAULT_SCHEMA)
    known = prioritize.connection_of(workspace)
    if known is None:
        raise UsageError(
            "The workspace is connected to no warehouse.",
            hint="Connect one, as in: bullseye connect postgresql://ada@db/crm",
        )
    return Connection(schema or known.schema, known.url, known.url_env)


def connect(workspace: Workspace, connection: Connection, *, dry_run: bool = False) -> Connected:
    """Look at a warehouse, check what we may do there, and keep the connection.

    With `dry_run` nothing is written, there or here.

    Raises
    ------
    UsageError
        If the URL names no engine we know, or its driver is not installed.
    ExternalError
        If the warehouse cannot be reached.
    """
    with open_engine(connection.address) as engine:
        relations = tuple(prioritize.seen(engine, workspace.project))
        denied = None if dry_run else engine.write_denied(connection.schema)
        version = engine.version
    if not dry_run:
        keep(workspace.folder / PRIVATE, connection)
    return Connected(
        connection.shown,
        version,
        connection.schema,
        relations,
        (denied,) if denied else (),
        not dry_run,
        not dry_run,
    )


def disconnect(workspace: Workspace) -> bool:
    """Forget the connection; return whether there was one. The warehouse stays as it is."""
    return forget(workspace.folder / PRIVATE)


def write_dbt_sources(workspace: Workspace, target: Path) -> Path:
    """Write the view as a source for dbt: a ``sources.yml`` with every column described.

    Raises
    ------
    UsageError
        If the workspace is connected to no warehouse, or the file cannot be written.
    """
    schema = wanted(workspace, None, None, None).schema
    try:
        target.write_text(dbt_sources(schema), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"The file cannot be written: {error.strerror}.",
            place=str(target),
            hint="Choose a folder that you may write to.",
        ) from None
    return target


def dbt_sources(schema: str) -> str:
    """Return the text of a ``sources.yml`` for the view in `schema`."""
    never_null = {"account_id", "icp", "status", "run_id", "as_of"}
    columns = [
        {"name": name, "description": f"{means[0].upper()}{means[1:]}."}
        | ({"data_tests": ["not_null"]} if name in never_null else {})
        for name, means in VIEW_COLUMNS.items()
    ]
    view = {
        "name": "scores",
        "description": "The last published run of Bullseye: one row per account and ICP.",
        "columns": columns,
    }
    *database, name = schema.split(".")
    source = {
        "name": "bullseye",
        **({"database": database[0]} if database else {}),
        "schema": name,
        "description": "Scores and tiers, written by bullseye run.",
        "tables": [view],
    }
    return yaml.safe_dump({"version": 2, "sources": [source]}, sort_keys=False, allow_unicode=True)
