"""`bullseye segment velocity`, `negative`, `value` and `lookalikes`."""

from datetime import date

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.segment import run as segment
from bullseye.segment.run.velocity import MeasuredVelocity
from bullseye.segment.velocity import ByField, Pace, Why
from bullseye.stats.hazards import Effect
from bullseye.stats.survival import MedianDays, ShareBy

by_option = click.option("--by", metavar="FIELD", help="Only the segments of this field.")
today_option = click.option(
    "--as-known-today",
    is_flag=True,
    help="Take facts as they are today, where no earlier ones are known.",
)

SHOWN = 6
"""Fields shown where none is named: those that differ most."""


@click.command("velocity", epilog="Example: bullseye segment velocity --by industry")
@by_option
@as_of_option
@today_option
@json_option
@click.pass_context
def velocity_(
    context: click.Context,
    by: str | None,
    as_of: date | None,
    as_known_today: bool,
    as_json: bool,
) -> None:
    """Show how fast opportunities are won, by segment, and why one segment is faster.

    Open opportunities count for as long as they were open, and lost ones can no longer be won; an
    average over closed ones would be too short. Exits with 6 if too few were won.
    """
    workspace = opened(context)
    with stages(10, quiet=as_json) as tell:
        found = segment.measure_velocity(
            workspace, by=by, as_of=as_of, as_known_today=as_known_today, progress=tell
        )
    print_json(found) if as_json else _show_velocity(found, by)


def _show_velocity(measured: MeasuredVelocity, by: str | None) -> None:
    found = measured.found
    whole = found.overall
    say(
        f"{whole.n:,} opportunities of {whole.accounts:,} accounts as of {measured.as_of}:"
        f" {whole.won:,} won, {whole.lost:,} lost, the rest open."
    )
    if measured.warning:
        say(f"  Caution: {measured.warning}.")
    for left in measured.left_out:
        say(f"  Left out: {left.n:,}, {left.reason}.")
    if found.undated:
        say(f"  Left out: {found.undated:,}, their days are not known.")
    _show_paces([whole])
    if found.period is not None:
        word = "changed" if found.period.p < 0.05 else "shows no change"
        say(
            f"  Over time the pace {word}: by 90 days {_share(found.period.earlier.shares[2])}"
            f" of those begun up to {found.period.middle},"
            f" {_share(found.period.later.shares[2])} of later ones (p {found.period.p:.3f})."
        )
    shown = found.fields if by is not None else found.fields[:SHOWN]
    for field in shown:
        _show_field(field)
    if len(found.fields) > len(shown):
        say(f"\n{len(found.fields) - len(shown)} more fields: name one with --by, or use --json.")


def _show_field(field: ByField) -> None:
    say(f"\n{field.field}")
    _show_paces(field.segments)
    for tested, word in ((field.won, "won"), (field.decided, "decided, won or lost,")):
        if not tested.differs:
            say(f"  Cannot tell that segments are {word} at different paces (q {tested.q:.2f}).")
        elif tested.why is not None:
            say(f"  {_why(tested.why, word)}")


def _show_paces(paces: tuple[Pace, ...] | list[Pace]) -> None:
    rows = [
        (
            pace.name,
            f"{pace.n:,}",
            f"{pace.won:,}",
            *(_share(share) for share in pace.shares),
            _days(pace.to_won),
            _days(pace.to_end),
        )
        for pace in paces
    ]
    days = [f"won by {int(share.day)} days" for share in paces[0].shares]
    print_table(("segment", "n", "won", *days, "half won", "half decided"), rows)


def _share(share: ShareBy) -> str:
    if share.share is None or share.low is None or share.high is None:
        return "cannot tell yet"
    return f"{share.share:.1%} ({share.low:.1%}-{share.high:.1%})"


def _days(median: MedianDays) -> str:
    if median.days is None:
        return "not reached"
    low = "?" if median.low is None else f"{median.low:.0f}"
    high = "?" if median.high is None else f"{median.high:.0f}"
    return f"{median.days:.0f} days ({low}-{high})"


def _why(why: Why, word: str) -> str:
    told = (
        f"{why.segment} is {word} {_times(why.times)} as fast as the others, n = {why.n:,};"
        f" with all other facts alike {_times(why.alike)}."
    )
    if why.share is None:
        return f"{told} How much other facts explain cannot be told."
    parts = [
        f"{each.fact} {_percent(each.share)}"
        for each in why.reasons[:3]
        if each.share is not None and (each.share.low > 0 or each.share.high < 0)
    ]
    listed = f": {', '.join(parts)}" if parts else ", none of them by itself"
    return f"{told} Other facts explain {_percent(why.share)} of it{listed}."


def _times(effect: Effect) -> str:
    return f"{effect.value:.2f} times ({effect.low:.2f}-{effect.high:.2f})"


def _percent(effect: Effect) -> str:
    return f"{effect.value:.0%} ({effect.low:.0%} to {effect.high:.0%})"


SEGMENT_COMMANDS = (velocity_,)
"""The subcommands of `bullseye segment` that stand here."""
