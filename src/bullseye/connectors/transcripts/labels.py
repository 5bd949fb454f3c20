"""Who says a line: "Name: text" and its relatives, told from a colon in plain prose."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_LONGEST_NAME = 60
_MOST_WORDS = 6
_TIME = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,9})?(?:[\s\u202f]?[AaPp]\.?[Mm]\.?)?"
_LEADING_TIME = re.compile(rf"^[\[(]?(?P<time>{_TIME})[\])]?[\s\-–—]*")  # noqa: RUF001 - meant
_LABEL = re.compile(
    r"(?:[-*•]\s)?(?P<mark>\*\*|__)?(?P<name>[^\s:*_<>\[\](){}#|\"“][^:*<>\[\]{}#|\"“]*)"
    rf"(?:[\[(](?P<time>{_TIME})[\])])?\s?(?:\*\*|__)?[:：](?:\*\*|__)?(?:\s+|$)"  # noqa: RUF001
)
_FARTHEST_COLON = 120
_NO_NAMES = frozenset(
    {
        "account", "action", "actions", "action item", "action items", "agenda", "attendees",
        "background", "call", "cc", "competitors", "conclusion", "context", "customer quote",
        "date", "decision", "decisions", "example", "follow up", "follow-up", "from", "goal",
        "goals", "http", "https", "mailto", "meeting", "next step", "next steps", "note", "notes",
        "objection", "objections", "outcome", "outcomes", "overview", "pain", "pains",
        "participants", "problem", "ps", "quote", "re", "reason", "result", "sent", "subject",
        "summary", "title", "to", "todo", "topic", "topics", "warning", "who", "why",
    }
)  # fmt: skip
"""What stands before a colon in notes and is nobody, in lower case."""


class Labelled(NamedTuple):
    """A line without the name before it; `name` and `time` are None where there is none."""

    name: str | None
    time: str | None
    text: str


def labelled(line: str) -> Labelled:
    """Return who a line says it is of, when it was said, and the rest of it.

    >>> labelled("[00:01:05] Käthe Vogel: Nine weeks.")
    Labelled(name='Käthe Vogel', time='00:01:05', text='Nine weeks.')
    >>> labelled("**Ben (us):** Why?").name, labelled("See https://x.example").name
    ('Ben (us)', None)
    """
    time = None
    if leading := _LEADING_TIME.match(line):
        time, line = leading["time"], line[leading.end() :]
    match = _LABEL.match(line[:_FARTHEST_COLON])
    if match and _may_name(match["name"]):
        rest = line[match.end() :].strip()
        return Labelled(match["name"].strip(), time or match["time"], rest)
    return Labelled(None, time, line.strip())


def speakers(names: Iterable[str | None], lines: int, known: Iterable[str] = ()) -> frozenset[str]:
    """Return which of the names found before colons are speakers.

    A name is one if the file lists it as a participant, if it stands before two lines or more,
    or if most lines of the file, and at least two, have a name.
    """
    counted = Counter(name for name in names if name)
    if counted.total() > 1 and 2 * counted.total() >= lines:
        return frozenset(counted)
    listed = {folded for each in known for folded in _forms(each)}
    return frozenset(
        name for name, count in counted.items() if count > 1 or name.casefold() in listed
    )


def _forms(name: str) -> set[str]:
    whole = " ".join(name.casefold().split())
    return {whole, whole.split(" ")[0]} if whole else set()


def _may_name(name: str) -> bool:
    words = name.split()
    if len(name) > _LONGEST_NAME or not 0 < len(words) <= _MOST_WORDS:
        return False
    if " ".join(words).casefold() in _NO_NAMES or not any(c.isalpha() for c in name):
        return False
    # A sentence before a colon is no name: names have no full stop inside but of initials.
    first = words[0].lstrip("'’")  # noqa: RUF001 - meant
    is_sentence = any(len(word) > 3 and word[-1] in ".!?;," for word in words[:-1])
    return not is_sentence and (not first[:1].islower() or len(words) == 1 or "@" in name)
