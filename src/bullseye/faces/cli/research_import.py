"""`bullseye research import` and `undo`: bring in what people said, and take it back."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import click

from bullseye.definitions.evidence import SourceKind
from bullseye.definitions.source import DateOrder
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    DAY,
    dry_run_option,
    explained,
    json_option,
    note,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import number_of
from bullseye.research.run import importing
from bullseye.research.run.evidence import number
from bullseye.research.run.importing import ImportedFile, ImportedSource, ResearchOptions

MOST_SHOWN = 10


@click.command(
    "import", epilog="Example: bullseye research import exports/research/call-00.json --dry-run"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--kind", type=click.Choice([str(each) for each in SourceKind]), help="What it is.")
@click.option("--account", metavar="ACCOUNT", help="Whom they are with: id, domain or name.")
@click.option("--on", type=DAY, metavar="DATE", help="The day it was said, as in 2026-03-31.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Map a column.")
@click.option(
    "--dates", type=click.Choice([str(each) for each in DateOrder]), help="How 3/4/2026 is meant."
)
@click.option("--encoding", metavar="NAME", help="Of a text file, as in windows-1252.")
@click.option("--anyway", is_flag=True, help="Import what is nearly the same as a source, too.")
@dry_run_option
@json_option
@click.pass_context
def import_(
    context: click.Context,
    files: tuple[str, ...],
    kind: str | None,
    account: str | None,
    on: date | None,
    columns: tuple[str, ...],
    dates: str | None,
    encoding: str | None,
    anyway: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import FILE...: calls, interviews, win/loss notes, surveys, reviews and chats.

    A file is WebVTT, SRT, JSON of Gong, Zoom, Teams or Slack, a chat as text, a note in Markdown
    with facts at its head, or a table with one answer per row (CSV, Excel, JSON lines). Speakers
    become contacts and sides by their address or exact name; nobody is guessed. The same words
    count once, in whatever file they come.
    """
    workspace = opened(context)
    options = ResearchOptions(
        kind=SourceKind(kind) if kind else None,
        account=account,
        on=on,
        encoding=encoding,
        columns=_columns(columns),
        dates=DateOrder(dates) if dates else None,
        anyway=anyway,
        dry_run=dry_run,
    )
    with stages(2 * len(files), quiet=as_json) as tell:
        done = importing.import_files(workspace, files, options, progress=tell)
    code = 0
    for each in done:
        if each.error is not None:
            code = explained(each.error)
        elif not as_json:
            _show(each, dry_run=dry_run)
    if as_json:
        print_json([each for each in done if each.error is None])
    elif not workspace.project.settings.our_domains:
        note("No our_domains in bullseye.yaml: our own side is known by the owners' names alone.")
    return code


def _columns(values: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value in values:
        name, separator, column = value.partition("=")
        if not separator or not name.strip() or not column.strip():
            raise UsageError(f"--map is written as FIELD=COLUMN, not {value!r}.")
        found.setdefault(name.strip(), []).append(column.strip())
    return found


def _show(done: ImportedFile, *, dry_run: bool) -> None:
    if done.mapped:
        rows = [(each.field, each.column, each.why) for each in done.mapped]
        print_table(("field", "column", "because"), rows)
    kept = [each for each in done.sources if each.same_as is None and not each.refused]
    known = [each for each in done.sources if each.same_as is not None]
    verb = "would be imported" if dry_run else "imported"
    parts = [f"{number_of(len(kept), 'source')} {verb}"]
    if known:
        parts.append(f"{len(known):,} known already")
    if refused := sum(1 for each in done.sources if each.refused):
        parts.append(f"{refused:,} refused")
    if done.flaw_count:
        parts.append(f"{number_of(done.flaw_count, 'part')} unusable")
    say(f"{done.file} ({done.format}): {' · '.join(parts)}")
    if len(done.sources) > MOST_SHOWN:
        say(f"  {_together(done.sources)}")
    for one in done.sources[: MOST_SHOWN if len(done.sources) <= MOST_SHOWN else 3]:
        say(f"  {_said(one)}")
    if len(done.sources) > MOST_SHOWN:
        say(f"  … and {len(done.sources) - 3:,} more: bullseye research list")
    for flaw in done.flaws[:MOST_SHOWN]:
        note(f"  {done.file}{f':{flaw.line}' if flaw.line else ''}: {flaw.reason}")
    for line in done.notes:
        note(f"  {line}")


def _together(sources: Sequence[ImportedSource]) -> str:
    """Return in a line what is known of many sources."""
    n = len(sources)
    accounts = sum(each.account_id is not None for each in sources)
    days = sum(each.occurred_on is not None for each in sources)
    turns = sum((Counter(each.resolved) for each in sources), Counter[str]())
    sides = ", ".join(f"{count:,} {how}" for how, count in sorted(turns.items()))
    return (
        f"account known of {accounts:,} of {n:,}, day of {days:,} of {n:,}; "
        f"{number_of(turns.total(), 'turn')} ({sides})"
    )


def _said(one: ImportedSource) -> str:
    """Return in a line what became of one source."""
    if one.same_as is not None:
        share = f"{100 * (one.same_share or 0):.0f} % the same"
        place = f"{one.place}: " if one.place else ""
        return f"{place}already imported as S{one.same_as} ({share})"
    if one.refused:
        return f"{one.place or one.title}: {one.refused}"
    name = f"S{one.number}" if one.number else one.place or one.title
    account = f"account {one.account_id} by {one.account_by}" if one.account_id else one.problem
    day = str(one.occurred_on) if one.occurred_on else "day unknown: say it with --on"
    sides = ", ".join(f"{count:,} {how}" for how, count in one.resolved.items())
    alike = ""
    if one.alike is not None:
        share = f"{100 * (one.alike_share or 0):.0f} %"
        alike = f"; {share} the same as S{one.alike}: if they are one talk, undo one"
    return (
        f"{name} {one.kind}, {day}, {account}; {number_of(one.turns, 'turn')} of "
        f"{number_of(one.speakers, 'speaker')}, {number_of(one.contacts, 'contact')} ({sides})"
        f"{alike}"
    )


@click.command("undo", epilog="Example: bullseye research undo S1 --dry-run")
@click.argument("source")
@dry_run_option
@json_option
@click.pass_context
def undo_(context: click.Context, source: str, dry_run: bool, as_json: bool) -> None:
    """Take SOURCE back: it and its evidence count no more.

    Its file may be imported again. To remove what a person said for good, use: bullseye forget
    """
    undone = importing.undo(opened(context), number(source, "S"), dry_run=dry_run)
    if as_json:
        print_json(undone)
        return
    say(f"{'Would undo' if dry_run else 'Undone'}: S{undone.id} {undone.title}")


IMPORT_COMMANDS = (import_, undo_)
