"""What a file of somebody's words holds, before anybody is recognised: the values readers give."""

from dataclasses import dataclass, field
from datetime import date

from bullseye.definitions.evidence import Consent, Side, SourceKind


@dataclass(frozen=True)
class Utterance:
    """Words one speaker said, as the file has them.

    Attributes
    ----------
    text
        The words; never empty, and without NUL and half surrogate pairs.
    speaker
        The name as the file writes it, None where it names nobody.
    email
        The speaker's address, where the file has it.
    started_ms
        Milliseconds from the beginning, None where the file has no clock.
    side
        The side, where the file itself says it.
    is_quoted
        Whether a note marks the words as quoted, not as the writer's own.
    is_question
        Whether the words are a question of a form, not of a speaker.
    """

    text: str
    speaker: str | None = None
    email: str | None = None
    started_ms: int | None = None
    side: Side | None = None
    is_quoted: bool = False
    is_question: bool = False


@dataclass(frozen=True)
class Participant:
    """Somebody a file names as present; everything may be unknown."""

    name: str | None = None
    email: str | None = None
    side: Side | None = None


@dataclass(frozen=True)
class Conversation:
    """One call, note, answer or chat of a file.

    `account` and `opportunity` are what the file says of them: an id, a name or a domain.
    `place` tells where in the file it stands, as in "row 12"; blank if it is the whole file.
    """

    utterances: tuple[Utterance, ...]
    kind: SourceKind | None = None
    title: str | None = None
    occurred_on: date | None = None
    account: str | None = None
    opportunity: str | None = None
    consent: Consent = Consent.UNKNOWN
    participants: tuple[Participant, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Flaw:
    """A part of a file that could not be used: its line or element, from 1, and why."""

    line: int | None
    reason: str


@dataclass(frozen=True)
class Conversations:
    """What one file holds, and what of it could not be used.

    `flaws` are the first ones; `flaw_count` counts all. `notes` are sentences to show.
    """

    format: str
    conversations: tuple[Conversation, ...]
    flaws: tuple[Flaw, ...] = ()
    flaw_count: int = 0
    notes: tuple[str, ...] = field(default=())
