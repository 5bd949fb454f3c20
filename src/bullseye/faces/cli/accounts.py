"""`bullseye accounts`, `explain`, `worklist`, `override`: the list and the answers."""

from collections.abc import Sequence
from datetime import date

import click

from bullseye.definitions.icp import Mode
from bullseye.definitions.tier import Tier
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    DAY,
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.faces.cli.words import compact, score
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Explanation, Holds, Standing, Target, Verdict, Wish

STATUSES = ("scored", "excluded", "out-of-scope", "insufficient-data")


@click.command("accounts", epilog="Example: bullseye accounts --tier T1 --why-now")
@click.option("--tier", "tiers", multiple=True, type=click.Choice(list(Tier)), help="Only these.")
@click.option("--icp", metavar="NAME", help="As this profile sees them.")
@click.option("--why-now", is_flag=True, help="Only accounts with a live signal.")
@click.option("--status", type=click.Choice(STATUSES), help="Only accounts of this status.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@as_of_option
@json_option
@click.pass_context
def accounts_(
    context: click.Context,
    tiers: tuple[str, ...],
    icp: str | None,
    why_now: bool,
    status: str | None,
    limit: int,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show the target list, best first: tier, fit with its range, why now, what to fill next.

    An account with several profiles stands with its best one. --as-of shows an earlier list.
    """
    wish = Wish(tuple(Tier(tier) for tier in tiers), icp, why_now, status, limit=limit)
    found = prioritize.targets(opened(context), wish, as_of=as_of)
    if as_json:
        print_json(found)
    elif not found:
        say("No account fits. See how many there are of each tier with: bullseye run")
    else:
        show_targets(found)


def show_targets(targets: Sequence[Target]) -> None:
    """Print rows of the target list."""
    rows = [
        (
            (str(t.tier) if t.tier else t.standing.status) + ("*" if t.overridden_by else ""),
            t.label,
            t.standing.icp,
            _fit(t.standing),
            f"{t.standing.fit_coverage:.0%}",
            f"{t.standing.signal_strength:.0f}",
            str(t.why_now) if t.why_now else "no live signal",
            t.role,
            t.fill_next or "",
        )
        for t in targets
    ]
    headers = ("tier", "account", "icp", "fit", "known", "signal", "why now", "role", "fill next")
    print_table(headers, rows, limit=52)
    if any(target.overridden_by for target in targets):
        say("* decided by hand; the computed tier stays beside it: bullseye explain ACCOUNT")


def _fit(standing: Standing) -> str:
    if round(standing.fit_low) == round(standing.fit_high):
        return score(standing.fit_score)
    return f"{score(standing.fit_score)} ({standing.fit_low:.0f}-{standing.fit_high:.0f})"


@click.command("explain", epilog="Example: bullseye explain acme.com --as-of 2026-03-03")
@click.argument("account")
@as_of_option
@json_option
@click.pass_context
def explain_(context: click.Context, account: str, as_of: date | None, as_json: bool) -> None:
    """Say why ACCOUNT (its id, domain or name) has its score and tier.

    A waterfall of every part with its evidence, source and date; what is unknown; the signals
    that are live; and what separates it from each tier. --as-of explains an earlier day with
    the definitions and the knowledge of that day.
    """
    found = prioritize.explain(opened(context), account, as_of=as_of)
    print_json(found) if as_json else _show_explanation(found)


def _show_explanation(found: Explanation) -> None:
    say(found.sentence)
    say(f"As of {found.as_of}, run {found.run_id}, definitions {found.definitions_hash[:12]}.")
    if found.override:
        say(f"By hand: {found.override}. Computed: {found.target.standing.tier or 'no tier'}.")
    say(f"A contact who fits a persona: {found.target.role}.")
    for verdict in found.verdicts:
        _show_verdict(verdict)


def _show_verdict(verdict: Verdict) -> None:
    standing = verdict.standing
    ends = f"{standing.tier_low or 'no tier'} to {standing.tier_high or 'no tier'}"
    sure = "decided" if standing.tier_low == standing.tier_high else f"could be {ends}"
    say(
        f"\n{standing.icp}: {standing.tier or standing.status} · fit {score(standing.fit_score)}"
        f" of 100, between {score(standing.fit_low)} and {score(standing.fit_high)}"
        f" · {standing.fit_coverage:.0%} known · {sure}"
    )
    rows = []
    for reason in verdict.reasons:
        points = f"{reason.points or 0:+d} of {reason.possible:+d}"
        if reason.mode is not Mode.SCORE:
            points = str(reason.mode)
        elif reason.holds is Holds.UNKNOWN:
            points = f"? of {reason.possible:+d}"
        evidence = "; ".join(
            f"{e.field} = {_value(e.field, e.value)} ({e.source}, {e.file}, {e.known_on})"
            for e in reason.evidence
        )
        if reason.inherited:
            evidence = "; ".join(filter(None, (evidence, "inherited from the ultimate parent")))
        rows.append((str(reason.holds), points, reason.name, reason.rule, evidence or "not known"))
    print_table(("", "points", "criterion", "rule", "evidence"), rows, limit=90)
    for live in verdict.signals:
        say(f"  signal {live.signal}: {live.strength:.1f} points, {live} until {live.expires_on}")
    if not verdict.signals:
        say("  no live signal: nothing says why now")
    for step in verdict.steps:
        say(f"  {step.tier}: {'nothing missing' if not step.missing else '; '.join(step.missing)}")


def _value(field: str, value: object) -> str:
    if isinstance(value, float):
        return f"{100 * value:.3g} %" if "_growth_" in field else f"{value:.3g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@click.command("worklist", epilog="Example: bullseye worklist --json")
@as_of_option
@json_option
@click.pass_context
def worklist_(context: click.Context, as_of: date | None, as_json: bool) -> None:
    """Show, per profile, which field to fill next and how many tiers that would change.

    The chance that filling a field changes a tier is estimated from the accounts where it is
    known (n); the money is the accounts' expected yearly value times that chance.
    """
    with prioritize.opened(opened(context), as_of=as_of) as run:
        lists = prioritize.worklists(run)
    if as_json:
        print_json(lists)
        return
    for one in lists:
        say(f"{one.icp}:" if one.rows else f"{one.icp}: nothing unknown would change a tier")
        rows = [
            (
                row.field,
                f"{row.unknown_count:,}",
                f"{row.next_count:,}",
                f"{row.expected_changes:.1f}",
                compact(row.expected_value),
                f"{row.known_count:,}",
            )
            for row in one.rows
        ]
        if rows:
            headers = ("field", "unknown", "fill first", "tiers changed", "worth", "n known")
            print_table(headers, rows)


@click.command(
    "override",
    epilog='Example: bullseye override 1042 --tier T1 --until 2026-06-30 --reason "Met the CFO"',
)
@click.argument("account_id")
@click.option("--tier", type=click.Choice(list(Tier)), help="The tier decided.")
@click.option("--reason", metavar="TEXT", help="Why, in a sentence.")
@click.option("--until", type=DAY, metavar="DATE", help="The last day it holds.")
@click.option("--withdraw", is_flag=True, help="Take the active override back.")
@dry_run_option
@json_option
@click.pass_context
def override_(
    context: click.Context,
    account_id: str,
    tier: str | None,
    reason: str | None,
    until: date | None,
    withdraw: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide the tier of ACCOUNT_ID by hand, with a reason and a last day.

    The computed tier stays beside it; the decision is logged with its author.
    """
    workspace = opened(context)
    if withdraw:
        withdrawn = prioritize.withdraw(workspace, account_id, dry_run=dry_run)
        done = "Would withdraw" if dry_run else "Withdrawn"
        print_json(withdrawn) if as_json else say(f"{done}: {withdrawn.tier} of {account_id}.")
        return
    if tier is None or reason is None or until is None:
        raise UsageError("An override needs --tier, --reason and --until.")
    new = prioritize.override(
        workspace, account_id, Tier(tier), reason=reason, expires_on=until, dry_run=dry_run
    )
    done = "Would decide" if dry_run else "Decided"
    text = f"{done}: {account_id} is {new.tier} until {new.expires_on}, by {new.author}."
    print_json(new) if as_json else say(text)
