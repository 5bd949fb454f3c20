"""What people said job titles mean, as the steps that read contacts need it."""

from bullseye.store import titles
from bullseye.warehouse.contacts import Corrected
from bullseye.workspace import Workspace


def corrected_titles(workspace: Workspace) -> tuple[Corrected, ...]:
    """Return the overrides of titles that hold now, by title."""
    return tuple(
        Corrected(each.title_norm, each.level, each.function)
        for each in titles.active(workspace.store)
    )
