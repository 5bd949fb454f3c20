"""`bullseye matches`, `match` and `duplicates`: which account is meant, and who stands twice."""

from datetime import date

import click

from bullseye.definitions.field import TableName
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
from bullseye.segment.run import matching
from bullseye.segment.run.matching import Duplicates, Likely, Unsettled


@click.command("matches", epilog="Example: bullseye matches --review")
@click.option("--review", is_flag=True, help="List what only a person can settle.")
@as_of_option
@json_option
@click.pass_context
def matches_(context: click.Context, review: bool, as_of: date | None, as_json: bool) -> None:
    """Show how contacts, signals and other rows found their account.

    With --review: what rows say of their account that may mean one of ours, but nothing
    settles it. Settle it with: bullseye match REFERENCE ACCOUNT_ID --reason TEXT
    """
    workspace = opened(context)
    if review:
        _show_review(matching.to_review(workspace, as_of=as_of), as_json=as_json)
        return
    found = matching.matches(workspace, as_of=as_of)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each.table,
            each.method,
            f"{each.rows:,}",
            "" if each.confidence is None else f"{each.confidence:.0%}",
        )
        for each in found.matched
    ]
    print_table(("table", "by", "rows", "stated confidence"), rows)
    for one in found.decisions:
        meant = one.account_id or "none of ours"
        said = ", ".join(filter(None, (one.name, one.domain, one.country)))
        say(f"  {one.reference} {said}: {meant}, by {one.author}: {one.reason}")


def _show_review(found: list[Unsettled], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows = []
    for each in found:
        said = ", ".join(filter(None, (each.name, each.domain, each.country)))
        for at, one in enumerate(each.candidates):
            about = ", ".join(filter(None, (one.name, one.domain, one.country)))
            rule = one.rule if one.likeness is None else f"{one.rule} {one.likeness:.2f}"
            first = (each.reference, said, f"{each.rows:,}") if at == 0 else ("", "", "")
            rows.append((*first, one.account_id, about, rule))
    if not rows:
        say("Nothing waits for a decision.")
        return
    print_table(("reference", "says", "rows", "may be", "which is", "by"), rows)


@click.command("match", epilog="Example: bullseye match --help")
@click.argument("reference")
@click.argument("account_id", required=False)
@click.option("--none", "is_none", is_flag=True, help="It means no account of ours.")
@click.option("--reason", metavar="TEXT", help="Why, in a sentence.")
@click.option("--withdraw", is_flag=True, help="Take the decision back.")
@dry_run_option
@json_option
@click.pass_context
def match_(
    context: click.Context,
    reference: str,
    account_id: str | None,
    is_none: bool,
    reason: str | None,
    withdraw: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide that REFERENCE means ACCOUNT_ID, or with --none that it means no account.

    The decision is logged with its author, and holds from then on for every row that says the
    same, over all but an account's id. REFERENCE is listed by: bullseye matches --review
    """
    workspace = opened(context)
    if withdraw:
        old = matching.withdraw(workspace, reference, dry_run=dry_run)
        done = "Would withdraw" if dry_run else "Withdrawn"
        print_json(old) if as_json else say(f"{done}: the decision on {reference}.")
        return
    if reason is None or (account_id is None) is not is_none:
        raise UsageError(
            "A decision needs an account or --none, and --reason.",
            hint="As in: bullseye match REFERENCE ACCOUNT_ID --reason TEXT",
        )
    new = matching.decide(workspace, reference, account_id, reason=reason, dry_run=dry_run)
    done = "Would decide" if dry_run else "Decided"
    meant = new.account_id or "no account of ours"
    text = f"{done}: {reference} means {meant}, by {new.author}."
    print_json(new) if as_json else say(text)


_LIKELY = 0.9
_SHOWN = 20
"""Clusters whose evidence is written out."""


def _say_model(found: Likely) -> None:
    """Say what the model looked at, and why it is silent where it is."""
    say(
        f"Model: {found.records:,} records, compared by {', '.join(found.compared) or 'nothing'};"
        f" {len(found.links):,} pairs at {found.threshold:.0%} and more that no rule found."
    )
    if found.left_out:
        say(f"Known by too few records to be compared: {', '.join(found.left_out)}.")
    if found.reason:
        say(f"The model {found.reason}.")


def _say_evidence(table: str, found: Duplicates) -> None:
    say(f"\n{found.cluster}")
    for link in found.links:
        said, says = link.values
        values = said if said == says else f"{said} / {says}"
        if not link.parts:
            how_sure = f"{link.confidence:.0%} stated"
            say(f"  {link.one} = {link.other}: {link.rule}, {values} ({how_sure})")
            continue
        say(f"  {link.one} = {link.other}: likely, {link.confidence:.1%} by the model")
        for part in link.parts:
            said, says = (each or "unknown" for each in part.values)
            what = "" if part.values == (None, None) else f": {said} / {says}"
            say(f"    {part.weight:+6.1f}  {part.what}{what}")
    others = " ".join(one for one in found.ids if one != found.fullest)
    say(f"  To merge: bullseye merge {table} {found.fullest} {others} --reason TEXT --dry-run")


@click.command("duplicates", epilog="Example: bullseye duplicates accounts")
@click.argument("table", type=click.Choice(["accounts", "contacts"]))
@click.option(
    "--with",
    "model",
    type=click.Choice(["splink"]),
    help="Also ask a model that learns from these rows; it needs the extra of that name.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0.5, 0.9999),
    help="With a model: the least probability of a pair, 0.9 where nothing is said.",
)
@as_of_option
@json_option
@click.pass_context
def duplicates_(
    context: click.Context,
    table: str,
    model: str | None,
    threshold: float | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show accounts or contacts that stand more than once, and what speaks for and against it.

    Accounts: the same domain; or the same name and country, and no other domain. Contacts: the
    same e-mail or public profile; or the same name at one account, and no other e-mail. A mailbox
    that several people share, as info@, says nothing where names differ. Nothing is merged: that
    is for you to decide with: bullseye merge
    """
    if model is None:
        if threshold is not None:
            raise UsageError(
                "A threshold is for a model: rules are certain or silent.",
                hint=f"As in: bullseye duplicates {table} --with splink --threshold {threshold}",
            )
        found = matching.duplicates(opened(context), TableName(table), as_of=as_of)
        if as_json:
            print_json(found)
            return
    else:
        both = matching.likely_duplicates(
            opened(context), TableName(table), threshold=threshold or _LIKELY, as_of=as_of
        )
        if as_json:
            print_json(both)
            return
        _say_model(both.model)
        found = list(both.found)
    if not found:
        say(f"No {table} stand more than once by these rules.")
        return
    rows = [
        (
            each.cluster,
            ", ".join(each.ids),
            each.names[0],
            ", ".join(each.agree),
            ", ".join(each.contradict),
        )
        for each in found
    ]
    print_table(("cluster", table, "name", "agree", "contradict"), rows)
    for each in found[:_SHOWN]:
        _say_evidence(table, each)
    if len(found) > _SHOWN:
        say(f"\nThe evidence of the first {_SHOWN} is shown; that of all is in --json.")
