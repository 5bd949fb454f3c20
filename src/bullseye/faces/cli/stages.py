"""Velocity by stage, as `bullseye segment velocity` shows it."""

from collections.abc import Sequence

from bullseye.faces.cli._shared import print_table, say
from bullseye.faces.cli.velocity_words import days_words, share_words
from bullseye.segment.run.learning import ByStage, StagePace, StagesTold

FAR = 0.05
"""How far the share put together from stages may lie from the counted one without a word."""


def show_stages(told: StagesTold) -> None:
    """Print how long opportunities stand in each stage, and which one makes a segment stand out."""
    say("\nBy stage")
    if told.reason:
        say(f"  Cannot tell: {told.reason}")
        return
    say(
        f"  {told.seen:,} opportunities with all their stages; of {told.unseen:,} they are unknown."
    )
    _show_paces(told.overall)
    for field in told.fields:
        _show_field(field, alone=len(told.fields) == 1)


def _show_field(field: ByStage, *, alone: bool) -> None:
    say(f"\n{field.field}, by stage")
    names = {field.segment} if not alone else {each.segment for each in field.paces}
    _show_paces([each for each in field.paces if each.segment in names])
    say(
        f"  {field.segment}: {field.inside:.1%} won by {field.day} days, all others"
        f" {field.outside:.1%}: {_points(field.total.points)}"
        f" ({_points(field.total.low)} to {_points(field.total.high)}) points;"
        f" n = {field.n:,} of {field.accounts:,} accounts. Of these points:"
    )
    rows = [
        (
            part.stage,
            f"{_points(part.points)} ({_points(part.low)} to {_points(part.high)})",
            "" if part.told else "cannot be told from none",
        )
        for part in field.parts
    ]
    print_table(("stage", "points it accounts for", ""), rows)
    if field.measured is not None and abs(field.measured - field.total.points) > FAR:
        say(
            f"  Caution: counted without stages the difference is {_points(field.measured)} points;"
            " how long a stage takes depends on the way there, so mind the order of the stages"
            " more than the figures."
        )


def _show_paces(paces: Sequence[StagePace]) -> None:
    rows = [
        (
            each.stage,
            each.segment,
            f"{each.n:,}",
            share_words(each.moved_by),
            share_words(each.lost_by),
            days_words(each.half_left),
        )
        for each in paces
    ]
    day = f"{paces[0].moved_by.day:.0f}" if paces else "30"
    head = ("stage", "segment", "n", f"moved on by {day} days", f"lost by {day} days", "half left")
    print_table(head, rows)


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
