"""Which fields may become criteria, and why the others may not.

The rules look at a field's type, at its name's words and at its values; never at the outcome.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from bullseye.definitions.field import FieldType
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

ALWAYS_READ = frozenset({"funding_stage"})
"""Fields whose name has a word of the process, but that say something about the account."""

OURS = frozenset({"is_customer", "expected_acv", "former_names"})
"""Standard fields that say what we did or expect, not who the account is."""

_PROCESS = {
    "owner": "it says who works the account",
    "rep": "it says who works the account",
    "assigned": "it says who works the account",
    "stage": "it is a state that the process edits",
    "status": "it is a state that the process edits",
    "last": "it moves with the work on the account",
    "latest": "it moves with the work on the account",
    "modified": "it moves with the work on the account",
    "updated": "it moves with the work on the account",
    "month": "it is a part of the calendar",
    "quarter": "it is a part of the calendar",
    "weekday": "it is a part of the calendar",
}
MOST_DISTINCT = 0.5
"""A text with more distinct values than this share of the known rows names, it does not group."""

_FEW = 30
_ID_SHARE = 0.98


class LeftOut(NamedTuple):
    """A field that gives no criteria, and why."""

    field: str
    reason: str


def unsuitable(facts: Mapping[str, Fact], insist: Collection[str] = ()) -> tuple[LeftOut, ...]:
    """Return the fields that give no criteria, by name, each with the reason.

    Parameters
    ----------
    facts
        Columns by field.
    insist
        Fields the user wants all the same.

    Examples
    --------
    >>> from bullseye.definitions.field import Field
    >>> owner = TextFact(Field("owner", FieldType.TEXT, ""), ("Ann",), np.zeros(3, np.int32))
    >>> unsuitable({"owner": owner})
    (LeftOut(field='owner', reason='it says who works the account'),)
    """
    found = ((name, _reason(name, facts[name])) for name in sorted(facts) if name not in insist)
    return tuple(LeftOut(name, reason) for name, reason in found if reason)


def _reason(name: str, fact: Fact) -> str:
    kind = fact.field.type
    if kind in (FieldType.ID, FieldType.DOMAIN):
        return "it is an identifier"
    if kind is FieldType.DATE:
        return "a day stands for the calendar"
    if name in OURS:
        return "it says what we did or expect, not who the account is"
    if name not in ALWAYS_READ:
        for word in re.split(r"[^a-z0-9]+", name.lower()):
            if word in _PROCESS:
                return _PROCESS[word]
    if not fact.known.any():
        return "nothing is known"
    return _by_values(fact)


def _by_values(fact: Fact) -> str:
    known = int(fact.known.sum())
    match fact:
        case TextFact(_, levels, _):
            if known >= _FEW and len(levels) > MOST_DISTINCT * known:
                return "nearly every account has its own value"
        case NumberFact(_, values) if _numbers_rows(values[fact.known]):
            return "it is an identifier"
        case ListFact():
            pass
    return ""


def _numbers_rows(values: np.ndarray) -> bool:
    """Whether the numbers name rows: whole, distinct, and all as long as each other."""
    if len(values) < _FEW or (values != np.floor(values)).any() or values.min() < 1_000:
        return False
    digits = np.floor(np.log10(values))
    as_long = np.unique(digits, return_counts=True)[1].max() / len(values)
    return len(np.unique(values)) > _ID_SHARE * len(values) and bool(as_long > _ID_SHARE)
