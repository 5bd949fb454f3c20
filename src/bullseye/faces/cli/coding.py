"""`bullseye research code` and `research methods`: find candidates, and how far to trust them."""

import click

from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import number_of
from bullseye.research.run import coding
from bullseye.research.run.coding import Coded, Learnt, Method, Precision
from bullseye.research.run.evidence import number


@click.command("code", epilog="Example: bullseye research code --dry-run")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@dry_run_option
@json_option
@click.pass_context
def code_(
    context: click.Context,
    sources: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find what customers said that may be evidence; of all sources, or of those named.

    Every find is a candidate: a person confirms or rejects it. Cues are English phrases; they
    miss much and are often wrong, and the table says how often where it was measured. Once
    enough is confirmed, a tagger learns from it and takes over where it is shown to do better.
    Nothing leaves the machine. Exits with 3 if a source is not known.
    """
    workspace = opened(context)
    numbers = tuple(number(each, "S") for each in sources)
    with stages(len(numbers) or 1, quiet=as_json) as told:
        found = coding.code(workspace, numbers=numbers, dry_run=dry_run, told=told)
    if as_json:
        print_json({"dry_run": dry_run, **_plain(found)})
        return
    _say_coded(found, dry_run=dry_run)


@click.command("methods", epilog="Example: bullseye research methods")
@json_option
@click.pass_context
def methods_(context: click.Context, as_json: bool) -> None:
    """Show how right each method is: on public data, and by what people decided here.

    Right here is the share of candidates that were confirmed, of all that were decided.
    """
    workspace = opened(context)
    found, known = coding.methods(workspace), coding.learning(workspace)
    if as_json:
        print_json({"methods": found, "learning": [_learning(each) for each in known]})
        return
    headers = ("kind", "method", "right on public data", "right here", "decided", "open")
    print_table(headers, [_method_row(each) for each in found], limit=60)
    for line in filter(None, map(_learnt_line, known)):
        say(line)


def _say_coded(found: Coded, *, dry_run: bool) -> None:
    rows = [
        (each.kind.value, each.method, f"{each.candidates:,}", _precision(each.precision))
        for each in found.found
    ]
    if rows:
        print_table(("kind", "method", "candidates", "of these, right"), rows, limit=60)
    would = "would be kept" if dry_run else "kept"
    say(
        f"{number_of(found.new, 'new candidate')} {would}, from"
        f" {number_of(found.sentences, 'customer sentence')} in"
        f" {number_of(found.sources, 'source')}."
    )
    if found.without_customer:
        say(f"  {number_of(found.without_customer, 'source')} without a known customer: not read.")
    if found.without_consent:
        say(f"  {number_of(found.without_consent, 'source')} without consent: not read.")
    if found.not_english:
        say(
            f"  {number_of(found.not_english, 'source')} not in English: there are no cues for"
            " other languages yet; names and what was learnt still count."
        )
    for line in filter(None, map(_learnt_line, found.learnt)):
        say(line)
    if found.new and not dry_run:
        say("Decide on them: bullseye research evidence --status candidate")


def _precision(told: Precision | None) -> str:
    if told is None:
        return "not measured"
    return f"{told.share:.0%} ({told.low:.0%} to {told.high:.0%}), n {told.n:,}, {told.of}"


def _method_row(each: Method) -> tuple[str, ...]:
    decided = each.confirmed + each.rejected
    here = "cannot tell yet"
    if decided:
        here = f"{each.here.share:.0%} ({each.here.low:.0%} to {each.here.high:.0%})"
    public = _precision(each.public)
    return (each.kind.value, each.method, public, here, f"{decided:,}", f"{each.open:,}")


def _learnt_line(each: Learnt) -> str:
    kind = each.kind.value
    if each.needs:
        return f"Learning {kind}: cannot tell yet; it needs {each.needs}." if each.confirmed else ""
    if each.precision is None or each.recall is None:
        return ""
    who = "A tagger learnt from your decisions finds" if each.tagger else "The cues still find"
    right, part = (
        (each.precision, each.recall) if each.tagger else (each.cue_precision, each.cue_recall)
    )
    if right is None or part is None:
        return ""
    return (
        f"{who} {kind}: {right.share:.0%} right ({right.low:.0%} to {right.high:.0%},"
        f" n {right.n:,}), {part.share:.0%} of all found, on sources it was not learnt from."
    )


def _learning(each: Learnt) -> dict[str, object]:
    return {
        "kind": each.kind,
        "confirmed": each.confirmed,
        "sources": each.sources,
        "needs": each.needs,
        "precision": each.precision,
        "recall": each.recall,
        "cue_precision": each.cue_precision,
        "cue_recall": each.cue_recall,
        "is_used": each.tagger is not None,
    }


def _plain(found: Coded) -> dict[str, object]:
    return {
        "sources": found.sources,
        "sentences": found.sentences,
        "without_customer": found.without_customer,
        "without_consent": found.without_consent,
        "not_english": found.not_english,
        "new": found.new,
        "found": found.found,
        "learning": [_learning(each) for each in found.learnt],
    }


CODING_COMMANDS = (code_, methods_)
"""What the group `research` gets from here."""
