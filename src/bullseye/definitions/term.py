"""A term: what we call one idea, what it may also be called, and what it must not be called."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bullseye.definitions.base import Definition, Frozen, Sentence

Phrase = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=2,
        max_length=80,
        pattern=r"^[^\x00-\x1f\x7f]*\w[^\x00-\x1f\x7f]*$",
    ),
]
"""A word or a few, on one line, with at least one letter or digit."""

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""A language, or a language in a country: en, de, en-GB."""


class Status(StrEnum):
    """What the sheet says of a wording."""

    PREFERRED = "preferred"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class Wording(Frozen):
    """How one idea is said in one language."""

    locale: Locale = Field(default="en", description="The language, as in en, de or en-GB.")
    preferred: Phrase = Field(description="What we say. Capitals in it are meant as written.")
    allowed: tuple[Phrase, ...] = Field(default=(), description="What may be said too.")
    forbidden: tuple[Phrase, ...] = Field(default=(), description="What must not be said.")

    def phrases(self) -> tuple[tuple[Status, str], ...]:
        """Return every phrase with what the sheet says of it."""
        return (
            (Status.PREFERRED, self.preferred),
            *((Status.ALLOWED, each) for each in self.allowed),
            *((Status.FORBIDDEN, each) for each in self.forbidden),
        )


class Term(Definition):
    """One idea of the shared language: product, sales and marketing call it the same."""

    concept: Sentence = Field(description="The idea, in a sentence.")
    why: Sentence = Field(description="Why it is called so, for those who want another word.")
    wordings: tuple[Wording, ...] = Field(min_length=1, description="One per language.")

    @model_validator(mode="after")
    def _one_wording_per_language(self) -> "Term":
        locales = [each.locale for each in self.wordings]
        if len(set(locales)) < len(locales):
            raise ValueError("wordings: one per language")
        return self

    def wording(self, locale: str) -> Wording | None:
        """Return how the idea is said in a language: in its country, else in the language."""
        by_locale = {each.locale: each for each in self.wordings}
        return by_locale.get(locale) or by_locale.get(locale.partition("-")[0])


_ENDINGS = {
    "en": ("s",),
    "de": ("e", "en", "n", "er", "s"),
    "nl": ("s", "en"),
    "fr": ("s", "x"),
    "es": ("s", "es"),
    "pt": ("s", "es"),
}
"""What a simple plural adds, by language; of other languages only the phrase itself is found."""


def forms(phrase: str, locale: str) -> tuple[str, ...]:
    """Return a phrase and its simple plurals: irregular ones must be listed on their own.

    >>> forms("pain point", "en"), forms("quick try", "en")
    (('pain point', 'pain points'), ('quick try', 'quick tries'))
    """
    return (phrase, *_plurals(phrase, locale))


def _plurals(phrase: str, locale: str) -> tuple[str, ...]:
    language = locale.partition("-")[0]
    if not phrase[-1:].isalpha():
        return ()
    if language == "en":
        return (_english(phrase),)
    return tuple(phrase + ending for ending in _ENDINGS.get(language, ()))


def _english(phrase: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh)$", phrase, re.IGNORECASE):
        return phrase + "es"
    if re.search(r"[^aeiou\W]y$", phrase, re.IGNORECASE):
        return phrase[:-1] + "ies"
    return phrase + "s"


def forbidden_phrases(terms: Iterable[Term], locale: str = "en") -> tuple[str, ...]:
    """Return every phrase that must not be said in a language, with its simple plurals."""
    found = (term.wording(locale) for term in terms)
    return tuple(
        dict.fromkeys(
            form
            for wording in found
            if wording is not None
            for phrase in wording.forbidden
            for form in forms(phrase, wording.locale)
        )
    )
