"""The target list and the worklist of a published run."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName
from bullseye.prioritize.listing import Standing, Target, Wish, listing_sql
from bullseye.prioritize.roles import roles_sql
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.prioritize.run.published import Opened, active_overrides, opened
from bullseye.prioritize.verdict import Answer
from bullseye.prioritize.why_now import Event, why_now
from bullseye.prioritize.worklist import Cell, WorklistRow, next_fields, worklist
from bullseye.warehouse.personas import segments_sql
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table
from bullseye.workspace import Workspace


def targets(
    workspace: Workspace, wish: Wish | None = None, *, as_of: date | None = None
) -> list[Target]:
    """Return the target list of the newest run (or the newest not after `as_of`), best first."""
    with opened(workspace, as_of=as_of) as run:
        return targets_of(workspace, run, wish or Wish())


def targets_of(workspace: Workspace, run: Opened, wish: Wish) -> list[Target]:
    """Return the target list of an opened run."""
    if wish.icp is not None and wish.icp not in run.project.icps:
        raise UnknownName("ICP", wish.icp, run.project.icps)
    sql = listing_sql(
        run.scoring.rendered(run.scores),
        reading(run.state.accounts),
        _overrides(workspace, run),
        reading(run.state.signals),
        roles_sql(
            run.project,
            run.state,
            corrected_titles(workspace),
            segments_sql(run.scoring.rendered(run.scores)),
        ),
        _fills(run),
        wish,
    )
    return [_target(run, row) for row in run.connection.execute(sql).fetchall()]


def _target(run: Opened, row: Sequence[Any]) -> Target:
    (account_id, name, domain, industry, country, employees, revenue, owner, parent, acv) = row[:10]
    rest = row[10:]
    tier, author, icp, status, *numbers = rest[:14]
    score, low, high, coverage, computed, worst, best, excluded_by, strength, icps = numbers
    has_contacts, has_role, field, chance = rest[14:18]
    kind, occurred_on, known_on, subject, detail, url, value, source = rest[18:]
    reason = None
    if kind is not None:
        event = Event(kind, occurred_on, known_on, subject, detail, url, value, source)
        reading_ = run.project.signals_of(run.project.icps[icp])
        reason = why_now(event, reading_, run.run.as_of)
    return Target(
        account_id,
        name,
        domain,
        industry,
        country,
        employees,
        None if revenue is None else float(revenue),
        owner,
        parent,
        None if acv is None else float(acv),
        Tier(tier) if tier else None,
        Standing(
            icp,
            status,
            score,
            low,
            high,
            coverage,
            Tier(computed) if computed else None,
            Tier(worst) if worst else None,
            Tier(best) if best else None,
            excluded_by,
            strength,
        ),
        tuple(icps),
        author,
        reason,
        has_contacts,
        has_role,
        field,
        chance,
    )


def _overrides(workspace: Workspace, run: Opened) -> str:
    """Hand over the overrides that hold for the run; return their table."""
    active = active_overrides(workspace, run)
    kinds = {"account_id": "VARCHAR", "tier": "VARCHAR", "author": "VARCHAR"}
    rows = [(each.account_id, each.tier, each.author) for each in active]
    return make_table(run.connection, "active_overrides", kinds, rows)


def _cells(run: Opened) -> list[list[Cell]]:
    """Return the cube of answers, per profile."""
    values = f"(SELECT account_id, expected_acv AS value FROM {reading(run.state.accounts)})"
    return [
        [Cell(Answer(m, u, s), n, v) for m, u, s, n, v in run.connection.execute(sql).fetchall()]
        for sql in run.scoring.cube(run.scores, values)
    ]


def _fills(run: Opened) -> str:
    """Hand over the best field to fill, per profile and answer; return the table."""
    rows: list[tuple[str, int, int, int, str, float]] = []
    for profile, cells in zip(run.scoring.profiles, _cells(run), strict=True):
        for answer, best in next_fields(profile, cells).items():
            packed = (answer.met, answer.unknown, answer.signal_class)
            rows.append((profile.icp.name, *packed, best.field, best.chance))
    kinds = {
        "icp": "VARCHAR",
        "met": "BIGINT",
        "unknown": "BIGINT",
        "signal_class": "BIGINT",
        "field": "VARCHAR",
        "chance": "DOUBLE",
    }
    return make_table(run.connection, "fills", kinds, rows)


class Worklist(NamedTuple):
    """The fields worth filling for one profile, the one that changes most tiers first."""

    icp: str
    rows: tuple[WorklistRow, ...]


def worklists(run: Opened) -> list[Worklist]:
    """Return the overall worklist of every profile of an opened run."""
    return [
        Worklist(profile.icp.name, tuple(worklist(profile, cells)))
        for profile, cells in zip(run.scoring.profiles, _cells(run), strict=True)
    ]
