"""`bullseye segment bullseye` and `bullseye segment signals`: right account, right time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from bullseye.definitions.quantity import days
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.pipeline.together import TogetherTold, measured_together
from bullseye.segment.run import learning as segment
from bullseye.segment.run.learning import (
    BullseyeTold,
    CustomerList,
    Preceding,
    SignalsTold,
    TraitTold,
    hazard_in_words,
)


class Days(click.ParamType[int]):
    """A span of time, in days."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the days, or refuse what is no span."""
        found = days(int(value) if isinstance(value, str) and value.isdecimal() else value)
        if found is None:
            self.fail(f"{value!r} is no span of time: write 90 days or 12 months", param, ctx)
        return found


SPAN = Days()
no_keep_option = click.option("--dry-run", is_flag=True, help="Show it, but keep no proof of it.")


@click.command("bullseye", epilog="Example: bullseye segment bullseye --k 5")
@click.option(
    "--k", type=click.IntRange(min=2), default=5, show_default=True, help="Customers per list."
)
@click.option(
    "--window",
    type=SPAN,
    default=segment.WON_WITHIN,
    metavar="SPAN",
    help="Won within; 12 months if not given.",
)
@click.option(
    "--use-window",
    type=SPAN,
    default=segment.USED_WITHIN,
    metavar="SPAN",
    help="Use is measured over; 91 days if not given.",
)
@click.option(
    "--as-known-today",
    is_flag=True,
    help="Take facts as known today, for a first look; the result says so.",
)
@click.option("--insist", multiple=True, metavar="FIELD", help="Read a field that was refused.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of the lots that are drawn.")
@as_of_option
@no_keep_option
@json_option
@click.pass_context
def bullseye_(
    context: click.Context,
    k: int,
    window: int,
    use_window: int,
    as_known_today: bool,
    insist: tuple[str, ...],
    seed: int,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show who is won fastest and who uses the product most, and what they share.

    Every trait is held against lists drawn by lot: evidence, a lead, or an anecdote. The result
    is kept as a proof of kind bullseye. Exits with 6 if nobody could be listed.
    """
    workspace = opened(context)
    with stages(30, quiet=as_json) as tell:
        told = segment.fast_and_sticky(
            workspace,
            k=k,
            window=window,
            use_window=use_window,
            as_of=as_of,
            as_known_today=as_known_today,
            insist=insist,
            seed=seed,
            is_kept=not dry_run,
            progress=tell,
        )
    print_json(told) if as_json else _show(told)


def _show(told: BullseyeTold) -> None:
    say(f"{told.customers:,} customers as of {told.as_of}; facts as known {told.facts_known}.")
    if told.warning:
        say(f"Caution: {told.warning}.")
    _show_list("Won fastest, for the least discount", told.fast)
    _show_list("Using it most", told.sticky)
    say(f"\n{told.overlap.sentence}")
    say(f"{told.verdict}")
    _show_traits("What both lists share", told.both)
    _show_traits("The fast list alone", told.fast_only)
    _show_traits("The sticky list alone", told.sticky_only)
    say(f"\nLooked at: {told.conditions:,} conditions of 3 questions, {told.tests:,} tests.")
    for line in told.can_tell:
        say(f"  {line}")
    for line in told.refused:
        say(f"  {line}")
    for missing in told.missing:
        say(f"  Left out: {missing.n:,}, {missing.reason}.")


def _show_list(title: str, listed: CustomerList) -> None:
    say(
        f"\n{title}: by {listed.measure}, {listed.first_day} to {listed.last_day},"
        f" the first {len(listed.members)} of {listed.pool:,}"
    )
    rows = [
        (
            str(each.place),
            each.account_id,
            each.name or "",
            _number(each.days),
            "?" if each.discount is None else f"{each.discount:.0%}",
            str(each.won_on or ""),
            "?" if each.use is None else f"{each.use:.2f}",
            _number(each.seats),
        )
        for each in listed.members
    ]
    if rows:
        print_table(("", "account", "name", "days", "discount", "won on", "use", "seats"), rows)
    for missing in listed.missing:
        say(f"  Left out: {missing.n:,}, {missing.reason}.")


def _number(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def _show_traits(title: str, traits: Sequence[TraitTold]) -> None:
    say(f"\n{title}:" if traits else f"\n{title}: nothing worth a look.")
    for each in traits:
        first, *others = each.sentences
        say(f"  {first}")
        for line in others:
            say(f"    {line}")
        lengths = ", ".join(f"{at.k}: {at.standing}" for at in each.trait.lengths)
        if lengths:
            say(f"    With lists of {lengths}.")
        if each.trait.also:
            say(f"    Nearly the same customers: {'; '.join(each.trait.also)}.")


@click.command("signals", epilog="Example: bullseye segment signals --outcome won")
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Only this outcome.")
@click.option(
    "--from-occurrence",
    is_flag=True,
    help="Count signals from the day they happened, known or not; the result says so.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of samples of large worlds.")
@as_of_option
@no_keep_option
@json_option
@click.pass_context
def signals_(
    context: click.Context,
    outcomes: tuple[str, ...],
    from_occurrence: bool,
    seed: int,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show which signals came before which outcomes, and how fast their effect fades.

    Accounts that had the outcome are compared with those at risk on the same day; a signal
    counts from the day it was known. The result is kept as a proof of kind signals. Exits with
    6 if there are no signals, or no outcome has happened.
    """
    workspace = opened(context)
    with stages(30, quiet=as_json) as tell:
        told = segment.what_precedes(
            workspace,
            outcomes,
            as_of=as_of,
            from_occurrence=from_occurrence,
            seed=seed,
            is_kept=not dry_run,
            progress=tell,
        )
    print_json(told) if as_json else _show_signals(told)


def _show_signals(told: SignalsTold) -> None:
    say(f"{told.signals:,} signals as of {told.as_of}, {told.tests:,} pairs judged.")
    if told.warning:
        say(f"Caution: {told.warning}")
    for each in told.outcomes:
        say(
            f"  {each.name} ({each.sentence}): {each.outcomes:,} of {each.at_risk:,},"
            f" {each.first_day} to {each.last_day}."
        )
        for line in each.missing:
            say(f"    Left out: {line}.")
    for line in told.skipped:
        say(f"  Not asked: {line}")
    whole = [each for each in told.preceding if each.part_of is None]
    _show_matrix("signal", whole)
    for one in told.preceding:
        if one.standing != "anecdote" or one.finding:
            say(f"\n{one.signal}, {one.outcome}")
            for line in one.sentences:
                say(f"  {line}")
    subjects = len(told.preceding) - len(whole)
    if subjects:
        say(f"\n{subjects:,} pairs are subjects of a type; see them all with: --json")


def _show_matrix(title: str, found: Sequence[Preceding]) -> None:
    """Print a table of signals by outcomes: the hazard ratio, its interval and its standing."""
    outcomes = list(dict.fromkeys(each.outcome for each in found))
    cells = {(each.signal, each.outcome): each for each in found}
    say("\nHazard ratios with 95 % intervals:")
    rows = []
    for signal in sorted({each.signal for each in found}):
        row = [cells.get((signal, outcome)) for outcome in outcomes]
        said = [
            f"{hazard_in_words(each.hazard)} {each.standing}" if each else "too rare"
            for each in row
        ]
        rows.append((signal, *said))
    print_table((title, *outcomes), rows)


@click.command("together", epilog="Example: bullseye segment together mid-size-software")
@click.argument("icp", required=False)
@click.option("--outcome", default="won", show_default=True, metavar="NAME", help="The outcome.")
@as_of_option
@no_keep_option
@json_option
@click.pass_context
def together_(
    context: click.Context,
    icp: str | None,
    outcome: str,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show whether the right account, contact and time do more together than each apart.

    Fit, contacts and signals are those known before each case began. The result is kept as a
    proof of kind together. Exits with 6 if no case is known in all three.
    """
    workspace = opened(context)
    with stages(60, quiet=as_json) as tell:
        told = measured_together(
            workspace, icp, outcome=outcome, as_of=as_of, is_kept=not dry_run, progress=tell
        )
    print_json(told) if as_json else _show_together(told)


def _show_together(told: TogetherTold) -> None:
    found = told.found
    say(
        f"{told.icp}, {told.outcome}, as of {told.as_of}: {told.cases:,} accounts, each with its"
        f" first decided case; right account is a fit of {told.least_fit} or more."
    )
    if told.unknown:
        say(f"  Left out: {told.unknown:,}, fit, contacts or signals are not known.")
    rows = []
    for cell in found.cells:
        has = ("yes" if each else "no" for each in cell.has)
        share = cell.share
        between = f"{share.low:.0%} to {share.high:.0%}" if share.n else ""
        rows.append((*has, f"{cell.yes:,} of {share.n:,}", between))
    print_table((*found.factors, told.outcome, "95 % interval"), rows)
    say("\nTogether, as times the odds that each apart would give:")
    for contrast in found.contrasts:
        say(
            f"  {' and '.join(contrast.factors)}: {contrast.times:.2f} ({contrast.low:.2f} to"
            f" {contrast.high:.2f}): {contrast.answer}."
        )
    if any(not contrast.told for contrast in found.contrasts):
        thinnest = min(contrast.thinnest for contrast in found.contrasts)
        say(f"  The thinnest cell has {thinnest} cases of one answer; 5 are needed.")


BULLSEYE_COMMANDS = (bullseye_, signals_, together_)
