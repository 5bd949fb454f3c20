"""Backtests: cases of an outcome, joined with how a version scores the days before them."""

from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.cases import cases_of
from bullseye.errors import NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.pipeline.frozen import Frozen, frozen, icp_named
from bullseye.pipeline.spending import spending
from bullseye.prioritize import run as prioritize
from bullseye.validate import run as validate
from bullseye.validate.run import STANDINGS, Against, Backtest, Happened, Judged, Question
from bullseye.warehouse.cases import Cases, Every
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

KIND = "backtest"
CAPACITY = 0.1
"""The share of the accounts known last that can be worked, where no number is given."""


def backtest(
    workspace: Workspace,
    icp: str | None = None,
    *,
    outcome: str = "won",
    version: str | None = None,
    against: str | None = None,
    every: str = "month",
    capacity: int | None = None,
    as_known_today: bool = False,
    as_of: date | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _stage: None,
) -> Backtest:
    """Judge an ICP by what happened after past days, as accounts were known on them; keep it.

    Parameters
    ----------
    workspace
        The workspace.
    icp
        The ICP; the only one where absent.
    outcome
        Name of an outcome, built-in ones too.
    version, against
        The definitions under test, and those to compare them with: ``live``, the beginning of a
        version's hash, or None for the files (to test) and for no comparison.
    every
        ``month`` or ``quarter``: how far the cohort days lie apart.
    capacity
        How many accounts of each day could be worked; a tenth of them where absent.
    as_known_today
        Take facts and scores of today for every case; the result then says so.
    as_of
        The day of the question; today where absent.
    dry_run
        Do not keep the result.
    progress
        Is told each stage.

    Raises
    ------
    NotEnoughEvidence
        If there is no decided case whose account was known before; the reason is said.
    UnknownName, UsageError
        If there is no such ICP, outcome or version.
    """
    tested = frozen(workspace, version)
    name = icp_named(tested.workspace.project, icp)
    other = frozen(workspace, against) if against else None
    if other is not None:
        icp_named(other.workspace.project, name)
    with tested.workspace.connection() as connection:
        cases = cases_of(
            tested.workspace,
            connection,
            outcome,
            as_of=as_of,
            every=Every(every),
            as_known_today=as_known_today,
            progress=progress,
        )
        require_decided(cases)
        sides = [
            _scored(each, connection, name, cases, f"scored_{at}", progress)
            for at, each in enumerate(filter(None, (tested, other)))
        ]
        happened = happenings(connection, cases)
        seen = [judged(connection, cases, side) for side in sides]
        room = capacity or max(1, round(CAPACITY * int(seen[0].accounts.max(initial=1))))
        compared = None
        if other is not None:
            progress("Comparing the versions")
            compared = _against(connection, cases, sides, other, happened, seen, room)
        progress("Shuffling the outcomes as a control")
        found = validate.backtest(
            _question(name, tested, cases),
            happened,
            seen[0],
            capacity=room,
            compared=compared,
            new_cases=_new_cases(connection, cases, tested),
        )
    if not dry_run:
        words = {"sentence": validate.sentence(found), "warnings": found.warnings}
        answer = found.verdict.answer
        keep(tested.workspace, KIND, name, cases.as_of, found, answer=answer, **words)
    return found


def require_decided(cases: Cases) -> None:
    """Raise unless a case is decided, and say why there is none.

    Raises
    ------
    NotEnoughEvidence
        If there is no case, or none is decided yet.
    """
    if cases.yes + cases.no:
        return
    why = "; ".join(f"{each.n:,}: {each.reason}" for each in cases.left_out)
    if cases.n:
        problem = f"None of {cases.n:,} cases of {cases.outcome.name} is decided on {cases.as_of}."
        raise NotEnoughEvidence(problem, hint="Ask again when some are.")
    raise NotEnoughEvidence(
        f"No case of {cases.outcome.name} has facts that were known before it"
        f"{f' ({why})' if why else ''}.",
        hint="Import older exports with: bullseye import accounts FILE --as-of DATE. Or look at"
        " facts as known today, which may have been filled in by the outcome: --as-known-today",
    )


def happenings(connection: duckdb.DuckDBPyConnection, cases: Cases) -> Happened:
    """Return what happened in every case, in the order of `case_no`."""
    table = connection.sql(
        "SELECT dense_rank() OVER (ORDER BY account_id) - 1 AS account,"
        " dense_rank() OVER (ORDER BY cohort) - 1 AS cohort,"
        " COALESCE(happened, -1) AS yes, state, CAST(days AS DOUBLE) AS days,"
        f" CAST(amount AS DOUBLE) AS amount FROM {cases.relation} ORDER BY case_no"
    ).to_arrow_table()
    whole = [_whole(table.column(name)) for name in ("account", "cohort", "yes", "state")]
    account, cohort, yes, state = whole
    days, amount = (_numbers(table.column(name)) for name in ("days", "amount"))
    return Happened(account, cohort, yes, state, days, amount)


def judged(connection: duckdb.DuckDBPyConnection, cases: Cases, scores: str) -> Judged:
    """Return how the accounts of every case had been scored, in the order of `case_no`."""
    codes = " ".join(f"WHEN '{each}' THEN {code}" for code, each in enumerate(STANDINGS))
    table = connection.sql(
        "SELECT CASE COALESCE(s.tier, CASE s.status WHEN 'scored' THEN 'no tier' ELSE s.status"
        f" END) {codes} END AS standing, s.fit_score AS fit, s.place, s.accounts"
        f" FROM {cases.relation} AS c JOIN {scores} AS s"
        " ON s.account_id = c.account_id AND s.cohort = c.cohort ORDER BY c.case_no"
    ).to_arrow_table()
    standing, place, accounts = (
        _whole(table.column(name)) for name in ("standing", "place", "accounts")
    )
    return Judged(standing, _numbers(table.column("fit")), place, accounts)


def _whole(column: object) -> NDArray[np.int64]:
    return np.asarray(column, dtype=np.int64)


def _numbers(column: object) -> NDArray[np.float64]:
    return np.asarray(column.fill_null(np.nan), dtype=np.float64)  # type: ignore[attr-defined]


def _scored(
    side: Frozen,
    connection: duckdb.DuckDBPyConnection,
    icp: str,
    cases: Cases,
    name: str,
    progress: Progress,
) -> str:
    return prioritize.score_cohorts(
        side.workspace,
        connection,
        icp,
        cases.cohorts,
        as_of=cases.as_of,
        name=name,
        progress=progress,
    )


def _against(
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    sides: list[str],
    other: Frozen,
    happened: Happened,
    seen: list[Judged],
    capacity: int,
) -> Against:
    return validate.against(
        happened,
        seen[0],
        seen[1],
        capacity=capacity,
        is_good=cases.outcome.is_good,
        version=other.version,
        written_on=other.written_on,
        spent=spending(connection, other.workspace, cases, sides, capacity) if cases.dated else (),
    )


def _question(icp: str, tested: Frozen, cases: Cases) -> Question:
    return Question(
        icp=icp,
        outcome=cases.outcome.name,
        outcome_sentence=cases.outcome.sentence,
        is_good=cases.outcome.is_good,
        version=tested.version,
        written_on=tested.written_on,
        as_of=cases.as_of,
        cohorts=cases.cohorts,
        dated=cases.dated,
        warning=cases.warning,
        left_out=tuple((each.reason, each.n) for each in cases.left_out),
    )


def _new_cases(connection: duckdb.DuckDBPyConnection, cases: Cases, tested: Frozen) -> int | None:
    """Return how many cases began after the definition was first seen."""
    if tested.written_on is None or not cases.dated:
        return 0 if cases.dated else None
    row = connection.execute(
        f"SELECT count(*) FROM {cases.relation} WHERE began_on > ?", [tested.written_on]
    ).fetchall()[0]
    return int(row[0])
