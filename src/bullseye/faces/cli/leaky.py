"""`bullseye leaky`: right people at wrong accounts, and wrong people at right accounts."""

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
from bullseye.faces.cli.words import compact, number_of
from bullseye.pipeline.leaking import YEAR, Fit, Leaky, Rate, leaky_funnel


@click.command("leaky", epilog="Example: bullseye leaky --days 180")
@click.option(
    "--days",
    type=click.IntRange(1),
    default=YEAR,
    show_default=True,
    help="Touches of so many days are counted.",
)
@as_of_option
@json_option
@click.pass_context
def leaky_(context: click.Context, days: int, as_of: date | None, as_json: bool) -> None:
    """Show where the funnel leaks: wrong people at right accounts, right people at wrong ones.

    An account is right if it has a tier, a contact if it fits a persona; unknown is neither right
    nor wrong. Exits with 6 if nothing was scored, or there are no contacts or personas.
    """
    workspace = opened(context)
    with stages(4, quiet=as_json) as tell:
        found = leaky_funnel(workspace, as_of=as_of, days=days, progress=tell)
    print_json(found) if as_json else _show(found)


def _show(found: Leaky) -> None:
    say(f"As of {found.as_of}, touches since {found.since}, money in {found.currency}.")
    is_sent_known = "touches" not in found.without  # nothing imported is not nothing sent
    rows = [
        (
            cell.account.value,
            cell.contact.value,
            f"{cell.contacts:,}",
            f"{cell.accounts:,}",
            f"{cell.touches:,}" if is_sent_known else "?",
            _share(cell.answered),
            compact(cell.money),
        )
        for cell in found.cells
    ]
    headers = (
        "account",
        "contact",
        "contacts",
        "accounts",
        "touches",
        "answered (95 %)",
        "open money",
    )
    print_table(headers, rows)
    if found.leaking is not None:
        say(
            f"  Touches of wrong accounts or wrong contacts: {_share(found.leaking)}"
            f" of {found.leaking.n:,} of which both are known."
        )
    wrong = found.cell(Fit.RIGHT, Fit.WRONG), found.cell(Fit.WRONG, Fit.RIGHT)
    for cell, what in zip(
        wrong, ("Wrong people at right accounts", "Right people at wrong accounts"), strict=True
    ):
        sent = number_of(cell.touches, "touch", "touches") if is_sent_known else "touches unknown"
        say(f"  {what}: {number_of(cell.contacts, 'contact')}, {sent}, {compact(cell.money)} open.")
    if found.right_accounts:
        say(f"  {found.empty:,} of {found.right_accounts:,} right accounts have no right contact.")
    else:
        say("  No account is in a tier, so none is right. See what to fill: bullseye worklist")
    say(f"  Open with nobody on it: {compact(found.nobody_right)} at right accounts.")
    say(f"  Not imported, and not counted: {', '.join(found.without)}.")
    if found.first_empty:
        some = ", ".join(found.first_empty[:3])
        say(f"  Next: find contacts there, best tier first: {some}; all with --json.")


def _share(rate: Rate | None) -> str:
    if rate is None or not rate.n:
        return "?"
    return f"{100 * rate.share:.0f} % ({100 * rate.low:.0f}-{100 * rate.high:.0f})"
