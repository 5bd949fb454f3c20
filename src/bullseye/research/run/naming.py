"""Take the names of contacts who are left alone from what they said; their words stay."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.research.run.evidence import Quote
from bullseye.research.source import Turn
from bullseye.store import research
from bullseye.suppression import suppressed_table, suppression_list
from bullseye.warehouse.contacts import contacts_sql
from bullseye.workspace import Workspace

LEFT_ALONE = "left alone"
"""What stands in the place of a speaker who must not be named."""


def nameless_turns(workspace: Workspace, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return turns without name, address and id of speakers who are left alone.

    A speaker is known by contact or address. Where others say the name, it stays: what was said
    is not changed.
    """
    alone = _alone(workspace, turns)
    return tuple(
        replace(each, speaker=LEFT_ALONE, contact_id=None, email=None) if is_alone else each
        for each, is_alone in zip(turns, alone, strict=True)
    )


def nameless_quotes(workspace: Workspace, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return quotes without name and id of speakers who are left alone."""
    said = {
        (number, turn.turn_index): turn
        for number in {each.source_number for each in quotes}
        for turn in research.turns(workspace.store, number)
    }
    alone = _alone(workspace, [said[each.source_number, each.turn_index] for each in quotes])
    return tuple(
        replace(each, speaker=LEFT_ALONE, contact_id=None) if is_alone else each
        for each, is_alone in zip(quotes, alone, strict=True)
    )


def _alone(workspace: Workspace, turns: Sequence[Turn | research.KeptTurn]) -> list[bool]:
    """Return of each turn whether its speaker must not be named."""
    listed = suppression_list(workspace)
    on_file = _on_file(workspace, (each.contact_id for each in turns))
    return [
        each.contact_id in on_file or listed.why(each.contact_id, each.email) is not None
        for each in turns
    ]


def _on_file(workspace: Workspace, speakers: Iterable[str | None]) -> frozenset[str]:
    """Return the contacts that are left alone by what their row says; nobody if none is meant."""
    if not any(speakers):  # no state is read for nothing
        return frozenset()
    ids = tuple(batch.number for batch in workspace.batches())
    with workspace.connection() as connection:
        try:
            state = workspace.state(connection, workspace.project, ids, workspace.today)
        except NotEnoughEvidence:
            return frozenset()
        contacts = state.table(TableName.CONTACTS)
        if not contacts.exists():
            return frozenset()
        people = contacts_sql(contacts)
        table = suppressed_table(workspace, connection, people)
        query = f"SELECT contact_id FROM {table}"
        described = connection.execute(f"DESCRIBE SELECT * FROM {people}").fetchall()
        if "_merged_ids" in {name for name, *_ in described}:  # what is said keeps its first id
            query += f" UNION SELECT unnest(_merged_ids) FROM {people} SEMI JOIN {table} USING"
            query += " (contact_id)"
        rows = connection.execute(query).fetchall()
    return frozenset(contact_id for (contact_id,) in rows)
