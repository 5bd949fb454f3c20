"""`bullseye contacts`: whom to write to at an account first, and why."""

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
from bullseye.faces.cli.words import number_of
from bullseye.pipeline.contacts import AccountContacts, Says, account_contacts

_MARK = {Says.FOR: "+", Says.AGAINST: "-", Says.UNKNOWN: "?"}


@click.command("contacts", epilog="Example: bullseye contacts acme.com")
@click.argument("account")
@as_of_option
@json_option
@click.pass_context
def contacts_(context: click.Context, account: str, as_of: date | None, as_json: bool) -> None:
    """Rank the contacts of ACCOUNT (its id, domain or name): whom to write to first.

    In this order, which is stated and not learnt: persona, stance, part in the purchase, who
    answered within 180 days, level. + speaks for a contact, - against, ? is not known. Whoever
    is left alone is counted, not shown. Exits with 6 if nothing is scored.
    """
    found = account_contacts(opened(context), account, as_of=as_of)
    print_json(found) if as_json else _show(found)


def _show(found: AccountContacts) -> None:
    if not found.has_contacts:
        say("No contacts are imported. Bring some in with: bullseye import contacts FILE")
        return
    rows = [
        (
            str(each.place),
            each.contact.name or each.contact.contact_id,
            each.contact.title or "not known",
            each.contact.contact_id,
            " · ".join(f"{_MARK[reason.says]} {reason.text}" for reason in each.reasons),
        )
        for each in found.ranked
    ]
    if rows:
        print_table(("", "contact", "title", "id", "because"), rows, limit=200)
    say(f"{found.account}: {number_of(found.on_file, 'contact')} on file, {found.as_of}.")
    for why, count in found.left_alone.items():
        say(f"  left alone ({why.replace('_', ' ')}): {count:,}")
    if not rows:
        say("  Nobody may be written to. Find more contacts, or see: bullseye suppressions")
