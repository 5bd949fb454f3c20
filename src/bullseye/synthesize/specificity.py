"""What makes a claim specific, as plain counts on its surface: ten features, and no score.

A score would need ratings of people to be fitted to, and there are none here: so each feature is
shown with its place among the competitors' claims, and nothing is weighed against anything.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import log

COMMON = 1 / 3
"""Share of the owners whose texts have a word from which on it counts as common."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d[\d.,\u202f ]*\d|\d")
_PERCENT = re.compile(r"\d\s*(?:%|percent\b|per cent\b)", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£¥]\s*\d|\d\s*(?:[$€£¥]|(?:USD|EUR|GBP|CHF|dollars?|euros?)\b)", re.IGNORECASE
)
_SIGN = re.compile(r"(?<!\d),|,(?!\d)|[;:()\u2013\u2014\"]")
_PRONOUNS_TEXT = (
    "i we you he she it they our ours your yours us them their its my his her this these"
)
_PRONOUNS = frozenset(_PRONOUNS_TEXT.split())


@dataclass(frozen=True)
class Specifics:
    """Ten counts on the surface of one claim.

    `words` counts words; `numbers`, `percents`, `amounts` (of money), `names` (capitals inside a
    sentence), `signs` (punctuation inside it) and `pronouns` count what they say. `rarity` is the
    mean and `rarest` the largest weight of its words: 0 for a word that every owner uses, more the
    fewer do. `common_share` is the share of words that a third of the owners use, 0-1.
    """

    words: int
    numbers: int
    percents: int
    amounts: int
    names: int
    rarity: float
    rarest: float
    common_share: float
    signs: int
    pronouns: int


FEATURES = tuple(field.name for field in fields(Specifics))

LESS_IS_MORE = frozenset({"common_share", "pronouns"})
"""Features of which a specific claim has less."""


class Vocabulary:
    """How many owners use each word; a word counts once per owner, however often it is said."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.owners = len(texts)
        self._used: dict[str, int] = {}
        for said in texts.values():
            for word in {each for text in said for each in words(text)}:
                self._used[word] = self._used.get(word, 0) + 1

    def weight(self, word: str) -> float:
        """Return the natural logarithm of the owners over those who use a word; 0 at least."""
        return log((1 + self.owners) / (1 + self._used.get(word, 0))) if self.owners else 0.0

    def is_common(self, word: str) -> bool:
        """Whether at least a third of the owners, and more than one, use a word."""
        used = self._used.get(word, 0)
        return used > 1 and used >= COMMON * self.owners


def words(text: str) -> list[str]:
    """Return the words of a text in small letters.

    >>> words("We don't guess: 40% less.")
    ['we', "don't", 'guess', 'less']
    """
    return [each.replace("\u2019", "'").casefold() for each in _WORD.findall(text)]


def specifics(text: str, vocabulary: Vocabulary) -> Specifics:
    """Return the features of one claim, against the words of all owners."""
    said = words(text)
    weights = [vocabulary.weight(word) for word in said]
    common = sum(vocabulary.is_common(word) for word in said)
    return Specifics(
        len(said),
        len(_NUMBER.findall(text)),
        len(_PERCENT.findall(text)),
        len(_MONEY.findall(text)),
        _names(text),
        sum(weights) / len(weights) if weights else 0.0,
        max(weights, default=0.0),
        common / len(said) if said else 0.0,
        len(_SIGN.findall(text)),
        sum(word in _PRONOUNS for word in said),
    )


def _names(text: str) -> int:
    """Count words with a capital that do not begin a sentence."""
    found = 0
    begins = True
    for each in re.finditer(r"[^\W\d_]+|[.!?:]", text):
        if not each[0][0].isalpha():
            begins = True
            continue
        found += each[0][0].isupper() and not begins
        begins = False
    return found


def share_below(value: float, others: Sequence[float]) -> float:
    """Return which share of sorted values a value is above; a tie counts half.

    >>> share_below(2, [1, 2, 3])
    0.5
    """
    if not others:
        return 0.5
    return (bisect_left(others, value) + bisect_right(others, value)) / 2 / len(others)
