"""`bullseye segment propose`: from what happened to a draft of an ICP."""

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
from bullseye.segment.run import learning as segment
from bullseye.segment.run.learning import Proposed


@click.command("propose", epilog="Example: bullseye segment propose --outcome won --dry-run")
@click.option("--outcome", default="won", show_default=True, metavar="NAME", help="What happened.")
@click.option("--name", metavar="NAME", help="What the ICP is called; learnt-OUTCOME if not given.")
@click.option(
    "--max-criteria",
    type=click.IntRange(1, 10),
    default=10,
    show_default=True,
    help="At most so many.",
)
@click.option(
    "--every",
    type=click.Choice(["month", "quarter"]),
    default="quarter",
    show_default=True,
    help="How far the days lie apart on which facts are taken.",
)
@click.option(
    "--as-known-today",
    is_flag=True,
    help="Take facts as known today, for a first look; the result says so.",
)
@click.option("--insist", multiple=True, metavar="FIELD", help="Read a field that was refused.")
@click.option("--yardstick", is_flag=True, help="Say what LightGBM would have gained.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of what is drawn by lot.")
@click.option("--force", is_flag=True, help="Overwrite a draft of the same name.")
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def propose_(
    context: click.Context,
    outcome: str,
    name: str | None,
    max_criteria: int,
    every: str,
    as_known_today: bool,
    insist: tuple[str, ...],
    yardstick: bool,
    seed: int,
    force: bool,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Learn an ICP from outcomes: at most ten criteria with points, each with its evidence.

    It is chosen on the past and reported on the future, and only where it beats shuffled
    outcomes; otherwise the answer is "no ICP found". The draft is written into icps/ and tiers/
    for the team to change. Exits with 6 if there are too few decided cases to tell.
    """
    workspace = opened(context)
    with stages(30, quiet=as_json) as tell:
        found = segment.propose_icp(
            workspace,
            outcome,
            name=name,
            max_criteria=max_criteria,
            every=every,
            as_known_today=as_known_today,
            insist=insist,
            yardstick=yardstick,
            seed=seed,
            force=force,
            as_of=as_of,
            dry_run=dry_run,
            progress=tell,
        )
    print_json(found) if as_json else _show(found)


def _show(found: Proposed) -> None:
    proposal = found.proposal
    say(
        f"{found.outcome}: {found.asked}. {proposal.n:,} decided cases of"
        f" {proposal.accounts:,} accounts, {proposal.yes:,} as wanted; as of {proposal.as_of}."
    )
    for line in found.warnings:
        say(f"Caution: {line}")
    for line in found.sentences:
        say(line)
    _listed("\nCriteria:", found.criteria)
    _listed("\nCut-offs:", found.cuts)
    _listed("\nRefused by the leakage guard (read one with --insist FIELD):", found.refused)
    left = [f"{each.field}: {each.reason}" for each in proposal.left_out]
    _listed("\nNo criteria by nature:", left)
    for file in found.files:
        if found.written:
            say(f"\nWritten: {file.path}")
        else:
            say(f"\n--- {file.path} (not written)\n{file.text}")
    if found.written:
        say("Next: bullseye check, then bullseye diff, then bullseye publish")


def _listed(title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        say(title)
    for line in lines:
        say(f"  {line}")
