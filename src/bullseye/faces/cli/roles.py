"""`bullseye roles`: who plays which part in a purchase, why, and how often that is right."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import click

from bullseye.definitions.buying_role import BuyingRole
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.faces.cli.role_checks import check_, prior_
from bullseye.faces.cli.words import number_of
from bullseye.synthesize.run import role_deciding
from bullseye.synthesize.run.roles import TITLE, RoleBelief, RoleList, RoleReason, role_list

_SHOWN = 50


class Shows(click.Group):
    """A group whose first word may also be what `show` shows, as in ``bullseye roles acme.com``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Call `show` where no subcommand is named."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("roles", cls=Shows, epilog="Example: bullseye roles")
def roles_() -> None:
    """Show who plays which part in a purchase: champion, economic buyer, technical buyer, user.

    The same as `bullseye roles show`: name an account, as in `bullseye roles acme.com`. A role is
    inferred from a stated prior and evidence, or confirmed by a person. A title alone never names
    one, and mostly there is too little to say.
    """


@roles_.command("show", epilog="Example: bullseye roles show --limit 20")
@click.argument("account", required=False)
@click.option("--opportunity", metavar="ID", help="Only contacts on this opportunity.")
@click.option("--limit", type=click.IntRange(1), default=_SHOWN, show_default=True, help="Rows.")
@as_of_option
@json_option
@click.pass_context
def show_(
    context: click.Context,
    account: str | None,
    opportunity: str | None,
    limit: int,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show the contacts of ACCOUNT (its id, domain or name) with their roles and the reasons.

    Without ACCOUNT: the contacts with a role or a stance, and how many have none. With --as-of
    nothing that was known later counts.
    """
    workspace = opened(context)
    accounts = None
    if account is not None:
        accounts = [role_deciding.account_called(workspace, account)[0]]
    found = role_list(workspace, as_of=as_of, accounts=accounts, opportunity=opportunity)
    if as_json:
        print_json(found)
        return
    if account is None and opportunity is None:
        _summary(found, limit)
        return
    if not found.beliefs and not found.left_alone:
        say("No contacts are on file here. Import some: bullseye import contacts FILE")
    for each in found.beliefs[:limit]:
        _one(each)
    _say_left_alone(found)


@roles_.command("confirm", epilog="Example: bullseye roles confirm --help")
@click.argument("contact")
@click.argument("what", metavar="ROLE", type=click.Choice(role_deciding.WORDS))
@click.option("--opportunity", metavar="ID", help="Say it of this purchase alone.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@dry_run_option
@json_option
@click.pass_context
def confirm_(
    context: click.Context,
    contact: str,
    what: str,
    opportunity: str | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Confirm that CONTACT (its id) has a role or a stance; that goes before any inference.

    Exits with 3 if there is no such contact or opportunity.
    """
    _decide(context, contact, what, opportunity, reason, holds=True, dry=dry_run, as_json=as_json)


@roles_.command("reject", epilog="Example: bullseye roles reject --help")
@click.argument("contact")
@click.argument("what", metavar="ROLE", type=click.Choice(role_deciding.WORDS))
@click.option("--opportunity", metavar="ID", help="Say it of this purchase alone.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@dry_run_option
@json_option
@click.pass_context
def reject_(
    context: click.Context,
    contact: str,
    what: str,
    opportunity: str | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say that CONTACT (its id) has not a role or a stance, whatever is inferred.

    Exits with 3 if there is no such contact or opportunity.
    """
    _decide(context, contact, what, opportunity, reason, holds=False, dry=dry_run, as_json=as_json)


@roles_.command("withdraw", epilog="Example: bullseye roles withdraw --help")
@click.argument("contact")
@click.argument("what", metavar="ROLE", type=click.Choice(role_deciding.WORDS))
@click.option("--opportunity", metavar="ID", help="What was said of this purchase alone.")
@dry_run_option
@json_option
@click.pass_context
def withdraw_(
    context: click.Context,
    contact: str,
    what: str,
    opportunity: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take a confirmation or a rejection back; what is inferred shows again.

    Exits with 3 if nothing is decided on it.
    """
    workspace = opened(context)
    old = role_deciding.withdraw(
        workspace, contact, what, opportunity_id=opportunity, dry_run=dry_run
    )
    done = "Would withdraw" if dry_run else "Withdrawn"
    text = f"{done}: {old.contact_id} {'is' if old.holds else 'is not'} {_words(old.value)}."
    print_json(old) if as_json else say(text)


@roles_.command("decisions", epilog="Example: bullseye roles decisions")
@json_option
@click.pass_context
def decisions_(context: click.Context, as_json: bool) -> None:
    """List what people confirmed and rejected, and holds."""
    found = role_deciding.decisions_kept(opened(context))
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nobody decided on a role yet. Do it with: bullseye roles confirm CONTACT ROLE")
        return
    rows = [
        (
            each.contact_id,
            each.opportunity_id or "all",
            _words(each.value),
            "yes" if each.holds else "no",
            each.author,
            each.created_at.date().isoformat(),
            each.reason,
        )
        for each in found
    ]
    print_table(("contact", "opportunity", "role", "has it", "by", "on", "because"), rows)


for _each in (check_, prior_):
    roles_.add_command(_each)


def _decide(
    context: click.Context,
    contact: str,
    what: str,
    opportunity: str | None,
    reason: str,
    *,
    holds: bool,
    dry: bool,
    as_json: bool,
) -> None:
    made = role_deciding.decide(
        opened(context),
        contact,
        what,
        holds=holds,
        reason=reason,
        opportunity_id=opportunity,
        dry_run=dry,
    )
    if as_json:
        print_json(made)
        return
    done = "Would record" if dry else "Recorded"
    where = f" on opportunity {opportunity}" if opportunity else ""
    is_it = "is" if holds else "is not"
    say(f"{done}: {contact} {is_it} {_words(what)}{where}, says {made.author}.")


def _say_left_alone(found: RoleList) -> None:
    if found.left_alone:
        say(f"Left alone, and so not named: {number_of(found.left_alone, 'contact')}.")


def _summary(listed: RoleList, limit: int) -> None:
    found = listed.beliefs
    if not found and not listed.left_alone:
        raise UsageError(
            "No contacts are on file, so nobody has a role.",
            hint="Import some with: bullseye import contacts FILE",
        )
    told = [each for each in found if each.role is not None or each.stance is not None]
    order = sorted(told, key=lambda each: (not each.is_confirmed, -_sure(each), each.contact_id))
    rows = [
        (
            each.account_id or "?",
            each.contact_id,
            _words(each.role) if each.role else "too little to say",
            "confirmed" if each.is_confirmed else _chance(each, each.role),
            each.stance.value if each.stance else "unknown",
            _because(each),
        )
        for each in order[:limit]
    ]
    if rows:
        print_table(("account", "contact", "role", "how sure", "stance", "because"), rows)
    counts = Counter(each.role for each in found if each.role is not None)
    named = ", ".join(f"{counts[role]:,} {_words(role)}" for role in BuyingRole if counts[role])
    silent = sum(each.role is None for each in found)
    say(
        f"{number_of(len(found), 'contact')} as of {listed.as_of}: {named or 'no role named'};"
        f" {silent:,} with too little to say. How often a named role is right: bullseye roles check"
    )
    _say_left_alone(listed)


def _one(each: RoleBelief) -> None:
    role = _words(each.role) if each.role else "too little to say"
    sure = " (confirmed)" if each.is_confirmed else ""
    sure = sure or (f" ({_chance(each, each.role)})" if each.role else "")
    stance = each.stance.value if each.stance else "unknown"
    say(f"\n{each.contact_id}: {role}{sure} · stance {stance} · as of {each.as_of}")
    titles = {why.role: why.says for why in each.reasons if why.name == TITLE}
    rows = [
        (_words(role), _chance(each, role), titles[role])
        for role in sorted(BuyingRole, key=lambda role: -each.probabilities[role])
    ]
    print_table(("role", "probability", "by title"), rows, limit=110)
    for line in dict.fromkeys(_line(why, each.reasons) for why in each.reasons):
        if line:
            say(f"  {line}")
    for one in each.stance_reasons:
        say(f"  stance {one.stance.value}: {one.says} ({_where(one.source, one.on)})")


def _line(why: RoleReason, every: Sequence[RoleReason]) -> str:
    """Return one piece of evidence with all the roles it tells of; "" for what a title says."""
    if why.name == TITLE:
        return ""
    same = [each for each in every if (each.name, each.says) == (why.name, why.says)]
    roles = ", ".join(
        _words(each.role) + ("" if each.log_odds is None else f" {each.log_odds:+.1f}")
        for each in same
    )
    where = _where(why.source, why.on)
    return f"{roles}: {why.says}" + (f" ({where})" if where else "")


def _where(source: str | None, on: date | None) -> str:
    return ", ".join(filter(None, (source, on.isoformat() if on else None)))


def _because(each: RoleBelief) -> str:
    """Return the strongest reason for the role, or for the stance where no role is named."""
    own = [why for why in each.reasons if why.role is each.role and why.source]
    if own:
        best = max(own, key=lambda why: float("inf") if why.log_odds is None else why.log_odds)
        return best.says
    return each.stance_reasons[0].says if each.stance_reasons else "learnt from titles"


def _chance(each: RoleBelief, role: BuyingRole | None) -> str:
    """Return a probability with its interval, or that it is stated; none for what the CRM says."""
    if role is None:
        return ""
    p, found = each.probabilities[role], each.ranges.get(role)
    if any(why.role is role and why.log_odds is None for why in each.reasons):
        return f"{p:.0%}, decided"
    if each.is_written(role):
        return "written in the CRM"
    if found is None:
        return f"{p:.0%}, stated"
    return f"{p:.0%} ({found.low:.0%} to {found.high:.0%}), n {found.n:,}"


def _sure(each: RoleBelief) -> float:
    return each.probabilities[each.role] if each.role else 0.0


def _words(role: str) -> str:
    return str(role).replace("_", " ")
