"""The list of an earlier run, for handing over what changed since."""

from datetime import date, datetime

from bullseye.errors import UsageError
from bullseye.operationalize.changes import Earlier
from bullseye.pipeline.rows import row_of
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Wish
from bullseye.store import overrides
from bullseye.workspace import Workspace


def earlier_list(
    workspace: Workspace, wish: Wish, since: str, *, as_of: date | None = None
) -> Earlier:
    """Return the list of the run that `since` names (its id, or a day), as it was published.

    Raises
    ------
    UsageError
        If that run is newer than the list of `as_of`, or of the newest run.
    """
    run = prioritize.run_since(workspace, since)
    if as_of is not None and run.as_of > as_of:
        raise UsageError(
            f"Run {run.id} is of {run.as_of}: newer than the list of {as_of}.",
            hint="Name an older run; see them with: bullseye runs",
        )
    decided = _decided_from(workspace, run.finished_at or run.started_at)
    with prioritize.reopened(workspace, run) as opened:
        found = prioritize.targets_of(workspace, opened, wish)
        unsure = [each for each in found if each.account_id in decided]
        for account_id in sorted(decided - {each.account_id for each in unsure}):
            alone = Wish(icp=wish.icp, account_id=account_id)
            unsure += prioritize.targets_of(workspace, opened, alone)
    return Earlier(run.id, tuple(map(row_of, found)), tuple(map(row_of, unsure)))


def _decided_from(workspace: Workspace, moment: datetime) -> set[str]:
    """Return the accounts on whose tier somebody decided, or took it back, from a moment on."""
    return {
        each.account_id
        for each in overrides.listed(workspace.store)
        if each.created_at >= moment
        or (each.withdrawn_at is not None and each.withdrawn_at >= moment)
    }
