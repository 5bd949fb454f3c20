"""`bullseye segment value` and `lookalikes`: what segments are worth, and who is like whom."""

import csv
from datetime import date
from pathlib import Path

import click

from bullseye.definitions.tier import Tier
from bullseye.errors import InputError, UsageError
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import compact, number_of
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Wish
from bullseye.segment.run import learning as segment
from bullseye.segment.run.learning import Lookalikes, MeasuredValue
from bullseye.workspace import Workspace

SHOWN = 6
"""Fields shown where none is named: those whose segments differ most in value."""

MOST_LISTED = 1_000_000


@click.command("value", epilog="Example: bullseye segment value --by industry")
@click.option("--by", metavar="FIELD", help="Only the segments of this field.")
@as_of_option
@json_option
@click.pass_context
def value_(context: click.Context, by: str | None, as_of: date | None, as_json: bool) -> None:
    """Show what an account of each segment is worth a year: the expected ACV.

    A segment's own mean counts as far as its n can tell it from the mean of all (weight Z). Exits
    with 6 if amounts are in several currencies that were not converted, or too few.
    """
    found = segment.measure_value(opened(context), by=by, as_of=as_of)
    print_json(found) if as_json else _show_value(found, by)


def _show_value(measured: MeasuredValue, by: str | None) -> None:
    found, currency = measured.found, measured.currency
    say(
        f"{found.n:,} accounts with a yearly amount as of {measured.as_of}:"
        f" {compact(found.overall)} {currency} on average"
        f" ({compact(found.low)}-{compact(found.high)})."
    )
    shown = found.fields if by is not None else found.fields[:SHOWN]
    for field in shown:
        say(f"\n{field.field}")
        rows = [
            (
                each.segment,
                f"{each.n:,}",
                "" if each.raw_mean is None else compact(each.raw_mean),
                f"{each.weight:.2f}",
                compact(each.expected),
                f"{compact(each.low)}-{compact(each.high)}",
                f"{each.without:,}",
            )
            for each in field.segments
        ]
        headers = ("segment", "n", "mean", "Z", "expected ACV", "95 % interval", "without")
        print_table(headers, rows)
    if len(found.fields) > len(shown):
        more = number_of(len(found.fields) - len(shown), "more field")
        say(f"\n{more}: name one with --by, or use --json.")


@click.command("lookalikes", epilog="Example: bullseye segment lookalikes --limit 20")
@click.option(
    "--of",
    "of",
    default="won",
    show_default=True,
    metavar="LIST",
    help="won, a tier as T1, or a file with account ids.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@as_of_option
@json_option
@click.pass_context
def lookalikes_(
    context: click.Context, of: str, limit: int, as_of: date | None, as_json: bool
) -> None:
    """List the accounts most like those of a list, with the three strongest reasons.

    Customers and excluded accounts are left out. The list is tested on accounts it was not made
    from: where likeness is no better than chance, no list is given. A file is a CSV with a column
    account_id, or one id a line. Exits with 6 if the list is too short.
    """
    workspace = opened(context)
    listed = _listed(workspace, of, as_of)
    with stages(12, quiet=as_json) as tell:
        found = segment.lookalikes(
            workspace,
            listed=listed,
            of=of if listed is None or of in set(Tier) else "file",
            limit=limit,
            as_of=as_of,
            progress=tell,
        )
    print_json(found) if as_json else _show_lookalikes(found)


def _listed(workspace: Workspace, of: str, as_of: date | None) -> frozenset[str] | None:
    """Return the account ids of a list; None for those that were won."""
    if of == "won":
        return None
    if of in set(Tier):
        wish = Wish(tiers=(Tier(of),), limit=MOST_LISTED)
        return frozenset(
            each.account_id for each in prioritize.targets(workspace, wish, as_of=as_of)
        )
    path = Path(of)
    if not path.is_file():
        raise UsageError(
            f"{of!r} is neither won, nor a tier, nor a file.",
            hint="Write --of won, --of T1, or --of accounts.csv",
        )
    return frozenset(_ids(path))


def _ids(path: Path) -> list[str]:
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(
            "The file cannot be read as UTF-8 text.",
            place=str(path),
            hint="Save it as a CSV in UTF-8, with a column account_id.",
        ) from None
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    place = head.index("account_id") if "account_id" in head else 0
    body = rows[1:] if "account_id" in head else rows
    return [row[place].strip() for row in body if len(row) > place and row[place].strip()]


def _show_lookalikes(found: Lookalikes) -> None:
    like = found.likeness
    say(
        f"Like {found.of} ({found.listed:,} accounts) as of {found.as_of}: likeness tells accounts"
        f" left out of it from others in {like.auc:.0%} of cases"
        f" ({like.low:.0%}-{like.high:.0%}; n = {like.listed:,} against {like.others:,})."
    )
    for refused in found.refused:
        say(f"  Refused: {refused}.")
    if not like.tells:
        say("That is no better than chance (50 %): cannot tell who is alike.")
        return
    say(f"  Left out: {found.customers:,} customers, {found.excluded:,} excluded accounts.")
    say(f"  Caution: {found.caution}.")
    rows = [
        (
            each.account_id,
            each.name or "",
            f"{each.typical:.0%}",
            "; ".join(
                f"{trait.field} {trait.value} ({trait.list_share:.0%} to {trait.others_share:.0%})"
                for trait in each.reasons
            ),
        )
        for each in found.found
    ]
    print_table(("account", "name", "more typical than", "because"), rows, limit=120)


VALUE_COMMANDS = (value_, lookalikes_)
"""The subcommands of `bullseye segment` that stand here."""
