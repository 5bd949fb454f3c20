"""`bullseye language`: hold texts against the shared language, and see how teams drift apart."""

from math import isnan
from pathlib import Path

import click

from bullseye.definitions.checks import Severity
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
from bullseye.faces.cli.words import number_of
from bullseye.synthesize.run.language import (
    Divergence,
    LanguageChecked,
    LanguageCompared,
    TeamShare,
    check_language,
    compare_language,
    export_vale,
)

_TEXT = click.Path(path_type=Path, exists=True)
locale_option = click.option(
    "--locale", default="en", show_default=True, metavar="LANGUAGE", help="As in en, de or en-GB."
)


@click.group("language", epilog="Example: bullseye language check texts/product.md")
def language_() -> None:
    """Hold texts against the shared language: preferred, allowed and forbidden words."""


@language_.command("check", epilog="Example: bullseye language check texts/product.md --all")
@click.argument("paths", metavar="FILES|FOLDERS...", nargs=-1, required=True, type=_TEXT)
@click.option("--all", "everything", is_flag=True, help="Allowed words that are not preferred too.")
@locale_option
@json_option
@click.pass_context
def check_(
    context: click.Context, paths: tuple[Path, ...], everything: bool, locale: str, as_json: bool
) -> int:
    """Find forbidden words, and names with wrong capitals, in FILES and FOLDERS.

    Each finding says the file, line and column, and what to write instead. Code, addresses and
    markup are passed over. Markdown that says its language (`lang: de` at the top) is read in
    that one.

    Exits with 1 if a forbidden word is found, with 6 if no term is defined.
    """
    found = check_language(opened(context), paths, locale=locale, allowed=everything)
    print_json(found) if as_json else _show_checked(found)
    return 1 if found.counts[Severity.ERROR] else 0


def _show_checked(found: LanguageChecked) -> None:
    for each in found.findings:
        say(f"{each.place}: {each.severity}: {each.message} ({each.term})")
        if each.severity is Severity.ERROR:
            say(f"  {each.why}")
    for skip in found.skipped:
        note(f"Not read: {skip.file}: {skip.reason}.")
    counts = ", ".join(number_of(n, what) for what, n in found.counts.items() if n)
    say(
        f"{counts or 'nothing'} found in {number_of(found.files, 'file')}"
        f" ({found.characters:,} characters) by {number_of(found.terms, 'term')}, {found.day}."
    )


@language_.command(
    "drift",
    epilog="Example: bullseye language drift --product texts/product.md --sales texts/sales.md",
)
@click.option("--product", multiple=True, type=_TEXT, help="A file or folder of product.")
@click.option("--sales", multiple=True, type=_TEXT, help="A file or folder of sales.")
@click.option("--marketing", multiple=True, type=_TEXT, help="A file or folder of marketing.")
@click.option("--team", "others", multiple=True, metavar="NAME=PATH", help="One of another team.")
@locale_option
@json_option
@click.pass_context
def drift_(
    context: click.Context,
    product: tuple[Path, ...],
    sales: tuple[Path, ...],
    marketing: tuple[Path, ...],
    others: tuple[str, ...],
    locale: str,
    as_json: bool,
) -> None:
    """Show how far the words of teams drift apart. Options may be repeated.

    Per idea and team: the share of uses that is not the preferred wording, with its 95 %
    interval. Per two teams: the Jensen-Shannon divergence of their wordings, 0 (alike) to 1
    (none in common), less what chance shows. Exits with 6 if no term is defined.
    """
    teams: dict[str, list[Path]] = {}
    for name, paths in (("product", product), ("sales", sales), ("marketing", marketing)):
        if paths:
            teams[name] = list(paths)
    for other in others:
        name, path = _team(other)
        teams.setdefault(name, []).append(path)
    found = compare_language(opened(context), teams, locale=locale)
    print_json(found) if as_json else _show_drift(found)


def _team(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if not name or not path or not Path(path).exists():
        raise UsageError(
            f"{text!r} names no team with its texts.", hint="Write: --team support=FOLDER"
        )
    return name, Path(path)


def _show_drift(found: LanguageCompared) -> None:
    drift = found.drift
    read = ", ".join(
        f"{t.team} {number_of(t.files, 'file')} with {number_of(t.uses, 'use')}"
        for t in drift.teams
    )
    say(f"Read on {found.day}: {read}. Independent of each other: one {drift.unit} and the next.")
    rows = [
        (
            share.term,
            share.team,
            f"{share.otherwise.share:.0%}",
            f"{share.otherwise.low:.0%} to {share.otherwise.high:.0%}",
            f"{share.otherwise.n:,}",
            f"{share.forbidden:,}",
            _said(share),
        )
        for share in drift.shares
    ]
    headers = ("idea", "team", "otherwise", "95 % interval", "n", "forbidden", "said")
    if rows:
        print_table(headers, rows, limit=70)
    for pair in drift.pairs:
        say(f"{pair.one} and {pair.other}: {_apart(pair.divergence)}")
    for skip in found.skipped:
        note(f"Not read: {skip.file}: {skip.reason}.")


def _said(share: TeamShare) -> str:
    return ", ".join(f"{each.phrase} {each.n:,}" for each in share.said)


def _apart(found: Divergence) -> str:
    n = f"n {found.n_one:,} and {found.n_other:,} uses of ideas that both name"
    if isnan(found.estimate):
        return f"cannot tell yet (need {found.more:,} more); {n}."
    ends = f"{found.estimate:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})"
    if found.is_told:
        return f"divergence {ends}; they word ideas differently; {n}."
    more = f"need about {found.more:,} more each" if found.more else "no difference is seen"
    return f"divergence {ends}; cannot tell it from chance yet ({more}); {n}."


@language_.command("export", epilog="Example: bullseye language export --vale styles")
@click.option(
    "--vale",
    "folder",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a style for the prose linter Vale into this folder, its StylesPath.",
)
@locale_option
@dry_run_option
@json_option
@click.pass_context
def export_(
    context: click.Context, folder: Path, locale: str, dry_run: bool, as_json: bool
) -> None:
    """Hand the shared language to another tool: whole, or not at all.

    An earlier export in that folder is replaced; anything else there is left alone. Exits with 6
    if no term is defined.
    """
    done = export_vale(opened(context), folder, locale=locale, dry_run=dry_run)
    if as_json:
        print_json(done)
        return
    would = "Would write" if dry_run else "Wrote"
    say(f"{would} {number_of(len(done.files), 'rule')} to {done.folder}. In .vale.ini:")
    for line in done.ini:
        say(f"  {line}")
