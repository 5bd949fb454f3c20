"""Where the wordings of a sheet stand in a text: whole words, any case, longest phrase first."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bullseye.definitions.term import Status, Term, forms

_TOKEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+|[^\w\s]|_", re.UNICODE)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'")
_ALIKE = {**_DASHES, **_QUOTES}


class Use(NamedTuple):
    """One wording of the sheet at one place of a text: characters `start` to `end`.

    `phrase` is the sheet's own, `instead` the preferred wording. `is_miscased` says that a
    preferred wording has other capitals than the sheet.
    """

    start: int
    end: int
    term: str
    locale: str
    status: Status
    phrase: str
    instead: str
    is_miscased: bool = False


class _Leaf(NamedTuple):
    term: str
    locale: str
    status: Status
    phrase: str
    instead: str
    form: str


@dataclass
class _Node:
    """A word of some phrases: what follows it, and the phrase that ends here."""

    next: dict[tuple[bool, str], "_Node"] = field(default_factory=dict)
    leaf: _Leaf | None = None


@dataclass(frozen=True)
class Sheet:
    """The wordings of one language, ready to be found: a tree of words.

    Where two terms have the same phrase, forbidden goes before allowed and preferred, then the
    alphabet decides; the linter says that they contradict each other (TRM001).
    """

    locale: str
    root: _Node = field(repr=False)

    @classmethod
    def of(cls, terms: Iterable[Term], locale: str = "en") -> "Sheet":
        """Return the sheet of a language: wordings of its country go before those without one."""
        root = _Node()
        order = {Status.FORBIDDEN: 0, Status.PREFERRED: 1, Status.ALLOWED: 2}
        leaves = sorted(_leaves(terms, locale), key=lambda e: (order[e.status], e.term, e.form))
        for leaf in leaves:
            node = root
            for step in _steps(leaf.form):
                node = node.next.setdefault(step, _Node())
            if node.leaf is None:
                node.leaf = leaf
        return cls(locale, root)

    def uses(self, text: str) -> Iterator[Use]:
        """Yield every wording in a text by place; one inside a longer one is part of that one.

        A phrase is found as whole words in any case; blanks in it stand for any white space, and
        all dashes are alike. The time is that of reading the text once, times the words of the
        longest phrase.
        """
        starts = self.root.next
        end = 0
        for token in _TOKEN.finditer(text):
            first = starts.get((False, _folded(token[0])))
            if first is None or _is_inside_a_name(text, token.start() - 1, -1):
                continue
            found = _longest(first, text, token)
            if found is not None and found.end > end:
                end = found.end
                yield found


def _leaves(terms: Iterable[Term], locale: str) -> Iterator[_Leaf]:
    for term in terms:
        wording = term.wording(locale)
        if wording is None:
            continue
        for status, phrase in wording.phrases():
            for form in forms(phrase, wording.locale):
                yield _Leaf(term.name, wording.locale, status, phrase, wording.preferred, form)


def _steps(phrase: str) -> list[tuple[bool, str]]:
    """Return the words and signs of a phrase; each with whether it sticks to the one before."""
    tokens = list(_TOKEN.finditer(phrase))
    return [
        (at > 0 and token.start() == tokens[at - 1].end(), _folded(token[0]))
        for at, token in enumerate(tokens)
    ]


def _folded(token: str) -> str:
    if token.isascii():
        return token.lower()
    return unicodedata.normalize("NFKC", token.translate(_ALIKE)).casefold()


def _longest(first: _Node, text: str, token: re.Match[str]) -> Use | None:
    """Return the longest phrase that starts at a token, if one does."""
    found, node = None, first
    begin, end = token.span()
    while True:
        if node.leaf is not None and not _is_inside_a_name(text, end, 1):
            found = _use(node.leaf, begin, end, text)
        following = _TOKEN.search(text, end) if node.next else None
        if following is None:
            return found
        after = node.next.get((following.start() == end, _folded(following[0])))
        if after is None:
            return found
        node, end = after, following.end()


def _is_inside_a_name(text: str, at: int, step: int) -> bool:
    """Whether an underscore at a place joins the word beside it to another, as in fit_score."""
    if not 0 <= at < len(text) or text[at] != "_":
        return False
    beyond = at + step
    return 0 <= beyond < len(text) and (text[beyond].isalnum() or text[beyond] == "_")


def _use(leaf: _Leaf, start: int, end: int, text: str) -> Use:
    said = " ".join(text[start:end].split())
    miscased = leaf.status is Status.PREFERRED and _is_miscased(said, leaf.form)
    return Use(start, end, leaf.term, leaf.locale, leaf.status, leaf.phrase, leaf.instead, miscased)


def _is_miscased(said: str, meant: str) -> bool:
    """Whether capitals of a name are not as the sheet writes them."""
    return meant != meant.lower() and said.translate(_ALIKE) != meant.translate(_ALIKE)
