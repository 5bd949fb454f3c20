"""Personas, messages and the coverage map of a workspace."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from bullseye.definitions.contract import Breach, Contract
from bullseye.definitions.field import TableName
from bullseye.definitions.message import Message
from bullseye.errors import DefinitionError, UnknownName
from bullseye.store import evidence, research
from bullseye.suppression import left_out, suppressed_table
from bullseye.synthesize.coverage import CoverageMap, coverage_map, message_breaches
from bullseye.synthesize.journeys import reach
from bullseye.synthesize.messages import Recipient, Refused, TemplateOf, Written, written
from bullseye.synthesize.persona_cards import PersonaCard, persona_cards
from bullseye.synthesize.templates import FOLDER, built_in
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.personas import personas_sql
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


def evidence_statuses(workspace: Workspace) -> Mapping[str, str] | None:
    """Return the status of each piece of evidence by its id; None where no research is imported."""
    found = {f"E{each.id}": str(each.status) for each in evidence.listed(workspace.store)}
    return found if found or research.listed(workspace.store) else None


def cards(
    workspace: Workspace,
    as_of: date,
    contacts: Mapping[str | None, int] | None,
) -> tuple[PersonaCard, ...]:
    """Return the personas of a workspace, in the order in which a contact falls to them.

    `contacts` says how many contacts each persona has, see `contacts_by_persona`.
    """
    return persona_cards(workspace.project, as_of, contacts, evidence_statuses(workspace))


def contacts_by_persona(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    state: State,
    segments: str | None,
    corrected: Sequence[Corrected],
) -> Mapping[str | None, int]:
    """Return how many contacts have each persona; those who have none stand under None."""
    personas = personas_sql(workspace.project, state, corrected, segments)
    query = f"SELECT persona, count(*) FROM {personas} GROUP BY ALL ORDER BY ALL"
    return {persona: int(count) for persona, count in connection.execute(query).fetchall()}


def coverage(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    state: State,
    segments: str | None,
    corrected: Sequence[Corrected],
) -> CoverageMap:
    """Return the coverage map of a workspace: who can be told what, and where the gaps are."""
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    suppressed = suppressed_table(workspace, connection, contacts)
    personas = personas_sql(workspace.project, state, corrected, segments)
    found = reach(connection, state, personas, suppressed, corrected)
    alone = sum(left_out(connection, suppressed).values())
    return coverage_map(workspace.project, state.as_of, found, alone)


def empty_coverage(workspace: Workspace, as_of: date) -> CoverageMap:
    """Return the coverage map of a workspace without contacts: nobody is counted."""
    return coverage_map(workspace.project, as_of, None)


def message_named(workspace: Workspace, name: str) -> Message:
    """Return the message called `name`, or raise `UnknownName`."""
    messages = workspace.project.messages
    if name not in messages:
        hint = "" if messages else "There is none: write one into messages/."
        raise UnknownName("message", name, messages, hint=hint)
    return messages[name]


def broken_messages(workspace: Workspace, as_of: date) -> Mapping[str, tuple[Breach, ...]]:
    """Return what every message breaks on a day, by its name; nothing where it keeps all."""
    return message_breaches(workspace.project, as_of)


def write_message(
    workspace: Workspace,
    name: str,
    recipient: Recipient,
    as_of: date,
    customers: Sequence[str] = (),
) -> Written | Refused:
    """Return a message as written to a recipient on a day, or why it is refused.

    `customers` are names of customers beside those the proofs are about.

    Raises
    ------
    UnknownName
        If no message has this name.
    DefinitionError
        If a template of the workspace cannot be used.
    """
    message = message_named(workspace, name)
    contract = Contract.of(workspace.project, as_of, customers)
    return written(message, contract, recipient, _templates(workspace.folder))


def _templates(folder: Path) -> TemplateOf:
    """Return what gives the text of a template: the workspace's own, else the built-in one."""

    def text(name: str) -> str:
        own = folder / FOLDER / name
        if not own.is_file():
            return built_in(name)
        try:
            return own.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise DefinitionError(
                "The template cannot be read.",
                place=f"{FOLDER}/{name}",
                hint="Save it as UTF-8 text, or delete it: then the built-in one is used.",
            ) from error

    return text
