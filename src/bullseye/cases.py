"""The cases of an outcome in a workspace: what mining, learning, testing and watching all read."""

from collections.abc import Callable
from datetime import date, timedelta

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.outcome import Outcome
from bullseye.errors import InputError, NotEnoughEvidence
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.cases import (
    Cases,
    Every,
    build_cases,
    cohort_days,
    days_that_matter,
    known_days,
)
from bullseye.warehouse.guard import Guard, guard_cases
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace


def cases_of(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    outcome: str,
    *,
    as_of: date | None = None,
    every: Every = Every.MONTH,
    most: int = 24,
    as_known_today: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Cases:
    """Return the cases of an outcome, as temporary tables of `connection`.

    Parameters
    ----------
    workspace
        Whose definitions and imports.
    connection
        To the embedded engine; the tables live as long as it.
    outcome
        Name of an outcome, built-in ones too.
    as_of
        The day of the question; today where absent. Imports that speak of later days are not
        read.
    every, most
        How far the cohort days lie apart, and how many there are at most: the newest of those
        from which a case can come.
    as_known_today
        Take facts as known on `as_of` for every case: for a first look where facts were only
        imported after the outcomes. The cases are then not dated, and results must say so.
    progress
        Is told which day is being put together.

    Raises
    ------
    UnknownName
        If there is no such outcome.
    NotEnoughEvidence, InputError
        If the imports cannot say what happened, or when.
    """
    day = as_of or workspace.today
    asked = workspace.project.outcome(outcome)
    batches = workspace.batches(up_to=day)
    today = as_known_today or asked.rule is not None
    known = known_days(connection, batches, TableName.ACCOUNTS)
    if not known:
        raise NotEnoughEvidence(
            f"No accounts are known on {day}.",
            hint="Import some with: bullseye import accounts FILE",
        )
    known_on = _States(workspace, connection, batches, progress)
    latest = known_on.on(day)
    every_day = () if today else cohort_days(known[0], day, every=every, most=None)
    cohorts, is_cut = every_day, False
    if len(every_day) > most:
        matter = days_that_matter(connection, asked, every_day, latest, batches)
        cohorts, is_cut = matter[-most:], len(matter) > most
    days = {*cohorts, *_ends(asked, cohorts, day)}
    states = {each: known_on.on(each) for each in sorted(days)}
    return build_cases(
        connection,
        workspace.project,
        asked,
        [states[each] for each in cohorts],
        latest,
        batches,
        as_known_today=today,
        further=[state for each, state in states.items() if each not in cohorts],
        cut_from=known[0] if is_cut else None,
    )


def guard_of(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    *,
    every: Every = Every.MONTH,
    most: int = 24,
    progress: Callable[[str], None] = lambda _: None,
) -> Guard:
    """Return which facts of `cases` were, or may have been, filled in by the outcome itself.

    Where the facts are those of today and the workspace knows earlier ones, these are held
    against each other: they show what was filled or edited after an outcome.

    Parameters
    ----------
    workspace, connection
        Those the cases were made with.
    cases
        What `cases_of` gave.
    every, most
        Of the earlier facts, as for `cases_of`.
    progress
        Is told which day is being put together.
    """
    if cases.dated or cases.outcome.rule is not None:
        return guard_cases(connection, cases)
    name, day = cases.outcome.name, cases.as_of
    try:
        history = cases_of(
            workspace, connection, name, as_of=day, every=every, most=most, progress=progress
        )
    except InputError:  # nothing says when an opportunity began: there is no "before"
        return guard_cases(connection, cases)
    return guard_cases(connection, cases, history)


def _ends(outcome: Outcome, cohorts: tuple[date, ...], as_of: date) -> set[date]:
    """Return the days on which the spans of a change end: the field is looked at then too."""
    if outcome.change is None or outcome.within is None:
        return set()
    ends = (each + timedelta(days=outcome.within) for each in cohorts)
    return {end for end in ends if end < as_of}


class _States:
    """The states of days, each from the batches that can matter to it.

    Leaving out what was imported for later days keeps a state that was built before usable
    after the next import; it changes no row, as a state reads nothing known after its day.
    """

    def __init__(
        self,
        workspace: Workspace,
        connection: duckdb.DuckDBPyConnection,
        batches: list[Batch],
        progress: Callable[[str], None],
    ) -> None:
        self._workspace, self._connection = workspace, connection
        self._tell = progress
        self._first = {
            batch.number: min(known_days(connection, [batch], batch.table), default=date.max)
            for batch in batches
        }

    def on(self, day: date) -> State:
        """Return the state as known on a day."""
        self._tell(f"accounts as known on {day}")
        ids = tuple(number for number, first in self._first.items() if first <= day)
        return self._workspace.state(self._connection, self._workspace.project, ids, day)
