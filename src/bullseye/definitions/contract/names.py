"""Names of customers in a text: a message may drop only those its proofs are about."""

import re
from collections.abc import Iterable

from bullseye.definitions.contract.plain import visible

_LEGAL = re.compile(
    r"[\s,]+(?:gmbh(?: & co\.? kg)?|ag|se|kg|inc|ltd|limited|llc|plc|corp|corporation|sas|sarl|sa|"
    r"srl|spa|bv|nv|ab|as|a/s|aps|oy|oyj|co)\.?$",
    re.IGNORECASE,
)
_CUED = re.compile(
    r"\b(?:[Aa]s at|[Jj]ust like at|[Tt]rusted by|[Uu]sed by|[Hh]elped|"
    r"[Cc]ustomers? (?:like|such as)|"
    r"[Tt]eams? at|[Pp]eople at|[Ww]ie bei|[Cc]omme chez)"
    r"\s+((?:[A-Z][\w&.'-]*)(?:\s+[A-Z][\w&.'-]*)*)"
)
_NO_NAMES = frozenset(
    (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
        "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "operations", "finance", "sales", "marketing", "support", "legal",
        "it", "hr", "customer", "customers", "success", "vp", "head", "chief", "ceo", "coo", "cfo",
        "cio", "i", "you", "we", "kunden", "europe", "germany", "france",
    )
)  # fmt: skip

_WORD = re.compile(r"\w+")

SHORTEST = 3
"""Letters below which a name is not looked for: it would be found everywhere."""


def named(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return which of `names` are dropped in `text`, with or without their legal form.

    A name of one word counts only where it is written with a capital: "target" is a word.

    >>> named("Acme did it; our target is you", ["ACME GmbH", "Target Corp"])
    ('ACME GmbH',)
    """
    seen = visible(text)
    words = frozenset(_WORD.findall(seen.casefold()))
    return tuple(name for name in names if _begins_in(words, name) and _is_named(seen, name))


def unproven(text: str, names: Iterable[str], by: Iterable[str]) -> tuple[str, ...]:
    """Return the `names` dropped in `text` that none of the texts `by` drops.

    >>> unproven("As at Globex", ["Globex"], ["Initech went live in May."])
    ('Globex',)
    """
    texts = tuple(by)
    return tuple(
        name
        for name in dict.fromkeys(named(text, names))
        if not any(named(t, [name]) for t in texts)
    )


def dropped(text: str) -> tuple[str, ...]:
    """Return what is named as customers are: after "as at", "trusted by" and the like.

    Such a name need not be known to be one. Days, months and roles are none.

    >>> dropped("As at Hooli Group, and trusted by Operations")
    ('Hooli Group',)
    """
    found = (each[1].rstrip(".-&'") for each in _CUED.finditer(visible(text)))
    return tuple(name for name in found if name.split()[0].casefold() not in _NO_NAMES)


def _begins_in(words: frozenset[str], name: str) -> bool:
    """Whether the first word of a name is among `words`: there may be a hundred thousand names."""
    first = _WORD.search(name.casefold())
    return first is not None and first[0] in words


def _is_named(text: str, name: str) -> bool:
    plain = visible(name)
    short = _LEGAL.sub("", plain)
    return any(_stands(text, each) for each in {plain, short} if len(each) >= SHORTEST)


def _stands(text: str, name: str) -> bool:
    if name.casefold() not in text.casefold():
        return False  # most names: no pattern is made for them
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    written_small = name[:1].islower()
    return any(" " in name or written_small or not each[0][:1].islower() for each in found)
