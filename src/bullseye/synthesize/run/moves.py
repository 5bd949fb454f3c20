"""Job changes in a workspace: who was known at one account and is now known at another."""

from dataclasses import dataclass
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.synthesize.run.committee import left_alone
from bullseye.synthesize.run.role_reading import state_on
from bullseye.synthesize.run.roles import role_beliefs
from bullseye.warehouse.moves import CHAMPION, CUSTOMER, JobChange, counts_moves, job_changes
from bullseye.workspace import Workspace

__all__ = ["BELIEVED", "CHAMPION", "CONFIRMED", "CUSTOMER", "JobChange", "Moves", "moves"]


CONFIRMED, BELIEVED = "champion, confirmed", "champion, believed"
"""What a contact was whom a person, or an inference, calls a champion, and the CRM does not."""


@dataclass(frozen=True)
class Moves:
    """Job changes as known on `as_of`, the latest first.

    `sure` moves make a signal at the new account where the contact was a champion or a contact of
    a customer, and a definition counts such signals (`counted`); a champion whom only a person or
    an inference calls so makes none. `review` have two readings.
    `days` are the days on which contacts were imported: what happened between two of them is only
    known to that. `contacts` are on file.
    """

    as_of: date
    contacts: int
    days: tuple[date, ...]
    sure: tuple[JobChange, ...]
    review: tuple[JobChange, ...]
    counted: bool
    left_alone: int


def moves(workspace: Workspace, *, as_of: date | None = None) -> Moves:
    """Return who moved to another account, told from dated imports of contacts.

    Parameters
    ----------
    workspace
        Where the contacts are.
    as_of
        The day; nothing known later is used. Today where absent.

    Raises
    ------
    NotEnoughEvidence
        If no contacts are imported.
    """
    day = as_of or workspace.today
    batches = workspace.batches(up_to=day)
    days = sorted({batch.as_of for batch in batches if batch.table is TableName.CONTACTS})
    if not days:
        raise NotEnoughEvidence(
            f"No contacts are known on {day}.",
            hint="Import some with: bullseye import contacts FILE",
        )
    with workspace.connection() as connection:
        state = state_on(workspace, connection, day)
        found = job_changes(connection, workspace.project, batches, state)
        rows = connection.read_parquet(str(state.table(TableName.CONTACTS))).count("*").fetchall()
    alone = left_alone(workspace, day)
    every = len(found)
    found = [each for each in found if not alone & {each.contact_id, each.old_contact_id}]
    found = _with_beliefs(workspace, day, found)
    return Moves(
        day,
        int(rows[0][0]),
        tuple(days),
        tuple(each for each in found if not each.review),
        tuple(each for each in found if each.review),
        counts_moves(workspace.project),
        every - len(found),
    )


def _with_beliefs(workspace: Workspace, day: date, found: list[JobChange]) -> list[JobChange]:
    """Return the moves; who is a champion by a person's word, or is believed one, is said so."""
    open_ = sorted({each.old_account_id for each in found if each.was is None})
    if not open_:
        return found
    champions = {
        belief.contact_id: CONFIRMED if belief.is_confirmed else BELIEVED
        for belief in role_beliefs(workspace, as_of=day, accounts=open_)
        if belief.role is BuyingRole.CHAMPION
    }
    return [each._replace(was=each.was or champions.get(each.old_contact_id)) for each in found]
