"""`bullseye suppress`, `suppressions` and `unsuppress`: who is left alone."""

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
)
from bullseye.segment.run import suppressing
from bullseye.segment.run.suppressing import FromFile, Listed

MOST_BAD = 10


@click.command(
    "suppress", epilog="Example: bullseye suppress @acme.example --reason 'they asked us to stop'"
)
@click.argument("who", metavar="[EMAIL|CONTACT_ID|@DOMAIN]", required=False)
@click.option("--file", "path", metavar="FILE", help="Take them from a column of FILE.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; without naming anybody.")
@dry_run_option
@json_option
@click.pass_context
def suppress_(
    context: click.Context,
    who: str | None,
    path: str | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Leave an address, a contact, or every address of a domain alone from now on.

    Who is left alone is in no list, export, brief or ranking of contacts; every one says how
    many it left out. Counts of the past go on counting everybody. The list keeps keyed hashes,
    and shows no more than a masked address. A FILE has a column email, contact_id or domain;
    rows that name nobody are counted with their numbers.
    """
    if (who is None) is (path is None):
        raise UsageError(
            "Say who is to be left alone, or give a file.",
            hint="As in: bullseye suppress jane@acme.example --reason TEXT",
        )
    workspace = opened(context)
    if path is not None:
        done = suppressing.suppress_file(workspace, path, reason=reason, dry_run=dry_run)
        print_json(done) if as_json else _show_file(done, dry_run=dry_run)
        return
    one = suppressing.suppress(workspace, str(who), reason=reason, dry_run=dry_run)
    if as_json:
        print_json(one)
        return
    would = "Would leave alone" if dry_run else "Left alone from now on"
    say(f"{would}: {_who(one)}.")


@click.command("suppressions", epilog="Example: bullseye suppressions")
@json_option
@click.pass_context
def suppressions_(context: click.Context, as_json: bool) -> None:
    """List who is left alone, masked: since when, why, and who put them on the list."""
    found = suppressing.listed(opened(context))
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nobody is on the list. Contacts whose row says do_not_contact are left alone anyway.")
        return
    rows = [(str(e.id), e.kind, _who(e), e.created_on, e.actor, e.reason) for e in found]
    print_table(("#", "kind", "who", "since", "by", "why"), rows)


@click.command("unsuppress", epilog="Example: bullseye unsuppress --help")
@click.argument("who", metavar="EMAIL|CONTACT_ID|@DOMAIN")
@dry_run_option
@json_option
@click.pass_context
def unsuppress_(context: click.Context, who: str, dry_run: bool, as_json: bool) -> None:
    """Take an address, a contact or a domain off the suppression list.

    It also lets later imports bring back somebody who was forgotten: do it when they ask for it.
    """
    done = suppressing.unsuppress(opened(context), who, dry_run=dry_run)
    if as_json:
        print_json(done)
        return
    took = "Would take" if dry_run else "Took"
    say(f"{took} off the list: {_who(done)}, there for: {done.reason}")


def _who(one: Listed) -> str:
    return one.shown or "somebody whose data was removed"


def _show_file(done: FromFile, *, dry_run: bool) -> None:
    would = "would be added" if dry_run else "added"
    say(
        f"{done.rows_read:,} rows read: {done.added:,} {would}, {done.known:,} on the list before,"
        f" {len(done.bad):,} that name nobody."
    )
    for each in done.bad[:MOST_BAD]:
        note(f"  row {each.row:,}: {each.reason}")
    if len(done.bad) > MOST_BAD:
        note(f"  … and {len(done.bad) - MOST_BAD:,} more: --json names them all")
