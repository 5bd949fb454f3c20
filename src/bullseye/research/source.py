"""What was said, by whom, where and when: a source, its turns, and candidates for evidence."""

from dataclasses import dataclass
from datetime import date

from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind, Status

__all__ = [
    "Candidate",
    "Consent",
    "EvidenceKind",
    "Side",
    "Source",
    "SourceKind",
    "Status",
    "Turn",
]


@dataclass(frozen=True)
class Turn:
    """What one speaker said without being interrupted.

    Attributes
    ----------
    index
        Place in the source, from 0.
    speaker
        The name as the source writes it; None where it names nobody.
    side
        On whose side the speaker is.
    text
        The words exactly as the source has them; offsets of quotes count its characters.
    started_ms
        Milliseconds from the beginning of the source; None where it has no clock.
    contact_id
        The contact of the workspace who is the speaker; None where nobody is sure.
    email
        The speaker's e-mail address, in lower case; None where it is not known.
    """

    index: int
    speaker: str | None
    side: Side
    text: str
    started_ms: int | None = None
    contact_id: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Source:
    """One call, note, answer or chat, with its turns in order.

    `sha256` is of the normalised text: the same words in another file have the same one.
    `occurred_on` is the day it was said, None where nothing tells it.
    """

    kind: SourceKind
    title: str
    occurred_on: date | None
    account_id: str | None
    opportunity_id: str | None
    turns: tuple[Turn, ...]
    sha256: str
    consent: Consent = Consent.UNKNOWN


@dataclass(frozen=True)
class Candidate:
    """A quote that may be evidence, found by a method, before any person saw it.

    `start` and `end` are offsets in the turn's text, and `quote` is exactly that slice.
    `score` is the method's own, higher is surer; it is no probability unless the method says so.
    """

    kind: EvidenceKind
    turn_index: int
    start: int
    end: int
    quote: str
    method: str
    score: float | None = None
