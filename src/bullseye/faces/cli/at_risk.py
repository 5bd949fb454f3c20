"""`bullseye at-risk`: what open opportunities stand to lose where a buying role is missing."""

from datetime import date

import click

from bullseye.definitions.buying_role import BuyingRole
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import compact
from bullseye.synthesize.run.at_risk import (
    Difference,
    MoneyAtRisk,
    RoleAtRisk,
    measure_money_at_risk,
)

SHOWN = 5
"""Opportunities shown per role: those with most at risk."""


@click.command("at-risk", epilog="Example: bullseye at-risk --role economic_buyer")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in BuyingRole if role is not BuyingRole.BLOCKER]),
    multiple=True,
    help="Only this role; those expected of a committee if absent.",
)
@as_of_option
@json_option
@click.pass_context
def at_risk_(
    context: click.Context, roles: tuple[str, ...], as_of: date | None, as_json: bool
) -> None:
    """Show the money at risk where a buying role is missing.

    Opportunities that entered a stage with the role written down are held against those without
    it, all else that is known alike. Only roles known on that day count. It is what went along
    with a missing role before, not what it causes. Exits with 6 if no roles or no history of
    stages are imported.
    """
    workspace = opened(context)
    with stages(3, quiet=as_json) as tell:
        found = measure_money_at_risk(
            workspace, as_of=as_of, roles=[BuyingRole(role) for role in roles], progress=tell
        )
    print_json(found) if as_json else _show(found)


def _show(found: MoneyAtRisk) -> None:
    say(
        f"Money at risk as of {found.as_of}, in {found.currency}: the chance to be won within"
        f" {found.span} days of entering a stage, with a role written down by then and without it."
    )
    say(f"  Held alike: {', '.join(found.adjusted_for)}. An association, not a cause.")
    for aside in found.set_aside:
        say(f"  Set aside: {aside}.")
    if found.unseen:
        say(f"  Left out: {found.unseen:,} opportunities, their first stage is not known.")
    for role in found.roles:
        _show_role(role)
    if len(found.roles) > 1:
        say("\nRoles overlap: do not add their sums up.")


def _show_role(role: RoleAtRisk) -> None:
    say(f"\n{role.role.value}")
    rests = (
        f"n = {role.n:,} opportunities of {role.accounts:,} accounts, {role.with_role:,} with it"
    )
    if role.points is None or role.money is None:
        say(f"  {role.reason}")
        if role.need is not None:
            say(f"  Closed opportunities that are still needed: about {role.need:,}.")
        say(f"  {role.beyond:,} open opportunities lack it.")
        return
    say(f"  {_points(role.points)} chance to be won with it than without ({rests}).")
    lacking = f"{role.opportunities:,} open opportunities lack it, worth {compact(role.amount)}"
    if role.matters:
        word = "At risk" if role.money.value > 0 else "The other way round"
        say(f"  {word}: {_money(role.money)}. {lacking}.")
    else:
        say(f"  Cannot tell it from nothing: {_money(role.money)}. {lacking}.")
    if role.unpriced:
        say(f"  Of these {role.unpriced:,} have no amount and count nothing.")
    if role.beyond:
        say(f"  {role.beyond:,} more lack it in stages where too few are known to tell.")
    if role.as_of_today is not None:
        say(
            f"  Caution: with roles as they stand today it would look like"
            f" {100 * role.as_of_today:+.0f} points; who is won gets more roles written down."
        )
    if role.matters:
        _show_rows(role)


def _show_rows(role: RoleAtRisk) -> None:
    rows = [
        (row.opportunity_id, row.stage, compact(row.amount), _points(row.points), _money(row.money))
        for row in role.rows[:SHOWN]
    ]
    print_table(("opportunity", "stage", "amount", "difference", "at risk"), rows)


def _points(points: Difference) -> str:
    low, high = 100 * points.low, 100 * points.high
    return f"{100 * points.value:+.0f} points ({low:+.0f} to {high:+.0f})"


def _money(money: Difference | None) -> str:
    if money is None:
        return "no amount"
    return f"{compact(money.value)} ({compact(money.low)} to {compact(money.high)})"
