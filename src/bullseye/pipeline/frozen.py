"""A workspace with the definitions of one version in the place of the files'."""

from dataclasses import dataclass, replace
from datetime import date

from bullseye.definitions.loader import Loaded
from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.pipeline.publishing import live_project
from bullseye.store import versions
from bullseye.workspace import Workspace

LIVE = "live"


@dataclass(frozen=True)
class Frozen:
    """A workspace whose definitions are one version's, its hash, and when it was first seen.

    `written_on` is the day this workspace first scored, tested or published the version; None if
    it never did, as with files that were just changed.
    """

    workspace: Workspace
    version: str
    written_on: date | None


def frozen(workspace: Workspace, version: str | None) -> Frozen:
    """Return the workspace with the definitions of a version; with those of the files if None.

    Sources are always those of the files: they say how data is read, not what is believed.

    Raises
    ------
    UnknownName
        If no single version's hash begins with `version`.
    NotEnoughEvidence
        If `version` is ``live`` and nothing was published.
    """
    if version is None:
        return Frozen(workspace, workspace.project.hash, _first_seen(workspace))
    project = _live(workspace) if version == LIVE else None
    known = {each.hash: each for each in versions.listed(workspace.store)}
    if project is not None:
        publication = versions.published(workspace.store)
        digest = publication.definitions_hash if publication else project.hash
    else:
        found = [hash_ for hash_ in known if hash_.startswith(version)]
        if len(found) != 1:
            raise UnknownName("single version", version, [each[:12] for each in known])
        digest = found[0]
        project = Project.from_canonical(versions.get(workspace.store, digest))
        project = replace(project, sources=workspace.project.sources)
    seen = known[digest].first_seen_at.date() if digest in known else None
    return Frozen(replace(workspace, loaded=Loaded(project, {})), digest, seen)


def icp_named(project: Project, icp: str | None) -> str:
    """Return the name of the ICP meant; the only one where none is named.

    Raises
    ------
    UsageError
        If none is named and there are several, or there is none at all.
    UnknownName
        If there is no such ICP.
    """
    if icp is None:
        if len(project.icps) != 1:
            raise UsageError(
                f"There are {len(project.icps)} ICPs: say which one.",
                hint=f"Known: {', '.join(sorted(project.icps))}." if project.icps else "",
            )
        return next(iter(project.icps))
    if icp not in project.icps:
        raise UnknownName("ICP", icp, tuple(project.icps))
    return icp


def _live(workspace: Workspace) -> Project:
    live = live_project(workspace)
    if live is None:
        raise NotEnoughEvidence(
            "Nothing is live yet, so there is nothing to compare with.",
            hint="Make the definitions live with: bullseye publish",
        )
    return live


def _first_seen(workspace: Workspace) -> date | None:
    for each in versions.listed(workspace.store):
        if each.hash == workspace.project.hash:
            return each.first_seen_at.date()
    return None
