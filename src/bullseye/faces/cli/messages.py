"""`bullseye messages` and `coverage`: what each persona hears, and where nothing can be said."""

from datetime import date

import click

from bullseye.definitions.channel import Channel
from bullseye.definitions.journey import JourneyStage
from bullseye.definitions.message import Message
from bullseye.errors import DefinitionError, UnknownName
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.faces.cli.words import compact, number_of
from bullseye.pipeline import messaging
from bullseye.pipeline.messaging import Cell, CoverageMap, MessageRow, Refused, Written

_PERSONA = click.option("--persona", metavar="NAME", help="Only of this persona.")


@click.group("messages", invoke_without_command=True, epilog="Example: bullseye messages")
@_PERSONA
@click.option(
    "--stage", type=click.Choice([str(each) for each in JourneyStage]), help="Only for this stage."
)
@click.option(
    "--channel", type=click.Choice([str(each) for each in Channel]), help="Only by this channel."
)
@json_option
@click.pass_context
def messages_(
    context: click.Context,
    persona: str | None,
    stage: str | None,
    channel: str | None,
    as_json: bool,
) -> None:
    """List the messages: who hears them, at which stage, by which channel, and if they hold."""
    if context.invoked_subcommand is not None:
        return
    workspace = opened(context)
    if persona is not None and persona not in workspace.project.personas:
        raise UnknownName("persona", persona, workspace.project.personas)
    wanted = {"persona": persona, "stage": stage, "channel": channel}
    found = [
        each for each in messaging.message_rows(workspace) if _is_wanted(each.definition, wanted)
    ]
    if as_json:
        print_json(found)
    elif not found:
        say("No message fits. See where one is missing: bullseye coverage")
    else:
        _list(found)


def _is_wanted(message: Message, wanted: dict[str, str | None]) -> bool:
    return all(value is None or getattr(message, name) == value for name, value in wanted.items())


def _list(found: list[MessageRow]) -> None:
    rows = [
        (
            each.definition.name,
            each.definition.persona,
            each.definition.role,
            each.definition.stage,
            each.definition.channel,
            ", ".join(each.definition.proofs),
            "keeps it" if not each.breaches else ", ".join(sorted({b.code for b in each.breaches})),
        )
        for each in found
    ]
    print_table(("message", "persona", "role", "stage", "channel", "proofs", "contract"), rows)
    if any(each.breaches for each in found):
        say("What is broken, and what to do: bullseye messages check")


@messages_.command(
    "render",
    epilog="Example: bullseye messages render first-customer-live --account acme.com",
)
@click.argument("name")
@click.option("--account", required=True, help="Its id, domain or name.")
@click.option("--contact", metavar="ID", help="The contact it is for.")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML of an e-mail.")
@as_of_option
@json_option
@click.pass_context
def render_(
    context: click.Context,
    name: str,
    account: str,
    contact: str | None,
    as_html: bool,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Write message NAME to an account; a message that breaks the contract is refused.

    The facts come from the newest run; what makes this the moment is a live signal. Exits with
    2 if the contact is left alone or the tier is another, with 3 if the message is refused or
    something has no such name, with 6 if nothing was scored yet.
    """
    found = messaging.message_to(opened(context), name, account, contact_id=contact, as_of=as_of)
    if isinstance(found, Refused):
        _refuse(found, as_json=as_json)
    elif as_json:
        print_json(found)
    else:
        _show(found, as_html=as_html)


def _refuse(found: Refused, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    problems = "".join(
        f"\n  {each}." + (f" {each.hint}" if each.hint else "") for each in found.breaches
    )
    raise DefinitionError(
        f"It breaks the contract of messages, so it is not written:{problems}",
        place=f"messages/{found.message}.yaml",
        hint="The rules: bullseye messages check",
    )


def _show(found: Written, *, as_html: bool) -> None:
    if as_html and found.html is not None:
        say(found.html)
        return
    if found.subject is not None:
        say(f"Subject: {found.subject}\n")
    say(found.text)
    say("")
    for proof in found.proofs:
        until = f"until {proof.valid_until}" if proof.valid_until else "without an end"
        beside = f" Trade-off: {proof.trade_off}" if proof.trade_off else ""
        say(f"Proof {proof.name}: of {proof.dated}, valid {until}.{beside}")
    if found.why_now is not None:
        say(f"Why now: {found.why_now.signal}, {found.why_now.occurred_on}.")
    say(f"As of {found.as_of}, for a {found.role} at stage {found.stage}.")


@messages_.command("check", epilog="Example: bullseye messages check")
@json_option
@click.pass_context
def check_(context: click.Context, as_json: bool) -> int:
    """Hold every message against the contract; say which rule is broken where.

    Exits with 1 if a message breaks it: no text of such a message is written.
    """
    workspace = opened(context)
    found = messaging.message_rows(workspace)
    broken = [each for each in found if each.breaches]
    if as_json:
        print_json(found)
        return 1 if broken else 0
    for each in broken:
        for breach in each.breaches:
            say(f"messages/{each.definition.name}: {breach}\n  {breach.hint}".rstrip())
    total = number_of(len(found), "message")
    say(f"{len(broken):,} of {total} break the contract, as of {workspace.today}.")
    return 1 if broken else 0


@click.command("coverage", epilog="Example: bullseye coverage --gaps --limit 10")
@_PERSONA
@click.option("--gaps", is_flag=True, help="Only where nothing can be said, the worst first.")
@click.option("--limit", type=click.IntRange(1), default=40, show_default=True, help="Rows.")
@as_of_option
@json_option
@click.pass_context
def coverage_(
    context: click.Context,
    persona: str | None,
    gaps: bool,
    limit: int,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show who can be told what: persona by stage by channel, and the gaps.

    A cell is ok where a message keeps the contract. Gaps come first that most hangs on: the
    open pipeline of the accounts, then the contacts. --json gives every cell.
    """
    workspace = opened(context)
    if persona is not None and persona not in workspace.project.personas:
        raise UnknownName("persona", persona, workspace.project.personas)
    found = messaging.coverage(workspace, as_of=as_of)
    if as_json:
        print_json(found)
    elif not found.cells:
        say("No persona is defined. Describe who buys in personas/.")
    else:
        _show_map(found, persona, limit, gaps=gaps)


def _show_map(found: CoverageMap, persona: str | None, limit: int, *, gaps: bool) -> None:
    if not gaps:
        _grid(found, persona)
    missing = [each for each in found.gaps if persona in (None, each.persona)]
    if missing:
        say(f"\nGaps, those first that most hangs on (pipeline in {found.currency}):")
    rows = [
        (
            each.persona,
            each.stage,
            each.channel,
            each.state,
            "?" if each.contacts is None else f"{each.contacts:,}",
            _pipeline(each),
            ", ".join(each.messages),
        )
        for each in missing[:limit]
    ]
    headers = ("persona", "stage", "channel", "state", "contacts", "pipeline", "messages")
    print_table(headers, rows) if rows else say("No gap.")
    if len(missing) > limit:
        say(f"{len(missing) - limit:,} more: --limit {len(missing)}")
    _footer(found)


def _grid(found: CoverageMap, persona: str | None) -> None:
    """Print how many channels of each persona and stage can say something."""
    names = [n for n in dict.fromkeys(c.persona for c in found.cells) if persona in (None, n)]
    rows = []
    for name in names:
        cells = [each for each in found.cells if each.persona == name]
        rows.append((name, *(_told(cells, stage) for stage in JourneyStage)))
    print_table(("persona", *JourneyStage), rows)
    say("Each cell: channels with a message that holds, of the persona's channels.")


def _told(cells: list[Cell], stage: JourneyStage) -> str:
    here = [each for each in cells if each.stage is stage]
    return f"{sum(not each.is_gap for each in here)} of {len(here)}"


def _pipeline(cell: Cell) -> str:
    if cell.pipeline is None or not cell.opportunities:
        return "?" if cell.pipeline is None else "none"
    unknown = f", {cell.amounts_unknown:,} without amount" if cell.amounts_unknown else ""
    return f"{compact(cell.pipeline)} ({cell.opportunities:,} open{unknown})"


def _footer(found: CoverageMap) -> None:
    if found.contacts is None:
        say(f"As of {found.as_of}; nobody is counted: import contacts first.")
        return
    say(
        f"As of {found.as_of}: {found.contacts:,} contacts, {found.nobody or 0:,} of no persona;"
        f" {found.left_alone or 0:,} more are left alone. Pipeline counts each opportunity once per"
        " cell, so cells do not add up."
    )
    say(found.how)
