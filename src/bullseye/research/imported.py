"""What a user says of files of words, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bullseye.definitions.conversation import Conversations, Flaw
from bullseye.definitions.source import DateOrder
from bullseye.errors import BullseyeError
from bullseye.research.answers import Mapped
from bullseye.research.source import SourceKind


@dataclass(frozen=True)
class ResearchOptions:
    """What the user says of the files; all of it may be left open.

    `account` is an id, a domain or a name; `columns` are, by field, the columns of a table of
    answers; `dates` how its days are written; `anyway` imports what is nearly the same.
    """

    kind: SourceKind | None = None
    account: str | None = None
    on: date | None = None
    encoding: str | None = None
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: DateOrder | None = None
    anyway: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class ImportedSource:
    """What became of one conversation.

    `number` is None where nothing was kept: `same_as` is then the source it is the same as,
    `same_share` how much of it (0-1), or `refused` says why. `resolved` counts its turns by how
    their side was found; `problem` says why its account is not known. `alike` is a source that
    has less in common, but too much for chance: a person should look at the two.
    """

    place: str
    number: int | None
    kind: SourceKind
    title: str
    occurred_on: date | None
    account_id: str | None
    account_by: str | None
    turns: int
    speakers: int
    contacts: int
    resolved: Mapping[str, int]
    problem: str = ""
    refused: str = ""
    same_as: int | None = None
    same_share: float | None = None
    alike: int | None = None
    alike_share: float | None = None


@dataclass(frozen=True)
class ImportedFile:
    """What became of one file; `error` where it could not be used at all.

    `mapped` says what the columns of a table are; `flaws` are the first parts of it that could
    not be used, `flaw_count` counts all.
    """

    file: str
    format: str = ""
    sources: tuple[ImportedSource, ...] = ()
    mapped: tuple[Mapped, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    flaw_count: int = 0
    notes: tuple[str, ...] = ()
    error: BullseyeError | None = None


@dataclass(frozen=True)
class ReadFile:
    """A file as it was read; `mapped` is empty unless it is a table."""

    path: Path
    found: Conversations
    mapped: tuple[Mapped, ...] = ()
