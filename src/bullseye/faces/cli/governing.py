"""`bullseye history`, `runs` and `replay`: what happened, and that it can be shown again."""

import click

from bullseye.faces.cli._shared import json_option, opened, print_json, print_table, say, stages
from bullseye.faces.cli.words import score
from bullseye.prioritize import run as prioritize


@click.command("history", epilog="Example: bullseye history 1042")
@click.argument("account_id")
@json_option
@click.pass_context
def history_(context: click.Context, account_id: str, as_json: bool) -> None:
    """Show every run in which something about ACCOUNT_ID changed, and every override."""
    found = prioritize.history(opened(context), account_id)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            str(moment.as_of),
            moment.run_id,
            moment.icp,
            "gone" if moment.gone else str(moment.tier or moment.status),
            score(moment.fit_score),
            f"{moment.fit_coverage:.0%}",
            f"{moment.signal_strength:.0f}",
        )
        for moment in found.moments
    ]
    print_table(("as of", "run", "icp", "tier", "fit", "known", "signal"), rows)
    for each in found.overrides:
        end = f", withdrawn {each.withdrawn_at:%Y-%m-%d}" if each.withdrawn_at else ""
        say(
            f"  by hand {each.created_at:%Y-%m-%d}: {each.tier} until {each.expires_on}"
            f" by {each.author}: {each.reason}{end}"
        )


@click.command("runs", epilog="Example: bullseye runs --json")
@json_option
@click.pass_context
def runs_(context: click.Context, as_json: bool) -> None:
    """List the runs, newest first: day, definitions, accounts, result hash."""
    found = prioritize.past_runs(opened(context))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            run.id,
            str(run.as_of),
            str(run.status),
            run.definitions_hash[:12],
            f"{run.rows or 0:,}",
            (run.result_sha256 or "")[:12],
            run.actor,
        )
        for run in found
    ]
    headers = ("run", "as of", "status", "definitions", "accounts", "result", "by")
    print_table(headers, rows)


@click.command("replay", epilog="Example: bullseye replay r-2026-03-03-0001")
@click.argument("run_id", metavar="RUN")
@json_option
@click.pass_context
def replay_(context: click.Context, run_id: str, as_json: bool) -> int:
    """Compute RUN again from its definitions, data and day, and compare the bytes.

    Publishes nothing. Exits with 1 if the result differs.
    """
    with stages(2, quiet=as_json) as tell:
        done = prioritize.replay(opened(context), run_id, progress=tell)
    if as_json:
        print_json({"run": done.run.id, "identical": done.identical, "sha256": done.sha256})
    else:
        verdict = "identical to the byte" if done.identical else "DIFFERENT"
        say(f"Run {done.run.id}: {verdict} (sha256 {done.sha256}).")
    return 0 if done.identical else 1
