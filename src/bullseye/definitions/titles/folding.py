"""A title as plain padded ASCII: what the rules of the lexicon are held against."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

LONG_FOLDS: Mapping[str, str] = {
    "ß": "ss",
    "ẞ": "ss",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "þ": "th",
    "Þ": "th",
    "@": " at ",
    " - ": " | ",
}
"""Signs that become more than one letter, and two that change what stands around them."""

PLACE = "( at | bei | chez | presso | hos | bij )[^|,;/()]*"
"""From a word for "at" to the next separator: the name of an account, which says no role."""

_ALONE = dict(zip("øØłŁđĐðÐ", "oolldddd", strict=True)) | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
_BARS = "–—•·｜¦‖"  # noqa: RUF001 - separators people really type
_FOLDED_RANGES = ((0xC0, 0x250), (0x1E00, 0x1F00), (0xFF21, 0xFF5B), (0x1D400, 0x1D6A4))
"""Accented Latin letters, wide letters, and the mathematical ones people use as bold type."""


@cache
def folds() -> Mapping[str, str]:
    """Return the signs that become one ASCII sign each, A to Z included."""
    found = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    for low, high in _FOLDED_RANGES:
        for letter in map(chr, range(low, high)):
            plain = "".join(
                part
                for part in unicodedata.normalize("NFKD", letter)
                if not unicodedata.combining(part)
            ).lower()
            if len(plain) == 1 and "a" <= plain <= "z":
                found[letter] = plain
    return found | _ALONE | dict.fromkeys(_BARS, "|")


FOLDS = folds()
"""Signs that become one ASCII sign each."""

MARKS = "".join(map(chr, range(0x300, 0x370)))
"""Accents written as signs of their own, after their letter: left out."""

_TABLE = str.maketrans(dict(FOLDS) | dict.fromkeys(MARKS))
_NO_WORD = re.compile("[^a-z0-9]+")
_PLACE = re.compile(PLACE)


def folded(text: str) -> str:
    """Return `text` in lower case without accents; other signs stay.

    >>> folded("Geschäftsführer"), folded("Økonomichef")
    ('geschaftsfuhrer', 'okonomichef')
    """
    for sign, letters in LONG_FOLDS.items():
        text = text.replace(sign, letters)
    return text.translate(_TABLE)


def normalised(title: str | None) -> str:
    """Return a title as the rules read it: a space, words of a-z and 0-9, a space.

    Accents are folded, what is said of the place ("at ...", "@ ...") is left out up to the next
    separator, and every other sign becomes a space. A title without a word is two spaces. This is
    the reference; `bullseye.warehouse.titles` says the same in SQL.

    >>> normalised("Head of Growth @ X | ex-Google")
    ' head of growth ex google '
    >>> normalised(None) == normalised("...") == "  "
    True
    """
    words = _NO_WORD.sub(" ", _PLACE.sub(" ", folded(title or "")))
    return f" {words.strip(' ')} "
