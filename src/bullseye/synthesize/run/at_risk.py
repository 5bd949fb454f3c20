"""Measure money at risk in a workspace, and keep the result."""

from collections.abc import Callable, Sequence
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.definitions.known import stored_fields
from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.stats.presence import Difference
from bullseye.synthesize.at_risk import MoneyAtRisk, OpportunityAtRisk, RoleAtRisk
from bullseye.synthesize.money_at_risk import money_at_risk
from bullseye.synthesize.run.role_reading import assumed_by, state_on
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.events import ranked_sources
from bullseye.warehouse.stage_entries import stage_entries
from bullseye.workspace import Workspace

__all__ = [
    "Difference",
    "MoneyAtRisk",
    "OpportunityAtRisk",
    "RoleAtRisk",
    "expected_roles",
    "measure_money_at_risk",
    "money_at_risk_on",
]

USUAL = (BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER, BuyingRole.TECHNICAL_BUYER)
"""The roles that a committee is expected to have where no persona names any."""

KIND = "money_at_risk"


def expected_roles(project: Project) -> tuple[tuple[BuyingRole, ...], str]:
    """Return the roles that a committee is expected to have, and the sentence that says why."""
    named = {role for persona in project.personas.values() for role in persona.roles}
    if not named:
        return USUAL, "usual roles; no persona names its roles"
    said = sorted(name for name, persona in project.personas.items() if persona.roles)
    return tuple(role for role in BuyingRole if role in named), f"personas {', '.join(said)}"


def measure_money_at_risk(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    roles: Sequence[BuyingRole] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> MoneyAtRisk:
    """Return what open opportunities stand to lose by each missing role, and keep it as a proof.

    See `money_at_risk_on`.
    """
    found = money_at_risk_on(workspace, as_of=as_of, roles=roles, progress=progress)
    keep(workspace, KIND, "won", found.as_of, found)
    return found


def money_at_risk_on(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    roles: Sequence[BuyingRole] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> MoneyAtRisk:
    """Return what open opportunities stand to lose by each missing role.

    Parameters
    ----------
    workspace
        Whose opportunities and roles.
    as_of
        The day of the question; today where absent. Nothing known later is used.
    roles
        The roles asked about; those expected of a committee where empty.
    progress
        Is told what is being done.

    Raises
    ------
    NotEnoughEvidence
        If no roles, or no history of stages, are imported.
    """
    day = as_of or workspace.today
    batches = workspace.batches(up_to=day)
    if not any(batch.table is TableName.OPPORTUNITY_CONTACTS for batch in batches):
        raise NotEnoughEvidence(
            f"No roles on opportunities are known on {day}.",
            hint="Import some with: bullseye import opportunity_contacts FILE",
        )
    tables = (TableName.OPPORTUNITIES, TableName.OPPORTUNITY_CONTACTS)
    until = min(day, *(max(_days_of(batches, table), default=day) for table in tables))
    asked = tuple(roles) or expected_roles(workspace.project)[0]
    words = assumed_by(workspace)
    with workspace.connection() as connection:
        progress("what is known")
        state = state_on(workspace, connection, day)
        sources = [
            ranked_sources(
                connection,
                workspace.project,
                batches,
                table,
                stored_fields(workspace.project, table),
            )
            for table in tables
        ]
        progress("stages")
        opportunities, written = sources
        entries = stage_entries(
            connection, state, opportunities, written, until, lambda text: words.crm_role(text)[0]
        )
    if not len(entries.day):
        raise NotEnoughEvidence(
            "No opportunity has a history of its stages, so nobody knows which roles were known on"
            " entering one.",
            hint="Import the stage history with: bullseye import opportunities FILE",
        )
    progress("money at risk")
    return money_at_risk(
        entries,
        [role for role in asked if role is not BuyingRole.BLOCKER],
        as_of=day,
        until=until,
        currency=workspace.project.settings.currency,
    )


def _days_of(batches: Sequence[Batch], table: TableName) -> list[date]:
    return [batch.as_of for batch in batches if batch.table is table]
