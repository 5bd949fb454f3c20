"""`bullseye research code` and `research methods`: find candidates, and how far to trust them."""

import click

from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    plain,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import number_of
from bullseye.research.run import asking, coding
from bullseye.research.run.coding import Coded, Learnt, Method, Precision
from bullseye.research.run.evidence import number
from bullseye.workspace import Workspace


@click.command("code", epilog="Example: bullseye research code --dry-run")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--model",
    metavar="PROVIDER:NAME",
    help="Ask a language model too: the words leave this machine.",
)
@dry_run_option
@json_option
@click.pass_context
def code_(
    context: click.Context,
    sources: tuple[str, ...],
    model: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find what customers said that may be evidence; of all sources, or of those named.

    Every find is a candidate: a person confirms or rejects it. Cues are English phrases; they
    miss much and are often wrong, and the table says how often where it was measured. Once
    enough is confirmed, a tagger learns from it and takes over where it is shown to do better.
    Nothing leaves the machine, unless --model names a language model of a provider; its key comes
    from the environment. Exits with 3 if a source is not known, with 5 if the provider fails.
    """
    workspace = opened(context)
    numbers = tuple(number(each, "S") for each in sources)
    if model is not None:
        _ask(workspace, model, numbers, dry_run=dry_run, as_json=as_json)
        return
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


@click.command("find", epilog='Example: bullseye research find "go live" --limit 3')
@click.argument("words")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Rows.")
@json_option
@click.pass_context
def find_(context: click.Context, words: str, limit: int, as_json: bool) -> None:
    """Find the passages of all sources that speak most of WORDS, whoever said it."""
    workspace = opened(context)
    found = coding.find(workspace, words, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found:
        say("No source has these words. See what there is: bullseye research list")
        return
    rows = [
        (
            f"S{each.passage.source}",
            f"{each.passage.first_turn}-{each.passage.last_turn}",
            str(each.occurred_on or "no day"),
            each.account_id or "no account",
            each.text,
        )
        for each in found
    ]
    print_table(("source", "turns", "day", "account", "begins"), rows, limit=72)
    say(f"Read on: bullseye research show S{found[0].passage.source}")


def _ask(
    workspace: Workspace, model: str, numbers: tuple[int, ...], *, dry_run: bool, as_json: bool
) -> None:
    with stages(len(numbers) or 1, quiet=as_json) as told:
        done = asking.ask(workspace, model, numbers=numbers, dry_run=dry_run, told=told)
    if as_json:
        print_json({"dry_run": dry_run, **plain(done)})
        return
    sources = number_of(done.sources, "source")
    if dry_run:
        say(
            f"Would send {number_of(done.characters, 'character')} of {sources} to {model};"
            f" {done.from_cache:,} were answered before."
        )
    else:
        kinds = ", ".join(f"{kind.value} {n:,}" for kind, n in sorted(done.found.items()))
        say(f"{number_of(done.new, 'new candidate')} kept, from {sources}: {kinds or 'nothing'}.")
        say(f"  {number_of(done.dropped, 'quote')} dropped: nobody said them like that.")
        say(
            f"  {done.usage.requests:,} requests, {done.usage.input_tokens:,} tokens read and"
            f" {done.usage.output_tokens:,} written; {done.from_cache:,} answers from before."
        )
        say("How right this model is was not measured: confirm or reject, then see methods.")
    if done.without_consent or done.without_customer:
        say(
            f"  Not sent: {done.without_consent:,} without consent,"
            f" {done.without_customer:,} without a known customer."
        )


def _say_coded(found: Coded, *, dry_run: bool) -> None:
    if not found.sources:
        say("There are no sources yet. Import some: bullseye research import FILE")
        return
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


CODING_COMMANDS = (code_, find_, methods_)
"""What the group `research` gets from here."""
