"""The words of a pack as regular expressions that every engine reads alike.

A phrase is written as people write it, accents included. ``*`` at an end of it stands for any
letters, ``*`` within a word for any letters and at most one space, ``...`` for up to four words;
``^`` and ``$`` are the ends of the title, and ``(a|b)`` is one of several. Nothing else is used:
no look-around, no back references, no classes of signs that engines define differently.
"""

import re
from collections.abc import Iterable

from bullseye.definitions.titles.folding import folded

_LETTERS = "[a-z0-9]*"
_WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_ALLOWED = re.compile(r"[a-z0-9 ()|*^$.?\[\]+-]+")


def pattern(phrases: Iterable[str]) -> str:
    """Return one pattern that finds any of `phrases` in a padded title.

    Raises
    ------
    ValueError
        If a phrase uses a sign that has no meaning.

    Examples
    --------
    >>> pattern(["Leiter*", "*leiterin", "Head of", "^Partner$"])
    ' head of | leiter|leiterin |^ partner $'
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for phrase in phrases:
        for spelling in _spellings(phrase):
            before, body, after = _parts(spelling)
            same = kinds.setdefault((before, after), [])
            if body not in same:
                same.append(body)
    found = [_joined(before, bodies, after) for (before, after), bodies in sorted(kinds.items())]
    return "|".join(sorted(found, key=lambda each: (each[0] == "^", each)))


def _joined(before: str, bodies: list[str], after: str) -> str:
    if len(bodies) == 1:
        return f"{before}{bodies[0]}{after}"
    return f"{before}({'|'.join(bodies)}){after}"


def _spellings(phrase: str) -> tuple[str, ...]:
    """Return the phrase without accents, and as people write it who have no umlauts."""
    written_out = phrase.lower()
    for letter, letters in _WRITTEN_OUT.items():
        written_out = written_out.replace(letter, letters)
    return tuple(dict.fromkeys((folded(phrase), folded(written_out))))


def _parts(phrase: str) -> tuple[str, str, str]:
    """Return what stands before, within and after a phrase, as patterns."""
    if not _ALLOWED.fullmatch(phrase):
        raise ValueError(f"{phrase!r} uses a sign that has no meaning in a phrase")
    before, after, body = " ", " ", phrase.replace("[0-9]*", "[0-9]+")
    if body.startswith("^"):
        before, body = "^ ", body[1:]
    if body.endswith("$"):
        after, body = " $", body[:-1]
    body = re.sub(r"( \.\.\.| \*)+$", "", body)
    if body.startswith("*"):
        before, body = "", body[1:]
    if body.endswith("*"):
        after, body = "", body[:-1]
    body = body.replace(" ... ", "( [a-z0-9]+){0,4} ")
    body = re.sub(r"(?<=[a-z0-9])\*(?=[a-z0-9])", f"{_LETTERS} ?{_LETTERS}", body)
    body = re.sub(r"(?<![\]+)])\*", _LETTERS, body)
    return before, body.replace(")*", f"){_LETTERS}"), after
