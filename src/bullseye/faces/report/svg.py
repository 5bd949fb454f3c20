"""SVG as text: primitives that stretch with the page and take their colours from the stylesheet.

Across, positions are in percent of the drawing's width; down, in pixels. So one drawing fits a
phone, a desk and a sheet of paper, and its letters keep their size. Text is escaped by
`Markup.format`; nothing carries a `style`, which the page's policy would refuse.
"""

import math
from collections.abc import Iterable

from markupsafe import Markup

_STEPS = (10, 12, 16, 20, 24, 28, 32, 40, 48, 60, 80, 100)
INTERVALS = 4


def nice_ceiling(count: float) -> int:
    """Return a round number that is at least `count` and has whole quarters.

    >>> [nice_ceiling(n) for n in (0, 7, 47, 50_066)]
    [4, 8, 48, 60000]
    """
    if count <= 2 * INTERVALS:
        return INTERVALS if count <= INTERVALS else 2 * INTERVALS
    power = int(10 ** max(math.floor(math.log10(count)) - 1, 0))
    return next(s * power for s in _STEPS if s * power >= count and not s * power % INTERVALS)


def drawing(chart_id: str, height: int, title: str, desc: str, parts: Iterable[Markup]) -> Markup:
    """Return a whole drawing with the title and description a screen reader says."""
    return Markup(
        '<svg class="chart" width="100%" height="{h}" role="img" aria-labelledby="{i}-t {i}-d">'
        '<title id="{i}-t">{title}</title><desc id="{i}-d">{desc}</desc>{parts}</svg>'
    ).format(h=height, i=chart_id, title=title, desc=desc, parts=Markup("").join(parts))


def mark(height: int, parts: Iterable[Markup], css: str = "mark") -> Markup:
    """Return a small drawing beside a number that says the same; screen readers skip it."""
    return Markup('<svg class="{}" height="{}" aria-hidden="true">{}</svg>').format(
        css, height, Markup("").join(parts)
    )


def block(css: str, x: float, y: float, width: float, height: float, tip: str = "") -> Markup:
    """Return a rectangle; `x` and `width` in percent. `tip` appears under the pointer."""
    inside = Markup("<title>{}</title>").format(tip) if tip else Markup("")
    return Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}">{}</rect>').format(
        css, _short(x), _short(y), _short(max(width, 0)), _short(max(height, 0)), inside
    )


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a line; `x1` and `x2` in percent."""
    return Markup('<line class="{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>').format(
        css, *map(_short, (x1, y1, x2, y2))
    )


def dot(css: str, x: float, y: float, radius: float) -> Markup:
    """Return a point; `x` in percent, its radius in pixels."""
    return Markup('<circle class="point {}" cx="{}%" cy="{}" r="{}"/>').format(
        css, *map(_short, (x, y, radius))
    )


def text(x: float, y: float, said: object, css: str = "tick", anchor: str = "start") -> Markup:
    """Return a text; `x` in percent."""
    return Markup('<text class="{}" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        css, _short(x), _short(y), anchor, said
    )


def whisker(low: float, high: float, y: float, half: float = 4) -> list[Markup]:
    """Return an interval: a line from `low` to `high` in percent, with a cap at either end."""
    return [
        line("whisker", low, y, high, y),
        line("whisker", low, y - half, low, y + half),
        line("whisker", high, y - half, high, y + half),
    ]


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
