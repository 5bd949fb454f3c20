"""What people say of their own part in a purchase: sentences read by a lexicon that abstains.

English only. Only the customer's side is read: who asks "are you the decision maker?" says nothing.
A sentence that asks, supposes, doubts, reports, denies or remembers says nothing either.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bullseye.definitions import yaml
from bullseye.definitions.base import Frozen

LONGEST = 600
"""Signs of a sentence beyond which nothing is read: what has no full stops has no sentences."""

_NAME = (
    r"(?-i:[A-ZÀ-Þ][\w'-]+(?: (?:(?:van|von|de|der|den|la|del|da|dos|di) )*[A-ZÀ-Þ][\w'-]+){0,2})"
)
_SENTENCE = re.compile(r"[^.!?\n\r]+[.!?]*")
_CLAUSE = re.compile(r"[,;:()\[\]]| [-\u2013\u2014]+ | (?:but|so|and|because|since|which means) ")
_CONTRACTIONS = (
    (r"\bcannot\b", "can not"),
    (r"\bcan't\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"\bain't\b", "am not"),
    (r"n't\b", " not"),
    (r"\b(I|we|you|they)'d\b", r"\1 would"),
    (r"'m\b", " am"),
    (r"'re\b", " are"),
    (r"'ve\b", " have"),
    (r"'ll\b", " will"),
    (r"\b(it|that|this|he|she|what|who|there)'s\b", r"\1 is"),
    (r"'s\b", " s"),
    (r"\bgotta\b", "got to"),
    (r"-", " "),
)


class _Written(Frozen):
    """The lexicon as it is written."""

    words: dict[str, str]
    doubts: dict[str, str]
    openings: str
    statements: dict[str, tuple[str, ...]]
    despite: dict[str, tuple[str, ...]]
    no_names: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """One thing a speaker said of who plays which part.

    `name` is the kind of evidence (see `bullseye roles prior`), `quote` the sentence as it stands
    in the text from `start` to `end`, and `who` the contact it speaks of, in the speaker's words,
    as in "Maria" or "our CFO"; None where it speaks of the speaker alone.
    """

    name: str
    quote: str
    start: int
    end: int
    who: str | None = None


@dataclass(frozen=True)
class _Lexicon:
    doubts: Mapping[str, re.Pattern[str]]
    openings: re.Pattern[str]
    statements: Mapping[str, tuple[re.Pattern[str], ...]]
    despite: Mapping[str, tuple[str, ...]]
    no_names: frozenset[str]


def statements(text: str) -> tuple[Statement, ...]:
    """Return what a speaker of the customer's side says of parts in the purchase, in order.

    The caller leaves out what our own side says. A kind counts once per sentence.

    >>> [(each.name, each.who) for each in statements("I'm not the decision maker, talk to Maria.")]
    [('said_does_not_decide', None), ('referred_elsewhere', 'Maria')]
    >>> statements("If I were the decision maker, we would have bought it.")
    ()
    """
    return tuple(
        each
        for found in _SENTENCE.finditer(text)
        if len(found[0]) <= LONGEST
        for each in _of_sentence(found[0], found.start())
    )


def _of_sentence(sentence: str, at: int) -> Iterator[Statement]:
    quote = sentence.strip()
    start = at + len(sentence) - len(sentence.lstrip())
    if quote.endswith("?"):
        return
    rules, plain = _lexicon(), _written_out(quote)
    opened = _spaced(rules.openings.sub(" ", _NO_WORD.sub(" ", plain)))
    doubts = {name for name, pattern in rules.doubts.items() if pattern.search(opened)}
    clauses = [
        _spaced(_NO_WORD.sub(" ", rules.openings.sub(" ", part))) for part in _CLAUSE.split(plain)
    ]
    for name, patterns in rules.statements.items():
        if doubts - set(rules.despite.get(name, ())):
            continue
        for clause in (*clauses, opened):
            if (who := _said(clause, patterns, rules.no_names)) is not None:
                yield Statement(name, quote, start, start + len(quote), who or None)
                break


def _said(
    clause: str, patterns: tuple[re.Pattern[str], ...], no_names: frozenset[str]
) -> str | None:
    """Return whom a clause speaks of, "" for the speaker; None where no pattern finds anything."""
    for pattern in patterns:
        if found := pattern.search(clause):
            who = found.groupdict().get("who") or ""
            if who.split(" ")[0].casefold() in no_names and not _is_described(who):
                continue
            return who
    return None


def _is_described(who: str) -> bool:
    return bool(re.match(r"(?:our|my|the) ", who, re.IGNORECASE))


_NO_WORD = re.compile(r"[^\w']+|(?<!\w)'|'(?!\w)")


def _written_out(text: str) -> str:
    """Return a sentence with contractions written out, and one kind of apostrophe."""
    for sign in "\u2018\u2019\u02bc`":
        text = text.replace(sign, "'")
    for pattern, plain in _CONTRACTIONS:
        text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    return text


def _spaced(text: str) -> str:
    return " ".join(text.split())


@cache
def _lexicon() -> _Lexicon:
    text = files("bullseye.synthesize").joinpath("role_statements.yaml")
    written = _Written.model_validate(yaml.read(text.read_text(encoding="utf-8")))

    def compiled(pattern: str) -> re.Pattern[str]:
        before = ""
        while before != pattern:
            before = pattern
            for name, meant in written.words.items():
                pattern = pattern.replace(f"{{{name}}}", meant)
        return re.compile(pattern.replace("NAME", _NAME), re.IGNORECASE)

    return _Lexicon(
        {name: compiled(pattern) for name, pattern in written.doubts.items()},
        compiled(written.openings),
        {name: tuple(map(compiled, each)) for name, each in written.statements.items()},
        written.despite,
        written.no_names,
    )
