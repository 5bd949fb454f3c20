"""Apply the safe edits of findings to the files, and touch nothing else."""

import os
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from pydantic import ValidationError

from bullseye.definitions import yaml
from bullseye.definitions.checks.finding import Finding, Fix
from bullseye.definitions.project import KINDS

_BOM = "\ufeff"


def apply_fixes(folder: Path, findings: Iterable[Finding]) -> tuple[Path, ...]:
    """Edit the files of a workspace where findings carry a fix, and return the changed ones.

    An edit is skipped where the file no longer says what the finding saw, and a file is left
    as it was where it would no longer load. Comments, order and line ends stay; a second call
    with the same findings changes nothing.
    """
    fixes = {finding.fix for finding in findings if finding.fix}
    by_place = sorted(fixes, key=lambda fix: (fix.file, fix.start, fix.end, fix.new))
    changed = []
    for file, group in groupby(by_place, key=lambda fix: fix.file):
        path = folder / file
        if path.is_file() and _edit(path, Path(file).parts[0], list(group)):
            changed.append(path)
    return tuple(changed)


def _edit(path: Path, kind: str, fixes: list[Fix]) -> bool:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    edited = _edited(text, kind, fixes)
    if edited == text:
        return False
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes((mark + edited).encode("utf-8"))
    os.replace(beside, path)
    return True


def _edited(text: str, kind: str, fixes: list[Fix]) -> str:
    """Return `text` with the edits that still apply, one after the other from the end."""
    last = len(text) + 1
    for fix in reversed(fixes):
        start, end = _offset(text, fix.start), _offset(text, fix.end)
        if end > last or _plain(text[start:end]) != fix.old:
            continue
        tried = text[:start] + fix.new + text[end:]
        if _loads(tried, kind):
            text, last = tried, start
    return text


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _offset(text: str, offset: int) -> int:
    r"""Return where the character at `offset`, with \r\n counted as one, stands in `text`."""
    at = 0
    for _ in range(offset):
        at += 2 if text.startswith("\r\n", at) else 1
    return at


def _loads(text: str, kind: str) -> bool:
    try:
        KINDS[kind].model_validate(yaml.read(_plain(text)))
    except (yaml.NotYaml, ValidationError, KeyError):
        return False
    return True
