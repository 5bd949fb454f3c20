"""`bullseye research themes`: the codebook counted, proposals, and what people decide on them."""

from datetime import date
from pathlib import Path

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.faces.cli.words import number_of
from bullseye.research.run import deciding, theming
from bullseye.research.run.deciding import Action, Written
from bullseye.research.run.evidence import number
from bullseye.research.run.theming import Proposal, ThemeCount, Themes

HEADERS = (
    "theme",
    "kind",
    "accounts",
    "of those heard",
    "quotes",
    "confirmed",
    "rule",
    "six before",
    "new?",
)

embeddings_option = click.option(
    "--embeddings",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="BULLSEYE_EMBEDDINGS",
    help="A folder with your sentence model: model.onnx and tokenizer.json.",
)
reason_option = click.option("--reason", metavar="TEXT", help="Why, in a sentence.")


@click.group("themes", invoke_without_command=True, epilog="Example: bullseye research themes")
@as_of_option
@embeddings_option
@json_option
@click.pass_context
def themes_(
    context: click.Context, as_of: date | None, embeddings: Path | None, as_json: bool
) -> None:
    """Count what several customers say, in the 30 days up to a day.

    An account counts once per theme. Two questions, side by side: did three accounts say it in
    a month (the rule), and is that more than in the six months before (new)? Rejected evidence
    counts nowhere; "to review" fires only if the candidates are right.
    """
    if context.invoked_subcommand is not None:
        return
    reader = theming.reader_of(embeddings)
    found = theming.themes(opened(context), as_of=as_of, reader=reader)
    if as_json:
        print_json(found)
        return
    _say_themes(found)


@themes_.command("propose", epilog="Example: bullseye research themes propose")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows.")
@embeddings_option
@json_option
@click.pass_context
def propose_(context: click.Context, limit: int, embeddings: Path | None, as_json: bool) -> None:
    """Show evidence that no theme takes and that says the same; nothing is decided by it.

    Accept a group as a theme, or call it noise, by its id. The id stays while its most typical
    quote does.
    """
    found = theming.proposed(opened(context), reader=theming.reader_of(embeddings))
    if as_json:
        print_json(found[:limit])
        return
    if not found:
        say("Nothing is left over that three quotes or more say alike.")
        return
    rows = [_proposal_row(each) for each in found[:limit]]
    print_table(("id", "kind", "quotes", "words", "most typical quote"), rows, limit=72)
    say(f"{len(rows):,} of {number_of(len(found), 'proposal')}.")
    say("Decide: bullseye research themes accept ID --name NAME, or themes noise ID")


@themes_.command("accept", epilog="Example: bullseye research themes accept --help")
@click.argument("proposal", metavar="ID")
@click.option("--name", required=True, help="The theme's name, as in too-expensive.")
@click.option("--says", metavar="TEXT", help="What buyers mean, in one sentence.")
@embeddings_option
@reason_option
@dry_run_option
@json_option
@click.pass_context
def accept_(
    context: click.Context,
    proposal: str,
    name: str,
    says: str | None,
    embeddings: Path | None,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the proposal ID a theme: a file in themes/, with its quotes as exemplars.

    Exits with 2 if the name is taken, with 3 if there is no such proposal.
    """
    reader = theming.reader_of(embeddings)
    done = deciding.accept(
        opened(context), proposal, name, says=says, reason=reason, dry_run=dry_run, reader=reader
    )
    _say_written(done, dry_run=dry_run, as_json=as_json)


@themes_.command("noise", epilog="Example: bullseye research themes noise --help")
@click.argument("proposal", metavar="ID_OR_THEME")
@click.option("--name", help="The name of its file; made from the id if absent.")
@embeddings_option
@reason_option
@dry_run_option
@json_option
@click.pass_context
def noise_(
    context: click.Context,
    proposal: str,
    name: str | None,
    embeddings: Path | None,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Call a proposal or a theme noise: what is like it is not counted or proposed again."""
    reader = theming.reader_of(embeddings)
    done = deciding.noise(
        opened(context), proposal, name=name, reason=reason, dry_run=dry_run, reader=reader
    )
    _say_written(done, dry_run=dry_run, as_json=as_json)


@themes_.command(
    "merge",
    epilog="Example: bullseye research themes merge onboarding-by-hand no-sight-of-projects"
    " --dry-run",
)
@click.argument("theme")
@click.argument("into")
@reason_option
@dry_run_option
@json_option
@click.pass_context
def merge_(
    context: click.Context,
    theme: str,
    into: str,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Retire THEME; its evidence and its exemplars belong to INTO from then on."""
    done = deciding.merge(opened(context), theme, into, reason=reason, dry_run=dry_run)
    _say_written(done, dry_run=dry_run, as_json=as_json)


@themes_.command(
    "name", epilog="Example: bullseye research themes name too-expensive price --dry-run"
)
@click.argument("theme")
@click.argument("name")
@reason_option
@dry_run_option
@json_option
@click.pass_context
def name_(
    context: click.Context,
    theme: str,
    name: str,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give THEME another NAME; its file keeps the old one under formerly."""
    done = deciding.rename(opened(context), theme, name, reason=reason, dry_run=dry_run)
    _say_written(done, dry_run=dry_run, as_json=as_json)


@themes_.command("assign", epilog="Example: bullseye research themes assign --help")
@click.argument("theme")
@click.argument("evidence", nargs=-1, required=True, metavar="EVIDENCE...")
@reason_option
@dry_run_option
@json_option
@click.pass_context
def assign_(
    context: click.Context,
    theme: str,
    evidence: tuple[str, ...],
    reason: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put EVIDENCE, as in E17, under THEME by hand; it stays there."""
    numbers = tuple(number(each, "E") for each in evidence)
    done = deciding.assign(opened(context), theme, numbers, reason=reason, dry_run=dry_run)
    _say_written(done, dry_run=dry_run, as_json=as_json)


# -- words ---------------------------------------------------------------------------------


def _say_themes(found: Themes) -> None:
    if not found.counts:
        say("The codebook has no active theme. See: bullseye research themes propose")
    else:
        print_table(HEADERS, [_row(each) for each in found.counts])
    say(
        f"30 days up to {found.as_of}; {number_of(found.quotes, 'quote')} in all,"
        f" {found.confirmed:,} confirmed; texts compared by {found.reader}."
    )
    say(f"  {found.noise:,} belong to noise, {found.left_over:,} to no theme.")
    if found.undated:
        say(f"  {number_of(found.undated, 'source')} without a day: counted in no window.")
    if found.left_over:
        say("See what is left over: bullseye research themes propose")


def _row(each: ThemeCount) -> tuple[str, ...]:
    share = each.share
    heard = f"{share.share:.0%} ({share.low:.0%} to {share.high:.0%}) of {share.n:,}"
    new = each.novelty.value if each.q is None else f"{each.novelty.value}, q {_chance(each.q)}"
    return (
        each.theme,
        each.kind.value,
        f"{each.accounts:,}",
        heard if share.n else "nobody heard",
        f"{each.quotes:,}",
        f"{each.confirmed:,}",
        each.rule.value,
        " ".join(map(str, each.earlier)),
        new,
    )


def _chance(q: float) -> str:
    return "<0.01" if q < 0.01 else f"{q:.2f}"


def _proposal_row(each: Proposal) -> tuple[str, ...]:
    count = f"{len(each.numbers):,}"
    return (each.id, each.kind.value, count, ", ".join(each.terms), each.typical)


def _say_written(done: Written, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": dry_run, "decision": done})
        return
    would = "Would be done" if dry_run else "Done"
    words = {
        Action.ACCEPT: "accepted as a theme",
        Action.NOISE: "called noise",
        Action.MERGE: "retired and merged",
        Action.NAME: "named anew",
        Action.ASSIGN: "given evidence by hand",
    }
    say(f"{would}: {done.theme} is {words[done.action]}.")
    if done.evidence:
        say(f"  Evidence put there: {', '.join(f'E{each}' for each in done.evidence)}.")
    for file in done.files:
        say(f"  File: {file}. Read it, then publish it: bullseye publish")
