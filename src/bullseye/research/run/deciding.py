"""What people decide about themes: into a file of the codebook, and into the store."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bullseye.definitions import yaml
from bullseye.definitions.theme import Theme, ThemeStatus
from bullseye.errors import DefinitionError, ExternalError, UnknownName, UsageError
from bullseye.research.codebook import heir_of
from bullseye.research.likeness import Reader
from bullseye.research.proposals import Proposal
from bullseye.research.run import evidence
from bullseye.research.run.theming import proposed
from bullseye.research.theme_file import drafted, edited, theme_text
from bullseye.store import themes as decisions
from bullseye.store.themes import Action, NewThemeDecision
from bullseye.workspace import Workspace

__all__ = ["Action", "Written", "accept", "assign", "merge", "noise", "rename"]


@dataclass(frozen=True)
class Written:
    """What a decision wrote, or would write: files by their path in the workspace."""

    action: Action
    theme: str
    files: Mapping[str, str]
    evidence: tuple[int, ...]


def accept(
    workspace: Workspace,
    proposal: str,
    name: str,
    *,
    says: str | None = None,
    status: ThemeStatus = ThemeStatus.ACTIVE,
    reason: str | None = None,
    dry_run: bool = False,
    reader: Reader | None = None,
) -> Written:
    """Make a proposal a theme: its file is written, and its evidence belongs there from then on.

    Raises
    ------
    UnknownName
        If there is no such proposal now.
    UsageError
        If the name is taken, or is none.
    """
    found = _proposal(workspace, proposal, reader)
    owner = workspace.project.settings.owner or workspace.actor
    _refuse_taken(workspace, name)
    try:
        theme = drafted(
            found, name=name, owner=owner, today=workspace.today, says=says, status=status
        )
    except ValidationError as error:
        raise _invalid(error) from None
    told = f"From proposal {found.id}: {len(found.numbers)} quotes, {workspace.today}."
    action = Action.NOISE if status is ThemeStatus.NOISE else Action.ACCEPT
    files = {_path(name): theme_text(theme, told)}
    decision = _decision(workspace, action, name, evidence_ids=found.numbers, reason=reason)
    return _done(workspace, files, decision, dry_run=dry_run)


def noise(
    workspace: Workspace,
    proposal_or_theme: str,
    *,
    name: str | None = None,
    reason: str | None = None,
    dry_run: bool = False,
    reader: Reader | None = None,
) -> Written:
    """Call a proposal or a theme noise: what is like it is recognised, and never proposed again."""
    themes_ = workspace.project.themes
    if proposal_or_theme in themes_:
        files = _changed(workspace, proposal_or_theme, {"status": ThemeStatus.NOISE.value})
        decision = _decision(workspace, Action.NOISE, proposal_or_theme, reason=reason)
        return _done(workspace, files, decision, dry_run=dry_run)
    return accept(
        workspace,
        proposal_or_theme,
        name or f"noise-{proposal_or_theme.lower()}",
        says="Noise: it says nothing about what the customer needs.",
        status=ThemeStatus.NOISE,
        reason=reason,
        dry_run=dry_run,
        reader=reader,
    )


def merge(
    workspace: Workspace,
    theme: str,
    into: str,
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> Written:
    """Retire `theme`: what it stood for stands for `into` from then on, its exemplars too."""
    known = workspace.project.themes
    for name in (theme, into):
        _require(workspace, name)
    heir = heir_of(known, into)
    if theme == heir or known[heir].status is ThemeStatus.RETIRED:
        raise UsageError(
            f"{theme} cannot be merged into {into}.",
            hint="Name another theme, one that is not retired.",
        )
    if known[theme].kind is not known[heir].kind:
        raise UsageError(
            f"{theme} is of kind {known[theme].kind.value}, {heir} of {known[heir].kind.value}.",
            hint="Merge themes of one kind.",
        )
    files = _changed(workspace, theme, {"status": ThemeStatus.RETIRED.value, "merged_into": heir})
    decision = _decision(workspace, Action.MERGE, theme, into=heir, reason=reason)
    return _done(workspace, files, decision, dry_run=dry_run)


def rename(
    workspace: Workspace,
    theme: str,
    name: str,
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> Written:
    """Give a theme another name; the old one is kept beside it, in the file and in the store."""
    _require(workspace, theme)
    _refuse_taken(workspace, name)
    before = workspace.project.themes[theme]
    ((_, text),) = _changed(
        workspace, theme, {"name": name, "formerly": [*before.formerly, theme]}
    ).items()
    decision = _decision(workspace, Action.NAME, theme, into=name, reason=reason)
    gone = workspace.loaded.origin("themes", theme).file
    return _done(workspace, {_path(name): text}, decision, dry_run=dry_run, gone=gone)


def assign(
    workspace: Workspace,
    theme: str,
    numbers: Sequence[int],
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> Written:
    """Put evidence under a theme by hand; it stays there whatever its words are like."""
    _require(workspace, theme)
    if workspace.project.themes[theme].status is ThemeStatus.RETIRED:
        raise UsageError(f"{theme} is retired.", hint="Name a theme that is active or noise.")
    known = {quote.number: quote for quote in evidence.quotes(workspace)}
    for number in numbers:
        if number not in known:
            raise UnknownName(
                "evidence", f"E{number}", (), hint="See it with: bullseye research evidence"
            )
    kind = workspace.project.themes[theme].kind
    if other := next((n for n in numbers if known[n].kind is not kind), None):
        raise UsageError(
            f"E{other} is of kind {known[other].kind.value}, {theme} of {kind.value}.",
            hint="Evidence and its theme are of one kind.",
        )
    decision = _decision(
        workspace, Action.ASSIGN, theme, evidence_ids=tuple(numbers), reason=reason
    )
    return _done(workspace, {}, decision, dry_run=dry_run)


def _proposal(workspace: Workspace, wanted: str, reader: Reader | None) -> Proposal:
    found = {each.id: each for each in proposed(workspace, reader=reader)}
    if wanted not in found:
        raise UnknownName(
            "proposal", wanted, found, hint="See them: bullseye research themes propose"
        )
    return found[wanted]


def _require(workspace: Workspace, name: str) -> None:
    if name not in workspace.project.themes:
        raise UnknownName("theme", name, workspace.project.themes)


# -- writing -------------------------------------------------------------------------------


def _path(name: str) -> str:
    return f"themes/{name}.yaml"


def _refuse_taken(workspace: Workspace, name: str) -> None:
    formerly = {old for theme in workspace.project.themes.values() for old in theme.formerly}
    if name in workspace.project.themes or name in formerly:
        raise UsageError(f"A theme is or was named {name!r}.", hint="Choose another name.")
    if (workspace.folder / _path(name)).exists():
        raise UsageError(
            f"{_path(name)} is there already.", hint="Choose another name; nothing is overwritten."
        )


def _invalid(error: ValidationError) -> UsageError:
    first = error.errors()[0]
    where = str(first["loc"][0]) if first["loc"] else "theme"
    if where == "name":
        return UsageError(
            f"{first['input']!r} is no name of a theme.",
            hint="Write lower-case words joined by hyphens, as in too-expensive.",
        )
    return UsageError(f"{where}: {first['msg']}.", hint="Say it in 10 to 1,000 characters.")


def _changed(
    workspace: Workspace, theme: str, changes: Mapping[str, str | Sequence[str]]
) -> dict[str, str]:
    origin = workspace.loaded.origin("themes", theme)
    return {origin.file: edited(origin.text, changes, place=origin.file)}


def _decision(
    workspace: Workspace,
    action: Action,
    theme: str,
    *,
    into: str | None = None,
    evidence_ids: tuple[int, ...] = (),
    reason: str | None = None,
) -> NewThemeDecision:
    return NewThemeDecision(
        action=action,
        theme=theme,
        into=into,
        evidence_ids=evidence_ids,
        author=workspace.actor,
        reason=reason,
        created_at=workspace.now(),
    )


def _done(
    workspace: Workspace,
    files: Mapping[str, str],
    decision: NewThemeDecision,
    *,
    dry_run: bool,
    gone: str | None = None,
) -> Written:
    """Write the files and record the decision, or neither; say what was done."""
    for file, text in files.items():
        _check_loads(file, text)
    written = Written(decision.action, decision.theme, dict(files), decision.evidence_ids)
    if dry_run:
        return written
    undo = [_placed(workspace.folder / file, text) for file, text in files.items()]
    if gone:
        undo.append(_removed(workspace.folder / gone))
    try:
        decisions.add(workspace.store, decision)
    except BaseException:
        for each in reversed(undo):
            each()
        raise
    return written


def _check_loads(file: str, text: str) -> None:
    try:
        Theme.model_validate(yaml.read(text))
    except (yaml.NotYaml, ValidationError) as error:
        raise DefinitionError(
            f"The file would not load: {str(error).splitlines()[0]}.",
            place=file,
            hint="Correct it by hand, and try again.",
        ) from None


def _placed(path: Path, text: str) -> Callable[[], None]:
    """Write a file whole or not at all, and return what takes it back."""
    before = path.read_bytes() if path.exists() else None
    try:
        path.parent.mkdir(exist_ok=True)
        _replace(path, text.encode("utf-8"))
    except OSError as error:
        raise ExternalError(
            f"The theme cannot be written: {error.strerror}.",
            place=str(path),
            hint="Choose a folder that you may write to.",
        ) from error

    def undo() -> None:
        with suppress(OSError):
            path.unlink() if before is None else _replace(path, before)

    return undo


def _removed(path: Path) -> Callable[[], None]:
    before = path.read_bytes()
    path.unlink()

    def undo() -> None:
        with suppress(OSError):
            _replace(path, before)

    return undo


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    os.replace(beside, path)
