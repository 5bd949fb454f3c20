"""`bullseye export` and `bullseye report`: the list as a file, the whole as one page."""

from datetime import date
from pathlib import Path

import click

from bullseye import pipeline
from bullseye.definitions.tier import Tier
from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    say,
)
from bullseye.prioritize.run import Wish


@click.command("export", epilog="Example: bullseye export targets.csv --tier T1 --tier T2")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--tier", "tiers", multiple=True, type=click.Choice(list(Tier)), help="Only these.")
@click.option("--icp", metavar="NAME", help="As this profile sees them.")
@click.option("--why-now", is_flag=True, help="Only accounts with a live signal.")
@click.option("--all", "everyone", is_flag=True, help="Accounts in no tier too.")
@click.option(
    "--since",
    metavar="RUN|DATE",
    help="Only rows that are new, changed or gone since that run, or the newest of that day.",
)
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def export_(
    context: click.Context,
    file: Path,
    tiers: tuple[str, ...],
    icp: str | None,
    why_now: bool,
    everyone: bool,
    since: str | None,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write the target list to FILE: .csv, .xlsx, .parquet or .json.

    Every row carries the version of the definitions and the hash of who is on the list; cells
    that a spreadsheet would take for a formula are made harmless.

    With --since the file holds what another system has to take over, with a column `change`:
    new, changed (any column but signal strength, age and what to fill next) or gone (the row as
    it was). The hash is that of the whole list, to compare when all is taken over. Choose the
    same tiers as in the export before.
    """
    chosen = tuple(Tier(tier) for tier in tiers) or (() if everyone else tuple(Tier))
    done = pipeline.export(
        opened(context),
        Wish(chosen, icp, why_now),
        file,
        as_of=as_of,
        since=since,
        dry_run=dry_run,
    )
    if as_json:
        print_json(done)
        return
    say(f"{'Would write' if dry_run else 'Wrote'} {done.rows:,} accounts to {done.path}")
    if done.changes is not None:
        told = ", ".join(f"{n:,} {change}" for change, n in done.changes.items())
        say(f"  {told} since run {done.since},")
    say(f"  as of {done.as_of}, definitions {done.definition_version[:12]},")
    say(f"  membership {done.membership_hash}")


@click.command("report", epilog="Example: bullseye report market.html")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False), default=Path("report.html")
)
@as_of_option
@json_option
@click.pass_context
def report_(context: click.Context, file: Path, as_of: date | None, as_json: bool) -> None:
    """Write the report to FILE: one HTML page that asks nothing of any other host.

    Market funnel, fit by tier, fit against signals, why-now ranking, worklist, data quality
    and the definitions, each number with its interval, n and date.
    """
    from bullseye.faces.report import write_report  # noqa: PLC0415 - export needs none of it

    done = write_report(opened(context), file, as_of=as_of)
    print_json(done) if as_json else say(f"Wrote {done.path} (open it in a browser).")
