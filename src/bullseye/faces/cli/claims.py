"""`bullseye claims`: which of our claims a competitor could make too."""

from pathlib import Path

import click

from bullseye.faces.cli._shared import json_option, opened, print_json, print_table, say
from bullseye.faces.cli.words import number_of
from bullseye.synthesize.run.claims import ALIKE, ClaimFound, ClaimsChecked, check_claims

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    "claims",
    epilog="Example: bullseye claims texts/claims.md --competitors texts/competitors.md",
)
@click.argument("file", type=_FILE)
@click.option(
    "--competitors",
    required=True,
    type=_FILE,
    help="Their claims: Markdown with a heading per competitor, or a table.",
)
@click.option("--name", "names", multiple=True, metavar="NAME", help="How we are called.")
@click.option("--features", is_flag=True, help="Show the ten features of each claim too.")
@json_option
@click.pass_context
def claims_(
    context: click.Context,
    file: Path,
    competitors: Path,
    names: tuple[str, ...],
    features: bool,
    as_json: bool,
) -> None:
    """Say which of our claims in FILE a competitor could make too, and what proves each.

    Names of companies are read as "we". A competitor could say a claim if a sentence of theirs is
    alike at 0.40 or more; of sentences of two companies in one industry about one pair in 300 is.
    It compares spelling, not meaning. The ten features of a claim stand with the share of the
    competitors' claims they are above; they are not added up to a score, since no ratings are
    there to fit one.

    Exits with 4 if a file cannot be read.
    """
    found = check_claims(opened(context), file, competitors, names=names)
    print_json(found) if as_json else _show(found, features=features)


def _show(checked: ClaimsChecked, *, features: bool) -> None:
    found = checked.found
    for each in found.claims:
        _show_claim(each, found.competitors, features=features)
    shared = sum(each.is_interchangeable for each in found.claims)
    proven = sum(each.ground.grounding == "proven" for each in found.claims)
    say(
        f"{shared:,} of {number_of(len(found.claims), 'claim')} could be a competitor's;"
        f" {proven:,} of them all {'is' if proven == 1 else 'are'} proven. Held against"
        f" {number_of(found.sentences, 'sentence')} of"
        f" {number_of(found.competitors, 'competitor')}, {found.day}; alike from {ALIKE:.2f}."
    )
    if checked.blank:
        say(f"{number_of(checked.blank, 'line')} without a word left out.")


def _show_claim(each: ClaimFound, competitors: int, *, features: bool) -> None:
    say(f"{each.claim.line}: {each.claim.text}")
    who = f" ({', '.join(each.could_say)})" if each.could_say else ""
    say(f"  {len(each.could_say):,} of {number_of(competitors, 'competitor')} could say this{who}")
    if each.closest is not None:
        near = each.closest
        say(f"  closest: {near.owner}: {near.text} (likeness {near.likeness:.2f})")
    place = "cannot tell, it is our only text" if each.rank is None else f"{each.rank:,}"
    say(f"  place of our other texts among all {competitors + 1:,} by likeness to it: {place}")
    say(f"  proof: {each.ground.grounding}, {each.ground.says}")
    if each.ground.trade_off:
        say(f"  trade-off: {each.ground.trade_off}")
    if features:
        rows = [
            (place_.feature.replace("_", " "), f"{place_.value:.3g}", f"{place_.above:.0%}")
            for place_ in each.places
        ]
        print_table(("feature", "value", "more specific than"), rows)
