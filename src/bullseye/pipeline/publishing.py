"""Draft and live: the files are the draft; what was published last is live, until the next."""

from dataclasses import dataclass, replace
from datetime import datetime

from bullseye.definitions.diff import Difference, difference
from bullseye.definitions.loader import Loaded
from bullseye.definitions.project import Project
from bullseye.errors import UnknownName
from bullseye.store import versions
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class Draft:
    """How the files differ from what is live; empty where nothing was published."""

    live: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class VersionRow:
    """One content the definitions have had."""

    hash: str
    first_seen_at: datetime
    last_seen_at: datetime
    published_at: datetime | None
    published_by: str | None
    is_live: bool
    is_draft: bool


def live_project(workspace: Workspace) -> Project | None:
    """Return what is live, over the sources as they are now; None if nothing was published.

    Sources say how files are read, not what the team believes: they need no publishing.
    """
    publication = versions.published(workspace.store)
    if publication is None:
        return None
    text = versions.get(workspace.store, publication.definitions_hash)
    return replace(Project.from_canonical(text), sources=workspace.project.sources)


def as_live(workspace: Workspace) -> Workspace:
    """Return the workspace with the live definitions in the place of the files'."""
    live = live_project(workspace)
    if live is None or live.hash == workspace.project.hash:
        return workspace
    return replace(workspace, loaded=Loaded(live, workspace.loaded.origins))


def draft(workspace: Workspace) -> Draft:
    """Return how the files differ from what is live."""
    live = live_project(workspace)
    if live is None:
        return Draft(None, ())
    return Draft(live.hash, difference(live, workspace.project))


def publish(workspace: Workspace, version: str | None = None) -> versions.Publication:
    """Make the files, or an earlier version, live.

    Raises
    ------
    UnknownName
        If no single version's hash begins with `version`.
    """
    if version is None:
        digest = versions.put(
            workspace.store,
            workspace.project.canonical(),
            at=workspace.now(),
            actor=workspace.actor,
        )
    else:
        known = [each.hash for each in versions.listed(workspace.store)]
        found = [each for each in known if each.startswith(version)]
        if len(found) != 1:
            raise UnknownName("single version", version, [each[:12] for each in known])
        digest = found[0]
    return versions.publish(workspace.store, digest, at=workspace.now(), actor=workspace.actor)


def listed_versions(workspace: Workspace) -> list[VersionRow]:
    """Return every version of the definitions, newest first."""
    published = {p.definitions_hash: p for p in versions.publications(workspace.store)}
    live = versions.published(workspace.store)
    rows = []
    for each in versions.listed(workspace.store):
        publication = published.get(each.hash)
        rows.append(
            VersionRow(
                each.hash,
                each.first_seen_at,
                each.last_seen_at,
                publication.published_at if publication else None,
                publication.actor if publication else None,
                live is not None and live.definitions_hash == each.hash,
                each.hash == workspace.project.hash,
            )
        )
    return sorted(rows, key=lambda row: row.last_seen_at, reverse=True)
