"""Keys that JSON files of calls use, and their values read without trust."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from bullseye.connectors.transcripts.parts import cleaned
from bullseye.definitions.evidence import Side

TEXT = ("text", "spokenText", "transcript", "content", "sentence", "message", "raw_text", "body")
PIECES = ("sentences", "words", "segments", "paragraphs", "utterances", "monologues")
NAME = (
    "speakerName", "speaker_name", "speakerDisplayName", "displayName", "userName", "username",
    "user_name", "name", "speaker", "fullName", "full_name", "author", "from",
)  # fmt: skip
SPEAKER = (
    "speaker", "speakerName", "speaker_name", "speakerDisplayName", "speakerId", "speaker_id",
    "users", "participant",
)  # fmt: skip
"""Keys that only words which somebody said have."""

ID = ("speakerId", "speaker_id", "userId", "user_id", "speaker", "channel")
EMAIL = ("emailAddress", "email", "email_address", "speakerEmail", "user_email", "mail")
START = (
    "start", "startTime", "start_time", "startMs", "start_ms", "startOffset", "ts", "offset",
    "begin", "timestamp", "startTimeOffset",
)  # fmt: skip
END = ("end", "endTime", "end_time", "endMs", "end_ms", "endOffset", "end_ts", "stop")
PARTIES = ("parties", "participants", "attendees", "speakers", "users", "members")
META = ("metaData", "metadata", "meta", "call", "meeting")
TITLE = ("title", "topic", "subject", "meetingTitle", "name")
STARTED = (
    "started", "scheduled", "startDateTime", "start_time", "startTime", "recording_start",
    "date", "createdDateTime", "callDate", "begin_time",
)  # fmt: skip
DURATION = ("duration", "durationSeconds", "duration_seconds", "length")
SIDES = {
    "internal": Side.US, "host": Side.US, "agent": Side.US, "rep": Side.US, "employee": Side.US,
    "external": Side.CUSTOMER, "customer": Side.CUSTOMER, "client": Side.CUSTOMER,
    "prospect": Side.CUSTOMER,
}  # fmt: skip
LONGEST_CALL_MS = 3e8
"""Three and a half days; a larger number is a moment, not a time within a call."""

_LARGEST = 1e13
_EARLIEST = 6e8
"""Seconds since 1970; a smaller number counts from the beginning of the call."""

SIDE = ("affiliation", "side", "party_type", "speakerType", "speaker_type")


def first(value: object, keys: Sequence[str]) -> Any:
    """Return the first of these entries that a JSON object has and that is not empty, or None."""
    if not isinstance(value, Mapping):
        return None
    return next((value[key] for key in keys if value.get(key) not in (None, "", [])), None)


def text_in(value: object) -> str | None:
    """Return a JSON value as clean text, None where it is none or blank."""
    return (cleaned(value) or None) if isinstance(value, str) else None


def key_in(value: object) -> str | None:
    """Return a JSON text or whole number as the text of an identifier, else None."""
    is_one = isinstance(value, str | int) and not isinstance(value, bool)
    return (cleaned(str(value)) or None) if is_one else None


def number_in(value: object) -> float | None:
    """Return a JSON number of a size that times have, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LARGEST and math.isfinite(value) else None


def day_in(value: object) -> date | None:
    """Return the day of an ISO 8601 text, or of seconds or milliseconds since 1970; else None."""
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            return datetime.fromisoformat(value.strip()).date()
        number = number_in(float(value)) if isinstance(value, str) else number_in(value)
        if number is None or number < _EARLIEST:
            return None
        seconds = number / 1000 if number >= 1000 * _EARLIEST else number
        return datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
