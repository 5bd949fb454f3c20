"""`bullseye prove`: every question the outcomes can answer, asked in order."""

from datetime import date

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    say,
    stages,
)
from bullseye.pipeline.prove import KINDS, Attempt, Proved, prove

STAGES = 160
"""Stages that a long row of questions tells of."""


@click.command("prove", epilog="Example: bullseye prove --only velocity --only value")
@click.option(
    "--only", multiple=True, type=click.Choice(list(KINDS)), help="Only proofs of this kind."
)
@click.option("--afresh", is_flag=True, help="Compute again what was answered already.")
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def prove_(
    context: click.Context,
    only: tuple[str, ...],
    afresh: bool,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make every proof that the data allow, for the proof pages of the report.

    Outcomes, Bullseye, signals, model card, backtest and drift of each ICP, negative ICP,
    velocity and value. What the data cannot answer is said in a line, and is no failure. An
    answer that stands for the same definitions, imports and day is not computed again. Exits
    with 6 if nothing is imported.
    """
    with stages(STAGES, quiet=as_json) as tell:
        found = prove(
            opened(context), only=only, as_of=as_of, afresh=afresh, dry_run=dry_run, progress=tell
        )
    print_json(found) if as_json else show_proved(found, dry_run=dry_run)


def show_proved(found: Proved, *, dry_run: bool = False) -> None:
    """Print how every question was answered."""
    say(f"Proofs as of {found.as_of}, definitions {found.definitions_hash[:12]}:")
    for each in found.attempts:
        about = "" if each.subject in {"all", "won"} else f", {each.subject}"
        say(f"  {KINDS[each.kind]}{about}: {_ended(each, dry_run=dry_run)}")
        if each.hint:
            say(f"    {each.hint}")
    if not dry_run:
        say("Next: bullseye report (its part Proof shows them)")


def _ended(each: Attempt, *, dry_run: bool) -> str:
    if each.problem:
        return f"cannot tell. {each.problem}"
    if each.proof is not None:
        return f"proof {each.proof}" + ("" if each.is_new else ", kept from before")
    return "would be asked" if dry_run else "nothing to keep"
