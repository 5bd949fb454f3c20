"""Velocity by stage: how long opportunities stand in each, and which stage makes one faster."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.case_columns import CaseColumns
from bullseye.segment.segmentation import LEAST, Segmentation
from bullseye.stats.stage_paths import Decomposed, Stays, decomposed
from bullseye.stats.survival import (
    OPEN,
    OTHER,
    YES,
    MedianDays,
    ShareBy,
    aalen_johansen,
    clustered_share_by,
    life_table,
    median_days,
)
from bullseye.warehouse import stages as history
from bullseye.warehouse.stages import Spells

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

SPLIT_AT = 90
"""The share won by this day is what is split by stage."""

MOVED_BY = 30
"""Days in a stage by which the shares moved on and lost are told."""

MOST_STAGES = 8
"""Stages told apart; the rarer ones are one."""

RARE = "other stages"
MOSTLY = 0.5
"""A history speaks for all where it saw at least this share of the opportunities."""


@dataclass(frozen=True)
class StagePace:
    """How long opportunities of one segment stand in one stage.

    `n` stays of `accounts` accounts: `moved` on (to another stage, or won), `lost`, the rest still
    there. `moved_by` and `lost_by` are the shares by 30 days, each competing with the other;
    `half_left` the days by which half have left it either way.
    """

    stage: str
    segment: str
    n: int
    accounts: int
    moved: int
    lost: int
    moved_by: ShareBy
    lost_by: ShareBy
    half_left: MedianDays


@dataclass(frozen=True)
class StageShare:
    """What one stage accounts for: points of the share won, -1 to 1, with their interval."""

    stage: str
    points: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        """Whether it can be told from nothing."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class ByStage:
    """One field by stage: its segments' paces, and which stage makes `segment` stand out.

    `inside` and `outside` are the shares won by `day` as put together from stages, of the segment
    and of all others; `total` is their difference and `parts` add up to it. `measured` is the same
    difference counted without stages: far from `total`, the model of stages does not fit.
    """

    field: str
    paces: tuple[StagePace, ...]
    segment: str
    day: int
    inside: float
    outside: float
    total: StageShare
    parts: tuple[StageShare, ...]
    measured: float | None
    n: int
    accounts: int


@dataclass(frozen=True)
class StagesTold:
    """Velocity by stage: of all, and of fields. `reason` says why there is nothing, else is empty.

    `seen` opportunities have a history of their stages, `unseen` have none.
    """

    overall: tuple[StagePace, ...]
    fields: tuple[ByStage, ...]
    seen: int
    unseen: int
    reason: str


def stages_told(
    columns: CaseColumns, spells: Spells, asked: Sequence[tuple[Segmentation, int]]
) -> StagesTold:
    """Return how long opportunities stand in each stage.

    Parameters
    ----------
    columns
        The cases, in order of their number.
    spells
        Their stays in stages.
    asked
        Fields to split by, each with the index of the segment to hold against all others.
    """
    counts = spells.seen, spells.unseen
    if spells.seen < MOSTLY * (spells.seen + spells.unseen) or spells.seen < LEAST:
        reason = (
            f"The stages of {spells.seen:,} of {spells.seen + spells.unseen:,} opportunities are"
            " known from the day they were opened: too few to say which stage takes how long."
        )
        return StagesTold((), (), *counts, reason)
    known = _common(spells)
    everyone = _paces(columns, known, np.ones(len(known.case), dtype=bool), "all")
    return StagesTold(
        everyone,
        tuple(_by_stage(columns, known, division, code) for division, code in asked),
        *counts,
        "",
    )


def _common(spells: Spells) -> Spells:
    """Return the spells with rare stages as one, so that every stage has cases to tell from."""
    counts = np.bincount(spells.stage, minlength=len(spells.names))
    order = np.argsort(-counts, kind="stable")[:MOST_STAGES]
    kept = sorted(int(code) for code in order if counts[code] >= LEAST)
    if len(kept) == len(spells.names):
        return spells
    place = np.full(len(spells.names), len(kept))
    place[kept] = np.arange(len(kept))
    follows = np.where(spells.follows >= 0, place[spells.follows], spells.follows)
    names = (*(spells.names[code] for code in kept), RARE)
    return replace(spells, names=names, stage=place[spells.stage], follows=follows)


def _paces(columns: CaseColumns, spells: Spells, mine: Bools, name: str) -> tuple[StagePace, ...]:
    found = []
    for code, stage in enumerate(spells.names):
        rows = mine & (spells.stage == code)
        if rows.any():
            found.append(_pace(columns, spells, rows, stage, name))
    return tuple(found)


def _pace(columns: CaseColumns, spells: Spells, rows: Bools, stage: str, segment: str) -> StagePace:
    days, follows = spells.days[rows], spells.follows[rows]
    ended = np.where(follows == history.OPEN, OPEN, np.where(follows == history.LOST, OTHER, YES))
    turned = np.where(ended == OTHER, YES, np.where(ended == YES, OTHER, OPEN))
    account = np.unique(columns.account[spells.case[rows]], return_inverse=True)[1]
    table = life_table(days, ended)
    return StagePace(
        stage,
        segment,
        len(days),
        int(account.max()) + 1,
        int((ended == YES).sum()),
        int((ended == OTHER).sum()),
        clustered_share_by(days, ended, account, MOVED_BY),
        clustered_share_by(days, turned, account, MOVED_BY),
        median_days(aalen_johansen(table.any_end), table.n),
    )


def _by_stage(columns: CaseColumns, spells: Spells, division: Segmentation, code: int) -> ByStage:
    codes = division.codes[spells.case]
    paces = [
        pace
        for at, name in enumerate(division.names)
        for pace in _paces(columns, spells, codes == at, name)
    ]
    known = codes >= 0
    account = np.unique(columns.account[spells.case[known]], return_inverse=True)[1]
    stays = Stays(
        len(spells.names),
        spells.stage[known],
        spells.follows[known],
        spells.days[known],
        spells.is_first[known],
        account,
    )
    split = decomposed(stays, codes[known] == code, day=SPLIT_AT)
    seen = np.unique(spells.case[known])
    return ByStage(
        division.field,
        tuple(paces),
        division.names[code],
        split.day,
        split.inside,
        split.outside,
        StageShare("all stages", *split.total),
        _parts(spells.names, split),
        _measured(columns, seen, division.codes[seen] == code),
        len(seen),
        split.accounts,
    )


def _parts(names: tuple[str, ...], split: Decomposed) -> tuple[StageShare, ...]:
    parts = [StageShare(name, *part) for name, part in zip(names, split.parts, strict=True)]
    if abs(split.begin.value) > 1e-9:
        parts.append(StageShare("where it begins", *split.begin))
    return tuple(sorted(parts, key=lambda each: -abs(each.points)))


def _measured(columns: CaseColumns, seen: Ints, inside: Bools) -> float | None:
    """Return the difference of the shares won by the day, counted without stages."""
    shares = []
    for side in (inside, ~inside):
        rows = seen[side]
        account = np.unique(columns.account[rows], return_inverse=True)[1]
        days, state = columns.days[rows], columns.state[rows]
        shares.append(clustered_share_by(days, state, account, SPLIT_AT).share)
    return None if shares[0] is None or shares[1] is None else shares[0] - shares[1]
