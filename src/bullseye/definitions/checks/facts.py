"""What was measured on the imported data, as plain numbers the linter can hold rules against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bullseye.definitions.field import FieldType, TableName


class Interval(NamedTuple):
    """A confidence interval of a share, 0-1."""

    low: float
    high: float


@dataclass(frozen=True)
class FieldFacts:
    """What the imported rows of one table know about one field.

    `values` counts rows by value, for text and list fields, most frequent first; it may be cut
    short, so it is the whole truth only where `values_are_complete`. `low` and `high` are the
    extremes of numbers and days, None where unknown.
    """

    type: FieldType
    row_count: int
    known_count: int
    distinct_count: int | None = None
    values: Mapping[str, int] = field(default_factory=dict)
    low: float | date | None = None
    high: float | date | None = None

    @property
    def known_share(self) -> float:
        """Share of rows whose cell is known, 0-1; 0 without rows."""
        return self.known_count / self.row_count if self.row_count else 0.0

    @property
    def values_are_complete(self) -> bool:
        """Whether `values` lists every distinct value."""
        return self.distinct_count is not None and len(self.values) >= self.distinct_count


@dataclass(frozen=True)
class ClauseFacts:
    """How many accounts met one clause, did not, or could not be told."""

    met_count: int
    not_met_count: int
    unknown_count: int = 0

    @property
    def known_count(self) -> int:
        """Accounts with an answer."""
        return self.met_count + self.not_met_count


@dataclass(frozen=True)
class IcpFacts:
    """What one ICP selects from the imported accounts.

    `selected_count` are the accounts that meet all requirements, are not excluded and have a
    tier; `selected_interval` is the 95 % interval of their share. `clauses` holds every clause
    the ICP is evaluated by, workspace exclusions included, by name.
    """

    account_count: int
    selected_count: int
    selected_interval: Interval
    unknown_count: int = 0
    clauses: Mapping[str, ClauseFacts] = field(default_factory=dict)

    @property
    def selected_share(self) -> float:
        """Share of the imported accounts that is selected, 0-1; 0 without accounts."""
        return self.selected_count / self.account_count if self.account_count else 0.0


@dataclass(frozen=True)
class PersonaFacts:
    """Which of the imported contacts the personas fit.

    `fits` counts contacts by persona, whichever persona goes first; `overlaps` counts contacts
    that fit two, by their names in order; `uncovered_interval` is the 95 % interval of the share
    that fits none.
    """

    contact_count: int
    uncovered_count: int
    uncovered_interval: Interval
    fits: Mapping[str, int] = field(default_factory=dict)
    overlaps: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def uncovered_share(self) -> float:
        """Share of the contacts that fits no persona, 0-1; 0 without contacts."""
        return self.uncovered_count / self.contact_count if self.contact_count else 0.0


@dataclass(frozen=True)
class Facts:
    """Everything measured; empty while nothing is imported.

    `personas` is None without contacts, or without personas. `evidence` is the status of each
    piece of evidence by its id; None where no research is imported.
    """

    fields: Mapping[tuple[TableName, str], FieldFacts] = field(default_factory=dict)
    icps: Mapping[str, IcpFacts] = field(default_factory=dict)
    personas: PersonaFacts | None = None
    evidence: Mapping[str, str] | None = None

    def of(self, table: TableName, name: str) -> FieldFacts | None:
        """Return what is known of a field, or None if it was not measured."""
        return self.fields.get((table, name))

    def has(self, table: TableName) -> bool:
        """Whether rows of `table` are imported."""
        return any(at is table and facts.row_count for (at, _), facts in self.fields.items())
