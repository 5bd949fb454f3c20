"""What can be measured in a workspace of what is bad: outcomes, support cost, discount."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.segment.case_columns import CaseColumns
from bullseye.segment.negative import Measure, Money
from bullseye.segment.run.asking import Asked, asked_of
from bullseye.segment.run.money import MONTH, latest_state, yearly_money
from bullseye.segment.worse import Measured
from bullseye.stats.survival import YES
from bullseye.warehouse.cases import LeftOut
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

Floats = NDArray[np.float64]

SUPPORT = Measure("support-cost", "support cost per month", is_cost=True)
DISCOUNT = Measure("discount", "discount granted", is_cost=True)

LEAST_MONTHS = 3.0
"""Months of a subscription below which its support cost per month says little yet."""

MIN_KNOWN = 30
"""Cases whose value is known below which nothing is searched."""


@dataclass(frozen=True, eq=False)
class Taken:
    """One measure taken: its cases, the day each was decided, and the accounts' money."""

    measure: Measure
    measured: Measured
    decided: Floats
    money: Money
    is_good: bool
    as_of: date
    warning: str
    left_out: tuple[LeftOut, ...]
    refused: tuple[str, ...]


def measure_names(workspace: Workspace) -> tuple[str, ...]:
    """Return what can be asked for: every outcome, support cost and discount."""
    return (*workspace.project.all_outcomes, SUPPORT.name, DISCOUNT.name)


def bad_names(workspace: Workspace) -> tuple[str, ...]:
    """Return what is measured where nothing is named: outcomes nobody wants, and costs."""
    every = workspace.project.all_outcomes
    bad = (name for name, outcome in every.items() if not outcome.is_good)
    return (*bad, SUPPORT.name, DISCOUNT.name)


def take(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    *,
    as_of: date | None = None,
    as_known_today: bool = False,
    insist: Collection[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Taken:
    """Return the cases of one measure.

    Raises
    ------
    UnknownName
        If there is no such outcome, and it is neither support cost nor discount.
    NotEnoughEvidence, InputError
        If the imports do not hold it, or of fewer than 30 cases.
    """
    if name not in measure_names(workspace):
        raise UnknownName("outcome or cost", name, measure_names(workspace))
    outcome = {SUPPORT.name: "churned", DISCOUNT.name: "won"}.get(name, name)
    asked = asked_of(
        workspace,
        connection,
        outcome,
        as_of=as_of,
        as_known_today=as_known_today,
        insist=insist,
        progress=progress,
    )
    columns = asked.columns
    state = latest_state(workspace, connection, asked.cases.as_of)
    values, measure = _values(connection, asked, state, name)
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < MIN_KNOWN:
        raise NotEnoughEvidence(
            f"{measure.name} is known of {len(known):,} cases; {MIN_KNOWN} are needed to compare"
            " segments.",
            hint="Import older data, or take facts as known today with --as-known-today.",
        )
    some = columns.taken(known)
    measured = Measured(measure.is_cost, values[known], some.account, some.began, some.facts)
    good = measure.name == outcome and asked.cases.outcome.is_good
    return Taken(
        measure,
        measured,
        _decided(some, asked),
        yearly_money(connection, state, columns.account_ids),
        good,
        asked.cases.as_of,
        asked.cases.warning,
        asked.cases.left_out,
        asked.refused,
    )


def _values(
    connection: duckdb.DuckDBPyConnection, asked: Asked, state: State, name: str
) -> tuple[Floats, Measure]:
    columns = asked.columns
    if name == SUPPORT.name:
        return _support(connection, asked, state), SUPPORT
    if name == DISCOUNT.name:
        return np.where(columns.state == YES, columns.discount, np.nan), DISCOUNT
    within = asked.cases.outcome.within
    span = f" within {within} days" if within else ""
    words = f"the rate of {name}{span}" if name != "churned" else f"churn{span}"
    return columns.happened, Measure(name, words, is_cost=False)


def _support(connection: duckdb.DuckDBPyConnection, asked: Asked, state: State) -> Floats:
    """Return the support cost of each case per month of its subscription, in order of case.

    Setting up costs most: a subscription of less than three months is not known yet.
    """
    rows = reading(state.table(TableName.SUBSCRIPTIONS))
    table = connection.sql(
        f"SELECT CAST(s.support_cost AS DOUBLE) AS cost FROM {asked.cases.relation} AS c"
        f" LEFT JOIN (SELECT subscription_id, any_value(support_cost) AS support_cost FROM {rows}"
        " GROUP BY ALL) AS s ON s.subscription_id = c.unit_id ORDER BY c.case_no"
    ).to_arrow_table()
    cost = np.asarray(table.column("cost").fill_null(np.nan), dtype=np.float64)
    months = asked.columns.days / MONTH
    enough = (cost >= 0) & (months >= LEAST_MONTHS)
    return np.where(enough, cost / np.where(enough, months, 1.0), np.nan)


def _decided(columns: CaseColumns, asked: Asked) -> Floats:
    """Return the day on which each case was decided, in days since 1970; NaN without days."""
    within = asked.cases.outcome.within
    if within is None:
        return columns.began + columns.days
    return columns.began + np.where(columns.state == YES, columns.days, within)
