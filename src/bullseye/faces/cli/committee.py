"""`bullseye committee`: who is on each open opportunity, and why it may be stuck."""

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
from bullseye.faces.cli.words import compact, number_of
from bullseye.synthesize.run.committee import (
    QUIET,
    Committee,
    Committees,
    Finding,
    How,
    Member,
    committees,
)

_WHO = 60


@click.command("committee", epilog="Example: bullseye committee --limit 5")
@click.argument("wanted", metavar="[OPPORTUNITY|ACCOUNT]", required=False)
@click.option("--findings", is_flag=True, help="List what may be stuck, with its evidence.")
@click.option(
    "--quiet",
    type=click.IntRange(1),
    default=QUIET,
    show_default=True,
    metavar="DAYS",
    help="Days without a touch after which a role counts as quiet.",
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows.")
@as_of_option
@json_option
@click.pass_context
def committee_(
    context: click.Context,
    wanted: str | None,
    findings: bool,
    quiet: int,
    limit: int,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show the committee of each open opportunity: roles covered, by whom, and how sure.

    Name an opportunity by its id, or an account by its id, domain or name. Recorded is what the
    CRM says, confirmed what a person decided, inferred what is believed, with its probability.
    Exits with 3 if nothing is called so, with 6 if no opportunities are imported.
    """
    workspace = opened(context)
    with stages(3, quiet=as_json) as tell:
        found = committees(workspace, wanted, as_of=as_of, quiet=quiet, progress=tell)
    if as_json:
        print_json(_document(found))
    elif wanted is not None and not findings:
        _show_each(found)
    elif findings:
        _show_findings(found, limit)
    else:
        _show_all(found, limit)


def _document(found: Committees) -> dict[str, object]:
    """Return the result as it is printed in JSON: each committee with its covered_share."""
    every = {name: getattr(found, name) for name in found.__dataclass_fields__}
    every["unknown_words"] = dict(found.unknown_words)
    every["committees"] = [
        {
            **{name: getattr(each, name) for name in each.__dataclass_fields__},
            "covered_share": each.covered_share,
        }
        for each in found.committees
    ]
    return every


def _head(found: Committees) -> None:
    n, findings = len(found.committees), number_of(len(found.findings), "finding")
    expected = ", ".join(_words(role) for role in found.expected)
    sold = "1 open opportunity" if n == 1 else f"{n:,} open opportunities"
    say(f"{sold} as of {found.as_of}, {findings}.")
    say(f"  Expected of each: {expected} ({found.expected_by}).")
    if found.unknown_words:
        some = ", ".join(f"{text} ({n:,})" for text, n in list(found.unknown_words.items())[:5])
        say(f"  Roles in the CRM that mean none of ours: {some}. Say so under roles/.")


def _show_all(found: Committees, limit: int) -> None:
    _head(found)
    counts: dict[str, int] = {}
    for finding in found.findings:
        counts[finding.opportunity_id] = counts.get(finding.opportunity_id, 0) + 1
    rows = [
        (
            each.opportunity.opportunity_id,
            each.opportunity.account or "?",
            each.opportunity.stage or "?",
            compact(each.opportunity.amount),
            f"{_covered(each)} of {len(each.expected)}",
            ", ".join(map(_words, each.missing)) or "none",
            f"{counts.get(each.opportunity.opportunity_id, 0)}",
        )
        for each in found.committees[:limit]
    ]
    headers = ("opportunity", "account", "stage", "amount", "covered", "missing", "findings")
    print_table(headers, rows)
    if len(found.committees) > limit:
        say(f"{len(found.committees) - limit:,} more: name one, raise --limit, or use --json.")
    _show_counts(found)


def _covered(each: Committee) -> int:
    return len(set(each.covered) & set(each.expected))


def _show_counts(found: Committees) -> None:
    by_code: dict[str, dict[str, float]] = {}
    for finding in found.findings:
        amounts = by_code.setdefault(finding.code, {})
        amounts[finding.opportunity_id] = finding.amount or 0.0
    for code, amounts in sorted(by_code.items()):
        worth = f"{compact(sum(amounts.values()))} {found.currency}"
        many = number_of(len(amounts), "opportunity", "opportunities")
        say(f"  {code}: {many}, worth {worth}.")
    for unknown in found.unknown:
        say(f"  {unknown.code}: unknown for {unknown.opportunities:,}, {unknown.reason}.")
    if found.money:
        say(f"  Money at risk is not shown. {found.money}")
    if by_code:
        say("  See them with: bullseye committee --findings")


def _show_each(found: Committees) -> None:
    _head(found)
    for each in found.committees:
        _show_one(each, found)


def _show_one(each: Committee, found: Committees) -> None:
    sold = each.opportunity
    say(f"\n{sold.opportunity_id} {sold.account or ''}, {sold.stage or 'stage unknown'}")
    say(
        f"  {compact(sold.amount)} {found.currency}, opened {sold.opened_on or '?'}:"
        f" {_covered(each)} of {len(each.expected)} expected roles are recorded or confirmed."
    )
    rows = [
        (_words(m.role), _who(m), _how(m), _touched(m), str(m.stance or "?")) for m in each.members
    ]
    if rows:
        print_table(("role", "who", "how sure", "last touch", "stance"), rows, limit=_WHO)
    for role in each.missing:
        likely = next((c for c in each.candidates if c.role is role), None)
        hint = ""
        if likely is not None:
            hint = f": {likely.name or likely.contact_id} may be (p {likely.probability:.2f})"
        say(f"  Missing: {_words(role)}{hint}.")
    if each.unplaced:
        say(f"  {number_of(each.unplaced, 'contact')} without a role that is known.")
    for finding in found.findings:
        if finding.opportunity_id == sold.opportunity_id:
            _show_finding(finding, found)


def _show_findings(found: Committees, limit: int) -> None:
    _head(found)
    for finding in found.findings[:limit]:
        say(f"\n{finding.opportunity_id} {finding.account or ''}, {compact(finding.amount)}")
        _show_finding(finding, found)
    if len(found.findings) > limit:
        say(f"\n{len(found.findings) - limit:,} more: raise --limit, or use --json.")
    _show_counts(found)


def _show_finding(finding: Finding, found: Committees) -> None:
    say(f"  {finding.code} since {finding.since or '?'}: {finding.says}")
    for row in finding.evidence[:3]:
        say(f"    {row.table} {row.key}, {row.on or 'day unknown'}: {row.says}")
    if finding.at_risk is not None:
        risk = finding.at_risk
        span = f"{compact(risk.low)} to {compact(risk.high)}"
        say(f"    At risk: {compact(risk.value)} ({span}) {found.currency}.")
    say(f"    Next: {finding.next_action}")


def _words(role: BuyingRole) -> str:
    return role.value.replace("_", " ")


def _who(member: Member) -> str:
    name = member.name or member.contact_id
    return f"{name}, {member.title}" if member.title else name


def _touched(member: Member) -> str:
    return "?" if member.is_left_alone else str(member.last_touch or "never")


def _how(member: Member) -> str:
    if member.how is not How.INFERRED or member.probability is None:
        return f"{member.how.value} {member.on or ''}".strip()
    if member.is_written:
        return "inferred: written in the CRM on another opportunity"
    if member.range is None:
        return f"inferred, p {member.probability:.2f} (stated, not estimated)"
    low, high, n = member.range.low, member.range.high, member.range.n
    return f"inferred, p {member.probability:.2f} ({low:.2f}-{high:.2f}, n = {n:,})"
