"""The definitions a new workspace starts with: examples to read, to change, and to run."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bullseye.definitions import yaml
from bullseye.definitions.schema import schemas
from bullseye.errors import UsageError

REVIEW_AFTER = timedelta(days=90)
_MEASURED_BEFORE = timedelta(days=30)


class Starter(StrEnum):
    """The sets of definitions there are to start from."""

    SAAS = "saas"  # the example of a B2B SaaS seller
    DEMO = "demo"  # what the company of the generated demo believes


def write_starter(
    folder: Path, *, title: str, owner: str, today: date, starter: Starter = Starter.SAAS
) -> tuple[Path, ...]:
    """Write the definitions of a new workspace, and return the files written.

    Every definition is owned by `owner` and is due for review 90 days from `today`.

    Raises
    ------
    UsageError
        If one of the files is there already, or cannot be written; nothing is overwritten.
    """
    texts = dict(starter_files(title=title, owner=owner, today=today, starter=starter))
    for name in texts:
        if (folder / name).exists():
            raise UsageError(
                f"{name} is there already.",
                place=str(folder),
                hint="Choose an empty folder; existing definitions are never overwritten.",
            )
    try:
        return tuple(_write(folder / name, text) for name, text in texts.items())
    except OSError as error:
        raise UsageError(
            f"The folder cannot be written: {error.strerror}.",
            place=str(folder),
            hint="Choose a folder that you may write to.",
        ) from None


def starter_files(
    *, title: str, owner: str, today: date, starter: Starter = Starter.SAAS
) -> Mapping[str, str]:
    """Return the text of every file of a new workspace by its path inside it."""
    slots = {
        "@TITLE@": yaml.quoted(title),
        "@OWNER@": yaml.quoted(owner),
        "@REVIEW_BY@": (today + REVIEW_AFTER).isoformat(),
        "@MEASURED_ON@": (today - _MEASURED_BEFORE).isoformat(),
    }
    root = files("bullseye.definitions") / "starter"
    texts = {name: _filled(text, slots) for name, text in _texts(root / starter)}
    texts[".gitignore"] = (root / "common" / "gitignore").read_text(encoding="utf-8")
    texts["README.md"] = (root / "common" / "README.md").read_text(encoding="utf-8")
    for kind, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        texts[f"schemas/{kind}.schema.json"] = text
    return dict(sorted(texts.items()))


def _texts(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".md")):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """Return `text` with its slots filled, in one pass: what fills one is not read again."""
    return re.sub("@[A-Z_]+@", lambda slot: slots[slot[0]], text)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
