"""The charts of the report: counted rows in, a drawing and the same numbers as a table out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from bullseye.definitions.tier import Tier
from bullseye.faces.report import svg
from bullseye.faces.report.words import between, counted, percent, thousands
from bullseye.prioritize.run import Certainty

TIER_CLASSES = {None: "t0", Tier.T3: "t3", Tier.T2: "t2", Tier.T1: "t1"}
"""The class of each tier, in stacking order from the ground up; None is an account in no tier."""

STATUS_CLASSES = {
    "T1": "t1",
    "T2": "t2",
    "T3": "t3",
    "no tier": "t0",
    "insufficient-data": "unsure",
    "excluded": "bad",
    "out-of-scope": "out",
}
"""The class of every place an account can end up in, in the order drawn."""

IN_SCOPE = ("T1", "T2", "T3", "no tier", "insufficient-data")


@dataclass(frozen=True)
class Chart:
    """A drawing and the same numbers as a table: its headings, and rows of texts.

    `title` is the question in full, unlike that of any other chart of the page.
    """

    title: str
    drawing: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Key(NamedTuple):
    """One step of a colour key: its class and the counts it stands for."""

    css: str
    says: str


@dataclass(frozen=True)
class Bar:
    """One bar with its interval; `estimate` is None where it cannot be told yet."""

    label: str
    estimate: float | None
    low: float
    high: float
    says: str
    note: str


def bars(chart_id: str, title: str, rows: Sequence[Bar], classes: Sequence[str]) -> Chart:
    """Return horizontal bars, one below the other, each with its interval drawn.

    >>> one = Bar("TAM", 45.0, 30, 80, "45 accounts", "30-80, n 100")
    >>> "whisker" in bars("b", "How many?", [one], ["t1"]).drawing
    True
    """
    top = max((bar.high for bar in rows), default=0) or 1
    step, parts = 62, []
    for at, (bar, css) in enumerate(zip(rows, classes, strict=True)):
        y = at * step
        parts += [
            svg.text(0, y + 13, bar.label, "label"),
            svg.text(100, y + 13, bar.says, "value", "end"),
            svg.block("track", 0, y + 20, 100, 16),
        ]
        if bar.estimate is not None:
            parts.append(svg.block(css, 0, y + 20, 98 * bar.estimate / top, 16, bar.says))
            parts += svg.whisker(98 * bar.low / top, 98 * bar.high / top, y + 28)
        parts.append(svg.text(0, y + 50, bar.note))
    desc = "; ".join(f"{bar.label}: {bar.says} ({bar.note})" for bar in rows)
    drawing = svg.drawing(chart_id, len(rows) * step - 6, title, desc, parts)
    table = tuple((bar.label, bar.says, bar.note) for bar in rows)
    return Chart(title, drawing, ("Size", "Estimate", "Interval and n"), table)


def tier_bar(chart_id: str, title: str, counts: dict[str, int]) -> Chart:
    """Return two stacked bars: every account by place, and those in scope drawn large.

    `counts` is by the names of `STATUS_CLASSES`.
    """
    everyone = sum(counts.values())
    inside = {name: counts.get(name, 0) for name in IN_SCOPE}
    scope = sum(inside.values())
    whole = {"in scope": scope, **{n: counts.get(n, 0) for n in ("excluded", "out-of-scope")}}
    classes = {**STATUS_CLASSES, "in scope": "scope"}
    parts = [svg.text(0, 12, f"All {counted(everyone, 'account')}", "label")]
    parts += _stack(whole, classes, 20, 22)
    if everyone and scope:
        edge = 100 * scope / everyone
        parts += [svg.line("zoom", 0, 42, 0, 70), svg.line("zoom", edge, 42, 100, 70)]
    parts.append(svg.text(0, 64, f"{counted(scope, 'account')} in scope", "label"))
    parts += _stack(inside, classes, 70, 26)
    said = ", ".join(f"{name}: {counts.get(name, 0):,}" for name in STATUS_CLASSES)
    rows = tuple(
        (name, thousands(counts.get(name, 0)), _share(counts.get(name, 0), everyone))
        for name in STATUS_CLASSES
    )
    drawing = svg.drawing(chart_id, 98, title, said, parts)
    return Chart(title, drawing, ("Place", "Accounts", "Share"), rows)


def tier_key(counts: dict[str, int]) -> tuple[Key, ...]:
    """Return the key of `tier_bar`, with the number of accounts of each place."""
    return tuple(
        Key(css, f"{name} {counts.get(name, 0):,}") for name, css in STATUS_CLASSES.items()
    )


def _stack(
    counts: dict[str, int], classes: dict[str, str], y: float, height: float
) -> list[Markup]:
    total = sum(counts.values())
    if not total:
        return [svg.block("track", 0, y, 100, height)]
    parts, x = [], 0.0
    for name, count in counts.items():
        if count:
            width = 100 * count / total
            tip = f"{name}: {counted(count, 'account')}"
            parts.append(svg.block(f"{classes[name]} seg", x, y, width, height, tip))
            x += width
    return parts


def certainty_bars(chart_id: str, title: str, certainty: Certainty) -> Chart:
    """Return, per tier, how many accounts are in it or a better one: surely, now, at best."""
    names = {Tier.T1: "T1", Tier.T2: "T1 or T2", Tier.T3: "any tier"}
    top = max((each.possible for each in certainty.tiers), default=0) or 1
    step, parts, rows = 46, [], []
    for at, each in enumerate(certainty.tiers):
        y, css = at * step, TIER_CLASSES[each.tier]
        sure, now, most = (98 * n / top for n in (each.sure, each.now, each.possible))
        said = f"{each.now:,} now, {between(thousands(each.sure), thousands(each.possible))}"
        parts += [
            svg.text(0, y + 13, names[each.tier], "label"),
            svg.text(100, y + 13, said, "value", "end"),
            svg.block("track", 0, y + 20, 100, 14),
            svg.block(css, 0, y + 20, sure, 14, f"sure: {each.sure:,}"),
            svg.block(f"{css} half", sure, y + 20, now - sure, 14, f"now: {each.now:,}"),
            svg.block("unsure", now, y + 20, most - now, 14, f"at best: {each.possible:,}"),
            *svg.whisker(sure, most, y + 27),
        ]
        numbers = (each.sure, each.now, each.possible)
        rows.append((names[each.tier], *(thousands(n) for n in numbers)))
    desc = "; ".join(f"{row[0]}: {row[1]} sure, {row[2]} now, {row[3]} at best" for row in rows)
    drawing = svg.drawing(chart_id, 3 * step - 8, title, desc, parts)
    return Chart(title, drawing, ("Tier", "Sure", "Now", "At best"), tuple(rows))


def fit_mark(score: float | None, low: float, high: float) -> Markup:
    """Return the range of a fit score, with the score marked on it."""
    parts = [svg.line("track-line", 1, 8, 99, 8), *svg.whisker(1 + 0.98 * low, 1 + 0.98 * high, 8)]
    if score is not None:
        parts.append(svg.block("t1", 0.98 * score - 1, 3, 4, 10))
    return svg.mark(16, parts, "mark fit")


def share_mark(share: float, css: str = "t2", unknown: float = 0.0) -> Markup:
    """Return a share, 0-1, as a small bar; `unknown` follows it, hatched."""
    parts = [svg.block("track", 0, 3, 100, 8), svg.block(css, 0, 3, 100 * share, 8)]
    if unknown:
        parts.append(svg.block("unsure", 100 * share, 3, 100 * unknown, 8))
    return svg.mark(14, parts)


def _share(count: int, total: int) -> str:
    return percent(count / total) if total else "0%"
