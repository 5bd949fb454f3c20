"""`bullseye research`: what buyers say in their own words, and what of it is evidence."""

from collections.abc import Sequence

import click

from bullseye.definitions.evidence import EvidenceKind, Side, Status
from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.faces.cli.coding import CODING_COMMANDS
from bullseye.faces.cli.research_import import IMPORT_COMMANDS
from bullseye.faces.cli.themes import themes_
from bullseye.faces.cli.words import number_of
from bullseye.research.run import evidence, importing
from bullseye.research.run.evidence import Candidate, Quote, Turn, number
from bullseye.research.run.naming import LEFT_ALONE, nameless_quotes, nameless_turns

KINDS = click.Choice([each.value for each in EvidenceKind])
WIDEST_QUOTE = 72


@click.group("research", epilog="Example: bullseye research list")
def research_() -> None:
    """What buyers say, in their own words: sources, quotes, and what people decided on them.

    Every quote is a slice of its source, with who said it and when; nothing else is evidence.
    """


@click.command("list", epilog="Example: bullseye research list")
@click.option("--account", metavar="ACCOUNT_ID", help="Only those with this account.")
@json_option
@click.pass_context
def list_(context: click.Context, account: str | None, as_json: bool) -> None:
    """List the sources that count."""
    found = importing.listed(opened(context), account=account)
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nothing is imported yet: bullseye research import FILE...")
        return
    rows = [
        (
            f"S{each.id}",
            each.kind.value,
            str(each.occurred_on or "?"),
            each.account_id or "?",
            f"{each.turn_count:,}",
            each.title,
        )
        for each in found
    ]
    print_table(("source", "kind", "on", "account", "turns", "title"), rows)


@click.command("show", epilog="Example: bullseye research show S1")
@click.argument("source")
@json_option
@click.pass_context
def show_(context: click.Context, source: str, as_json: bool) -> None:
    """Show the turns of SOURCE, with its evidence marked: [E17 pain: …]."""
    workspace = opened(context)
    at = number(source, "S")
    kept, read = importing.shown(workspace, at)
    turns = nameless_turns(workspace, read.turns)
    quotes = nameless_quotes(workspace, evidence.quotes(workspace, source=at))
    if as_json:
        print_json({"source": kept, "turns": turns, "evidence": quotes})
        return
    say(
        f"S{kept.id} {kept.kind}: {kept.title} · on {kept.occurred_on or '?'} · account"
        f" {kept.account_id or '?'} · {number_of(kept.turn_count, 'turn')}"
    )
    if kept.undone_at:
        say(f"  It was taken back on {kept.undone_at:%Y-%m-%d} and does not count.")
    for turn in turns:
        own = [each for each in quotes if each.turn_index == turn.index]
        say(f"{turn.index:>4} {turn.speaker or '?'} ({turn.side}): {_marked(turn, own)}")
    _say_left_alone(turns)


def _marked(turn: Turn, quotes: Sequence[Quote]) -> str:
    """Return the text of a turn with a mark where evidence begins and ends."""
    marks: dict[int, list[str]] = {}
    for each in quotes:
        word = "" if each.status is Status.CANDIDATE else f", {each.status}"
        marks.setdefault(each.start, []).append(f"[E{each.number} {each.kind}{word}: ")
        marks.setdefault(each.end, []).insert(0, "]")
    pieces, last = [], 0
    for at in sorted(marks):
        pieces += [turn.text[last:at], *marks[at]]
        last = at
    return "".join([*pieces, turn.text[last:]])


@click.command("evidence", epilog="Example: bullseye research evidence --status confirmed")
@click.option("--kind", type=KINDS, help="Only of this kind.")
@click.option("--status", type=click.Choice([s.value for s in Status]), help="Only with this.")
@click.option("--account", metavar="ACCOUNT_ID", help="Only of sources with this account.")
@json_option
@click.pass_context
def evidence_(
    context: click.Context, kind: str | None, status: str | None, account: str | None, as_json: bool
) -> None:
    """List the evidence: quotes with who said them, where and when.

    A candidate was found by a method; it counts as evidence once a person confirmed it. A
    speaker who is left alone is not named.
    """
    workspace = opened(context)
    kept = evidence.quotes(
        workspace,
        kind=EvidenceKind(kind) if kind else None,
        status=Status(status) if status else None,
        account=account,
    )
    found = nameless_quotes(workspace, kept)
    if as_json:
        print_json(found)
        return
    if not found:
        say("There is none: add a quote with: bullseye research add S1 --kind pain --quote TEXT")
        return
    rows = [
        (
            f"E{each.number}",
            each.kind.value,
            each.status.value,
            f"S{each.source_number}",
            str(each.occurred_on or "?"),
            each.account_id or "?",
            each.speaker or "?",
            each.quote,
        )
        for each in found
    ]
    headers = ("#", "kind", "status", "source", "on", "account", "speaker", "quote")
    print_table(headers, rows, limit=WIDEST_QUOTE)
    _say_left_alone(found)


def _say_left_alone(found: Sequence[Turn | Quote]) -> None:
    if any(each.speaker == LEFT_ALONE for each in found):
        say("Speakers who are left alone are not named; what was said stays as it is.")


@click.command("add", epilog="Example: bullseye research add --help")
@click.argument("source")
@click.option("--kind", type=KINDS, required=True, help="What it is evidence of.")
@click.option("--quote", required=True, metavar="TEXT", help="The words, as they were said.")
@click.option("--turn", type=int, metavar="N", help="Look in this turn only.")
@click.option(
    "--side",
    type=click.Choice([*(s.value for s in Side), "any"]),
    default=Side.CUSTOMER.value,
    show_default=True,
    help="Who must have said it.",
)
@dry_run_option
@json_option
@click.pass_context
def add_(
    context: click.Context,
    source: str,
    kind: str,
    quote: str,
    turn: int | None,
    side: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add a quote of SOURCE as evidence; it is refused unless it was said like this.

    What is kept are the source's own words: within one turn, whole words, of the right side.
    """
    workspace = opened(context)
    done = evidence.add(
        workspace,
        number(source, "S"),
        EvidenceKind(kind),
        quote,
        turn=turn,
        side=None if side == "any" else Side(side),
        dry_run=dry_run,
    )
    if as_json:
        print_json(done if isinstance(done, Candidate) else nameless_quotes(workspace, [done])[0])
    elif isinstance(done, Candidate):
        say(f"Would add as {done.kind}, turn {done.turn_index}: {done.quote}")
    else:
        say(f"E{done.number} {done.kind}, turn {done.turn_index}: {done.quote}")
        say(f"Next: bullseye research confirm E{done.number}")


@click.command("confirm", epilog="Example: bullseye research confirm --help")
@click.argument("numbers", nargs=-1, required=True, metavar="E17...")
@dry_run_option
@json_option
@click.pass_context
def confirm_(
    context: click.Context, numbers: tuple[str, ...], dry_run: bool, as_json: bool
) -> None:
    """Confirm evidence: all that is named, or none."""
    _decide(context, numbers, Status.CONFIRMED, None, dry_run=dry_run, as_json=as_json)


@click.command("reject", epilog="Example: bullseye research reject --help")
@click.argument("numbers", nargs=-1, required=True, metavar="E17...")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@dry_run_option
@json_option
@click.pass_context
def reject_(
    context: click.Context, numbers: tuple[str, ...], reason: str, dry_run: bool, as_json: bool
) -> None:
    """Reject evidence: all that is named, or none. It is not proposed again."""
    _decide(context, numbers, Status.REJECTED, reason, dry_run=dry_run, as_json=as_json)


def _decide(
    context: click.Context,
    numbers: tuple[str, ...],
    status: Status,
    reason: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    wanted = [number(each, "E") for each in numbers]
    workspace = opened(context)
    done = evidence.decide(workspace, wanted, status, reason=reason, dry_run=dry_run)
    if as_json:
        print_json(nameless_quotes(workspace, done))
        return
    for each in done:
        say(f"{'Would be' if dry_run else 'Now'} {status}: E{each.number} {each.quote}")


RESEARCH_COMMANDS = (list_, show_, evidence_, add_, confirm_, reject_)
for each in (*IMPORT_COMMANDS, *RESEARCH_COMMANDS, *CODING_COMMANDS, themes_):
    research_.add_command(each)
