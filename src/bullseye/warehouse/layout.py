"""The layout of a score: which bit of which integer says what about one account.

Two 64-bit integers per account and profile hold the whole answer; everything else (score,
coverage, range, reasons) is read from them.

    met      bits 0-13   points earned, plus the fewest an unknown field could earn
             bits 14-19  how many requirements are met
             bits 20-55  one bit per clause: it is met
    unknown  bits 0-13   points that are still open
             bits 14-19  how many requirements are unknown
             bits 20-55  one bit per clause: its fields are unknown
             bits 57-62  how many unknown clauses hold the account back

Clauses stand in the order of `Project.clauses`: score, require, exclude; so the exclusions are
the highest bits, and "some exclusion is met" is one comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bullseye.definitions.completion import point_range
from bullseye.definitions.field import Field
from bullseye.definitions.icp import MAX_CLAUSES, Clause, Mode
from bullseye.definitions.known import field_named
from bullseye.errors import DefinitionError, UnknownName

POINTS = 1 << 14
REQUIRED = 1 << 14
FIRST_BIT = 20
HELD = 1 << 57


class Part(NamedTuple):
    """Clauses whose points become known together: all on one field, or one on several.

    `low` and `high` are the fewest and most points they earn, counted from each clause's
    worst answer.
    """

    fields: tuple[str, ...]
    clauses: tuple[int, ...]
    low: int
    high: int

    @property
    def span(self) -> int:
        """How many points are open while it is unknown."""
        return self.high - self.low


@dataclass(frozen=True)
class Layout:
    """Where each clause of one profile stands, and what its points add up to."""

    clauses: tuple[Clause, ...]
    parts: tuple[Part, ...]

    @property
    def base(self) -> int:
        """The fewest points any account earns: score 0."""
        return sum(part.low for part in self.parts)

    @property
    def span(self) -> int:
        """Points between the worst account and the best; never 0."""
        return sum(part.span for part in self.parts) or 1

    @property
    def without_points(self) -> bool:
        """Whether no clause scores: every account in scope then fits fully."""
        return not any(part.span for part in self.parts)

    @property
    def required(self) -> int:
        """How many clauses an account must meet."""
        return sum(clause.mode is Mode.REQUIRE for clause in self.clauses)

    @property
    def first_exclusion(self) -> int:
        """The smallest `met` of an account that meets an exclusion."""
        return self.bit(sum(clause.mode is not Mode.EXCLUDE for clause in self.clauses))

    @staticmethod
    def bit(clause: int) -> int:
        """Return the bit of a clause, in both integers."""
        return 1 << (FIRST_BIT + clause)

    def is_met(self, met: int, clause: int) -> bool:
        """Whether the clause is met."""
        return bool(met & self.bit(clause))

    def is_unknown(self, unknown: int, clause: int) -> bool:
        """Whether the clause is unknown."""
        return bool(unknown & self.bit(clause))


def layout(clauses: tuple[Clause, ...], fields: Mapping[str, Field], as_of: date) -> Layout:
    """Return the layout of `clauses`, which are `typed` and in the order of `Project.clauses`.

    Raises
    ------
    UnknownName
        If a clause reads a field that does not exist.
    DefinitionError
        If there are more clauses than bits.
    """
    if len(clauses) > MAX_CLAUSES:
        raise DefinitionError(
            f"The profile has {len(clauses)} criteria and exclusions; at most {MAX_CLAUSES} fit.",
            hint="Join some of them with any or all, or split the profile in two.",
        )
    scoring = [at for at, clause in enumerate(clauses) if clause.mode is Mode.SCORE]
    alone: dict[str, list[int]] = {}
    for at in scoring:
        if len(clauses[at].fields) == 1:
            alone.setdefault(next(iter(clauses[at].fields)), []).append(at)
    parts = [
        Part((name,), tuple(members), *_range(name, [clauses[at] for at in members], fields, as_of))
        for name, members in alone.items()
    ]
    parts += [
        Part(tuple(sorted(clauses[at].fields)), (at,), 0, abs(clauses[at].points))
        for at in scoring
        if len(clauses[at].fields) > 1
    ]
    return Layout(clauses, tuple(parts))


def _range(
    name: str, clauses: list[Clause], fields: Mapping[str, Field], as_of: date
) -> tuple[int, int]:
    field = field_named(fields, name)
    if field is None:
        raise UnknownName("field", name, fields)
    return point_range(clauses, field, {**fields, name: field}, as_of)
