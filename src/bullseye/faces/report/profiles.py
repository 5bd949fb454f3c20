"""The part of the report about each ICP: its tiers, fit, signals, certainty and worklist."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bullseye.definitions.project import Project
from bullseye.faces.report.charts import (
    Chart,
    Key,
    certainty_bars,
    share_mark,
    tier_bar,
    tier_key,
)
from bullseye.faces.report.findings import ProfileFindings
from bullseye.faces.report.fit_charts import HeatGrid, fit_histogram, fit_signal_grid
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.words import compact, first_of, percent, points, thousands
from bullseye.pipeline import Counted
from bullseye.prioritize.run import Worklist


@dataclass(frozen=True)
class Places:
    """Where one ICP puts every account."""

    icp: str
    chart: Chart
    key: tuple[Key, ...]


@dataclass(frozen=True)
class WorkRow:
    """One field worth filling; `mark` draws its expected changes beside the others'."""

    field: str
    next_count: str
    unknown_count: str
    expected_changes: str
    mark: Markup
    value: str
    known_count: str


@dataclass(frozen=True)
class ProfilePart:
    """One ICP in full: the question each chart answers is in its own title."""

    icp: str
    n: int
    cannot_tell: int
    histogram: Chart
    grid: HeatGrid
    decided: str
    in_scope: int
    certainty: Chart
    work: tuple[WorkRow, ...]
    work_shown: str


def places(counts: Sequence[Counted]) -> list[Places]:
    """Return where each ICP puts every account."""
    return [
        _places(at, each.icp, {**each.tiers, **each.statuses}) for at, each in enumerate(counts)
    ]


def _places(at: int, icp: str, counts: dict[str, int]) -> Places:
    chart = tier_bar(f"p{at}", f"Where does {icp} put accounts?", counts)
    return Places(icp, chart, tier_key(counts))


def profile_parts(
    project: Project, found: Sequence[ProfileFindings], limits: Limits
) -> list[ProfilePart]:
    """Return the first ICPs in full, by name."""
    parts = []
    for at, each in enumerate(found[: limits.icps]):
        spread, certainty, work = each.spread, each.certainty, each.work
        entries = project.tier_policy(project.icp(spread.icp)).tiers
        parts.append(
            ProfilePart(
                spread.icp,
                spread.n,
                spread.cannot_tell,
                fit_histogram(f"h{at}", f"Fit under {spread.icp}", spread, entries),
                fit_signal_grid(f"g{at}", f"Fit and signal under {spread.icp}", each.grid),
                percent(certainty.decided / certainty.n) if certainty.n else "0%",
                certainty.n,
                certainty_bars(f"c{at}", f"How sure are the tiers of {spread.icp}?", certainty),
                _work(project, work, limits),
                first_of(min(limits.work, len(work.rows)), len(work.rows), "field"),
            )
        )
    return parts


def _work(project: Project, work: Worklist, limits: Limits) -> tuple[WorkRow, ...]:
    most = max((row.expected_changes for row in work.rows), default=0) or 1
    currency = project.settings.currency
    return tuple(
        WorkRow(
            row.field,
            thousands(row.next_count),
            thousands(row.unknown_count),
            points(row.expected_changes),
            share_mark(row.expected_changes / most, "t1"),
            f"{compact(row.expected_value)} {currency}" if row.expected_value else "not known",
            thousands(row.known_count),
        )
        for row in work.rows[: limits.work]
    )
