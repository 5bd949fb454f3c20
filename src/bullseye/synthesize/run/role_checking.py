"""Test beliefs about roles on the roles that people gave in this workspace."""

from datetime import date, timedelta

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.stats.proportions import Share
from bullseye.stats.role_tests import Figure
from bullseye.synthesize.role_check import RoleCheck, TaughtRow, role_check, split_day
from bullseye.synthesize.role_learning import labels
from bullseye.synthesize.role_trials import Trial
from bullseye.synthesize.run.role_reading import (
    assumed_by,
    contacts_on,
    known_on,
    state_on,
)
from bullseye.warehouse.role_facts import ContactFacts
from bullseye.workspace import Workspace

__all__ = ["Figure", "RoleCheck", "Share", "TaughtRow", "Trial", "check_roles"]


def check_roles(workspace: Workspace, *, as_of: date | None = None) -> RoleCheck:
    """Return how often named roles are right, and how well probabilities hold.

    What is learnt from the roles given before a day is tested on those given from that day on.
    The CRM's role is the label, and never evidence. Titles are those known on the eve of the day,
    where the contact was on file by then; touches and statements count by their own day.

    Raises
    ------
    NotEnoughEvidence
        If no accounts are imported.
    """
    assumed = assumed_by(workspace)
    day = as_of or workspace.today
    known = known_on(workspace, assumed, day)
    on_file = {each.contact_id for each in known.contacts}
    found = labels(known.observed, known.decided)
    split_on = split_day({name: each for name, each in found.items() if name in on_file})
    then = _contacts_on_eve(workspace, split_on) if split_on else ()
    return role_check(
        known.contacts,
        then,
        known.observed,
        known.decided,
        assumed,
        split_on=split_on,
        as_of=day,
        unknown_words=known.unknown_words,
    )


def _contacts_on_eve(workspace: Workspace, split_on: date) -> tuple[ContactFacts, ...]:
    try:
        with workspace.connection() as connection:
            state = state_on(workspace, connection, split_on - timedelta(days=1))
            if not state.table(TableName.CONTACTS).exists():
                return ()
            return contacts_on(workspace, connection, state)
    except NotEnoughEvidence:  # nothing was imported by then
        return ()
