"""What a removal is about while it is under way, so that one cut short can be finished.

The file is the only place that knows whom to remove once the first import is written anew. It
is gone when all is done.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bullseye.segment.identity import Identity
from bullseye.workspace import PRIVATE, Workspace


@dataclass(frozen=True)
class Journal:
    """A removal under way: whom it is about, why, since when, and what was found to remove.

    `quotes` is what was quoted of the contact; `deletion_id` is None until the store knows of it.
    """

    identity: Identity
    reason: str
    started_at: datetime
    counts: Mapping[str, int]
    quotes: tuple[str, ...] = ()
    deletion_id: int | None = None


def journal_file(workspace: Workspace) -> Path:
    """Return where the journal is while a removal is under way."""
    return workspace.folder / PRIVATE / "forgetting.json"


def write(workspace: Workspace, journal: Journal) -> None:
    """Write the journal: whole or not at all, for nobody else to read."""
    file = journal_file(workspace)
    fresh = file.with_name(f".{file.name}.unfinished")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(_plain(journal)), encoding="utf-8")
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.replace(file)


def read(workspace: Workspace) -> Journal | None:
    """Return the removal that was cut short, or None."""
    file = journal_file(workspace)
    if not file.is_file():
        return None
    said = json.loads(file.read_text(encoding="utf-8"))
    about = said["identity"]
    sets = ("contact_ids", "emails", "names", "others", "account_ids", "namesakes")
    identity = Identity(
        **{name: frozenset(about[name]) for name in sets},
        accounts=about["accounts"],
    )
    started = datetime.fromisoformat(said["started_at"])
    return Journal(
        identity,
        said["reason"],
        started,
        said["counts"],
        tuple(said["quotes"]),
        said["deletion_id"],
    )


def drop(workspace: Workspace) -> None:
    """Delete the journal: its removal is done."""
    file = journal_file(workspace)
    file.with_name(f".{file.name}.unfinished").unlink(missing_ok=True)
    if file.is_file():
        size = file.stat().st_size
        with file.open("r+b") as opened:  # what a disk keeps of a deleted file is not the text
            opened.write(b" " * size)
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()


def _plain(journal: Journal) -> dict[str, Any]:
    about = journal.identity
    return {
        "identity": {
            "contact_ids": sorted(about.contact_ids),
            "emails": sorted(about.emails),
            "names": sorted(about.names),
            "others": sorted(about.others),
            "account_ids": sorted(about.account_ids),
            "namesakes": sorted(about.namesakes),
            "accounts": dict(about.accounts),
        },
        "reason": journal.reason,
        "started_at": journal.started_at.isoformat(),
        "counts": dict(journal.counts),
        "quotes": list(journal.quotes),
        "deletion_id": journal.deletion_id,
    }
