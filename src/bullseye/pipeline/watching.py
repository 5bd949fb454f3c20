"""Watch a definition: decided cases by period, against the rates by tier of the time before."""

from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.cases import cases_of
from bullseye.errors import NotEnoughEvidence
from bullseye.govern import run as govern
from bullseye.govern.run import Dated, Drift, FieldShift
from bullseye.keeping import keep
from bullseye.pipeline.frozen import frozen, icp_named
from bullseye.pipeline.proving import happenings, judged, require_decided
from bullseye.prioritize import run as prioritize
from bullseye.validate.run import STANDINGS, Happened, Judged
from bullseye.warehouse.cases import CASE_KEY, Cases, Every
from bullseye.warehouse.facts import read_facts
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

KIND = "drift"
WATCHED = 12
"""Months of a watch; fewer where the past is shorter than twice that."""

MONTHS = {"month": 1, "quarter": 3}


def drift(
    workspace: Workspace,
    icp: str | None = None,
    *,
    outcome: str = "won",
    version: str | None = None,
    every: str = "month",
    as_of: date | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _stage: None,
) -> Drift:
    """Watch whether an outcome still comes as often as an ICP's tiers say; keep the answer.

    Parameters
    ----------
    workspace
        The workspace.
    icp
        The ICP; the only one where absent.
    outcome
        Name of an outcome. Spans that overlap are left out: they would count twice.
    version
        ``live``, the beginning of a version's hash, or None for the files.
    every
        ``month`` or ``quarter``: the length of a period.
    as_of
        The day of the question; today where absent.
    dry_run
        Do not keep the result.
    progress
        Is told each stage.

    Raises
    ------
    NotEnoughEvidence
        If no case is decided, outcomes have no day, or the past is shorter than four periods.
    UnknownName, UsageError
        If there is no such ICP, outcome or version.
    """
    tested = frozen(workspace, version)
    name = icp_named(tested.workspace.project, icp)
    with tested.workspace.connection() as connection:
        cases = cases_of(
            tested.workspace,
            connection,
            outcome,
            as_of=as_of,
            every=Every.MONTH,
            progress=progress,
        )
        _require_days(cases)
        require_decided(cases)
        scores = prioritize.score_cohorts(
            tested.workspace,
            connection,
            name,
            cases.cohorts,
            as_of=cases.as_of,
            progress=progress,
        )
        happened, seen = happenings(connection, cases), judged(connection, cases, scores)
        days = _decided_on(connection, cases)
        used = happened.decided & (days >= 0) & (days <= cases.until.toordinal())
        used &= _apart(cases, happened)
        bounds = _bounds(days[used], cases.until, MONTHS[every])
        period = _periods(days, bounds)
        progress("Simulating healthy years")
        found = govern.drift(
            govern.Asked(
                icp=name,
                outcome=outcome,
                outcome_sentence=cases.outcome.sentence,
                is_good=cases.outcome.is_good,
                version=tested.version,
                as_of=cases.as_of,
                bounds=bounds,
                months=MONTHS[every],
                standings=STANDINGS,
                left_out=_left_out(cases, happened, used),
            ),
            _dated(happened, seen, period, used),
            _shifts(connection, cases, happened, period, used),
        )
    if not dry_run:
        said = govern.sentence(found)
        keep(tested.workspace, KIND, name, cases.as_of, found, sentence=said)
    return found


def _require_days(cases: Cases) -> None:
    if not cases.dated:
        raise NotEnoughEvidence(
            f"Outcome {cases.outcome.name} has no day: it is read off the fields as known now.",
            hint="Watch an outcome that is dated: won, churned, an event or a change.",
        )


def _decided_on(connection: duckdb.DuckDBPyConnection, cases: Cases) -> NDArray[np.int64]:
    """Return the day each case was decided on, in days since 1 (as `date.toordinal`); else -1.

    Where a span is given, the case is decided when it is over, however early it happened: to
    count the early ones sooner would make the last period look better than it is.
    """
    span = cases.outcome.within
    day = "ended_on" if span is None else f"began_on + {int(span)}"
    table = connection.sql(
        f"SELECT COALESCE(({day}) - DATE '0001-01-01' + 1, -1) AS day"
        f" FROM {cases.relation} ORDER BY case_no"
    ).to_arrow_table()
    return np.asarray(table.column("day"), dtype=np.int64)


def _apart(cases: Cases, happened: Happened) -> NDArray[np.bool_]:
    """Return the cases of cohorts whose spans do not overlap; all where a case is no account."""
    span = cases.outcome.within
    if span is None or cases.outcome.won or cases.outcome.churned:
        return np.ones(len(happened.yes), dtype=bool)
    kept, last = [], None
    for at, day in enumerate(cases.cohorts):
        if last is None or (day - last).days >= span:
            kept.append(at)
            last = day
    return np.isin(happened.cohort, kept)


def _bounds(days: NDArray[np.int64], until: date, months: int) -> tuple[date, ...]:
    """Return the bounds of the periods of the watch, the last one ending on `until`."""
    first = date.fromordinal(int(days.min())) if len(days) else until
    whole = (until.year - first.year) * 12 + until.month - first.month
    periods = min(WATCHED, whole // 2) // months
    if periods < 1:
        raise NotEnoughEvidence(
            f"The first case was decided on {first}: too short a past to expect anything from.",
            hint="Ask again when cases of several months are decided, or import older exports.",
        )
    return tuple(_months_before(until, (periods - at) * months) for at in range(periods + 1))


def _months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; the last of its month where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal()
    return date.fromordinal(min(following - 1, date(year, month + 1, 1).toordinal() + day.day - 1))


def _periods(days: NDArray[np.int64], bounds: tuple[date, ...]) -> NDArray[np.int64]:
    """Return the period of each day; -1 before the first."""
    edges = np.array([each.toordinal() for each in bounds])
    return np.searchsorted(edges, days, side="left").astype(np.int64) - 1


def _dated(
    happened: Happened, seen: Judged, period: NDArray[np.int64], used: NDArray[np.bool_]
) -> Dated:
    return Dated(
        period[used],
        happened.yes[used] == 1,
        happened.account[used],
        seen.standing[used],
        -(seen.place[used] / np.maximum(seen.accounts[used], 1)),
    )


def _shifts(
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    happened: Happened,
    period: NDArray[np.int64],
    used: NDArray[np.bool_],
) -> tuple[FieldShift, ...]:
    facts = read_facts(connection, cases.facts, cases.fields, order=CASE_KEY)
    before, now = used & (period < 0), used & (period >= 0)
    return govern.field_shifts(facts, before, now, happened.account)


def _left_out(
    cases: Cases, happened: Happened, used: NDArray[np.bool_]
) -> tuple[tuple[str, int], ...]:
    found = [(each.reason, each.n) for each in cases.left_out]
    undated = int((happened.decided & ~used).sum())
    if undated:
        found.append(("decided on a day that is not known, or in a span that overlaps", undated))
    return tuple(found)
