"""Money at risk in worlds whose truth is known: ``python -m benchmarks.committee --help``.

Worlds are those of the demo, without files. The truth of a planted effect is counted in one world
of 400,000 opportunities, in narrow cells of stage, size and age; the naive estimate beside ours
takes roles as they stand today.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import table
from bullseye.definitions.buying_role import BuyingRole
from bullseye.demo.sales_exports import stages_entered
from bullseye.demo.simulate import Block, day_number, simulated_blocks
from bullseye.demo.story import ROLES as DEMO_ROLES
from bullseye.demo.story import STAGES
from bullseye.demo.truth import Effects, Truth
from bullseye.stats.proportions import wilson
from bullseye.synthesize.at_risk import MoneyAtRisk, RoleAtRisk
from bullseye.synthesize.money_at_risk import money_at_risk
from bullseye.warehouse.stage_entries import LOST, OPEN, ROLES, WON, StageEntries

TODAY = date(2026, 9, 30)
BUYER = BuyingRole.ECONOMIC_BUYER
LARGE = 300_000
"""Accounts of the world in which the truth is counted."""

FINE = 16
LEAST_IN_CELL = 40

Floats = NDArray[np.float64]
_NEVER = np.iinfo(np.int64).max
_COLUMN = {"Champion": 0, "Economic Buyer": 1, "Technical Buyer": 2, "User": 3}


@dataclass(frozen=True)
class Answer:
    """What one world says of the economic buyer, beside the truth there; money in thousands."""

    told: bool
    points: float = 0.0
    points_hold: bool = False
    money_holds: bool = False
    true_points: float = 0.0
    width: float = 0.0
    naive: float = 0.0
    naive_holds: bool = False
    n: int = 0
    lacking: int = 0


def entries_of(accounts: int, seed: int, effects: Effects) -> StageEntries:
    """Return the entries into stages of a world, as the imports of its exports would give them."""
    blocks = list(simulated_blocks(accounts, seed, TODAY, Truth(effects=effects)))
    parts = [_entries(block) for block in blocks]
    sold = np.cumsum([0, *(len(block.opportunities) for block in blocks)])
    firsts = np.cumsum([0, *(len(block.accounts) for block in blocks)])
    opportunity = np.concatenate([p.opportunity + at for p, at in zip(parts, sold, strict=False)])
    account = np.concatenate([p.account + at for p, at in zip(parts, firsts, strict=False)])
    return _joined(parts, opportunity, account, int(sold[-1]))


def _entries(block: Block) -> StageEntries:
    sold, today = block.opportunities, day_number(TODAY)
    row, stage, day = stages_entered(sold, today)
    inside = stage < len(STAGES)
    row, stage, day = row[inside], stage[inside], day[inside]
    closed = sold.closed[row]
    end = np.minimum(sold.close_day, today)
    last = np.r_[row[1:] != row[:-1], True]
    left = np.where(last, np.where(closed, end[row], _NEVER), np.r_[day[1:], _NEVER])
    kept = left > day
    row, stage, day, closed, last = (each[kept] for each in (row, stage, day, closed, last))
    known = np.where(sold.role_days <= end[:, None], sold.role_days, _NEVER)
    roles = np.full((len(sold), len(ROLES)), _NEVER)
    for at, name in enumerate(DEMO_ROLES):
        roles[:, _COLUMN[name]] = known[:, at]
    amount = sold.amount[row]
    state = np.where(closed, np.where(sold.won[row], WON, LOST), OPEN)
    return StageEntries(
        STAGES,
        (),
        row,
        sold.account[row],
        stage,
        day,
        (day - sold.created_day[row]).astype(np.float64),
        state,
        np.where(closed, sold.close_day[row] - day, np.nan),
        (today - day).astype(np.float64),
        amount,
        amount,
        block.accounts.employees[sold.account[row]].astype(np.float64),
        roles[row] <= day[:, None],
        roles[row] < _NEVER,
        last,
        0,
        0,
    )


def _joined(
    parts: Sequence[StageEntries],
    opportunity: NDArray[np.int64],
    account: NDArray[np.int64],
    n: int,
) -> StageEntries:
    def every(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(part, name) for part in parts])

    names = ("stage", "day", "age", "state", "ended", "could", "amount", "amount_now", "employees")
    columns = {name: every(name) for name in (*names, "known", "known_now", "is_last")}
    return StageEntries(
        stages=STAGES,
        opportunity_ids=tuple(f"{at:08d}" for at in range(n)),
        opportunity=opportunity,
        account=account,
        undated=0,
        unseen=0,
        **columns,  # type: ignore[arg-type]  # arrays of the types that they were taken from
    )


class Large:
    """A world so large that differences can be counted in cells; `of` gives them."""

    def __init__(self, effects: Effects) -> None:
        self._world = entries_of(LARGE, 1_000_003, effects)
        self._edges = np.quantile(self._world.age, np.linspace(0, 1, FINE + 1)[1:-1])
        self._spans: dict[int, tuple[Floats, NDArray[np.bool_]]] = {}

    def of(self, entries: StageEntries, rows: NDArray[np.int64], span: int) -> Floats:
        """Return the true difference of each of these entries; NaN where a cell is too thin."""
        if span not in self._spans:
            self._spans[span] = self._counted(span)
        found, told = self._spans[span]
        cells = self._cells(entries)[rows]
        return np.where(told[cells], found[cells], np.nan)

    def _cells(self, entries: StageEntries) -> NDArray[np.int64]:
        size = np.digitize(entries.employees, (50.5, 500.5))
        age = np.searchsorted(self._edges, entries.age)
        cells: NDArray[np.int64] = (entries.stage * 3 + size) * FINE + age
        return cells

    def _counted(self, span: int) -> tuple[Floats, NDArray[np.bool_]]:
        world, at = self._world, ROLES.index(BUYER)
        watched = world.could >= span
        won = (world.state == WON) & (world.ended <= span)
        cells = self._cells(world)
        counts = []
        for there in (True, False):
            some = watched & (world.known[:, at] == there)
            n = np.bincount(cells[some], minlength=len(STAGES) * 3 * FINE)
            yes = np.bincount(cells[some & won], minlength=len(n))
            counts.append((n, yes / np.maximum(n, 1)))
        (n, p), (m, q) = counts
        return p - q, (n >= LEAST_IN_CELL) & (m >= LEAST_IN_CELL)


def answer(seed: int, accounts: int, effects: Effects, large: Large | None) -> Answer:
    """Return what one world says, held against the truth; without `large` the truth is none."""
    entries = entries_of(accounts, seed, effects)
    found = money_at_risk(entries, [BUYER], as_of=TODAY, until=TODAY, currency="USD")
    role = found.roles[0]
    if role.points is None or role.money is None:
        return Answer(told=False)
    points, money = _truth(entries, found, role, large)
    naive, error = _naive(entries)
    return Answer(
        told=True,
        points=role.points.value,
        points_hold=role.points.low <= points <= role.points.high,
        money_holds=role.money.low <= money <= role.money.high,
        true_points=points,
        width=role.points.high - role.points.low,
        naive=naive,
        naive_holds=abs(naive - points) <= 1.96 * error,
        n=role.n,
        lacking=role.opportunities,
    )


def _truth(
    entries: StageEntries, found: MoneyAtRisk, role: RoleAtRisk, large: Large | None
) -> tuple[float, float]:
    if large is None:
        return 0.0, 0.0
    lacking = (entries.state == OPEN) & entries.is_last & ~entries.known_now[:, ROLES.index(BUYER)]
    told = [STAGES.index(stage) for stage in role.stages]
    rows = np.flatnonzero(lacking & np.isin(entries.stage, told))
    true = large.of(entries, rows, found.span)
    true = np.where(np.isnan(true), np.nanmean(true), true)
    return float(true.mean()), float(true @ entries.amount_now[rows])


def _naive(entries: StageEntries) -> tuple[float, float]:
    """Return the win rate of closed ones with the role today less without, and its error."""
    closed = entries.is_last & (entries.state != OPEN)
    won, there = entries.state[closed] == WON, entries.known_now[closed, ROLES.index(BUYER)]
    p, q = won[there].mean(), won[~there].mean()
    error = np.sqrt(p * (1 - p) / there.sum() + q * (1 - q) / (~there).sum())
    return float(p - q), float(error)


def row(accounts: int, effects: Effects, answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return a line of the table."""
    told = [each for each in answers if each.told]
    if not told:
        return (f"{accounts:,}", f"{effects.role_effect:.1f}", f"0 of {len(answers)}", *"?" * 7)

    def share(count: int) -> str:
        found = wilson(count, len(told))
        return f"{100 * found.share:.1f} ({100 * found.low:.1f}-{100 * found.high:.1f})"

    def mean(name: str) -> float:
        return float(np.mean([getattr(each, name) for each in told]))

    return (
        f"{accounts:,}",
        f"{effects.role_effect:.1f}",
        f"{len(told)} of {len(answers)}",
        f"{mean('n'):,.0f}",
        f"{mean('lacking'):,.0f}",
        f"{100 * mean('true_points'):+.1f}",
        f"{100 * mean('points'):+.1f} ± {50 * mean('width'):.1f}",
        share(sum(each.points_hold for each in told)),
        share(sum(each.money_holds for each in told)),
        f"{100 * mean('naive'):+.1f}; {100 * mean('naive_holds'):.0f} %",
    )


HEADERS = (
    "accounts",
    "planted log-odds",
    "worlds told",
    "opportunities",
    "lacking it",
    "truth, points",
    "ours, mean ± half width",
    "points hold the truth, %",
    "money holds the truth, %",
    "roles of today: mean; holds",
)


def measured(
    sizes: Sequence[int], planted: Sequence[float], worlds: int
) -> Iterator[tuple[str, ...]]:
    """Yield a line of coverage per size and planted effect."""
    for effect in planted:
        effects = Effects(role_effect=effect)
        large = Large(effects) if effect else None
        for accounts in sizes:
            yield row(
                accounts, effects, [answer(at, accounts, effects, large) for at in range(worlds)]
            )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.committee", description=__doc__)
    parser.add_argument("--worlds", type=int, default=300, help="worlds per line")
    parser.add_argument("--accounts", type=int, nargs="+", default=[600, 2_000, 6_000])
    parser.add_argument("--planted", type=float, nargs="+", default=[0.0, 0.8, 1.5])
    given = parser.parse_args()
    print(table(HEADERS, []), flush=True)
    for line in measured(given.accounts, given.planted, given.worlds):
        print(f"| {' | '.join(line)} |", flush=True)


if __name__ == "__main__":
    main()
