"""Hold files against the shared language, compare teams by it, and hand it to other tools."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from bullseye.definitions.checks import Severity
from bullseye.definitions.term import Term
from bullseye.errors import InputError, NotEnoughEvidence, UsageError
from bullseye.stats.divergence import Divergence
from bullseye.synthesize.drifting import LanguageDrift, TeamShare, language_drift
from bullseye.synthesize.language import LanguageFinding, Text, language_findings
from bullseye.synthesize.prose import FORMATS
from bullseye.synthesize.vale import HEADER, vale_style
from bullseye.workspace import Workspace

__all__ = [
    "Divergence",
    "LanguageChecked",
    "LanguageCompared",
    "LanguageFinding",
    "Skipped",
    "StyleWritten",
    "TeamShare",
    "check_language",
    "compare_language",
    "export_vale",
]

STYLE = "Bullseye"
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Skipped:
    """A file in a folder that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class LanguageChecked:
    """What was found: by severity in `counts`, over so many files and characters."""

    day: date
    locale: str
    terms: int
    files: int
    characters: int
    findings: tuple[LanguageFinding, ...]
    counts: Mapping[str, int]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class LanguageCompared:
    """How far the teams' texts drift, as read on a day."""

    day: date
    locale: str
    drift: LanguageDrift
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class StyleWritten:
    """A style for Vale: the folder, its files, and the lines for ``.vale.ini``."""

    folder: Path
    files: tuple[str, ...]
    ini: tuple[str, ...]


def check_language(
    workspace: Workspace, paths: Sequence[Path], *, locale: str = "en", allowed: bool = False
) -> LanguageChecked:
    """Return what files, and the files in folders, say against the sheet.

    Parameters
    ----------
    workspace
        Whose terms.
    paths
        Files of any kind of text, or folders, of which files with a known ending are read.
    locale
        The language of files that do not say theirs in a front matter.
    allowed
        Also report wordings that are allowed but not preferred.

    Raises
    ------
    NotEnoughEvidence
        If no term is defined in that language.
    InputError
        If a file that is named cannot be read, or there is no text in the folders.
    """
    terms = _terms(workspace, locale)
    texts, skipped = _texts(paths)
    found = tuple(language_findings(texts, terms, locale=locale, allowed=allowed))
    counts = Counter(str(each.severity) for each in found)
    return LanguageChecked(
        workspace.today,
        locale,
        len(terms),
        len(texts),
        sum(len(each.text) for each in texts),
        found,
        {str(each): counts[str(each)] for each in Severity},
        skipped,
    )


def compare_language(
    workspace: Workspace, teams: Mapping[str, Sequence[Path]], *, locale: str = "en"
) -> LanguageCompared:
    """Return how the texts of teams word the ideas of the sheet.

    Raises
    ------
    UsageError
        If fewer than two teams are given, or one file belongs to two.
    NotEnoughEvidence
        If no term is defined in that language.
    InputError
        If a file that is named cannot be read, or there is no text in the folders.
    """
    if len(teams) < 2:
        raise UsageError(
            "Drift is between teams, and fewer than two are given.",
            hint="Name the texts of two teams, as in: --product FOLDER --sales FOLDER",
        )
    terms = _terms(workspace, locale)
    read = {team: _texts(paths) for team, paths in teams.items()}
    owner: dict[str, str] = {}
    for team, (texts, _) in read.items():
        for text in texts:
            if owner.setdefault(text.file, team) != team:
                raise UsageError(
                    f"{text.file} is given for {owner[text.file]} and for {team}.",
                    hint="A text belongs to the team that wrote it.",
                )
    drift = language_drift({team: texts for team, (texts, _) in read.items()}, terms, locale=locale)
    skipped = tuple(each for _, skips in read.values() for each in skips)
    return LanguageCompared(workspace.today, locale, drift, skipped)


def export_vale(
    workspace: Workspace, folder: Path, *, locale: str = "en", dry_run: bool = False
) -> StyleWritten:
    """Write the sheet as a style for Vale into `folder`, its StylesPath: whole or not at all.

    Raises
    ------
    NotEnoughEvidence
        If no term is defined in that language.
    UsageError
        If the folder cannot be written, or holds a style of that name that is not ours.
    """
    style = vale_style(_terms(workspace, locale), locale=locale)
    target = folder / STYLE
    _refuse_strangers(target)
    if not dry_run:
        try:
            _place(style, target)
        except OSError as error:
            raise UsageError(
                f"The style cannot be written: {error.strerror or error}.",
                place=str(target),
                hint="Name a folder that can be written to.",
            ) from error
    ini = (f"StylesPath = {folder}", "MinAlertLevel = suggestion", "[*.md]")
    return StyleWritten(target, tuple(style), (*ini, f"BasedOnStyles = {STYLE}"))


def _terms(workspace: Workspace, locale: str) -> Mapping[str, Term]:
    terms = {name: t for name, t in workspace.project.terms.items() if t.wording(locale)}
    if not terms:
        raise NotEnoughEvidence(
            f"No term is defined in the language {locale!r}.",
            hint="Write one into terms/: what we call an idea, and what nobody should call it.",
        )
    return terms


def _texts(paths: Sequence[Path]) -> tuple[tuple[Text, ...], tuple[Skipped, ...]]:
    """Return the files that could be read, each once, and those in folders that could not."""
    texts, skipped, seen = list[Text](), list[Skipped](), set[Path]()
    for path, is_named in _files(paths):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        try:
            texts.append(Text.of(str(path), _read(path)))
        except (OSError, ValueError) as error:
            reason = _reason(error)
            if is_named:
                raise InputError(
                    f"The file cannot be read: {reason}.",
                    place=str(path),
                    hint="Name a file of text in UTF-8, or leave it out.",
                ) from error
            skipped.append(Skipped(str(path), reason))
    if not texts:
        raise InputError(
            "There is no text to read.",
            place=", ".join(map(str, paths)),
            hint=f"Name files, or folders with files that end in {', '.join(FORMATS)}.",
        )
    return tuple(texts), tuple(skipped)


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield every file with whether it was named itself; hidden folders are passed over."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(n for n in inner if not n.startswith(".") and n != "node_modules")
            for name in sorted(names):
                if Path(name).suffix.lower() in FORMATS and not name.startswith("."):
                    yield Path(folder) / name, False


def _read(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES / 1e6:.0f} MB")
    content = path.read_bytes()
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    if b"\0" in content:
        raise ValueError("it is no text")
    return content.decode("utf-8-sig")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _refuse_strangers(target: Path) -> None:
    """Raise if a folder of that name holds anything that an export did not write."""
    if not target.exists():
        return
    first = HEADER.encode()
    strange = not target.is_dir() or any(
        not each.is_file() or not each.read_bytes().startswith(first) for each in target.iterdir()
    )
    if strange:
        raise UsageError(
            "There is something of that name which this command did not write.",
            place=str(target),
            hint="Name another folder; what you wrote yourself is never overwritten.",
        )


def _place(style: Mapping[str, str], target: Path) -> None:
    """Put the folder of a style in its place; what was there before goes once it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid4().hex
    fresh, old = (target.with_name(f".{target.name}.{mark}.{what}") for what in ("new", "old"))
    try:
        fresh.mkdir()
        for name, text in style.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            target.replace(old)
        fresh.replace(target)
    except OSError:
        if old.exists() and not target.exists():
            old.replace(target)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
