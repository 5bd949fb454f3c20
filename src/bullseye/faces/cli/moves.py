"""`bullseye moves`: contacts who were known at one account and are now known at another."""

from collections.abc import Sequence
from datetime import date

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.synthesize.run.moves import JobChange, Moves, moves


@click.command("moves", epilog="Example: bullseye moves --limit 10")
@click.option("--review", is_flag=True, help="Only those that a person must look at.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows.")
@as_of_option
@json_option
@click.pass_context
def moves_(
    context: click.Context, review: bool, limit: int, as_of: date | None, as_json: bool
) -> None:
    """Show who moved to another account: a champion there is a signal here.

    Told from dated imports of contacts: the same record at another account, or another record with
    the same public profile. The day is known to lie between two imports. What has two readings
    goes to review and makes no signal. Exits with 6 if no contacts are imported.
    """
    found = moves(opened(context), as_of=as_of)
    if as_json:
        print_json(found)
        return
    _show(found, review=review, limit=limit)


def _show(found: Moves, *, review: bool, limit: int) -> None:
    told = [each for each in found.sure if each.was]
    say(
        f"{len(found.sure):,} of {found.contacts:,} contacts moved, as of {found.as_of};"
        f" {len(told):,} were a champion or a contact of a customer before."
    )
    say(f"  Contacts were imported on {len(found.days):,} days, last on {found.days[-1]}.")
    if len(found.days) == 1:
        say("  One import shows no change of a record: import contacts again, later.")
    rows = found.review if review else (*told, *(each for each in found.sure if not each.was))
    _table(rows[:limit])
    if len(rows) > limit:
        say(f"{len(rows) - limit:,} more: raise --limit, or use --json.")
    if found.review and not review:
        say(f"{len(found.review):,} more may have moved. See them with: bullseye moves --review")
    if found.left_alone:
        say(f"{found.left_alone:,} more are left alone, and not named.")
    if told and not found.counted:
        say("No signal counts them. Write one with: event: champion_moved")


def _table(rows: Sequence[JobChange]) -> None:
    if not rows:
        return
    cells = [
        (
            each.name or each.contact_id,
            each.was or "",
            each.old_account or each.old_account_id,
            each.account or each.account_id,
            each.title or "?",
            f"{each.after or '?'} to {each.until}",
            each.review or each.rule,
        )
        for each in rows
    ]
    print_table(("who", "was", "from", "to", "as", "between", "known by"), cells)
