"""Headers of columns: the words in them, and the field name made of them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST_NAME = 60

GENERIC: Final = frozenset(
    ("id", "name", "date", "type", "code", "number", "count", "of", "is", "at", "on", "the", "no")
)
"""Words that say nothing alone about what a column holds."""

NEUTRAL: Final = frozenset(
    (
        "name",
        "value",
        "text",
        "primary",
        "current",
        "total",
        "full",
        "main",
        "official",
        "usd",
        "eur",
        "gbp",
        "crm",
        "the",
        "of",
        "in",
        "latest",
        "last",
        "est",
        "estimated",
        "millions",
        "million",
        "hq",
        "headquarters",
        "company",
        "account",
    )
)
"""Words that may stand beside a name without changing what it means."""


def words(header: str, prefixes: Sequence[str] = (), suffixes: Sequence[str] = ()) -> list[str]:
    """Return the lower-case words of a header, without a vendor's prefix and suffix.

    >>> words("NumberOfEmployees"), words("# Employees"), words("Deal_Size__c", (), ("__c",))
    (['number', 'of', 'employees'], ['number', 'employees'], ['deal', 'size'])
    """
    bare = unstyled(header, prefixes, suffixes)
    spelled = bare.replace("#", " number ").replace("%", " percent ")
    spaced = _CAMEL.sub(" ", spelled)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]


def unstyled(header: str, prefixes: Sequence[str], suffixes: Sequence[str]) -> str:
    """Return a header without the longest vendor's prefix and suffix that fits."""
    bare = header.strip()
    for prefix in sorted(prefixes, key=len, reverse=True):
        if bare.lower().startswith(prefix) and len(bare) > len(prefix):
            bare = bare[len(prefix) :]
            break
    for suffix in sorted(suffixes, key=len, reverse=True):
        if bare.lower().endswith(suffix) and len(bare) > len(suffix):
            return bare[: -len(suffix)]
    return bare


def squashed(header: str) -> str:
    """Return a header's letters and digits only, for comparing.

    >>> squashed("Job Title") == squashed("jobtitle")
    True
    """
    return "".join(words(header))


def field_name(parts: Sequence[str], taken: Iterable[str], number: int) -> str:
    """Return a new field's name made of a header's words, different from all `taken`.

    >>> field_name(["umsatz", "größe"], ["umsatz_grosse"], 3)
    'umsatz_grosse_2'
    >>> field_name(["日本"], [], 3)
    'column_3'
    """
    joined = unicodedata.normalize("NFKD", "_".join(parts).replace("ß", "ss"))
    ascii_only = joined.encode("ascii", "ignore").decode()
    name = re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "", ascii_only)).strip("_")
    if name and not name[0].isalpha():
        name = f"column_{name}"
    name = name[: _LONGEST_NAME - 4].rstrip("_") or f"column_{number}"
    used, candidate, again = set(taken), name, 2
    while candidate in used:
        candidate, again = f"{name}_{again}", again + 1
    return candidate
