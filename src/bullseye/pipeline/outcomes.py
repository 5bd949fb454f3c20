"""The outcomes of a workspace, each with its cases and what the leakage guard says of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.cases import cases_of, guard_of
from bullseye.definitions.outcome import Outcome
from bullseye.errors import BullseyeError
from bullseye.stats.leakage import FEWEST
from bullseye.warehouse.cases import Cases, Every, LeftOut
from bullseye.warehouse.guard import Guard
from bullseye.workspace import Workspace

__all__ = ["FEWEST", "Asked", "Every", "outcomes"]


@dataclass(frozen=True)
class Asked:
    """One outcome and its cases in counts.

    Where the imports cannot answer, `problem` and `hint` say why and what to do, and there are
    no counts; where no case has facts from before it began, `hint` says what to do. Of `n` cases
    `yes` and `no` are decided, `undecided` are not; of the decided ones `undated` ended on a day
    nobody knows. `cohorts` are the days their facts are of. `guard` is None where it was not
    asked for.
    """

    outcome: str
    asks: str
    is_good: bool
    dated: bool
    as_of: date | None = None
    until: date | None = None
    n: int = 0
    yes: int = 0
    no: int = 0
    undecided: int = 0
    undated: int = 0
    account_count: int = 0
    cohorts: tuple[date, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warning: str = ""
    guard: Guard | None = None
    problem: str = ""
    hint: str = ""


def outcomes(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    as_of: date | None = None,
    every: Every = Every.MONTH,
    as_known_today: bool = False,
    guarded: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Asked, ...]:
    """Return the outcomes with these names, or all of them, each with its cases.

    Parameters
    ----------
    workspace
        Whose outcomes.
    names
        Which ones; all of the workspace and the built-in ones where empty.
    as_of, every, as_known_today
        As for `bullseye.cases.cases_of`.
    guarded
        Also look for facts that the outcome may have filled in.
    progress
        Is told which day is being put together.

    Raises
    ------
    UnknownName
        If a name is none of an outcome.
    BullseyeError
        If the imports cannot answer for an outcome that is named. Of outcomes that are not
        named, the problem is part of the answer.
    """
    wanted = [workspace.project.outcome(name) for name in names]
    every_one = wanted or list(workspace.project.all_outcomes.values())
    found = []
    with workspace.connection() as connection:
        for outcome in every_one:
            try:
                cases = cases_of(
                    workspace,
                    connection,
                    outcome.name,
                    as_of=as_of,
                    every=every,
                    as_known_today=as_known_today,
                    progress=progress,
                )
            except BullseyeError as error:
                if wanted:
                    raise
                found.append(_unanswered(outcome, error, as_known_today))
                continue
            guard = _guard(workspace, connection, cases, every, progress) if guarded else None
            found.append(_counted(cases, guard))
    return tuple(found)


def _guard(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    every: Every,
    progress: Callable[[str], None],
) -> Guard:
    return guard_of(workspace, connection, cases, every=every, progress=progress)


def _unanswered(outcome: Outcome, error: BullseyeError, as_known_today: bool) -> Asked:
    return Asked(
        outcome=outcome.name,
        asks=outcome.sentence,
        is_good=outcome.is_good,
        dated=not as_known_today and outcome.rule is None,
        problem=error.problem,
        hint=error.hint,
    )


def _first_look(cases: Cases) -> str:
    """Return what to do where no case has facts from before it began; empty if one has."""
    if cases.n or not cases.dated:
        return ""
    if cases.outcome.won or cases.outcome.churned:
        return (
            "A first look, with today's facts:"
            f" bullseye outcomes {cases.outcome.name} --as-known-today --guard"
        )
    return "It needs accounts imported on an earlier day and again later: bullseye import accounts"


def _counted(cases: Cases, guard: Guard | None) -> Asked:
    return Asked(
        outcome=cases.outcome.name,
        asks=cases.outcome.sentence,
        is_good=cases.outcome.is_good,
        dated=cases.dated,
        as_of=cases.as_of,
        until=cases.until,
        n=cases.n,
        yes=cases.yes,
        no=cases.no,
        undecided=cases.undecided,
        undated=cases.undated,
        account_count=cases.account_count,
        cohorts=cases.cohorts,
        left_out=cases.left_out,
        warning=cases.warning,
        guard=guard,
        hint=_first_look(cases),
    )
