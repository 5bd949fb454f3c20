"""The committees of open opportunities in a workspace, and why these may be stuck."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.stats.presence import Difference
from bullseye.suppression import suppressed_table
from bullseye.synthesize.at_risk import MoneyAtRisk
from bullseye.synthesize.committee import Candidate, Committee, How, Member, Sources, committee
from bullseye.synthesize.run.at_risk import expected_roles, money_at_risk_on
from bullseye.synthesize.run.role_deciding import account_called
from bullseye.synthesize.run.role_reading import assumed_by, known_on, state_on
from bullseye.synthesize.run.roles import beliefs_of
from bullseye.synthesize.stalls import QUIET, RULES, Case, Finding, Row, Unknown, stall_findings
from bullseye.warehouse.committee import OpenOpportunity, Touched, open_opportunities, touches_of
from bullseye.warehouse.contacts import contacts_sql
from bullseye.workspace import Workspace

__all__ = [
    "QUIET",
    "RULES",
    "Candidate",
    "Committee",
    "Committees",
    "Finding",
    "How",
    "Member",
    "Row",
    "Unknown",
    "committees",
]


@dataclass(frozen=True)
class Committees:
    """Open opportunities with who is on them, as known on `as_of`; amounts in `currency`.

    `expected` are the roles a committee should have, `expected_by` says who says so. `findings`
    say what may be stuck, `unknown` what could not be judged. `touched_until` is the day up to
    which touches are known, None where none are imported; `unknown_words` are the roles of the
    CRM that mean none of ours, with their rows. `money` says why there is no money at risk, else
    it is empty.
    """

    as_of: date
    currency: str
    expected: tuple[BuyingRole, ...]
    expected_by: str
    committees: tuple[Committee, ...]
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    touched_until: date | None
    unknown_words: Mapping[str, int]
    quiet: int
    money: str


def committees(
    workspace: Workspace,
    wanted: str | None = None,
    *,
    as_of: date | None = None,
    quiet: int = QUIET,
    progress: Callable[[str], None] = lambda _: None,
) -> Committees:
    """Return the committees of open opportunities, those of most money first.

    Parameters
    ----------
    workspace
        Where opportunities, contacts and roles are.
    wanted
        An open opportunity's id, or the id, domain or name of an account; all where absent.
    as_of
        The day; nothing known later is used. Today where absent.
    quiet
        Days without a touch after which a role counts as quiet.
    progress
        Is told what is being done.

    Raises
    ------
    NotEnoughEvidence
        If no opportunities are imported.
    UnknownName
        If nothing is called `wanted`.
    UsageError
        If `quiet` is not above 0.
    """
    if quiet < 1:
        raise UsageError(f"{quiet} days are no time to be quiet.", hint="Use --quiet 30.")
    day = as_of or workspace.today
    batches = workspace.batches(up_to=day)
    imported = {batch.table for batch in batches}
    if TableName.OPPORTUNITIES not in imported:
        raise NotEnoughEvidence(
            f"No opportunities are known on {day}.",
            hint="Import some with: bullseye import opportunities FILE",
        )
    progress("opportunities")
    sold = _asked(workspace, wanted, day)
    progress("roles")
    accounts = sorted({each.account_id for each in sold if each.account_id is not None})
    assumed = assumed_by(workspace)
    known = known_on(workspace, assumed, day, accounts)
    beliefs = beliefs_of(known, assumed, accounts=accounts)
    touches = None
    if TableName.TOUCHES in imported:
        touches = _touches(workspace, day, [row.contact_id for row in known.written])
    sources = Sources.of(
        known.contacts,
        known.written,
        known.decided,
        beliefs,
        touches or (),
        assumed,
        left_alone(workspace, day),
    )
    expected, by = expected_roles(workspace.project)
    made = tuple(committee(each, sources, expected) for each in sold)
    progress("money at risk")
    at_risk, why = _at_risk(workspace, day)
    days = [batch.as_of for batch in batches if batch.table is TableName.TOUCHES]
    until = min(day, max(days)) if days else None
    cases = [
        Case(
            each,
            None if touches is None else _on(each, sources, touches),
            until,
            any(touch.message for touch in touches or ()),
            TableName.OPPORTUNITY_CONTACTS in imported,
            workspace.project.messages,
            workspace.project.proofs,
            assumed,
            day,
            quiet,
        )
        for each in made
    ]
    findings, unknown = stall_findings(cases, at_risk)
    return Committees(
        day,
        workspace.project.settings.currency,
        expected,
        by,
        made,
        findings,
        unknown,
        until,
        known.unknown_words,
        quiet,
        why,
    )


def left_alone(workspace: Workspace, day: date) -> frozenset[str]:
    """Return the contacts on file who are left alone, and must not be named."""
    with workspace.connection() as connection:
        state = state_on(workspace, connection, day)
        contacts = contacts_sql(state.table(TableName.CONTACTS))
        table = suppressed_table(workspace, connection, contacts)
        rows = connection.execute(f"SELECT contact_id FROM {table}").fetchall()
    return frozenset(contact_id for (contact_id,) in rows)


def _asked(workspace: Workspace, wanted: str | None, day: date) -> list[OpenOpportunity]:
    with workspace.connection() as connection:
        state = state_on(workspace, connection, day)
        if wanted is None:
            return open_opportunities(connection, state)
        if found := open_opportunities(connection, state, opportunity=wanted):
            return found
    try:
        account_id, name = account_called(workspace, wanted)
    except UnknownName as error:
        raise UnknownName(
            "open opportunity and no account", wanted, (), hint="See them with: bullseye committee"
        ) from error
    with workspace.connection() as connection:
        state = state_on(workspace, connection, day)
        found = open_opportunities(connection, state, account=account_id)
    if not found:
        raise NotEnoughEvidence(
            f"{name or account_id} has no open opportunity on {day}.",
            hint="See those that are open with: bullseye committee",
        )
    return found


def _touches(workspace: Workspace, day: date, contacts: Sequence[str]) -> tuple[Touched, ...]:
    with workspace.connection() as connection:
        return tuple(touches_of(connection, state_on(workspace, connection, day), contacts))


def _on(each: Committee, sources: Sources, touches: Sequence[Touched]) -> tuple[Touched, ...]:
    """Return the touches of an opportunity's contacts on it, or on none since it was opened."""
    sold = each.opportunity
    contacts = {row.contact_id for row in sources.written.get(sold.opportunity_id, ())}
    opened = sold.opened_on or date.min
    return tuple(
        touch
        for touch in touches
        if touch.contact_id in contacts
        and touch.on >= opened
        and touch.opportunity_id in (None, sold.opportunity_id)
    )


def _at_risk(
    workspace: Workspace, day: date
) -> tuple[Mapping[tuple[str, BuyingRole], Difference], str]:
    """Return the money at risk by opportunity and missing role, where it differs from none."""
    try:
        found: MoneyAtRisk = money_at_risk_on(workspace, as_of=day)
    except NotEnoughEvidence as error:
        return {}, error.problem
    told = [role for role in found.roles if role.is_told]
    if not told:
        return {}, "History is too thin to tell what a missing role costs: see bullseye at-risk."
    if not any(role.matters for role in told):
        return {}, (
            "In your history no missing role can be told to cost anything: see bullseye at-risk."
        )
    money = {
        (row.opportunity_id, role.role): row.money
        for role in told
        if role.matters
        for row in role.rows
        if row.money is not None
    }
    return money, ""
