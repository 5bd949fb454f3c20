"""`bullseye personas`: who the people are, what they need, and on what we believe it."""

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
from bullseye.pipeline import messaging
from bullseye.pipeline.messaging import PersonaCard, Standing


@click.group("personas", invoke_without_command=True, epilog="Example: bullseye personas")
@as_of_option
@json_option
@click.pass_context
def personas_(context: click.Context, as_of: date | None, as_json: bool) -> None:
    """List the personas: whom they are, how many contacts, what is blank, and what is a guess.

    A contact is of the first persona that it is known to fit, by priority.
    """
    if context.invoked_subcommand is not None:
        return
    found = messaging.persona_list(opened(context), as_of=as_of)
    if as_json:
        print_json(found)
    elif not found:
        say("No persona is defined. Describe who buys in personas/.")
    else:
        _list(found)


def _list(found: tuple[PersonaCard, ...]) -> None:
    rows = [
        (
            each.name,
            ", ".join(each.roles),
            "?" if each.contacts is None else f"{each.contacts:,}",
            _share(each),
            ", ".join(each.blanks) or "none",
            f"{each.count(Standing.CONFIRMED):,}",
            f"{each.count(Standing.LINKED):,}",
            f"{each.count(Standing.GUESS, Standing.UNFOUNDED):,}",
            f"{len(each.messages):,}",
        )
        for each in found
    ]
    headers = (
        "persona", "roles", "contacts", "of all (95 %)", "blank", "confirmed", "linked", "guesses",
        "messages",
    )  # fmt: skip
    print_table(headers, rows)
    share = found[0].share
    of = f"of {share.n:,} contacts on file" if share else "no contacts are imported"
    say(f"As of {found[0].as_of}; {of}. A guess is a statement without evidence that stands.")
    say("See one with: bullseye personas show NAME")


def _share(card: PersonaCard) -> str:
    share = card.share
    return f"{share.share:.1%} ({share.low:.1%}-{share.high:.1%})" if share else "?"


@personas_.command("show", epilog="Example: bullseye personas show vp-operations")
@click.argument("name")
@as_of_option
@json_option
@click.pass_context
def show_(context: click.Context, name: str, as_of: date | None, as_json: bool) -> None:
    """Show persona NAME: every statement, and whether it is evidenced or a guess.

    Exits with 3 if there is no such persona.
    """
    card = messaging.persona(opened(context), name, as_of=as_of)
    print_json(card) if as_json else _show(card)


def _show(card: PersonaCard) -> None:
    say(f"{card.name}, owned by {card.owner}, as of {card.as_of}")
    say(f"Who: {card.who}")
    if card.icps:
        say(f"At accounts of: {', '.join(card.icps)}")
    if card.contacts is not None:
        say(f"Contacts: {card.contacts:,}, {_share(card)} of all, 95 % interval")
    for label, listed in (
        ("Usual roles", card.roles),
        ("Titles", card.titles),
        ("Channels", card.channels),
        ("Measured by", card.kpis),
        ("Messages", card.messages),
    ):
        say(f"{label}: {', '.join(listed) or 'none'}")
    for blank in card.blanks:
        say(f"Blank: {blank}. You do not know your buyer yet: ask three of them.")
    if card.statements:
        say("")
        rows = [
            (each.entry, each.standing, each.says, ", ".join(each.evidence))
            for each in card.statements
        ]
        print_table(("entry", "standing", "says", "evidence"), rows, limit=90)
    guesses = card.count(Standing.GUESS, Standing.UNFOUNDED)
    total = number_of(len(card.statements), "statement")
    say(f"{guesses:,} of {total} are guesses. Link what buyers said: bullseye research evidence")
