"""Days on which opportunities entered a stage, with what was known of each on that day.

Everything here is as it was known on the day of the entry: a role that was written down later, as
in the week an opportunity was won, is not there yet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.definitions.role_prior import roles_in
from bullseye.warehouse.batches import SourceRows
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.stages import spells_sql
from bullseye.warehouse.state import State

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OPEN, WON, LOST = 0, 1, 2
ROLES = tuple(BuyingRole)
"""The order of the columns of roles."""

CrmRole = Callable[[str], BuyingRole | None]
"""Reads the text of a CRM as a buying role; None where it tells none."""

_CASES = DUCKDB.identifier("entered-opportunities")
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class StageEntries:
    """Entries of opportunities into stages, in order of opportunity and day; arrays (n,).

    `opportunity` and `account` count from 0; `opportunity_ids` names the former. `stage` is an
    index into `stages`, in the order in which they are passed through. `day` counts from
    1970-01-01; `age` days since the opportunity was opened. `state` is how it ended, `ended` the
    days from the entry to the end (NaN while open), `could` those to the last day anything could
    be seen. `amount` as known on the day, NaN where it was not; `amount_now` as known today;
    `employees` of the account. `known` (n, roles) says which roles were written down by then,
    `known_now` which are written down today, in the order of `ROLES`. `is_last` marks the last
    stage that was seen. `undated` rows of roles have no day of their own but that of one import;
    `unseen` opportunities are not in it, as their stages are not known from the first day on.
    """

    stages: tuple[str, ...]
    opportunity_ids: tuple[str, ...]
    opportunity: Ints
    account: Ints
    stage: Ints
    day: Ints
    age: Floats
    state: Ints
    ended: Floats
    could: Floats
    amount: Floats
    amount_now: Floats
    employees: Floats
    known: Bools
    known_now: Bools
    is_last: Bools
    undated: int
    unseen: int


def stage_entries(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    opportunities: Sequence[SourceRows],
    roles: Sequence[SourceRows],
    until: date,
    crm_role: CrmRole,
) -> StageEntries:
    """Return the stages that opportunities entered, and what was known on each of these days.

    Parameters
    ----------
    connection
        The embedded engine.
    state
        What is known on the day of the question.
    opportunities, roles
        All that was ever imported of opportunities and of contacts on them, by source.
    until
        The last day on which an end could be seen.
    crm_role
        Reads what the CRM writes.

    Notes
    -----
    A role counts from the day its row was added; where a later import gives a row another role,
    from that import on. Opportunities without the day they began, ended ones without the day they
    ended, and those whose first stage is not known are left out.
    """
    told = [each for each in opportunities if "stage" in each.fields]
    if not told:
        return _nothing()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_CASES} AS {_cases_sql(state, until)}")
    table = connection.sql(_entries_sql(told, state, until)).to_arrow_table()
    column: Mapping[str, NDArray[np.generic]] = {
        name: np.asarray(table.column(name).fill_null(np.nan), dtype=np.float64)
        for name in ("age", "ended", "could", "amount", "amount_now", "employees")
    }
    ids = table.column("opportunity_id").to_pylist()
    names, opportunity = _numbered(ids)
    stages, stage = _in_order(table.column("stage").to_pylist(), table.column("place").to_numpy())
    first, undated = _role_days(connection, state, roles, names, crm_role)
    current = _current_roles(connection, state, names, crm_role)
    day = np.asarray(table.column("day"), dtype=np.int64)
    return StageEntries(
        stages,
        names,
        opportunity,
        _numbered(table.column("account").to_pylist())[1],
        stage,
        day,
        column["age"].astype(np.float64),
        np.asarray(table.column("state"), dtype=np.int64),
        column["ended"].astype(np.float64),
        column["could"].astype(np.float64),
        column["amount"].astype(np.float64),
        column["amount_now"].astype(np.float64),
        column["employees"].astype(np.float64),
        first[opportunity] <= day[:, None],
        current[opportunity],
        np.asarray(table.column("is_last"), dtype=np.bool_),
        undated,
        _count(connection) - len(names),
    )


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {_CASES}").fetchall()[0][0])


def _nothing() -> StageEntries:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    none = np.zeros((0, len(ROLES)), dtype=np.bool_)
    reals = (real, real, real, real, real)
    ends = (none, none, whole > 0, 0, 0)
    return StageEntries((), (), whole, whole, whole, whole, real, whole, *reals, *ends)


def _cases_sql(state: State, until: date) -> str:
    day = DUCKDB.literal(until)
    return f"""WITH told AS (
  SELECT opportunity_id AS unit_id, coalesce(account_id, '#' || opportunity_id) AS account,
    account_id, created_on AS began_on, CAST(amount AS DOUBLE) AS amount,
    CASE lower(outcome) WHEN 'won' THEN {WON} WHEN 'lost' THEN {LOST} ELSE {OPEN} END AS state,
    CASE WHEN lower(outcome) IN ('won', 'lost') THEN closed_on END AS ended_on
  FROM {reading(state.table(TableName.OPPORTUNITIES))} WHERE created_on <= {day})
SELECT *, row_number() OVER (ORDER BY unit_id) - 1 AS case_no,
  coalesce(ended_on, {day}) - began_on AS days
FROM told WHERE state = {OPEN} OR ended_on BETWEEN began_on AND {day}"""


def _entries_sql(sources: Sequence[SourceRows], state: State, until: date) -> str:
    """Return one row per entry into a stage that was not left on the same day."""
    day = DUCKDB.literal(until)
    said = "\nUNION ALL\n".join(
        f"SELECT opportunity_id, known_on, CAST(amount AS DOUBLE) AS amount, _batch, _row"
        f" FROM ({each.sql}) WHERE amount > 0 AND known_on <= {day}"
        for each in sources
    )
    return f"""WITH spells AS ({spells_sql(sources, _CASES, until)}),
said AS (SELECT opportunity_id, known_on, arg_max(amount, (_batch, _row)) AS amount
  FROM ({said}) GROUP BY ALL),
entered AS (
  SELECT c.*, s.stage, s.place, s.entered_on, s.days AS stayed, s.after IS NULL AS is_last
  FROM spells AS s JOIN {_CASES} AS c USING (case_no))
SELECT e.unit_id AS opportunity_id, e.account, e.stage, e.place, e.is_last, e.state,
  CAST(e.entered_on - DATE '1970-01-01' AS BIGINT) AS day,
  CAST(e.entered_on - e.began_on AS DOUBLE) AS age,
  CAST(e.ended_on - e.entered_on AS DOUBLE) AS ended,
  CAST({day} - e.entered_on AS DOUBLE) AS could,
  k.amount, CASE WHEN e.amount > 0 THEN e.amount END AS amount_now,
  CAST(a.employees AS DOUBLE) AS employees
FROM entered AS e
ASOF LEFT JOIN said AS k ON k.opportunity_id = e.unit_id AND k.known_on <= e.entered_on
LEFT JOIN {reading(state.accounts)} AS a ON a.account_id = e.account_id
WHERE e.stayed > 0 OR e.state = {OPEN} AND e.is_last ORDER BY e.case_no, e.entered_on"""


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    known: dict[str, int] = {}
    codes = [known.setdefault(name, len(known)) for name in names]
    return tuple(known), np.array(codes, dtype=np.int64)


def _in_order(stages: Sequence[str], place: NDArray[np.generic]) -> tuple[tuple[str, ...], Ints]:
    """Return the stages in the order they are passed through, and the code of each entry."""
    names, codes = _numbered(stages)
    if not names:
        return (), codes
    means = np.bincount(codes, weights=np.asarray(place, dtype=np.float64)) / np.bincount(codes)
    order = np.lexsort((np.array(names), means))
    rank = np.argsort(order)
    return tuple(names[at] for at in order), rank[codes].astype(np.int64)


def _role_days(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    sources: Sequence[SourceRows],
    opportunities: Sequence[str],
    crm_role: CrmRole,
) -> tuple[Ints, int]:
    """Return the day each role was first known, (opportunities, roles), and the undated rows."""
    days = np.full((len(opportunities), len(ROLES)), _NEVER)
    told = [each for each in sources if "role" in each.fields]
    if not told:
        return days, 0
    said = "\nUNION ALL\n".join(
        f"SELECT {rank} AS rank, {DUCKDB.identifier(each.key)} AS id, opportunity_id, role,"
        f" added_on, known_on, _batch, _row, {each.dated_once} AS once FROM ({each.sql})"
        f" WHERE known_on <= {DUCKDB.literal(state.as_of)}"
        for rank, each in enumerate(told)
    )
    rows = connection.execute(
        f"""WITH said AS ({said}),
versions AS (
  SELECT *, lag(role) OVER spell AS before, row_number() OVER spell = 1 AS is_first
  FROM said WINDOW spell AS (PARTITION BY rank, coalesce(id, _batch || ':' || _row)
    ORDER BY known_on, _batch, _row))
SELECT opportunity_id, role,
  CAST(min(CASE WHEN is_first THEN coalesce(added_on, known_on) ELSE known_on END)
    - DATE '1970-01-01' AS BIGINT),
  count(*) FILTER (once AND added_on IS NULL)
FROM versions WHERE role IS NOT NULL AND (is_first OR before IS DISTINCT FROM role)
GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    place = {name: at for at, name in enumerate(opportunities)}
    for opportunity, text, day, _ in rows:
        for role in filter(None, map(crm_role, roles_in(text))):
            if opportunity not in place:
                continue
            at = place[opportunity], ROLES.index(role)
            days[at] = min(days[at], day)
    return days, sum(row[3] for row in rows)


def _current_roles(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    opportunities: Sequence[str],
    crm_role: CrmRole,
) -> Bools:
    found = np.zeros((len(opportunities), len(ROLES)), dtype=np.bool_)
    path = state.table(TableName.OPPORTUNITY_CONTACTS)
    if not path.exists():
        return found
    place = {name: at for at, name in enumerate(opportunities)}
    rows = connection.execute(
        f"SELECT DISTINCT opportunity_id, role FROM {reading(path)} WHERE role IS NOT NULL"
        f" AND coalesce(added_on, known_on) <= {DUCKDB.literal(state.as_of)}"
    ).fetchall()
    for opportunity, text in rows:
        for role in filter(None, map(crm_role, roles_in(text))):
            if opportunity in place:
                found[place[opportunity], ROLES.index(role)] = True
    return found
