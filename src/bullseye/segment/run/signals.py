"""Answer which signals preceded which outcomes, from what is imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from bullseye.cases import cases_of
from bullseye.definitions.evaluate import folded
from bullseye.definitions.outcome import Outcome
from bullseye.errors import BullseyeError, NotEnoughEvidence, UsageError
from bullseye.keeping import keep
from bullseye.segment.signals import (
    OutcomeSpells,
    Preceding,
    SignalRows,
    kinds_of,
    preceding,
)
from bullseye.stats.timing import Spells
from bullseye.warehouse.cases import Cases, Every
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

LATE = 45
"""Days from happening to being known beyond which most signals come too late to be tried."""


@dataclass(frozen=True)
class OutcomeAsked:
    """One outcome that was asked about: how often it happened, and over which days."""

    name: str
    sentence: str
    good: bool
    outcomes: int
    at_risk: int
    first_day: date | None
    last_day: date
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SignalsTold:
    """What preceded each outcome.

    `warning` has to stand beside every number; empty where signals count from the day they were
    known. `lag_days` is the median from happening to being known; `tests` is how many pairs of
    signal and outcome were judged.
    """

    as_of: date
    warning: str
    signals: int
    lag_days: float
    tests: int
    outcomes: tuple[OutcomeAsked, ...]
    preceding: tuple[Preceding, ...]
    skipped: tuple[str, ...]


def what_precedes(
    workspace: Workspace,
    outcomes: Sequence[str] = (),
    *,
    as_of: date | None = None,
    from_occurrence: bool = False,
    seed: int = 0,
    is_kept: bool = True,
    progress: Progress = lambda _: None,
) -> SignalsTold:
    """Return which signals preceded each outcome, against accounts at risk on the same day.

    Parameters
    ----------
    workspace
        Whose imports and definitions are read.
    outcomes
        Names of outcomes; where none is named, every one that has a day and happened at all.
    as_of
        The day of the question; today where absent.
    from_occurrence
        Count signals from the day they happened, not from the day they were known: for a first
        look where that day was never recorded. This looks ahead, and the result says so.
    seed
        Of the samples that are drawn where there are very many outcomes.
    is_kept
        Whether the result is kept as a proof of kind ``signals``.
    progress
        Is told what is being done.

    Raises
    ------
    UsageError
        If an outcome that is named has no day, as a rule has none.
    NotEnoughEvidence
        If no signals are imported, or no outcome happened.
    """
    day = as_of or workspace.today
    with workspace.connection() as connection:
        ids = tuple(batch.number for batch in workspace.batches(up_to=day))
        latest = workspace.state(connection, workspace.project, ids, day)
        accounts = _numbered(connection, latest)
        rows = _signals(connection, latest)
        if not len(rows.account):
            raise NotEnoughEvidence(
                f"No signals are known on {day}, so nothing can precede an outcome.",
                hint="Import some with: bullseye import signals FILE",
            )
        asked, skipped = _asked(workspace, connection, outcomes, day, accounts, progress)
    if not asked:
        raise NotEnoughEvidence(
            "No outcome with a day has happened yet.",
            hint="; ".join(skipped) or "See the outcomes with: bullseye outcomes",
        )
    lag = float(np.median(rows.known - rows.occurred))
    if from_occurrence:
        rows = replace(rows, known=rows.occurred)
    kinds = kinds_of(rows, workspace.project.signals)
    found = preceding([each for _, each in asked], kinds, seed=seed, progress=progress)
    told = SignalsTold(
        as_of=day,
        warning=_warning(lag, from_occurrence=from_occurrence),
        signals=len(rows.account),
        lag_days=lag,
        tests=len(found),
        outcomes=tuple(each for each, _ in asked),
        preceding=tuple(found),
        skipped=skipped,
    )
    if is_kept:
        keep(workspace, "signals", ", ".join(each.name for each, _ in asked), day, told)
    return told


def _warning(lag: float, *, from_occurrence: bool) -> str:
    if from_occurrence:
        return (
            "Signals count from the day they happened, whenever they became known: this looks"
            " ahead, and nobody could have acted on all of them."
        )
    if lag > LATE:
        return (
            f"Half of the signals became known more than {lag:.0f} days after they happened, as"
            " far as is recorded, and count only from then. If another column says when each was"
            " known, import it with: --map known_on=COLUMN. For a first look: --from-occurrence"
        )
    return ""


def _asked(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    day: date,
    accounts: str,
    progress: Progress,
) -> tuple[list[tuple[OutcomeAsked, OutcomeSpells]], tuple[str, ...]]:
    """Return the outcomes that can be asked about, and why others cannot."""
    asked, skipped = [], []
    for name in names or sorted(workspace.project.all_outcomes):
        outcome = workspace.project.outcome(name)
        try:
            asked.append(_spells(workspace, connection, outcome, day, accounts, progress))
        except BullseyeError as error:
            if names:
                raise
            skipped.append(f"{name}: {error.problem}")
    return asked, tuple(skipped)


def _spells(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    day: date,
    accounts: str,
    progress: Progress,
) -> tuple[OutcomeAsked, OutcomeSpells]:
    if outcome.rule is not None:
        raise UsageError(
            f"Outcome {outcome.name} is a rule on what is known now: it has no day, so nothing"
            " can be said to precede it.",
            hint="Ask for an outcome with a day: won, churned, an event or a change.",
        )
    progress(f"Who was at risk of {outcome.name}")
    units = bool(outcome.won or outcome.churned)
    cases = cases_of(
        workspace,
        connection,
        outcome.name,
        as_of=day,
        every=Every.MONTH if units else Every.QUARTER,
        as_known_today=units and outcome.among is None,
    )
    spells, first, missing = _read_spells(connection, cases, accounts, units=units)
    happened = int(spells.happened.sum())
    if not happened:
        raise NotEnoughEvidence(
            f"Outcome {outcome.name} has not happened on a day that is known.",
            hint="See its cases with: bullseye outcomes",
        )
    left = (*(f"{each.n:,}: {each.reason}" for each in cases.left_out), *missing)
    asked = OutcomeAsked(
        outcome.name,
        outcome.sentence,
        outcome.is_good,
        happened,
        len(spells.account),
        first,
        cases.until,
        left,
    )
    return asked, OutcomeSpells(
        outcome.name, outcome.sentence, outcome.is_good, spells, by_age=units
    )


def _numbered(connection: duckdb.DuckDBPyConnection, latest: State) -> str:
    """Number the accounts, and return the name of the table that says how."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE account_numbers AS SELECT account_id,"
        " row_number() OVER (ORDER BY account_id) - 1 AS number"
        f" FROM {reading(latest.accounts)}"
    )
    return "account_numbers"


def _signals(connection: duckdb.DuckDBPyConnection, latest: State) -> SignalRows:
    table = connection.sql(
        "SELECT n.number, s.type, s.subject, s.occurred_on - DATE '1970-01-01' AS occurred,"
        " s.known_on - DATE '1970-01-01' AS known"
        f" FROM {reading(latest.signals)} AS s JOIN account_numbers AS n USING (account_id)"
        " ORDER BY n.number, s.signal_no"
    ).to_arrow_table()

    def whole(name: str) -> np.ndarray:
        return np.asarray(table[name], dtype=np.int64)

    subjects = [None if text is None else folded(text) for text in table["subject"].to_pylist()]
    return SignalRows(
        whole("number"),
        np.array(table["type"].to_pylist(), dtype=object),
        np.array(subjects, dtype=object),
        whole("occurred"),
        whole("known"),
    )


def _read_spells(
    connection: duckdb.DuckDBPyConnection, cases: Cases, accounts: str, *, units: bool
) -> tuple[Spells, date | None, tuple[str, ...]]:
    """Return the times at risk; cases of one account that follow each other do not overlap."""
    until = DUCKDB.literal(cases.until)
    within = f"began_on + {cases.outcome.within}" if cases.outcome.within else until
    next_one = "NULL" if units else "lead(began_on) OVER (PARTITION BY unit_id ORDER BY began_on)"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE spells AS
SELECT n.number, c.began_on, c.state,
  least({until}, {within}, coalesce(c.next_on, {until})) AS watched_to, c.ended_on
FROM (SELECT *, {next_one} AS next_on FROM {cases.relation}) AS c
JOIN {accounts} AS n USING (account_id)"""
    )
    dated = "began_on IS NOT NULL AND (state = 0 OR ended_on IS NOT NULL)"
    first_day = "began_on" if units else "began_on + 1"
    table = connection.sql(
        f"""SELECT number, {first_day} - DATE '1970-01-01' AS began,
  least(watched_to, coalesce(ended_on, watched_to)) - DATE '1970-01-01' AS ended,
  state = 1 AND ended_on <= watched_to AS happened
FROM spells WHERE {dated} AND least(watched_to, coalesce(ended_on, watched_to)) >= {first_day}
ORDER BY began, number, ended"""
    ).to_arrow_table()
    first, undated = connection.execute(
        f"SELECT min(began_on), count(*) FILTER (NOT ({dated})) FROM spells"
    ).fetchall()[0]
    number, began, ended = (
        np.asarray(table[name], dtype=np.int64) for name in ("number", "began", "ended")
    )
    happened = np.array(table["happened"].to_pylist(), dtype=bool)
    missing = (f"{undated:,}: their first or last day is not known",) if undated else ()
    return Spells(number, began, ended, happened), first, missing
