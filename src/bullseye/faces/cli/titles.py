"""`bullseye titles`: what the titles of contacts say, and a person's word against it."""

import click

from bullseye.definitions.titles import FUNCTIONS, LEVELS
from bullseye.faces.cli._shared import (
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.synthesize.run import Decision, Titles, override, titles


@click.group("titles", epilog="Example: bullseye titles list --unknown")
def titles_() -> None:
    """Show what job titles say, and decide by hand."""


@titles_.command("list", epilog="Example: bullseye titles list --limit 20")
@click.option("--unknown", is_flag=True, help="Only titles that no rule could tell much of.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows.")
@json_option
@click.pass_context
def list_(context: click.Context, unknown: bool, limit: int, as_json: bool) -> None:
    """List the titles on file, those of most contacts first.

    Each label names the rule that gave it, as in head.leader.de, or says that a person decided.
    Exits with 6 if no contacts are imported.
    """
    found = titles(opened(context), unknown_only=unknown, limit=limit)
    if as_json:
        print_json(found)
        return
    _print(found)


@titles_.command(
    "override",
    epilog='Example: bullseye titles override "Growth Ninja" --function marketing'
    ' --reason "they run our campaigns"',
)
@click.argument("title")
@click.option("--level", metavar="LEVEL", help=f"One of: {', '.join(LEVELS)}.")
@click.option("--function", metavar="FUNCTION", help=f"One of: {', '.join(FUNCTIONS)}.")
@click.option("--reason", required=True, help="Why the rules are wrong here.")
@dry_run_option
@json_option
@click.pass_context
def override_(
    context: click.Context,
    title: str,
    level: str | None,
    function: str | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say what a title means, for all its spellings; it is kept in the audit trail.

    Exits with 2 if the title has no word or no label is given, with 3 if a label is none.
    """
    workspace = opened(context)
    before = override(workspace, Decision(title, level, function, reason), dry_run=dry_run)
    after = (level or before.level, function or before.function)
    if as_json:
        print_json({"title": title, "before": before, "after": after, "dry_run": dry_run})
        return
    would = "would mean" if dry_run else "means"
    say(f"{title} {would} {after[0]}, {after[1]}.")
    rules = f"{before.level} ({before.level_rule}), {before.function} ({before.function_rule})"
    say(f"  The rules say {rules}.")


def _print(found: Titles) -> None:
    rows = [
        (
            row.title,
            f"{row.contacts:,}",
            row.level,
            row.level_rule,
            row.function,
            row.function_rule,
            row.override_by or "",
        )
        for row in found.rows
    ]
    headers = ("title", "contacts", "level", "by rule", "function", "by rule", "decided by")
    print_table(headers, rows)
    say(
        f"{len(rows):,} of {found.titles:,} titles of {found.contacts:,} contacts;"
        f" lexicon {found.lexicon_version}."
    )
