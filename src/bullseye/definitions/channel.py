"""The channels a message goes by, and how long it may be there."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Channel(StrEnum):
    """How a message reaches a contact."""

    EMAIL = "email"
    LINKEDIN = "linkedin"
    CALL = "call"
    AD = "ad"


LONGEST: Mapping[Channel, int] = MappingProxyType(
    {
        Channel.EMAIL: 1200,
        Channel.LINKEDIN: 1000,
        Channel.CALL: 1200,
        Channel.AD: 300,
    }
)
"""Most characters of a whole message, by channel: what is read, or said, in about a minute.

These are our own limits, below those of the platforms: a minute of speech is some 150 words, and
a sponsored message may have 1,500 characters.
"""

LONGEST_SUBJECT = 78
"""Most characters of the subject line of an e-mail: RFC 5322, section 2.1.1."""

SHOWN: Mapping[Channel, tuple[str, ...]] = MappingProxyType(
    {
        Channel.EMAIL: (
            "hook", "why_now", "before", "after", "proofs", "objection", "response",
            "call_to_action",
        ),
        Channel.LINKEDIN: ("hook", "why_now", "before", "after", "proofs", "call_to_action"),
        Channel.CALL: (
            "hook", "why_now", "before", "after", "proofs", "objection", "response",
            "call_to_action",
        ),
        Channel.AD: ("hook", "after", "proofs", "call_to_action"),
    }
)  # fmt: skip
"""The slots that the built-in template of a channel shows, in its order."""
