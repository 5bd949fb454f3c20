"""Measure value potential in a workspace, and keep the result."""

from dataclasses import dataclass
from datetime import date

from bullseye.errors import NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.segment.run.money import latest_state, refuse_mixed_currencies, yearly_money
from bullseye.segment.segmentation import segmentations
from bullseye.segment.value import Value, values
from bullseye.warehouse.cases import fact_fields
from bullseye.warehouse.facts import read_facts
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

LEAST = 3
"""Accounts below which a value is no segment of its own: few amounts weigh little anyway."""


@dataclass(frozen=True)
class MeasuredValue:
    """The expected yearly value by segment, as known on `as_of`, in `currency`."""

    as_of: date
    currency: str
    found: Value


def measure_value(
    workspace: Workspace, *, by: str | None = None, as_of: date | None = None
) -> MeasuredValue:
    """Return what an account of each segment is worth a year, and keep it as a proof.

    Raises
    ------
    NotEnoughEvidence
        If amounts are in several currencies that were not converted, or there are too few.
    UnknownName
        If `by` is no field of the accounts.
    """
    day = as_of or workspace.today
    with workspace.connection() as connection:
        state = latest_state(workspace, connection, day)
        refuse_mixed_currencies(workspace, connection, state)
        accounts = reading(state.accounts)
        fields = fact_fields(workspace.project)
        facts = read_facts(connection, accounts, fields, order="account_id")
        rows = connection.execute(
            f"SELECT account_id FROM {accounts} ORDER BY account_id"
        ).fetchall()
        money = yearly_money(connection, state, [row[0] for row in rows])
    found = values(money.revenue, segmentations(facts, by, least=LEAST))
    if found is None:
        raise NotEnoughEvidence(
            "Too few accounts have a yearly amount of their own: at least 10 are needed.",
            hint="Import subscriptions with arr or mrr, or won opportunities with an amount.",
        )
    result = MeasuredValue(day, workspace.project.settings.currency, found)
    keep(workspace, "value", by or "all", day, result)
    return result
