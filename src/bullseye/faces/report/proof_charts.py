"""The charts of the proofs: points with their intervals, against a line that means no effect."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bullseye.faces.report import svg
from bullseye.faces.report.charts import Chart
from bullseye.faces.report.proof_reading import Interval
from bullseye.faces.report.words import clipped, percent, points

_LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_ROW = 52
_LEFT = 12
"""Where charts with numbers at their side begin, in percent of their width."""

_LABEL = 34
"""Characters of a label that fit beside its number on a phone."""


@dataclass(frozen=True)
class Dot:
    """One point with its interval.

    `says` is the number in short, `note` its interval and n; `foretold` is a number it was
    expected to be. Without an estimate the row says that it cannot be told.
    """

    label: str
    seen: Interval
    says: str
    note: str
    css: str = "t1"
    foretold: float | None = None


@dataclass(frozen=True)
class Axis:
    """A scale from `low` to `high`; `line` is drawn through all rows, where nothing differs."""

    low: float
    high: float
    ticks: tuple[float, ...]
    says: Callable[[float], str]
    line: float | None = None
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies, 0-1; what is outside lies at the edge."""
        at, low, high = value, self.low, self.high
        if self.is_log:
            at, low, high = (math.log(max(each, 1e-9)) for each in (at, low, high))
        return min(max((at - low) / (high - low), 0.0), 1.0)


def ratio_axis(seen: Sequence[Interval], line: float | None = 1.0) -> Axis:
    """Return an axis of ratios with 1 on it; ends far out are cut.

    >>> ratio_axis([Interval(2.0, 0.8, 4.0, 9)]).ticks
    (0.5, 1, 2, 5)
    """
    values = [each for one in seen for each in one[:3] if each is not None and each > 0] + [1.0]
    low = max((t for t in _LOG_TICKS if t <= min(values)), default=_LOG_TICKS[0])
    high = min((t for t in _LOG_TICKS if t >= max(values)), default=_LOG_TICKS[-1])
    low, high = min(low, 0.5), max(high, 2)
    ticks = tuple(t for t in _LOG_TICKS if low <= t <= high)
    shown = ticks if len(ticks) <= 6 else tuple(t for t in ticks if f"{t:g}".strip("0.") == "1")
    return Axis(low, high, shown, lambda value: f"{value:g} x", line, is_log=True)


def number_axis(
    seen: Sequence[Interval], says: Callable[[float], str], line: float | None = None
) -> Axis:
    """Return an axis from 0 up, or from below where values are.

    >>> number_axis([Interval(0.2, 0.1, 0.37, 9)], percent).ticks
    (0.0, 0.1, 0.2, 0.3, 0.4)
    """
    values = [each for one in seen for each in one[:3] if each is not None] + [line or 0.0]
    low, high = min(0.0, *values), max(values)
    step = _step((high - low) / 4)
    first, last = math.floor(low / step), max(math.ceil(high / step), 1)
    ticks = tuple(round(at * step, 10) for at in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, says, line)


def _step(rough: float) -> float:
    """Return a round step that is at least `rough`."""
    if not rough > 0:
        return 0.25
    power = 10.0 ** math.floor(math.log10(rough))
    return next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)


def forest(
    chart_id: str, title: str, rows: Sequence[Dot], axis: Axis, head: tuple[str, ...]
) -> Chart:
    """Return a point with its interval per row, below each other, over one axis.

    >>> one = Dot("mid-size", Interval(2.0, 1.2, 3.1, 40), "2.0 x", "1.2 to 3.1, n 40")
    >>> chart = forest("f", "Lift?", [one], ratio_axis([one.seen]), ("Trait", "Lift", "Rests on"))
    >>> "<circle" in chart.drawing, chart.rows
    (True, (('mid-size', '2.0 x', '1.2 to 3.1, n 40'),))
    """
    bottom = len(rows) * _ROW
    parts = [drawn for at, row in enumerate(rows) for drawn in _row(row, axis, at * _ROW)]
    for at, tick in enumerate(axis.ticks):
        anchor = "start" if at == 0 else "end" if at == len(axis.ticks) - 1 else "middle"
        parts.append(svg.text(_across(axis, tick), bottom + 14, axis.says(tick), "tick", anchor))
    desc = "; ".join(f"{row.label}: {row.says}" for row in rows)
    drawing = svg.drawing(chart_id, bottom + 18, title, desc, parts)
    return Chart(title, drawing, head, tuple((row.label, row.says, row.note) for row in rows))


def _across(axis: Axis, value: float) -> float:
    return 1.5 + 97 * axis.share(value)


def _row(row: Dot, axis: Axis, y: float) -> list[Markup]:
    parts = [
        svg.text(0, y + 13, clipped(row.label, _LABEL), "label"),
        svg.text(100, y + 13, row.says, "value", "end"),
        svg.text(0, y + 44, row.note),
        svg.line("track-line", 0, y + 25, 100, y + 25),
    ]
    if axis.line is not None:
        x = _across(axis, axis.line)
        parts.append(svg.line("even", x, y + 18, x, y + 32))
    seen = row.seen
    if seen.low is not None or seen.high is not None:
        low = axis.low if seen.low is None else seen.low
        high = axis.high if seen.high is None else seen.high
        parts.append(svg.line("whisker", _across(axis, low), y + 25, _across(axis, high), y + 25))
        caps = (end for end in (seen.low, seen.high) if end is not None and _inside(axis, end))
        parts += [
            svg.line("whisker", x, y + 21, x, y + 29) for x in (_across(axis, e) for e in caps)
        ]
    if row.foretold is not None:
        parts.append(svg.block("even-swatch", _across(axis, row.foretold) - 0.4, y + 18, 0.8, 14))
    if seen.value is not None:
        parts.append(svg.dot(row.css, _across(axis, seen.value), y + 25, 5))
    return parts


def _inside(axis: Axis, value: float) -> bool:
    return axis.low <= value <= axis.high


@dataclass(frozen=True)
class Moment:
    """What was seen in one period; `label` stands below it, `says` and `note` in the table."""

    label: str
    seen: Interval
    says: tuple[str, ...]
    css: str = "t1"


def over_time(
    chart_id: str,
    title: str,
    moments: Sequence[Moment],
    axis: Axis,
    head: tuple[str, ...],
    *,
    columns: bool = False,
) -> Chart:
    """Return a point with its interval per period, side by side; or a column up from 0.

    The line of `axis` is what is expected, or what raises an alarm.
    """
    top, height = 8, 132
    floor = top + height

    def down(value: float) -> float:
        return floor - height * axis.share(value)

    parts = []
    for tick in axis.ticks:
        parts.append(
            svg.line("even" if tick == axis.line else "grid", _LEFT, down(tick), 100, down(tick))
        )
        parts.append(svg.text(_LEFT - 1.5, down(tick) + 4, axis.says(tick), "tick", "end"))
    if axis.line is not None and axis.line not in axis.ticks:
        parts.append(svg.line("even", _LEFT, down(axis.line), 100, down(axis.line)))
    slot = (100 - _LEFT) / max(len(moments), 1)
    every = -(-len(moments) // 4)  # so few that they fit on a phone
    for at, moment in enumerate(moments):
        x, seen = _LEFT + slot * (at + 0.5), moment.seen
        if columns and seen.value is not None:
            peak = down(seen.value)
            parts.append(svg.block(moment.css, x - slot * 0.3, peak, slot * 0.6, floor - peak))
        elif seen.value is not None:
            if seen.low is not None and seen.high is not None:
                parts.append(svg.line("whisker", x, down(seen.low), x, down(seen.high)))
            parts.append(svg.dot(moment.css, x, down(seen.value), 5))
        if at % every == 0:
            parts.append(svg.text(x, floor + 16, moment.label, "tick", "middle"))
    desc = "; ".join(f"{each.label}: {', '.join(each.says)}" for each in moments)
    drawing = svg.drawing(chart_id, floor + 22, title, desc, parts)
    return Chart(title, drawing, head, tuple((each.label, *each.says) for each in moments))


def gains(
    chart_id: str, title: str, steps: Sequence[tuple[float, Interval]], head: tuple[str, ...]
) -> Chart:
    """Return which share of the outcomes the best share of a list holds, against a list by lot."""
    top, height = 8, 180
    floor, most = top + height, max((share for share, _ in steps), default=1.0) or 1.0

    def across(share: float) -> float:
        return _LEFT + (98 - _LEFT) * share / most

    def down(share: float) -> float:
        return floor - height * min(max(share, 0.0), 1.0)

    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(svg.line("grid", _LEFT, down(tick), 98, down(tick)))
        parts.append(svg.text(_LEFT - 1.5, down(tick) + 4, percent(tick), "tick", "end"))
    parts.append(svg.line("even", across(0), down(0), across(most), down(most)))
    before, labelled = (0.0, 0.0), -1.0
    for share, seen in steps:
        if seen.value is None:
            continue
        x = across(share)
        parts.append(svg.line("trend", across(before[0]), down(before[1]), x, down(seen.value)))
        if seen.low is not None and seen.high is not None:
            parts.append(svg.line("whisker", x, down(seen.low), x, down(seen.high)))
        parts.append(svg.dot("t1", x, down(seen.value), 4))
        if share - labelled > most / 7:
            anchor = "end" if share == most else "middle"
            parts.append(svg.text(x, floor + 16, percent(share), "tick", anchor))
            labelled = share
        before = (share, seen.value)
    said = [(percent(share), _share(seen), percent(share)) for share, seen in steps]
    desc = "; ".join(f"the best {share} hold {seen}" for share, seen, _ in said)
    drawing = svg.drawing(chart_id, floor + 22, title, desc, parts)
    return Chart(title, drawing, head, tuple(said))


def _share(seen: Interval) -> str:
    if seen.value is None or seen.low is None or seen.high is None:
        return "cannot tell yet"
    return f"{percent(seen.value)} ({percent(seen.low)} to {percent(seen.high)})"


def chance(probability: float) -> str:
    """Return a probability in words, however small.

    >>> chance(0.0134), chance(3e-94)
    ('0.013', 'below 0.001')
    """
    return "below 0.001" if probability < 0.001 else f"{probability:.2g}"


def times(number: float | None) -> str:
    """Return a ratio in words.

    >>> times(4.947), times(0.04), times(None)
    ('4.9 x', '0.04 x', 'cannot tell yet')
    """
    if number is None:
        return "cannot tell yet"
    if number >= 1000:
        return f"{number:,.0f} x"
    return f"{points(number)} x" if number >= 1 else f"{number:.2f} x"
