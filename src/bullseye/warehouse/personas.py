"""Which persona each contact is: the first by priority that it is known to fit."""

from collections.abc import Sequence

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.persona import Persona, by_priority
from bullseye.definitions.project import Project
from bullseye.definitions.typed import typed
from bullseye.warehouse.contacts import Corrected, contacts_sql
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates
from bullseye.warehouse.state import State


def fits_sql(project: Project, state: State, segments: str | None = None) -> dict[str, str]:
    """Return the condition that a contact fits each persona, in the order of priority.

    Parameters
    ----------
    project, state
        The definitions, and what was known on a day.
    segments
        A table expression of `account_id` and `icp`: the ICPs that each account is in. Without
        it no contact is known to fit a persona that is only for some ICPs.
    """
    fields = readable_fields(project, TableName.CONTACTS)
    predicates = Predicates(DUCKDB, fields, state.as_of)
    return {
        each.name: _within(
            each,
            predicates.yes(
                typed(each.who, fields, country=lambda text: country_code(text) or text)
            ),
            segments,
        )
        for each in by_priority(project.personas.values())
    }


def _country(text: str) -> str:
    return country_code(text) or text


def _within(persona: Persona, fits: str, segments: str | None) -> str:
    if not persona.icps:
        return fits
    if segments is None:
        return "FALSE"
    icps = ", ".join(DUCKDB.literal(name) for name in persona.icps)
    mine = f"(SELECT s.account_id FROM {segments} AS s WHERE s.icp IN ({icps}))"
    return f"(({fits}) AND account_id IS NOT NULL AND account_id IN {mine})"


def personas_sql(
    project: Project,
    state: State,
    corrected: Sequence[Corrected] = (),
    segments: str | None = None,
) -> str:
    """Return a table expression of `contact_id`, `account_id` and `persona`.

    `persona` is the first by priority that the contact is known to fit, NULL where there is
    none. Grain: one row per contact on file.
    """
    fits = fits_sql(project, state, segments)
    cases = " ".join(f"WHEN {sql} THEN {DUCKDB.literal(name)}" for name, sql in fits.items())
    persona = f"CASE {cases} END" if fits else "CAST(NULL AS VARCHAR)"
    contacts = contacts_sql(state.table(TableName.CONTACTS), corrected)
    return f"(SELECT contact_id, account_id, {persona} AS persona FROM {contacts})"


def segments_sql(rendered: str) -> str:
    """Return a table expression of the ICPs an account is in: those that do not refuse it.

    `rendered` are the readable scores of a run: one row per account and ICP.
    """
    served = "('scored', 'insufficient-data')"
    return f"(SELECT account_id, icp FROM ({rendered}) WHERE status IN {served})"
