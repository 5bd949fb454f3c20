"""The stages each opportunity went through: one row per stage it entered, from dated imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.warehouse.batches import SourceRows
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.dialect import DUCKDB

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WON, LOST, OPEN = -1, -2, -3
"""What follows a spell, where it is not another stage."""

FROM_BEGIN = timedelta(days=1)
"""How long after an opportunity was opened its first stage may be known."""


@dataclass(frozen=True, eq=False)
class Spells:
    """Stays of opportunities in stages; arrays (m,) in order of case and day.

    `case` is the `case_no`, `stage` an index into `names` (in the order in which stages are passed
    through), `follows` the next stage, or `WON`, `LOST` or `OPEN`; `days` from entering the stage
    to leaving it, or to the last day it was seen. `is_first` marks the stage an opportunity began
    in. `seen` opportunities with days are in it; of `unseen` nobody knows all stages.
    """

    names: tuple[str, ...]
    case: Ints
    stage: Ints
    follows: Ints
    days: Floats
    is_first: NDArray[np.bool_]
    seen: int
    unseen: int


def stage_spells(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[SourceRows], cases: Cases
) -> Spells:
    """Return the stages that the opportunities of `cases` went through.

    Parameters
    ----------
    connection
        The embedded engine, which holds the cases.
    sources
        Everything ever imported of opportunities, by source: a history is a source that gives an
        opportunity several rows of several days.
    cases
        Of the outcome won.

    Notes
    -----
    Of several sources the one that saw most changes of an opportunity is its history; they are not
    mixed, as two systems name and date stages differently. A stage entered and left on one day
    counts as not entered. An opportunity whose first stage was not known on the day it was opened,
    or the day after, is left out: nobody knows how long it stood there.
    """
    told = [each for each in sources if "stage" in each.fields]
    if not told:
        total = _with_days(connection, cases)
        none = np.zeros(0, dtype=np.int64)
        return Spells((), none, none, none, np.zeros(0), none > 0, 0, total)
    rows = connection.sql(spells_sql(told, cases.relation, cases.until)).to_arrow_table()
    stages = rows.column("stage").to_pylist()
    place = rows.column("place").to_numpy()
    names = _in_order(stages, place)
    code = {name: at for at, name in enumerate(names)}
    ends = {1: WON, 2: LOST, 0: OPEN}
    follows = [
        code[after] if after is not None else ends[state]
        for after, state in zip(
            rows.column("after").to_pylist(), rows.column("state").to_pylist(), strict=True
        )
    ]
    case = np.asarray(rows.column("case_no"), dtype=np.int64)
    seen = len(np.unique(case))
    return Spells(
        names,
        case,
        np.array([code[each] for each in stages], dtype=np.int64),
        np.array(follows, dtype=np.int64),
        np.asarray(rows.column("days"), dtype=np.float64),
        np.asarray(place == 1),
        seen,
        _with_days(connection, cases) - seen,
    )


def _with_days(connection: duckdb.DuckDBPyConnection, cases: Cases) -> int:
    query = f"SELECT count(days) FROM {cases.relation}"
    return int(connection.execute(query).fetchall()[0][0])


def _in_order(stages: Sequence[str], place: NDArray[np.generic]) -> tuple[str, ...]:
    """Return the stages in the order in which opportunities mostly pass through them."""
    if not stages:
        return ()
    names, codes = np.unique(np.array(stages, dtype=object), return_inverse=True)
    means = np.bincount(codes, weights=np.asarray(place, dtype=np.float64)) / np.bincount(codes)
    return tuple(str(names[at]) for at in np.lexsort((names.astype(str), means)))


def spells_sql(sources: Sequence[SourceRows], relation: str, last: date) -> str:
    """Return the select of the stays of opportunities in stages, as `stage_spells` describes them.

    Grain: one stay. Columns: `case_no`, `stage`, `entered_on`, `state`, `after` (the next stage,
    NULL where there is none), `place` (1 is the first) and `days`.

    Parameters
    ----------
    sources
        Those that say stages.
    relation
        One row per opportunity: `case_no`, `unit_id`, `began_on`, `ended_on`, `state` and `days`.
    last
        The last day on which anything could be seen.
    """
    until = DUCKDB.literal(last)
    said = "\nUNION ALL\n".join(
        f"SELECT opportunity_id, {rank} AS rank, known_on, stage, lower(outcome) AS outcome,"
        f" _batch, _row FROM ({source.sql}) WHERE stage IS NOT NULL AND known_on <= {until}"
        for rank, source in enumerate(sources)
    )
    return f"""WITH said AS ({said}),
daily AS (
  SELECT * FROM said QUALIFY row_number() OVER (
    PARTITION BY rank, opportunity_id, known_on ORDER BY _batch DESC, _row DESC) = 1),
open_days AS (
  SELECT c.case_no, c.began_on, c.ended_on, c.state, d.rank, d.known_on, d.stage
  FROM {relation} AS c JOIN daily AS d ON d.opportunity_id = c.unit_id
  WHERE c.days IS NOT NULL AND coalesce(d.outcome, 'open') NOT IN ('won', 'lost')
    AND d.known_on <= coalesce(c.ended_on, {until})),
changed AS (
  SELECT *, lag(stage) OVER (PARTITION BY case_no, rank ORDER BY known_on) AS before
  FROM open_days QUALIFY before IS DISTINCT FROM stage),
weighed AS (
  SELECT *, count(*) OVER (PARTITION BY case_no, rank) AS changes,
    min(known_on) OVER (PARTITION BY case_no, rank)
      <= began_on + {FROM_BEGIN.days} AS is_whole
  FROM changed),
chosen AS (
  SELECT * FROM weighed WHERE is_whole QUALIFY dense_rank() OVER (
    PARTITION BY case_no ORDER BY changes DESC, rank) = 1)
SELECT case_no, stage, known_on AS entered_on, state,
  lead(stage) OVER spell AS after,
  row_number() OVER spell AS place,
  coalesce(lead(known_on) OVER spell, ended_on, {until}) - known_on AS days
FROM chosen WINDOW spell AS (PARTITION BY case_no ORDER BY known_on)
ORDER BY case_no, known_on"""
