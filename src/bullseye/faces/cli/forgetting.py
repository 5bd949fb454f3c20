"""`bullseye forget`: remove all that is known of one contact, and say that it was done."""

import click

from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    note,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.segment.run import forgetting
from bullseye.segment.run.forgetting import Forgotten
from bullseye.workspace import Workspace

_STEPS = 40
MOST_NAMESAKES = 10
LIST_HINT = "Finish it with: bullseye forget --resume"


@click.command("forget", epilog="Example: bullseye forget --list")
@click.argument("who", metavar="[EMAIL|CONTACT_ID]...", nargs=-1)
@click.option("--reason", metavar="TEXT", help="Why; without naming anybody.")
@click.option(
    "--leave",
    multiple=True,
    metavar="CONTACT_ID",
    help="Somebody else who shares an address with them. May be repeated.",
)
@click.option("--list", "lists", is_flag=True, help="List what was removed: never of whom.")
@click.option("--resume", is_flag=True, help="Finish a removal that was cut short.")
@dry_run_option
@json_option
@click.pass_context
def forget_(
    context: click.Context,
    who: tuple[str, ...],
    reason: str | None,
    leave: tuple[str, ...],
    lists: bool,
    resume: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove all that is known of one contact, everywhere in the workspace.

    Several EMAILs and CONTACT_IDs mean the same contact. Its rows go from every import; rows
    that name it keep their day, account and outcome, so every count of the past stays as it
    was. Later imports drop it again. Run it with --dry-run first: what is removed is gone.
    """
    workspace = opened(context)
    if lists:
        _show_list(workspace, as_json=as_json)
        return
    with stages(_STEPS, quiet=as_json) as tell:
        if resume:
            done = forgetting.resume(workspace, step=tell)
        else:
            said = _required(who, reason)
            done = forgetting.forget(
                workspace, who, reason=said, leave=leave, dry_run=dry_run, step=tell
            )
    if as_json:
        print_json(done)
    elif done is None:
        say("No removal was cut short.")
    else:
        _show(done)


def _required(who: tuple[str, ...], reason: str | None) -> str:
    if not who or reason is None:
        raise UsageError(
            "Say who is to be forgotten, and why.",
            hint="As in: bullseye forget jane@acme.example --reason 'asked on the phone'",
        )
    return reason


def _show(done: Forgotten) -> None:
    if done.was_forgotten and not done.counts:
        say("They were removed before, and nothing here names them.")
    elif done.is_dry_run:
        say("Would remove, and keep removed in later imports:")
    else:
        say(f"Removed (deletion {done.deletion_id}); later imports drop them again:")
    print_table(("where", "n"), [(name, f"{count:,}") for name, count in done.counts.items()])
    if done.changed_runs:
        note(
            "Runs that counted a job change of theirs, and do not replay to the byte any more:"
            f" {', '.join(done.changed_runs)}"
        )
    if done.namesakes:
        note(
            "Contacts of the same name, who stay. Name their ids too if one is the same human:"
            f" {', '.join(done.namesakes[:MOST_NAMESAKES])}"
            f"{', …' if len(done.namesakes) > MOST_NAMESAKES else ''}"
        )
    if done.about_accounts:
        note(
            f"{done.about_accounts:,} rows of accounts are called as they are: what an account is"
            " called stays. Rename the account in the CRM if that must go, and import it again."
        )
    if done.remaining:
        note("Files of yours in this folder that only you may change or delete:")
    for each in done.remaining:
        found = "packed, was not opened" if each.places is None else f"names them {each.places:,}x"
        note(f"  {each.file}: {found}")


def _show_list(workspace: Workspace, *, as_json: bool) -> None:
    found = forgetting.deletions_of(workspace)
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nobody's data was removed.")
        return
    rows = [
        (
            str(each.id),
            each.started_at.date().isoformat(),
            each.actor,
            each.reason,
            f"{sum((each.counts or {}).values()):,}" if each.finished_at else "cut short",
        )
        for each in found
    ]
    print_table(("#", "day", "by", "why", "rows and entries"), rows)
    if forgetting.is_cut_short(workspace):
        note(f"One was cut short. {LIST_HINT}")
