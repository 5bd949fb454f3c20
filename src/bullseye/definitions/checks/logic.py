"""Whether rules can hold together: reasoning over the sets and ranges they describe.

Answers err towards "it may": a contradiction is only claimed where no value of the fields
could satisfy the rules. Unknown cells play no part: a rule is judged by what it says of known
ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from bullseye.definitions.checks.domain import Literal, can_all_hold
from bullseye.definitions.field import Field
from bullseye.definitions.known import field_named
from bullseye.definitions.rule import AllOf, AnyOf, Not, Rule, Test

MOST_ALTERNATIVES = 512

Alternative = tuple[Literal, ...]
"""Comparisons that must all hold, each as written or negated."""


class TooMany(Exception):
    """A rule has more alternatives than are worth following."""


class Logic:
    """Reasoning about rules over one table on one day."""

    def __init__(self, fields: Mapping[str, Field], today: date) -> None:
        self._fields = fields
        self._today = today

    def can_hold(self, *rules: Rule) -> bool:
        """Whether some account could meet all `rules` at once."""
        try:
            alternatives = _alternatives(AllOf(rules), wanted=True)
        except TooMany:
            return True
        return any(self._possible(alternative) for alternative in alternatives)

    def always_holds(self, rule: Rule) -> bool:
        """Whether every account with known fields meets `rule`."""
        return not self.can_hold(Not(rule))

    def implies(self, rule: Rule, other: Rule) -> bool:
        """Whether whoever meets `rule` meets `other` too."""
        return rule == other or not self.can_hold(rule, Not(other))

    def same(self, rule: Rule, other: Rule) -> bool:
        """Whether both rules hold for the same accounts."""
        return self.implies(rule, other) and self.implies(other, rule)

    def _possible(self, alternative: Alternative) -> bool:
        by_field: dict[str, list[Literal]] = {}
        for literal in alternative:
            by_field.setdefault(literal.test.field, []).append(literal)
        return all(self._field_possible(name, each) for name, each in by_field.items())

    def _field_possible(self, name: str, literals: Sequence[Literal]) -> bool:
        if any(Literal(each.test, not each.wanted) in literals for each in literals):
            return False
        field = field_named(self._fields, name)
        return field is None or can_all_hold(field.type, literals, self._today)


def _alternatives(rule: Rule, *, wanted: bool) -> list[Alternative]:
    """Return the ways in which `rule` holds (or, not wanted, fails to): one of them is enough."""
    match rule:
        case Test():
            return [(Literal(rule, wanted),)]
        case Not(part):
            return _alternatives(part, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            inner = [_alternatives(part, wanted=wanted) for part in parts]
            if isinstance(rule, AllOf) is wanted:
                return list(_products(inner))
            return _bounded([each for alternatives in inner for each in alternatives])


def _products(inner: Sequence[list[Alternative]]) -> Iterator[Alternative]:
    count = 1
    for alternatives in inner:
        count *= len(alternatives)
        if count > MOST_ALTERNATIVES:
            raise TooMany
    for chosen in product(*inner):
        yield tuple(literal for alternative in chosen for literal in alternative)


def _bounded(alternatives: list[Alternative]) -> list[Alternative]:
    if len(alternatives) > MOST_ALTERNATIVES:
        raise TooMany
    return alternatives
