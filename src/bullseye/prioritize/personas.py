"""Which persona a contact is, and how well the personas cover the contacts."""

from collections.abc import Sequence
from itertools import combinations

import duckdb

from bullseye.definitions.checks.facts import Interval, PersonaFacts
from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.errors import DefinitionError
from bullseye.stats.proportions import wilson
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.personas import fits_sql
from bullseye.warehouse.state import State


def persona_facts(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    state: State,
    corrected: Sequence[Corrected] = (),
    segments: str | None = None,
) -> PersonaFacts | None:
    """Return how many contacts each persona fits, two of them, and none.

    None where there are no contacts or no personas, or a persona cannot be evaluated: then
    another rule of the linter says so.
    """
    try:
        fits = fits_sql(project, state, segments)
    except DefinitionError:
        return None
    if not fits:
        return None
    names = list(fits)
    flags = ", ".join(
        f"CASE WHEN {sql} THEN TRUE ELSE FALSE END AS fits_{at}"
        for at, sql in enumerate(fits.values())
    )
    pairs = list(combinations(range(len(names)), 2))
    wanted = [
        *(f"fits_{at}" for at in range(len(names))),
        *(f"fits_{first} AND fits_{second}" for first, second in pairs),
        "NOT (" + " OR ".join(f"fits_{at}" for at in range(len(names))) + ")",
    ]
    counts = ", ".join(f"count(*) FILTER ({each})" for each in wanted)
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    row = connection.execute(f"SELECT count(*), {counts} FROM (SELECT {flags} FROM {contacts})")
    everyone, *found = row.fetchall()[0]
    if not everyone:
        return None
    of_pairs = dict(zip(pairs, found[len(names) : -1], strict=True))
    share = wilson(found[-1], everyone)
    return PersonaFacts(
        everyone,
        found[-1],
        Interval(share.low, share.high),
        dict(zip(names, found[: len(names)], strict=True)),
        {(names[a], names[b]): count for (a, b), count in of_pairs.items() if count},
    )
