"""Keep the words of who was forgotten out of what is imported later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bullseye.store.research import KeptTurn
from bullseye.suppression import Because, SuppressionList

COVER = "█"
FORGOTTEN = "[forgotten]"


@dataclass(frozen=True)
class Hushed:
    """The turns of a source without the words of who was forgotten; `names` are theirs."""

    turns: tuple[KeptTurn, ...]
    names: frozenset[str] = frozenset()
    speakers: int = 0

    def without_names(self, text: str) -> str:
        """Return a text, as a title, without the names."""
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, FORGOTTEN)
        return text


def hushed(listed: SuppressionList, turns: Sequence[KeptTurn]) -> Hushed:
    """Put what a forgotten contact says, and their name in others' words, under a black bar.

    They are known by address or contact, and then by the name the source gives that speaker.
    """
    theirs = {at for at, turn in enumerate(turns) if _is_forgotten(listed, turn)}
    if not theirs:
        return Hushed(tuple(turns))
    names = frozenset(name for at in theirs if (name := turns[at].speaker))
    new = []
    for at, turn in enumerate(turns):
        if at in theirs or turn.speaker in names:
            speaker = turn.speaker and COVER * len(turn.speaker)
            text = COVER * len(turn.text)
            new.append(replace(turn, speaker=speaker, text=text, contact_id=None, email=None))
        else:
            new.append(replace(turn, text=_covered(turn.text, names)))
    return Hushed(tuple(new), names, max(1, len(names)))


def _is_forgotten(listed: SuppressionList, turn: KeptTurn) -> bool:
    return listed.why(turn.contact_id, turn.email) is Because.FORGOTTEN


def _covered(text: str, names: frozenset[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, COVER * len(name))
    return text
