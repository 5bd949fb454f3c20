"""`bullseye run` and `bullseye markets`: do the steps, and see how large the market is."""

from datetime import date

import click

from bullseye import pipeline
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
from bullseye.faces.cli.words import compact, money, tiers_line


@click.command("run", epilog="Example: bullseye run --as-of 2026-03-31")
@as_of_option
@click.option("--draft", is_flag=True, help="Use the files, not what is live.")
@dry_run_option
@json_option
@click.pass_context
def run_(
    context: click.Context, as_of: date | None, draft: bool, dry_run: bool, as_json: bool
) -> None:
    """Score every account against every ICP and publish the result whole.

    Where nothing changed since the last run of that day, its result stands. An interrupted
    run leaves the published one as it was. Exits with 3 if a definition cannot be loaded;
    bullseye check finds what is unwise.
    """
    workspace = opened(context)
    if dry_run:
        sql = pipeline.run_sql(workspace, as_of=as_of)
        print_json({"sql": sql}) if as_json else click.echo(sql)
        return
    with stages(4, quiet=as_json) as tell:
        done = pipeline.run(workspace, as_of=as_of, as_draft=draft, progress=tell)
    if as_json:
        print_json(done)
        return
    fresh = "" if done.is_new else " (nothing changed since; its result stands)"
    say(f"Run {done.run_id} as of {done.as_of}{fresh}: {done.accounts:,} accounts.")
    for counted in done.counts:
        say(f"  {counted.icp}: {tiers_line(counted)}")
    for noticed in done.noticed:
        say(f"  {noticed.table}: {noticed.rows:,} {noticed.what}")
    if done.unpublished:
        say(f"  The files differ from what is live: {len(done.unpublished)} differences.")
        say("  See them with: bullseye diff, make them live with: bullseye publish")
    say("See the list with: bullseye accounts --tier T1")


@click.command("markets", epilog="Example: bullseye markets --json")
@json_option
@click.pass_context
def markets_(context: click.Context, as_json: bool) -> None:
    """Show the size of each market: TAM, SAM and target, in accounts and money.

    Where values are missing, a number stands with its interval and its n.
    """
    sizes = pipeline.markets(opened(context))
    if as_json:
        print_json(sizes)
        return
    rows = [
        (
            size.market,
            label,
            compact(one.accounts.estimate),
            f"{one.accounts.low:,}-{one.accounts.high:,}",
            *money(one.money),
            share,
        )
        for size in sizes
        for label, one, share in (
            ("TAM", size.tam, ""),
            ("SAM", size.sam, ""),
            ("target", size.target, f"{size.share:.1%}" if size.share is not None else ""),
        )
    ]
    headers = ("market", "size", "accounts", "from-to", "money", "95 % interval", "n", "of TAM")
    print_table(headers, rows)
