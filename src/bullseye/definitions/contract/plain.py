"""Texts as they are compared: without invisible letters, compatible forms and accidents of case."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_BLANKS = re.compile(r"\s+")
_QUOTES = str.maketrans("\u2019\u2018\u00b4\u0060\u201c\u201d\u201e", "''''" + 3 * '"')


@lru_cache(maxsize=4096)
def visible(text: str) -> str:
    r"""Return `text` as a reader sees it: compatible letters made one, invisible ones gone.

    >>> visible("4\u200b0\u00a0\uff05 \u201cof\u201d \u2460")
    '40 % "of" 1'
    """
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if _is_visible(c))
    digits = "".join(_ascii_digit(c) for c in kept)
    return _BLANKS.sub(" ", digits.translate(_QUOTES)).strip()


def _is_visible(letter: str) -> bool:
    """Whether a letter is neither a format character nor a control, except blanks."""
    return unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co", "Cn") or letter.isspace()


def _ascii_digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


def folded(text: str) -> str:
    """Return `text` as two statements are compared: case, blanks and the last stop do not count.

    >>> folded("Late  go-lives.") == folded("late go-lives")
    True
    """
    return visible(text).casefold().strip(" .!?…\"'")


def is_among(text: str, texts: Iterable[str]) -> bool:
    """Whether `text` is one of `texts`, word for word."""
    return folded(text) in {folded(each) for each in texts}


def phrases_in(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Return which of `phrases` stand in `text` as whole words, whatever the case, in order.

    >>> phrases_in("Our best-in-class tool", ["best in class", "best-in-class", "too"])
    ('best-in-class',)
    """
    seen = visible(text).casefold()
    found = []
    for phrase in phrases:
        wanted = visible(phrase).casefold()
        if wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", seen):
            found.append(phrase)
    return tuple(found)
