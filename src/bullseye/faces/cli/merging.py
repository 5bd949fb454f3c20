"""`bullseye merge`, `unmerge` and `merges`: records that are one, decided and taken back."""

import click

from bullseye.definitions.field import TableName
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.segment.run import merging
from bullseye.segment.run.merging import Merge, MergePlan


@click.command("merge", epilog="Example: bullseye merge --help")
@click.argument("table", type=click.Choice(["accounts", "contacts"]))
@click.argument("winner")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.option("--reason", metavar="TEXT", help="Why, in a sentence.")
@dry_run_option
@json_option
@click.pass_context
def merge_(
    context: click.Context,
    table: str,
    winner: str,
    others: tuple[str, ...],
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide that OTHERs are the same account or contact as WINNER, which stays.

    Every row that names an OTHER then belongs to WINNER. With --dry-run it shows which value
    each field takes, from which record and why. Imports stay as they are, runs that were made
    before replay as they were, and it can be taken back with: bullseye unmerge
    """
    workspace = opened(context)
    if reason is None and not dry_run:
        raise UsageError(
            "A merge needs its reason.",
            hint=f"As in: bullseye merge {table} {winner} {' '.join(others)} --reason TEXT",
        )
    plan = merging.merge(
        workspace, TableName(table), winner, others, reason=reason or "try", dry_run=dry_run
    )
    if as_json:
        print_json(plan)
        return
    _say_plan(plan, is_trial=dry_run)


def _say_plan(plan: MergePlan, *, is_trial: bool) -> None:
    rows = []
    for each in plan.takes:
        since = "" if each.known_on is None else each.known_on.isoformat()
        left = "; ".join(f"{what} ({who})" for who, what in each.left)
        rows.append((each.field, each.value or "", ", ".join(each.from_ids), since, each.why, left))
    print_table(("field", "takes", "from", "known on", "because it is", "leaves"), rows)
    others = ", ".join(plan.merge.other_ids)
    moved = ", ".join(f"{each.rows:,} of {each.table}" for each in plan.moved)
    if moved:
        verb = "would move" if is_trial else "move"
        say(f"Rows that {verb} to {plan.merge.survivor_id}: {moved}.")
    for text in plan.notes:
        say(text)
    if isinstance(plan.merge, Merge):
        say(
            f"Merged as {plan.merge.id}: {others} into {plan.merge.survivor_id}, by"
            f" {plan.merge.author}. Take it back with: bullseye unmerge {plan.merge.id}"
        )
        say("Lists show it after the next: bullseye run")
    else:
        say(f"Would merge {others} into {plan.merge.survivor_id}, as known on {plan.as_of}.")


@click.command("unmerge", epilog="Example: bullseye unmerge --help")
@click.argument("merge_id", type=int)
@dry_run_option
@json_option
@click.pass_context
def unmerge_(context: click.Context, merge_id: int, dry_run: bool, as_json: bool) -> None:
    """Take the merge MERGE_ID back: every record stands as it did before.

    See the numbers with: bullseye merges
    """
    old = merging.unmerge(opened(context), merge_id, dry_run=dry_run)
    if as_json:
        print_json(old)
        return
    done = "Would take back" if dry_run else "Taken back"
    say(f"{done}: merge {old.id} of {', '.join(old.other_ids)} into {old.survivor_id}.")


@click.command("merges", epilog="Example: bullseye merges --all")
@click.option("--all", "every", is_flag=True, help="Those taken back too.")
@json_option
@click.pass_context
def merges_(context: click.Context, every: bool, as_json: bool) -> None:
    """List which accounts and contacts people decided to be one."""
    found = merging.merges(opened(context), every=every)
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nothing is merged. See who stands twice with: bullseye duplicates accounts")
        return
    rows = [
        (
            str(each.id),
            each.table,
            each.survivor_id,
            ", ".join(each.other_ids),
            each.author,
            each.created_at.date().isoformat(),
            "" if each.withdrawn_at is None else each.withdrawn_at.date().isoformat(),
            each.reason,
        )
        for each in found
    ]
    headers = ("merge", "table", "stays", "merged into it", "by", "on", "taken back", "reason")
    print_table(headers, rows)
