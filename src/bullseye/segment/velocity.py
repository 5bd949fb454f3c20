"""Velocity: how fast each segment is won, open opportunities counted, and why one is faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.case_columns import CaseColumns
from bullseye.segment.segmentation import Segmentation, segmentations
from bullseye.segment.suitable import unsuitable
from bullseye.stats.discoveries import FALSE_DISCOVERIES, q_values
from bullseye.stats.hazards import Effect, Explained, Periods, explained, periods
from bullseye.stats.log_rank import LogRank, clustered_log_rank, log_rank
from bullseye.stats.survival import (
    OPEN,
    OTHER,
    YES,
    LifeTable,
    MedianDays,
    ShareBy,
    aalen_johansen,
    clustered_share_by,
    life_table,
    median_days,
    share_by,
)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BY_DAYS = (30, 60, 90, 180)
"""Days by which the share that is won is told."""

PERIOD = 14
"""Days of a period in which pace is explained, and how many of them."""
PERIODS = 13

EXPLAINED_ON = 10_000
"""Cases that an explanation is fitted on at most, drawn evenly over time."""

FILL_GAP = 0.1
"""An amount that is known so much more often after one end than another was filled in by it."""

LEAST_WON = 5

MATTERS = 0.05
"""Other fields explain a pace only if they have to do with it themselves: p below this."""

MOST_FACTS = 5
"""Facts that an explanation holds beside amount and season: those that differ most in pace."""

MOST_EXPLAINED = 5
"""Fields whose difference is explained: those where chance explains it least."""


@dataclass(frozen=True)
class Pace:
    """How fast one segment is won.

    `n` opportunities of `accounts` accounts, `won`, `lost` and the rest still open; `shares` won
    by 30, 60, 90 and 180 days; `to_won` the days by which half of all are won, `to_end` the days
    by which half are won or lost: both count the open ones.
    """

    name: str
    n: int
    accounts: int
    won: int
    lost: int
    shares: tuple[ShareBy, ...]
    to_won: MedianDays
    to_end: MedianDays


@dataclass(frozen=True)
class Reason:
    """What one fact explains of a segment's pace: a share of it, 0-1, with its interval."""

    fact: str
    share: Effect | None


@dataclass(frozen=True)
class Why:
    """Why one segment is won faster or slower than all others of its field.

    `times` is how many times the chance to be won within any two weeks; `alike` the same where
    all other facts are alike; `share` of the difference that other facts explain (None where it
    cannot be told), split into `reasons`.
    """

    segment: str
    times: Effect
    alike: Effect
    share: Effect | None
    reasons: tuple[Reason, ...]
    n: int


@dataclass(frozen=True)
class Tested:
    """Whether the segments of a field move at one pace.

    `p` is of the log-rank test, `q` counts everything that was tested; `why` is about the segment
    that stands out most, where `q` is small.
    """

    p: float
    q: float
    why: Why | None

    @property
    def differs(self) -> bool:
        """Whether its segments move at different paces, all tests counted."""
        return self.q <= FALSE_DISCOVERIES


@dataclass(frozen=True)
class ByField:
    """The segments of one field: whether they are won, and decided either way, at one pace.

    A segment that is decided faster need not be won more often: `won` and `decided` are two
    questions.
    """

    field: str
    segments: tuple[Pace, ...]
    won: Tested
    decided: Tested


@dataclass(frozen=True)
class Period:
    """Whether the pace itself changed: opportunities begun before `middle` against later ones."""

    middle: date
    earlier: Pace
    later: Pace
    p: float


@dataclass(frozen=True)
class Velocity:
    """How fast opportunities are won: those whose facts are known, by field and in two periods.

    `undated` opportunities have no day of their beginning or end and are not in it; `refused`
    fields divide nothing.
    """

    overall: Pace
    fields: tuple[ByField, ...]
    period: Period | None
    undated: int
    refused: tuple[str, ...]


def velocity(columns: CaseColumns, *, by: str | None = None) -> Velocity:
    """Return how fast the opportunities of `columns` were won.

    Parameters
    ----------
    columns
        Cases of the outcome won; those without days are counted and left out.
    by
        Only the segments of this field.

    Notes
    -----
    Share won by a day: Aalen-Johansen, lost competes and open is censored. Intervals and tests
    know that opportunities of one account are alike. Benjamini-Hochberg over all fields.
    """
    dated = ~np.isnan(columns.days)
    cases = columns.taken(dated)
    decided = replace(cases, state=np.where(cases.state == OPEN, OPEN, YES))
    divisions = segmentations(cases.facts, by)
    pool = divisions if by is None else segmentations(cases.facts)
    won, ended = (_tested(each, divisions, pool, 2) for each in (cases, decided))
    fields = []
    for at, division in enumerate(divisions):
        segments = tuple(
            _pace(cases, division.codes == code, name) for code, name in enumerate(division.names)
        )
        fields.append(ByField(division.field, segments, won[at], ended[at]))
    return Velocity(
        _pace(cases, np.ones(cases.n, dtype=bool), "all"),
        tuple(sorted(fields, key=lambda each: min(each.won.q, each.decided.q))),
        _period(cases),
        int((~dated).sum()),
        tuple(f"{left.field}: {left.reason}" for left in unsuitable(cases.facts)),
    )


def _tested(
    cases: CaseColumns, divisions: Sequence[Segmentation], pool: Sequence[Segmentation], looks: int
) -> list[Tested]:
    """Return the test of each division; `looks` is how many such families of tests there are."""
    p = {id(each): _test(cases, each.codes).p for each in {*divisions, *pool}}
    adjusted = q_values(np.array([p[id(each)] for each in divisions])) if divisions else ()
    telling = sorted((p[id(each)], at) for at, each in enumerate(pool) if p[id(each)] < MATTERS)
    matters = [pool[at] for _, at in telling[:MOST_FACTS]]
    explained_to = sorted([*adjusted, 0.0])[: MOST_EXPLAINED + 1][-1] * looks
    found = []
    for division, single in zip(divisions, adjusted, strict=True):
        q, why = min(1.0, looks * float(single)), None
        if q <= FALSE_DISCOVERIES and q <= explained_to:
            why = _why(cases, division, furthest(cases, division), matters)
        found.append(Tested(p[id(division)], q, why))
    return found


def _pace(cases: CaseColumns, mine: Bools, name: str) -> Pace:
    return pace(name, cases.days[mine], cases.state[mine], cases.account[mine])


def pace(
    name: str, days: Floats, state: Ints, account: Ints, table: LifeTable | None = None
) -> Pace:
    """Return how fast cases were won that were seen for `days` and ended in `state`; arrays (n,).

    `account` numbers their accounts; `table` is their life table where it was counted already.
    """
    table = life_table(days, state) if table is None else table
    accounts = len(np.unique(account))
    if accounts < len(account):
        codes = np.unique(account, return_inverse=True)[1]
        shares = tuple(clustered_share_by(days, state, codes, day) for day in BY_DAYS)
    else:
        shares = tuple(share_by(table, day) for day in BY_DAYS)
    return Pace(
        name,
        len(days),
        accounts,
        int((state == YES).sum()),
        int((state == OTHER).sum()),
        shares,
        median_days(aalen_johansen(table), table.n),
        median_days(aalen_johansen(table.any_end), table.n),
    )


def _test(cases: CaseColumns, codes: Ints) -> LogRank:
    """Return the log-rank test between the segments of the cases whose segment is known."""
    known = codes >= 0
    days, state, account = cases.days[known], cases.state[known], cases.account[known]
    if len(np.unique(account)) < len(account):
        clusters = np.unique(account, return_inverse=True)[1]
        return clustered_log_rank(days, state, codes[known], clusters)
    groups = range(int(codes.max()) + 1 if len(codes) else 0)
    return log_rank([life_table(cases.days[codes == g], cases.state[codes == g]) for g in groups])


def furthest(cases: CaseColumns, division: Segmentation) -> int:
    """Return the segment whose pace to be won differs most from all others of its field."""
    tested = [
        _test(cases, np.where(division.codes < 0, -1, (division.codes == code).astype(np.int64)))
        for code in range(len(division.names))
    ]
    return int(np.argmax([test.chi2 for test in tested]))


def _period(cases: CaseColumns) -> Period | None:
    """Return the earlier half of the opportunities beside the later one."""
    began = cases.began[~np.isnan(cases.began)]
    if len(began) < 2:
        return None
    middle = float(np.median(began))
    later = cases.began > middle
    if later.all() or not later.any():
        return None
    codes = np.where(np.isnan(cases.began), -1, later.astype(np.int64))
    return Period(
        date.fromordinal(date(1970, 1, 1).toordinal() + int(middle)),
        _pace(cases, codes == 0, "earlier"),
        _pace(cases, codes == 1, "later"),
        _test(cases, codes).p,
    )


# -- why ---------------------------------------------------------------------------------------


def _why(
    cases: CaseColumns, division: Segmentation, code: int, pool: Sequence[Segmentation]
) -> Why | None:
    known = np.flatnonzero(division.codes >= 0)
    if len(known) > EXPLAINED_ON:
        known = known[np.linspace(0, len(known) - 1, EXPLAINED_ON).astype(np.int64)]
    some = cases.taken(known)
    rows = periods(some.days, some.state, width=PERIOD, last=PERIODS)
    others = [each.taken(known) for each in pool if each.field != division.field]
    found = explained(rows, division.codes[known] == code, _facts(some, rows, others), some.account)
    if found is None:
        return None
    return _worded(division.names[code], found)


def _worded(segment: str, found: Explained) -> Why:
    reasons = sorted(
        (Reason(part.name, part.share) for part in found.parts),
        key=lambda each: -abs(each.share.value) if each.share else 0.0,
    )
    return Why(
        segment,
        _times(found.total),
        _times(found.direct),
        found.share,
        tuple(reasons),
        found.cases,
    )


def _times(effect: Effect) -> Effect:
    return Effect(*(float(np.exp(each)) for each in effect))


def _facts(
    cases: CaseColumns, rows: Periods, others: Sequence[Segmentation]
) -> Mapping[str, Floats]:
    """Return the columns that may explain a pace: other fields, the amount and the season."""
    found: dict[str, list[Floats]] = {}
    for each in others:
        found.setdefault(each.field, []).append(_dummies(each.codes, len(each.names))[rows.case])
    amounts = _quarters(cases)
    if amounts is not None:
        found["amount"] = [amounts[rows.case]]
    if not np.isnan(cases.began).any():
        day = cases.began[rows.case] + PERIOD * (rows.period + 0.5)
        month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        found["season"] = [_dummies(month, 12)]
    return {name: np.column_stack(parts) for name, parts in found.items()}


def _dummies(codes: Ints, count: int) -> Floats:
    """Return one column per segment but the first, and one for unknown where some are."""
    places = np.where(codes < 0, count, codes)
    whole = np.eye(count + 1)[places]
    return whole[:, 1:][:, whole[:, 1:].any(axis=0)]


def _quarters(cases: CaseColumns) -> Floats | None:
    """Return the quarter of the amount; None where the amount tells how an opportunity ended.

    Many systems write an amount only when an opportunity is won, or set it to 0 when it is lost.
    """
    amounts = np.where(cases.amount > 0, cases.amount, np.nan)
    filled = [
        float(np.isfinite(amounts[cases.state == end]).mean())
        for end in (OPEN, YES, OTHER)
        if (cases.state == end).any()
    ]
    known = amounts[np.isfinite(amounts)]
    if len(known) < LEAST_WON * 4 or known.min() == known.max():
        return None
    if max(filled) - min(filled) > FILL_GAP:
        return None
    bounds = np.unique(np.quantile(known, [0.25, 0.5, 0.75]))
    codes = np.where(np.isnan(amounts), -1, np.searchsorted(bounds, amounts, side="right"))
    return _dummies(codes.astype(np.int64), len(bounds) + 1)
