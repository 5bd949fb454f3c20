"""Text as it is compared: spelling that says nothing is folded, and every place stays known."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′ʹʻʼˈ`´＇"), "'")  # noqa: RUF001 - they are meant
_QUOTES |= dict.fromkeys(map(ord, "“”„‟″«»‹›＂"), '"')  # noqa: RUF001 - they are meant
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–−﹣－"), "-")  # noqa: RUF001 - they are meant
_BREAKS = dict.fromkeys(map(ord, "—―\ufe58"), " - ")
_ALIKE = _QUOTES | _HYPHENS | _BREAKS
_IDEOGRAPHIC = (
    ("\u3005", "\u3007"),
    ("\u3040", "\u30ff"),  # kana
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\uff66", "\uff9f"),  # kana of half the width
    ("\U00020000", "\U0003ffff"),
)
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))


@dataclass(frozen=True)
class Folded:
    """A text without differences that say nothing, and where each character came from.

    `starts[i]` and `ends[i]` delimit the characters of the original that `text[i]` stands for;
    several characters of `text` may stand for the same ones, as "ss" for "ß".
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=4096)
def folded(text: str) -> Folded:
    r"""Return `text` with compatibility forms, case, quotes, dashes and blanks made alike.

    Characters are in the form NFKC and case-folded; curly quotes become straight, hyphens and
    short dashes "-", long dashes " - ", runs of blanks one space. Blanks at the ends,
    and characters without a width, vanish.

    >>> folded("  Zoë said:\t“ﬁrst Straße” ").text
    'zoë said: "first strasse"'
    """
    kept: list[tuple[str, int, int]] = []
    for at, end in _clusters(text):
        for character in _folded_cluster(text[at:end]):
            if character != " " or (kept and kept[-1][0] != " "):
                kept.append((character, at, end))
    if kept and kept[-1][0] == " ":
        kept.pop()
    pieces, starts, ends = zip(*kept, strict=True) if kept else ((), (), ())
    return Folded("".join(pieces), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each character begins and ends, with the marks that combine with it."""
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and text[end] > "\u02ff" and _combines(text[end]):
            end += 1
        yield at, end
        at = end


def _combines(character: str) -> bool:
    is_jamo = "\u1160" <= character <= "\u11ff"  # composes with the letter before it
    return is_jamo or unicodedata.combining(character) > 0


@lru_cache(maxsize=1 << 14)
def _folded_cluster(cluster: str) -> str:
    # Alike first: the compatibility form takes an acute accent for a blank with a mark.
    alike = unicodedata.normalize("NFKC", cluster.translate(_ALIKE)).casefold()
    plain = unicodedata.normalize("NFKC", alike).translate(_ALIKE)
    return "".join(
        " " if character.isspace() else character
        for character in plain
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf")
    )


def is_word(character: str) -> bool:
    """Whether a character is part of a word or a number; marks on letters are."""
    return (
        character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
    )


def words(text: str) -> list[str]:
    """Return the runs of letters, digits and their marks in `text`.

    >>> words("It's 5 %, हिन्दी.")
    ['It', 's', '5', 'हिन्दी']
    """
    return ["".join(run) for is_one, run in groupby(text, is_word) if is_one]


def is_ideographic(character: str) -> bool:
    """Whether a character is of the Chinese or Japanese scripts, where two make a word.

    >>> is_ideographic("価"), is_ideographic("ド"), is_ideographic("가"), is_ideographic("a")
    (True, True, False, False)
    """
    return any(low <= character <= high for low, high in _IDEOGRAPHIC)


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script that writes words without blanks between them."""
    return is_ideographic(character) or any(low <= character <= high for low, high in _UNSPACED)
