"""The charts about fit: its distribution by tier, and where it meets a signal."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from markupsafe import Markup

from bullseye.definitions.tier import EntryCriteria, Tier
from bullseye.faces.report import svg
from bullseye.faces.report.charts import TIER_CLASSES, Chart, Key
from bullseye.faces.report.words import DASH, between, compact, counted, thousands
from bullseye.prioritize.run import FitSpread, Grid, GridCell

_SHADES = 7
_MARKS = range(0, 101, 20)
_BEST_FIRST = (Tier.T1, Tier.T2, Tier.T3, None)


def fit_histogram(
    chart_id: str, title: str, spread: FitSpread, entries: Sequence[EntryCriteria]
) -> Chart:
    """Return the stacked histogram of fit scores by tier, unknown fit standing apart.

    Dashed lines show from which fit on each tier may be entered.
    """
    band, left, right, ground, head = 5, 9.0, 84.0, 190, 24
    counts = {(each.fit_from, each.tier): each.accounts for each in spread.bands}
    starts = range(0, 100, band)
    totals = {start: sum(counts.get((start, t), 0) for t in TIER_CLASSES) for start in starts}
    top = svg.nice_ceiling(max(totals.values()))
    step, scale = (right - left) / len(starts), (ground - head) / top
    parts = _levels(top, left, ground, head)
    for start in starts:
        x, y = left + start / band * step, float(ground)
        for tier, css in TIER_CLASSES.items():
            count = counts.get((start, tier), 0)
            y -= count * scale
            tip = f"fit {start}-{start + band}, {tier or 'no tier'}: {counted(count, 'account')}"
            parts += [svg.block(css, x + 0.15, y, step - 0.3, count * scale, tip)] if count else []
    parts += _unsure_column(spread.cannot_tell, top, scale, ground, head)
    parts += [svg.text(left + m / band * step, ground + 16, m, anchor="middle") for m in _MARKS]
    parts.append(svg.text((left + right) / 2, ground + 34, "fit score", anchor="middle"))
    for fit, names in sorted(_entries_by_fit(entries).items()):
        x = left + fit / band * step
        parts += [svg.line("bound", x, head - 6, x, ground)]
        parts += [svg.text(x, head - 11, f"{names} {fit}", "bound-text", "middle")]
    desc = (
        f"Histogram of {counted(spread.n, 'scored account')} by fit score in bands of five and by "
        f"tier; of {spread.cannot_tell:,} more too little is known to say."
    )
    rows = [
        (f"{s}{DASH}{s + band}", *(thousands(counts.get((s, t), 0)) for t in _BEST_FIRST))
        for s in starts
        if totals[s]
    ]
    rows.append(("cannot tell yet", "", "", "", thousands(spread.cannot_tell)))
    drawing = svg.drawing(chart_id, ground + 40, title, desc, parts)
    return Chart(title, drawing, ("Fit", "T1", "T2", "T3", "No tier"), tuple(rows))


def _levels(top: float, left: float, ground: int, head: int) -> list[Markup]:
    parts = []
    for at in range(svg.INTERVALS + 1):
        y = ground - (ground - head) * at / svg.INTERVALS
        level = compact(top * at / svg.INTERVALS)
        parts += [
            svg.line("grid", left, y, 100, y),
            svg.text(left - 1, y + 4, level, anchor="end"),
        ]
    return parts


def _unsure_column(count: int, top: float, scale: float, ground: int, head: int) -> list[Markup]:
    """Return the column of accounts without a fit: cut, with its number, where it is too high."""
    height = min(count, top) * scale
    y = ground - height
    tip = f"cannot tell yet: {counted(count, 'account')}"
    parts = [svg.block("unsure", 89, y, 8, height, tip)] if count else []
    if count > top:
        parts += [svg.line("cut", 88, head + 12, 98, head + 6)]
        parts += [svg.line("cut", 88, head + 17, 98, head + 11)]
    parts.append(svg.text(93, y - 5, compact(count), "value", "middle"))
    parts.append(svg.text(100, ground + 34, "cannot tell", anchor="end"))
    return parts


def _entries_by_fit(entries: Sequence[EntryCriteria]) -> dict[int, str]:
    found: dict[int, str] = {}
    for entry in entries:
        found[entry.fit] = f"{found[entry.fit]} {entry.tier}" if entry.fit in found else entry.tier
    return found


@dataclass(frozen=True)
class HeatGrid:
    """A grid of counts with the key of its colours."""

    chart: Chart
    key: tuple[Key, ...]


def fit_signal_grid(chart_id: str, title: str, grid: Grid) -> HeatGrid:
    """Return the grid of accounts by fit (across) and signal strength (up).

    The lowest row, set apart, has the accounts without a live signal. The steps of the colour
    grow by a constant factor, as the counts of such grids do.
    """
    left, step, height, head = 12.0, 8.8, 23, 18
    bounds = _bounds(max((cell.accounts for cell in grid.cells), default=0))
    counts = {(cell.fit_from, cell.signal_from): cell for cell in grid.cells}
    across, up = range(0, 100, 10), range(0, 10 * grid.signal_step, grid.signal_step)
    rows: list[int | None] = [*reversed(up), None]
    parts = [svg.text(0, 10, "signal strength")]
    for at, signal in enumerate(rows):
        y = head + at * height + (8 if signal is None else 0)
        named = "none" if signal is None else _from(signal, up)
        parts.append(svg.text(left - 1.2, y + 15, named, anchor="end"))
        for fit in across:
            x = left + fit / 10 * step
            tip = f"fit {_from(fit, across)}, signal {named}"
            parts += _cell(counts.get((fit, signal)), tip, bounds, x, y, step - 0.5, height - 3)
    ground = head + len(rows) * height + 8
    for fit in across:
        middle = left + (fit / 10 + 0.5) * step
        named = f"{fit}+" if fit == across[-1] else str(fit)
        parts.append(svg.text(middle, ground + 12, named, anchor="middle"))
    parts.append(svg.text(left + 5 * step, ground + 30, "fit score, from", anchor="middle"))
    desc = (
        f"{counted(grid.n, 'scored account')} by fit score, across, and signal strength, up, "
        f"in steps of 10 and {grid.signal_step}; those without a live signal below."
    )
    table = tuple(
        (
            "none" if signal is None else _from(signal, up),
            *(_count_of(counts.get((fit, signal))) for fit in across),
        )
        for signal in rows
    )
    heads = ("Signal \\ fit", *(_from(fit, across) for fit in across))
    key = tuple(
        Key(_shade(at, len(bounds)), between(thousands(low), thousands(high)))
        for at, (low, high) in enumerate(_steps(bounds))
    )
    drawing = svg.drawing(chart_id, ground + 36, title, desc, parts)
    return HeatGrid(Chart(title, drawing, heads, table), key)


def _from(start: int, side: range) -> str:
    """Say which values a step of one side of the grid holds; the last is open."""
    if start == side[-1]:
        return f"{start}+"
    return str(start) if side.step == 1 else f"{start}{DASH}{start + side.step - 1}"


def _count_of(cell: GridCell | None) -> str:
    return thousands(cell.accounts) if cell else "0"


def _cell(
    cell: GridCell | None,
    place: str,
    bounds: Sequence[int],
    x: float,
    y: float,
    width: float,
    height: float,
) -> list[Markup]:
    if cell is None:
        return [svg.block("blank", x, y, width, height)]
    level = bisect_right(bounds, cell.accounts) - 1
    css = _shade(min(level, len(bounds) - 2), len(bounds))
    tip = f"{place}: {counted(cell.accounts, 'account')}"
    said = compact(cell.accounts)
    middle = svg.text(x + width / 2, y + 14, said, f"in {css}t", "middle")
    return [svg.block(css, x, y, width, height, tip), middle]


def _bounds(most: int) -> list[int]:
    """Return where each step of the colour begins, and one past the end; each a whole number.

    >>> _bounds(100), _bounds(2)
    ([1, 2, 4, 8, 14, 28, 53, 101], [1, 2, 3])
    """
    top = most + 1
    return sorted({ceil(top ** (at / _SHADES) - 1e-9) for at in range(_SHADES + 1)})


def _steps(bounds: Sequence[int]) -> list[tuple[int, int]]:
    return [(low, after - 1) for low, after in pairwise(bounds)]


def _shade(level: int, bounds: int) -> str:
    last = max(bounds - 2, 1)
    return f"h{round(level * (_SHADES - 1) / last)}"
