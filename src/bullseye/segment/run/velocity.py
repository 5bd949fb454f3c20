"""Measure velocity in a workspace, and keep the result."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bullseye.errors import NotEnoughEvidence
from bullseye.segment.run.asking import asked_of
from bullseye.segment.run.keeping import keep
from bullseye.segment.velocity import LEAST_WON, Velocity, velocity
from bullseye.warehouse.cases import LeftOut
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class MeasuredVelocity:
    """How fast opportunities are won, as known on `as_of`, and what it rests on.

    `refused` are fields that the outcome may have filled in: they divide and explain nothing.
    """

    as_of: date
    until: date
    warning: str
    left_out: tuple[LeftOut, ...]
    refused: tuple[str, ...]
    found: Velocity


def measure_velocity(
    workspace: Workspace,
    *,
    by: str | None = None,
    as_of: date | None = None,
    as_known_today: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> MeasuredVelocity:
    """Return how fast each segment is won, and keep it as a proof of kind velocity.

    Raises
    ------
    NotEnoughEvidence
        If too few opportunities were won to measure a pace.
    UnknownName
        If `by` is no field of the accounts.
    """
    with workspace.connection() as connection:
        asked = asked_of(
            workspace,
            connection,
            "won",
            as_of=as_of,
            as_known_today=as_known_today,
            insist=(by,) if by else (),
            progress=progress,
        )
    cases = asked.cases
    found = velocity(asked.columns, by=by)
    if found.overall.won < LEAST_WON:
        raise NotEnoughEvidence(
            f"{found.overall.won:,} opportunities with known days were won; at least {LEAST_WON}"
            " are needed to measure a pace.",
            hint="Import older opportunities with their days, or use --as-known-today.",
        )
    result = MeasuredVelocity(
        cases.as_of, cases.until, cases.warning, cases.left_out, asked.refused, found
    )
    keep(workspace, "velocity", "won", cases.as_of, result)
    return result
