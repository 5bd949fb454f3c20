"""What all readers of conversations share: clean text, flaws that are counted, times, turns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bullseye.definitions.conversation import Flaw, Utterance

MOST_FLAWS_KEPT = 20
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,9}))?$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Flaws:
    """Collects the parts that could not be used: the first ones whole, all of them counted."""

    first: list[Flaw] = field(default_factory=list)
    count: int = 0

    def add(self, line: int | None, reason: str) -> None:
        """Note one part."""
        self.count += 1
        if len(self.first) < MOST_FLAWS_KEPT:
            self.first.append(Flaw(line, reason))


def cleaned(text: str) -> str:
    r"""Return text that every store keeps as it is: no NUL, no controls, no half characters.

    What stands for something becomes a blank, so that words stay apart; the ends are trimmed.

    >>> cleaned(" nine\x00weeks \n")
    'nine weeks'
    """
    return _CONTROLS.sub(" ", text).strip()


def clock_ms(text: str) -> int | None:
    """Return the milliseconds that a time like "01:02:03.5" or "02:03" says, or None.

    >>> clock_ms("00:01:02,500"), clock_ms("1:05"), clock_ms("soon")
    (62500, 65000, None)
    """
    match = _CLOCK.match(text.strip())
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


def turns_of(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """Join what one named speaker said without being interrupted; a nameless part stays alone.

    Captions cut sentences anywhere, and a quote may not cross a turn. Parts of which nobody
    knows the speaker are never joined: they may be of two.
    """
    joined: list[Utterance] = []
    for each in utterances:
        last = joined[-1] if joined else None
        if last is not None and _is_same(last, each):
            joined[-1] = replace(last, text=f"{last.text} {each.text}")
        else:
            joined.append(each)
    return tuple(joined)


def _is_same(one: Utterance, other: Utterance) -> bool:
    if one.speaker is None or one.is_quoted or other.is_quoted:
        return False
    return (one.speaker, one.email, one.side) == (other.speaker, other.email, other.side)
