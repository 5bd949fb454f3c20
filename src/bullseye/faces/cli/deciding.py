"""`bullseye diff`, `publish`, `versions` and `whatif`: change definitions knowingly."""

import sys

import click

from bullseye import pipeline
from bullseye.definitions.tier import Tier
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import compact
from bullseye.pipeline import publishing
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Answered, Compared, Question


@click.command("diff", epilog="Example: bullseye diff")
@click.argument("old", required=False, metavar="[V1]")
@click.argument("new", required=False, metavar="[V2]")
@click.option("--cohorts", default=2, show_default=True, type=click.IntRange(0, 12))
@json_option
@click.pass_context
def diff_(
    context: click.Context, old: str | None, new: str | None, cohorts: int, as_json: bool
) -> None:
    """Show what changes between two versions, in words and replayed on the data.

    V1 is the live version where absent (else the newest run's), V2 the files; name a version
    by the beginning of its hash or by a run. Names, order, owners and dates are no change.
    """
    found = prioritize.compare(opened(context), old, new, cohorts=cohorts)
    print_json(_document(found)) if as_json else show_comparison(found)


def _document(found: Compared) -> dict[str, object]:
    return {
        "old": found.old,
        "new": found.new,
        "as_of": found.as_of,
        "differences": [
            {"sentence": d.sentence, "place": d.place, "before": d.before, "after": d.after}
            for d in found.differences
        ],
        "moves": found.moves,
        "owners": found.owners,
        "cohorts": found.cohorts,
    }


def show_comparison(found: Compared) -> None:
    """Print a comparison for people."""
    if not found.differences:
        say("No difference: the same accounts would be chosen.")
        return
    say(f"{found.old[:12]} -> {found.new[:12]}:")
    for change in found.differences:
        say(f"  {change.sentence}")
    rows = [
        (
            move.icp,
            f"{move.before or 'no tier'} -> {move.after or 'no tier'}",
            f"{move.accounts:,}",
            move.responsible,
            ", ".join(move.named[:3]),
        )
        for move in found.moves
    ]
    if rows:
        say(f"\nAccounts that move, on the data of {found.as_of}:")
        print_table(("icp", "from -> to", "accounts", "because of", "such as"), rows)
    else:
        say("\nNo account moves.")
    if found.owners:
        say("\nOwners of accounts whose best tier changes, with their open opportunities:")
        owned = [
            (
                owner.owner,
                f"{owner.accounts:,}",
                f"{owner.opportunities:,}",
                compact(owner.amount),
                f"{owner.without_amount:,}",
            )
            for owner in found.owners[:12]
        ]
        print_table(("owner", "accounts", "open", "amount", "without amount"), owned)
    for cohort in found.cohorts:
        say(
            f"\nIn T1 on {cohort.as_of}, win rate of the opportunities closed in the next 91 days:"
            f"\n  before: {_rate(cohort.before)}\n  after:  {_rate(cohort.after)}"
        )


def _rate(share: prioritize.Share) -> str:
    if not share.n:
        return "cannot tell: no opportunity closed"
    return f"{share.share:.0%} (95 % interval {share.low:.0%}-{share.high:.0%}, n = {share.n:,})"


@click.command("publish", epilog="Example: bullseye publish --yes")
@click.option("--version", metavar="HASH", help="An earlier version, instead of the files.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
@json_option
@click.pass_context
def publish_(
    context: click.Context, version: str | None, yes: bool, dry_run: bool, as_json: bool
) -> None:
    """Make the definitions live, after showing what that changes, and run.

    From then on `bullseye run` uses what is live; the files are the draft of the next version.
    To go back, publish an earlier version.
    """
    workspace = opened(context)
    if pipeline.has_runs(workspace) and not as_json:
        show_comparison(prioritize.compare(workspace, None, version))
    if dry_run:
        print_json({"published": None}) if as_json else say("Dry run: nothing was published.")
        return
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise UsageError("Publishing asks first.", hint="Say --yes where nobody can answer.")
        click.confirm("Make this live?", abort=True)
    publication = publishing.publish(workspace, version)
    with stages(4, quiet=as_json) as tell:
        done = pipeline.run(workspace, progress=tell)
    if as_json:
        print_json({"published": publication, "run": done})
    else:
        say(f"Live: {publication.definitions_hash[:12]}. Run {done.run_id} as of {done.as_of}.")


@click.command("versions", epilog="Example: bullseye versions --json")
@json_option
@click.pass_context
def versions_(context: click.Context, as_json: bool) -> None:
    """List every version the definitions have had, newest first: live, draft, by whom."""
    found = publishing.listed_versions(opened(context))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            row.hash[:12],
            f"{row.first_seen_at:%Y-%m-%d}",
            f"{row.published_at:%Y-%m-%d}" if row.published_at else "",
            row.published_by or "",
            " ".join(w for w, on in (("live", row.is_live), ("files", row.is_draft)) if on),
        )
        for row in found
    ]
    print_table(("version", "first seen", "published", "by", ""), rows)


@click.command("whatif", epilog="Example: bullseye whatif mid-size-software --tier T1.fit=70")
@click.argument("icp")
@click.option("--points", multiple=True, metavar="CRITERION=POINTS", help="Other points.")
@click.option("--tier", "cuts", multiple=True, metavar="T1.fit=70", help="Another cut-off.")
@click.option("--capacity", multiple=True, metavar="T1=50", help="Accounts a tier may hold.")
@click.option("--reps", type=click.IntRange(1), help="Sellers; with --touches: T1's capacity.")
@click.option("--touches", type=click.IntRange(1), help="Accounts one seller can work.")
@json_option
@click.pass_context
def whatif_(
    context: click.Context,
    icp: str,
    points: tuple[str, ...],
    cuts: tuple[str, ...],
    capacity: tuple[str, ...],
    reps: int | None,
    touches: int | None,
    as_json: bool,
) -> None:
    """Show exactly who would be in which tier of ICP if points or cut-offs were otherwise.

    --capacity chooses the fit cut-off that fills a tier, and says what the next accounts
    would be worth. Nothing is changed: write it into the definitions if you like it.
    """
    if (reps is None) != (touches is None):
        raise UsageError("--reps and --touches belong together.")
    room = {Tier(_tier(name)): n for name, n in _numbers(capacity, "--capacity").items()}
    if reps and touches:
        room[Tier.T1] = reps * touches
    wanted = _numbers(cuts, "--tier")
    unknown = [key for key in wanted if key.partition(".")[2] not in ("fit", "strength")]
    if unknown:
        raise UsageError(f"--tier is written as T1.fit=70 or T1.strength=20, not {unknown[0]!r}.")
    question = Question(
        points=_numbers(points, "--points"),
        fit={Tier(_tier(k[:-4])): n for k, n in wanted.items() if k.endswith(".fit")},
        strength={Tier(_tier(k[:-9])): n for k, n in wanted.items() if k.endswith(".strength")},
        capacity=room,
    )
    found = prioritize.what_if(opened(context), icp, question)
    print_json(found) if as_json else _show_answer(found)


def _numbers(values: tuple[str, ...], option: str) -> dict[str, int]:
    found = {}
    for value in values:
        name, _, number = value.rpartition("=")
        if not name or not number.lstrip("-").isdigit():
            raise UsageError(f"{option} is written as NAME=NUMBER, not {value!r}.")
        found[name.strip()] = int(number)
    return found


def _tier(name: str) -> str:
    if name not in list(Tier):
        raise UsageError(f"There is no tier {name!r}: known are {', '.join(Tier)}.")
    return name


def _show_answer(found: Answered) -> None:
    say(f"{found.icp}, {found.accounts:,} accounts as of {found.as_of} ({found.milliseconds} ms):")
    rows = [
        (tier, f"{before:,}", f"{found.outcome.after[tier]:,}")
        for tier, before in found.outcome.before.items()
    ]
    print_table(("tier", "now", "then"), rows)
    for move in found.outcome.moves:
        say(f"  {move.before or 'no tier'} -> {move.after or 'no tier'}: {move.accounts:,}")
    for tier, cut in found.cutoffs.items():
        worth = "of unknown value"
        if cut.next_value is not None:
            worth = f"worth {compact(cut.next_value)} a year each (n = {cut.next_n:,})"
        further = (
            f"; from {cut.next_fit} it would let in {cut.next_accounts:,} more, {worth}"
            if cut.next_fit is not None
            else ""
        )
        say(f"  {tier} from fit {cut.fit} holds {cut.accounts:,}{further}")
