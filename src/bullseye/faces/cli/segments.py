"""`bullseye segment velocity` and `negative`: which segments are fast, and which to leave alone."""

from datetime import date

import click

from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.stages import show_stages
from bullseye.faces.cli.velocity_words import days_words, share_words
from bullseye.faces.cli.words import compact
from bullseye.pipeline import pacing
from bullseye.segment.run import learning as segment
from bullseye.segment.run.learning import (
    ByField,
    Economics,
    Effect,
    Estimate,
    Holds,
    MeasuredVelocity,
    Negative,
    Pace,
    Proposal,
    Ratio,
    Recheck,
    Standing,
    Why,
    ratio_words,
)

today_option = click.option(
    "--as-known-today",
    is_flag=True,
    help="Take facts as they are today, where no earlier ones are known.",
)

SHOWN = 6
"""Fields shown where none is named: those that differ most."""


@click.command("velocity", epilog="Example: bullseye segment velocity --by industry")
@click.option("--by", metavar="FIELD", help="Only the segments of this field, or tier.")
@click.option("--icp", help="Whose tiers, for --by tier.")
@as_of_option
@today_option
@json_option
@click.pass_context
def velocity_(
    context: click.Context,
    by: str | None,
    icp: str | None,
    as_of: date | None,
    as_known_today: bool,
    as_json: bool,
) -> None:
    """Show how fast opportunities are won, by segment, and why one segment is faster.

    Open opportunities count for as long as they were open, and lost ones can no longer be won; an
    average over closed ones would be too short. Where the imports hold the day each stage was
    entered, it also says how long opportunities stand in each stage, and which stage accounts for
    the difference. Exits with 2 if --icp is given without --by tier, with 3 if there is no such
    field or ICP, with 6 if too few were won.
    """
    if icp and by != pacing.TIER:
        raise UsageError("--icp says whose tiers are meant: add --by tier.")
    workspace = opened(context)
    with stages(20, quiet=as_json) as tell:
        found = pacing.measured_velocity(
            workspace, by=by, icp=icp, as_of=as_of, as_known_today=as_known_today, progress=tell
        )
    print_json(found) if as_json else _show_velocity(found, by)


def _show_velocity(measured: MeasuredVelocity, by: str | None) -> None:
    found, whole = measured.found, measured.overall
    say(
        f"{whole.n:,} opportunities of {whole.accounts:,} accounts as of {measured.as_of}:"
        f" {whole.won:,} won, {whole.lost:,} lost, the rest open."
    )
    if measured.warning:
        say(f"  Caution: {measured.warning}.")
    for left in measured.left_out:
        say(f"  Left out of the segments: {left.n:,}, {left.reason}.")
    for refused in measured.refused:
        say(f"  Refused: {refused}.")
    if found.undated:
        say(f"  Left out of the segments: {found.undated:,}, their days are not known.")
    if measured.lacks_open:
        say("  Caution: those left out are open more often, so segments look faster than they are.")
    _show_paces([whole])
    if found.period is not None:
        word = "changed" if found.period.p < 0.05 else "shows no change"
        say(
            f"  Over time the pace {word}: by 90 days {share_words(found.period.earlier.shares[2])}"
            f" of those begun up to {found.period.middle},"
            f" {share_words(found.period.later.shares[2])} of later ones (p {found.period.p:.3f})."
        )
    shown = found.fields if by is not None else found.fields[:SHOWN]
    for field in shown:
        _show_field(field)
    if len(found.fields) > len(shown):
        say(f"\n{len(found.fields) - len(shown)} more fields: name one with --by, or use --json.")
    show_stages(measured.stages)


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
            *(share_words(share) for share in pace.shares),
            days_words(pace.to_won),
            days_words(pace.to_end),
        )
        for pace in paces
    ]
    days = [f"won by {int(share.day)} days" for share in paces[0].shares]
    print_table(("segment", "n", "won", *days, "half won", "half decided"), rows)


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


# -- the negative ICP ------------------------------------------------------------------------


@click.command("negative", epilog="Example: bullseye segment negative --outcome support-cost")
@click.option("--outcome", metavar="NAME", help="One outcome, support-cost or discount.")
@click.option("--write", is_flag=True, help="Write confirmed ones as drafts to exclusions/.")
@click.option("--force", is_flag=True, help="Replace files of the same name.")
@click.option("--recheck", is_flag=True, help="Measure the exclusions that there are again.")
@click.option("--insist", multiple=True, metavar="FIELD", help="Use a suspicious field after all.")
@dry_run_option
@as_of_option
@today_option
@json_option
@click.pass_context
def negative_(
    context: click.Context,
    outcome: str | None,
    write: bool,
    force: bool,
    recheck: bool,
    insist: tuple[str, ...],
    dry_run: bool,
    as_of: date | None,
    as_known_today: bool,
    as_json: bool,
) -> int:
    """Find segments to leave alone: they churn more, cost more support or take more discount.

    An exclusion is proposed where the lower bound of its ratio, true for all segments looked at at
    once, is above 1.5, and confirmed where the next period says so too. With --recheck the
    exclusions that have figures are measured again; with --write, those that still hold get the
    new figures, and those that are no longer true move to exclusions/withdrawn. Exits with 1 if
    one is no longer true, with 6 if nothing can be measured.
    """
    if recheck and (outcome or insist):
        raise UsageError("--recheck measures every exclusion: leave out --outcome and --insist.")
    workspace = opened(context)
    with stages(40, quiet=as_json) as tell:
        if recheck:
            again = segment.recheck(
                workspace,
                as_of=as_of,
                as_known_today=as_known_today,
                write=write and not dry_run,
                progress=tell,
            )
            print_json(again) if as_json else _show_recheck(again)
            return 1 if again.withdrawn else 0
        found = segment.find_negative(
            workspace,
            outcome=outcome,
            as_of=as_of,
            as_known_today=as_known_today,
            insist=insist,
            write=write or dry_run,
            force=force,
            dry_run=dry_run,
            progress=tell,
        )
    print_json(found) if as_json else _show_negative(found, dry_run=dry_run)
    return 0


def _show_negative(found: Negative, *, dry_run: bool) -> None:
    for each in found.looked:
        say(
            f"{each.measure}: {each.looked_at:,} segments looked at on {each.n:,} cases"
            f" ({each.happened:,} with it)."
        )
        if each.warning:
            say(f"  Caution: {each.warning}.")
        for left in each.left_out:
            say(f"  Left out: {left.n:,}, {left.reason}.")
        for refused in each.refused:
            say(f"  Refused: {refused}.")
    for missing in found.not_measured:
        say(f"{missing.measure}: cannot tell. {missing.reason}")
    if not found.proposals:
        say("\nNo segment is surely 1.5 times as bad as the others: no exclusion is proposed.")
    for proposal in found.proposals:
        _show_proposal(proposal, found.currency)
    verb = "Would write" if dry_run else "Wrote"
    for name in found.written:
        say(f"{verb} {name}")
    for name in found.kept:
        say(f"Left {name} as it is; replace it with --force")


def _show_proposal(proposal: Proposal, currency: str) -> None:
    say(f"\n{proposal.rule}: {proposal.standing}")
    say(f"  {proposal.because}")
    if proposal.earlier is not None and proposal.later is not None:
        say(f"  Earlier half {_ratio(proposal.earlier)}, later half {_ratio(proposal.later)}.")
    if proposal.standing is Standing.WAITING:
        say("  No exclusion yet: the next period has too few cases to confirm it.")
    if proposal.standing is Standing.REFUTED:
        say("  No exclusion: the next period does not show it.")
    _show_money(proposal.economics, currency, proposal.measured_on)
    if proposal.alike_count:
        say(f"  {proposal.alike_count:,} more say the same, as {', '.join(proposal.alike[:3])}.")
    if proposal.covered_by:
        say(f"  The exclusion {proposal.covered_by} refuses them already.")


def _show_money(money: Economics, currency: str, day: date) -> None:
    """Print each cost by itself: they rest on different accounts and spans, so none is a sum."""
    say(
        f"  Its {money.customers:,} customers in a year: revenue forgone"
        f" {_money(money.revenue_forgone, currency)}."
    )
    say(
        f"  Costs avoided, from their time as customers up to {day}. Each rests on accounts and"
        " days of its own, so none is a sum:"
    )
    for part in money.parts:
        whole = f"; of all in a year {_money(part.in_a_year, currency)}" if part.in_a_year else ""
        say(f"    {part.name}: {_money(part.each, currency)} per {part.per}{whole}.")


def _show_recheck(again: Recheck) -> None:
    rows = [
        (
            f"{each.claim.icp}/{each.claim.name}" if each.claim.icp else each.claim.name,
            str(each.holds),
            "" if each.claim.figures.times is None else f"{each.claim.figures.times:g}",
            "" if each.ratio is None else ratio_words(each.ratio),
            "newer cases" if each.since else "all cases",
        )
        for each in again.found
    ]
    print_table(("exclusion", "now", "said", f"measured {again.as_of}", "on"), rows)
    for each in again.found:
        if each.ratio is None:
            say(f"{each.claim.place}: {each.sentence}")
        elif each.holds is Holds.WITHDRAWN:
            say(f"{each.claim.place}: {each.sentence} Delete it, or move it: --recheck --write")
    for name in again.without_figures:
        say(f"{name}: has no figures; find some with: bullseye segment negative")
    for name in again.updated:
        say(f"New figures in {name}")
    for name in again.moved:
        say(f"Withdrawn: {name}")


def _ratio(ratio: Ratio) -> str:
    if ratio.value is None and ratio.low is not None:
        return f"at least {ratio.low:.1f} x (n {ratio.n:,})"
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return f"cannot tell (n {ratio.n:,})"
    return f"{ratio.value:.1f} x ({ratio.low:.1f}-{ratio.high:.1f}, n {ratio.n:,})"


def _money(each: Estimate, currency: str) -> str:
    if each.value is None:
        return "cannot tell"
    interval = f"{compact(each.low)}-{compact(each.high)}"
    return f"{compact(each.value)} {currency} ({interval}, n {each.n:,})"


SEGMENT_COMMANDS = (velocity_, negative_)
"""The subcommands of `bullseye segment` that stand here."""
