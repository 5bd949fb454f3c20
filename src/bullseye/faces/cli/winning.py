"""`bullseye winloss`: by which values of a field an outcome comes more or less often."""

from datetime import date

import click

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
from bullseye.pipeline import winning
from bullseye.validate import run as validate
from bullseye.validate.run import OutcomeSplit

STAGES = 30


@click.command("winloss", epilog="Example: bullseye winloss --by industry --every quarter")
@click.option("--by", required=True, metavar="FIELD", help="A field, tier or persona.")
@click.option("--outcome", default="won", show_default=True, help="What is split.")
@click.option("--icp", help="Whose tiers, for --by tier.")
@click.option(
    "--every",
    type=click.Choice(["month", "quarter"]),
    default="month",
    show_default=True,
    help="How far the days lie apart on which accounts are looked at.",
)
@click.option(
    "--as-known-today", is_flag=True, help="Use today's facts, though outcomes may have made them."
)
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def winloss_(
    context: click.Context,
    by: str,
    outcome: str,
    icp: str | None,
    every: str,
    as_known_today: bool,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show how often an outcome comes by the values of one field, each against all others.

    A field of accounts is taken as known before each case, one of opportunities as known now. By
    persona a case counts for each persona among the contacts its account had before it. By
    loss_reason or competitor the shares among lost cases are shown. The result is kept with its
    date. Exits with 3 if there is no such field, outcome or ICP, with 6 if no case is decided or no
    contact was on file.
    """
    with stages(STAGES, quiet=as_json) as progress:
        found = winning.outcome_split(
            opened(context),
            by,
            outcome=outcome,
            icp=icp,
            every=every,
            as_known_today=as_known_today,
            as_of=as_of,
            dry_run=dry_run,
            progress=progress,
        )
    print_json(found) if as_json else show_split(found)


def show_split(found: OutcomeSplit) -> None:
    """Print a split for people."""
    if found.warning:
        say(f"Caution: {found.warning}.")
    head = f"{found.outcome} ({found.outcome_sentence}) by {found.by}, as of {found.as_of}"
    if found.is_share:
        say(f"{head}: shares among {found.base.n:,} cases that were lost, with the field known.")
        shares = [
            (each.name, f"{each.cases:,}", validate.rate_words(each.rate)) for each in found.parts
        ]
        print_table((found.by, "cases", "share of lost"), shares, limit=70)
    else:
        say(f"{head}: {validate.rate_words(found.base)} over all.")
        rows = [_row(each) for each in found.parts]
        print_table((found.by, "cases", "rate", "points from the others", "q"), rows, limit=70)
        say(
            f"q is the false-discovery rate over the {len(found.parts):,} values looked at: up to"
            " 0.05 is evidence."
        )
    if found.by == winning.PERSONA:
        say(
            "A case counts for every persona among its account's contacts, so parts overlap. That a"
            " contact is on file may itself follow from interest: this is no proof of an effect."
        )
    which = "lost" if found.is_share else "decided"
    say(f"Not known: {found.unknown:,} {which} cases.")


def _row(each: validate.Part) -> tuple[str, ...]:
    estimate, low, high = (
        100 * value
        for value in (each.difference.estimate, each.difference.low, each.difference.high)
    )
    told = f"{estimate:+.1f} ({low:+.1f} to {high:+.1f})" if each.rate.n else ""
    return each.name, f"{each.cases:,}", validate.rate_words(each.rate), told, f"{each.q:.3f}"
