"""Money at risk: what open opportunities stand to lose where a buying role is missing.

From the workspace's own closed opportunities: of those that entered a stage with the role written
down, and those without it, how many were won, all else that is known alike? An association, not a
cause: who has an economic buyer on file may sell better for other reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.buying_role import BuyingRole
from bullseye.stats.presence import Difference, Model, Setting, fitted, watched_weights
from bullseye.stats.survival import aalen_johansen, life_table
from bullseye.synthesize.at_risk import MoneyAtRisk, OpportunityAtRisk, RoleAtRisk
from bullseye.warehouse.stage_entries import LOST, OPEN, ROLES, WON, StageEntries

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 30
"""Closed opportunities of each kind (with and without the role, won and not) that are needed."""

LEAST_IN_STAGE = 10
"""The same in one stage: other stages say nothing, and nothing is said of them."""

SPANS = (30, 60, 90, 120, 180, 270, 365, 540, 730)
NEARLY_ALL = 0.975
WATCHED = 0.2
"""A span is asked about only if at least this share of entries could be watched for as long."""

FILL_GAP = 0.1
"""A fact that is known so much more often after one end than another was filled in by it."""


@dataclass(frozen=True, eq=False)
class _Watched:
    """Entries with how they ended within the span, and how much each counts."""

    entries: StageEntries
    setting: Setting
    is_won: Bools
    weight: Floats
    names: tuple[str, ...]
    set_aside: tuple[str, ...]


def money_at_risk(
    entries: StageEntries,
    roles: Sequence[BuyingRole],
    *,
    as_of: date,
    until: date,
    currency: str,
) -> MoneyAtRisk:
    """Return what open opportunities stand to lose by each of `roles` that is missing.

    Parameters
    ----------
    entries
        All entries into stages, with the roles known on each day.
    roles
        The roles asked about.
    as_of, until
        The day of the question, and the last day on which an end could be seen.
    currency
        Of the amounts.

    Notes
    -----
    Landmark analysis (Anderson, Cain and Gelber 1983, Journal of Clinical Oncology 1, 710-719): an
    opportunity is looked at on the day it enters a stage, and only roles written down by then
    count. To count roles that came later would give those that lived longer more roles (immortal
    time bias; Suissa 2008, American Journal of Epidemiology 167, 492-499). Asked is whether it was
    won within `span` days, by which nearly all that are ever won are won; those not watched for
    so long are weighed for (`watched_weights`). Then `stats.presence`.
    """
    span = _span(entries)
    watched = _watched(entries, span)
    return MoneyAtRisk(
        as_of,
        until,
        currency,
        span,
        ("stage", *watched.names, "other roles"),
        watched.set_aside,
        entries.undated,
        entries.unseen,
        tuple(_role(watched, role) for role in roles),
    )


def _span(entries: StageEntries) -> int:
    """Return the days by which nearly all that are ever won are won, as far as was watched."""
    if not len(entries.day):
        return SPANS[0]
    days = np.where(np.isfinite(entries.ended), entries.ended, entries.could)
    curve = aalen_johansen(life_table(days, entries.state))  # won is 1, lost 2, open 0, as there
    usable = [each for each in SPANS if (entries.could >= each).mean() >= WATCHED] or [SPANS[0]]
    whole = curve.share[-1]
    for span in usable:
        reached = curve.share[curve.days <= span]
        if len(reached) and reached[-1] >= NEARLY_ALL * whole:
            return span
    return usable[-1]


def _watched(entries: StageEntries, span: int) -> _Watched:
    amount, told_amount = _amounts(entries)
    columns, names, aside = [np.log1p(entries.age)], ["days since it was opened"], []
    for name, values, usable in (
        ("amount", amount, told_amount),
        ("size of the account", entries.employees, _alike(entries, entries.employees)),
    ):
        known = np.isfinite(values) & (values > 0)
        if not usable:
            aside.append(f"{name}: known more often after one end than after another")
        elif known.any():
            columns.append(np.log(np.where(known, values, np.nan)))
            names.append(name)
    setting = Setting(entries.stage, np.column_stack(columns), entries.known)
    is_won = (entries.state == WON) & (entries.ended <= span)
    ended = np.where(entries.state == OPEN, np.nan, entries.ended)
    weight = watched_weights(ended, entries.could, span)
    return _Watched(entries, setting, is_won, weight, tuple(names), tuple(aside))


def _amounts(entries: StageEntries) -> tuple[Floats, bool]:
    """Return the amounts, and whether their being known does not tell how it ended.

    As known on the day of the entry; where it was not, as known today if that is as often known of
    won as of lost ones.
    """
    today = entries.amount_now
    if not _alike(entries, today):
        return entries.amount, _alike(entries, entries.amount)
    return np.where(np.isfinite(entries.amount), entries.amount, today), True


def _alike(entries: StageEntries, values: Floats) -> bool:
    filled = [
        float(np.isfinite(values[entries.state == end]).mean())
        for end in (WON, LOST)
        if (entries.state == end).any()
    ]
    return not filled or max(filled) - min(filled) <= FILL_GAP


def _role(watched: _Watched, role: BuyingRole) -> RoleAtRisk:
    entries, at = watched.entries, ROLES.index(role)
    counted = watched.weight > 0
    present = entries.known[:, at]
    lacking = (entries.state == OPEN) & entries.is_last & ~entries.known_now[:, at]
    cells = [
        counted & (present == there) & (watched.is_won == won)
        for there in (True, False)
        for won in (True, False)
    ]
    by_stage = np.array(
        [np.bincount(entries.stage[cell], minlength=len(entries.stages)) for cell in cells]
    )
    told = np.flatnonzero(by_stage.min(axis=0, initial=10**9) >= LEAST_IN_STAGE)
    inside = np.isin(entries.stage, told)
    have = [_opportunities(entries, cell & inside) for cell in cells]
    used = counted & inside
    raw = _as_of_today(entries, at)
    if not len(told) or min(have) < LEAST:
        every = [_opportunities(entries, cell) for cell in cells]
        return _untold(watched, role, counted, lacking, every, raw)
    model = fitted(
        _setting(watched.setting, told, at, used),
        present[used],
        watched.is_won[used],
        entries.account[used],
        watched.weight[used],
    )
    asked = np.flatnonzero(lacking & inside)
    rows = _rows(watched, model, told, at, asked)
    priced = np.nan_to_num(_priced(entries, asked))
    current = _current(watched, told, at, asked)
    share = model.difference(current, np.full(len(asked), 1 / max(len(asked), 1)))
    return RoleAtRisk(
        role,
        share if len(asked) else None,
        model.difference(current, priced) if len(asked) else None,
        "" if len(asked) else "No open opportunity lacks it where it can be told.",
        None,
        _opportunities(entries, used),
        len(np.unique(entries.account[used])),
        _opportunities(entries, used & present),
        tuple(entries.stages[stage] for stage in told),
        len(asked),
        float(priced.sum()),
        sum(row.amount is None for row in rows),
        int((lacking & ~inside).sum()),
        raw,
        rows,
    )


def _untold(
    watched: _Watched,
    role: BuyingRole,
    counted: Bools,
    lacking: Bools,
    have: Sequence[int],
    raw: float | None,
) -> RoleAtRisk:
    entries, fewest = watched.entries, min(have)
    closed = _opportunities(entries, counted)
    kinds = ("with it and won", "with it and not won", "without it and won", "without it, not won")
    need = ceil((LEAST - fewest) * closed / fewest) if 0 < fewest < LEAST else None
    counts = ", ".join(f"{n:,} {kind}" for n, kind in zip(have, kinds, strict=True))
    reason = f"Cannot tell yet: {counts}; each needs {LEAST}, and {LEAST_IN_STAGE} in one stage."
    if entries.undated and not entries.known[:, ROLES.index(role)].any():
        reason = (
            "Cannot tell: nothing says on which day roles were written down. Import the day each"
            " was added, as added_on."
        )
    return RoleAtRisk(
        role,
        None,
        None,
        reason,
        need,
        closed,
        len(np.unique(entries.account[counted])),
        _opportunities(entries, counted & entries.known[:, ROLES.index(role)]),
        (),
        0,
        0.0,
        0,
        int(lacking.sum()),
        raw,
        (),
    )


def _opportunities(entries: StageEntries, some: Bools) -> int:
    return len(np.unique(entries.opportunity[some]))


def _setting(setting: Setting, told: Ints, at: int, some: NDArray[np.generic]) -> Setting:
    """Return a setting with the told stages numbered from 0 and the roles but the one asked."""
    rows = setting.taken(some)
    others = np.delete(rows.others, at, axis=1)
    return Setting(np.searchsorted(told, rows.stage).astype(np.int64), rows.numbers, others)


def _current(watched: _Watched, told: Ints, at: int, asked: Ints) -> Setting:
    """Return the setting of open opportunities, with the roles as they stand today."""
    entries = watched.entries
    now = Setting(watched.setting.stage, watched.setting.numbers, entries.known_now)
    return _setting(now, told, at, asked)


def _rows(
    watched: _Watched, model: Model, told: Ints, at: int, asked: Ints
) -> tuple[OpportunityAtRisk, ...]:
    entries = watched.entries
    found = []
    amounts = _priced(entries, asked)
    differences = model.each(_current(watched, told, at, asked))
    for row, amount, points in zip(asked, amounts, differences, strict=True):
        priced = float(amount) if np.isfinite(amount) else None
        money = None if priced is None else Difference(*(priced * each for each in points))
        name = entries.opportunity_ids[entries.opportunity[row]]
        found.append(
            OpportunityAtRisk(name, entries.stages[entries.stage[row]], priced, points, money)
        )
    found.sort(key=lambda each: (-(each.money.value if each.money else 0.0), each.opportunity_id))
    return tuple(found)


def _priced(entries: StageEntries, some: NDArray[np.generic]) -> Floats:
    """Return the amounts of open opportunities, the newest that are known."""
    now = entries.amount_now[some]
    found: Floats = np.where(np.isfinite(now), now, entries.amount[some])
    return found


def _as_of_today(entries: StageEntries, at: int) -> float | None:
    """Return the win rate with the role less that without, roles and closed ones as of today."""
    closed = entries.is_last & (entries.state != OPEN)
    won, there = entries.state[closed] == WON, entries.known_now[closed, at]
    if there.all() or not there.any():
        return None
    return float(won[there].mean() - won[~there].mean())
