"""`bullseye outcomes`: what could happen, how often it did, and what may not explain it."""

from collections.abc import Iterator
from datetime import date

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.pipeline.outcomes import FEWEST, Asked, Every, outcomes

_STAGES = 30


@click.command("outcomes", epilog="Example: bullseye outcomes won --guard --every quarter")
@click.argument("names", nargs=-1, metavar="[OUTCOME]...")
@as_of_option
@click.option(
    "--every",
    type=click.Choice([each.value for each in Every]),
    default=Every.MONTH.value,
    show_default=True,
    help="How far the days lie apart on which facts are looked at.",
)
@click.option(
    "--as-known-today",
    is_flag=True,
    help="Take today's facts: for a first look, where nothing earlier was imported.",
)
@click.option("--guard", is_flag=True, help="Name facts that the outcome may have filled in.")
@json_option
@click.pass_context
def outcomes_(
    context: click.Context,
    names: tuple[str, ...],
    as_of: date | None,
    every: str,
    as_known_today: bool,
    guard: bool,
    as_json: bool,
) -> None:
    """List the outcomes with their cases: yes, no, not decided, and what is left out.

    A case has the facts that were known before it began. Exits with 3 if a name is none of
    an outcome, with 4 or 6 if the imports cannot answer for one that is named.
    """
    workspace = opened(context)
    with stages(_STAGES, quiet=as_json) as tell:
        found = outcomes(
            workspace,
            names,
            as_of=as_of,
            every=Every(every),
            as_known_today=as_known_today,
            guarded=guard,
            progress=tell,
        )
    if as_json:
        print_json(found)
        return
    print_table(
        ("outcome", "cases", "yes", "no", "not decided", "accounts", "facts of", "seen until"),
        [_row(each) for each in found if not each.problem],
    )
    for each in found:
        for line in _lines(each):
            say(line)


def _row(asked: Asked) -> tuple[str, ...]:
    counts = (asked.n, asked.yes, asked.no, asked.undecided, asked.account_count)
    days = [day.isoformat() for day in asked.cohorts]
    span = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "no day"
    return (asked.outcome, *(f"{count:,}" for count in counts), span, str(asked.until))


def _lines(asked: Asked) -> Iterator[str]:
    yield f"\n{asked.outcome}: {asked.asks}{'' if asked.is_good else ' (not wanted)'}"
    if asked.problem:
        yield f"  {asked.problem}"
        yield f"  {asked.hint}"
        return
    for left in asked.left_out:
        yield f"  left out: {left.n:,}, {left.reason}"
    if asked.undated:
        yield f"  {asked.undated:,} ended on a day that is not known"
    if asked.warning:
        yield f"  {asked.warning}"
    if asked.hint:
        yield "  Cannot tell yet: no case has facts from before it began."
        yield f"  {asked.hint}"
    yield from _guard_lines(asked)


def _guard_lines(asked: Asked) -> Iterator[str]:
    if asked.guard is None:
        return
    guard = asked.guard
    base = f"{guard.n:,} accounts, {guard.yes:,} with the outcome"
    against = f", {guard.history:,} of them held against earlier facts" if guard.history else ""
    yield f"  guard, as of {guard.as_of} ({base}{against}):"
    for each in guard.suspicions:
        yield f"    {'refused' if each.refuse else 'warning'}: {each.field}: {each.sentence}"
    if not guard.judged:
        yield f"    cannot tell yet: it takes {FEWEST} accounts with and without the outcome"
    elif not guard.suspicions:
        yield "    no fact is suspicious"
