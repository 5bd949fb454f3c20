"""What a run leaves and asks in the customer's warehouse: its tables, its view, its aggregates.

Only SQL text is written here. Scores lie in one table per run; the view ``scores`` is the one
name that readers use, and is the last to change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.signal import Signal
from bullseye.warehouse.compile import NO_TIER, SCALE, Profile
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.mapped import EVENT_COLUMNS, PARENT
from bullseye.warehouse.rendering import COLUMNS, rendered

PACKED = ("met", "unknown", "strength", "live", "why", "tier", "status")
"""The columns of a table of scores, per profile."""

VIEW_COLUMNS = {
    **COLUMNS,
    "run_id": "the run that made the row",
    "as_of": "the day of the scores",
}
"""The contract of the view: one row per account and profile."""


@dataclass(frozen=True)
class Names:
    """The names of what one run makes in a schema; they are not quoted yet."""

    schema: str
    run_id: str

    @property
    def _suffix(self) -> str:
        return re.sub(r"[^a-z0-9]+", "_", self.run_id.lower())

    @property
    def scores(self) -> str:
        """The table of packed scores."""
        return f"{self.schema}.scores_{self._suffix}"

    @property
    def signals(self) -> str:
        """The table of numbered signals the scores were made from."""
        return f"{self.schema}.signals_{self._suffix}"

    @property
    def view(self) -> str:
        """The view that readers use."""
        return f"{self.schema}.scores"


def score_columns(icps: int) -> tuple[str, ...]:
    """Return the columns of a table of scores of that many profiles."""
    return ("account_id", *(f"{name}_{n}" for n in range(icps) for name in PACKED))


def view_sql(
    dialect: Dialect,
    scores: str,
    profiles: Sequence[Profile],
    signals: Sequence[Signal],
    run_id: str,
    as_of: date,
) -> str:
    """Return the select of `VIEW_COLUMNS` over a run's table of scores."""
    rows = rendered(scores, profiles, signals, dialect)
    told = ", ".join(f"r.{dialect.column(name)}" for name in COLUMNS)
    return (
        f"SELECT {told}, CAST({dialect.quoted(run_id)} AS {dialect.text}) AS run_id,"
        f" {dialect.literal(as_of)} AS as_of FROM (\n{rows}\n) AS r"
    )


def strangers_sql(dialect: Dialect, signals: str, scores: str) -> str:
    """Return the query of how many signals of a run name an account that it does not have."""
    key = dialect.column("account_id")
    return (
        f"SELECT COUNT(*) FROM {signals} AS s LEFT JOIN {scores} AS a ON a.{key} = s.{key}"
        f" WHERE a.{key} IS NULL"
    )


def counts_sql(scores: str, number: int) -> str:
    """Return how many accounts one profile gives each status and tier, as codes."""
    columns = f"status_{number}, tier_{number}"
    return f"SELECT {columns}, COUNT(*) FROM {scores} GROUP BY {columns}"


def repeated_sql(scores: str) -> str:
    """Return some accounts that stand in the scores more than once, with how often."""
    return (
        f"SELECT account_id, COUNT(*) FROM {scores} GROUP BY account_id"
        " HAVING COUNT(*) > 1 ORDER BY account_id LIMIT 3"
    )


def cube_sql(dialect: Dialect, scores: str, accounts: str, number: int) -> str:
    """Return the select of the cube of one profile, as `Scoring.whole_cube` gives it.

    `accounts` is a table expression of ``account_id`` and ``expected_acv``.
    """
    strength = f"strength_{number}"
    points = f"CAST(({strength} - {dialect.modulo(strength, SCALE)}) / {SCALE} AS {dialect.big})"
    answer = f"met_{number}, unknown_{number}, points, live_{number}"
    worth = f"CAST(v.{dialect.column('expected_acv')} AS {dialect.double})"
    return (
        f"SELECT {answer}, COUNT(*), COALESCE(SUM(worth), 0), COUNT(worth) FROM (\n"
        f"  SELECT s.met_{number}, s.unknown_{number}, {points} AS points, s.live_{number},\n"
        f"    {worth} AS worth\n  FROM {scores} AS s LEFT JOIN {accounts} AS v"
        f" ON v.{dialect.column('account_id')} = s.account_id) AS c\n"
        f"GROUP BY {answer} ORDER BY {answer}"
    )


def in_tier(icps: int) -> str:
    """Return the condition that a row of scores has a tier under some profile."""
    return " OR ".join(f"tier_{n} < {NO_TIER}" for n in range(icps))


def listed_sql(
    dialect: Dialect, icps: int, before: tuple[str, int] | None, ids: Sequence[str]
) -> str:
    """Return the condition on `account_id` and tiers that puts a row of scores on the list.

    On it are the accounts in a tier, those that were in the run `before` (its table, its number
    of profiles), so that leaving shows, and those named: somebody decided their tier by hand.
    """
    parts = [in_tier(icps)]
    if before is not None:
        table, profiles = before
        parts.append(f"account_id IN (SELECT account_id FROM {table} WHERE {in_tier(profiles)})")
    if ids:
        parts.append(f"account_id IN ({', '.join(map(dialect.quoted, ids))})")
    return " OR ".join(parts)


def list_of_scores(scores: str, icps: int, condition: str) -> str:
    """Return the select of the listed rows of scores."""
    columns = ", ".join(score_columns(icps))
    return f"SELECT {columns} FROM {scores} WHERE {condition}"


def list_of_accounts(
    dialect: Dialect, accounts: str, fields: Sequence[str], scores: str, condition: str
) -> str:
    """Return the select of the fields and the ultimate parent of listed accounts."""
    told = ", ".join([*(f"a.{dialect.column(name)}" for name in fields), f"a.{PARENT}"])
    return (
        f"SELECT {told} FROM {accounts} AS a WHERE a.{dialect.column('account_id')} IN"
        f" (SELECT account_id FROM {scores} WHERE {condition})"
    )


def list_of_signals(
    dialect: Dialect, signals: str, accounts: str, scores: str, condition: str
) -> str:
    """Return the select of the signals of listed accounts and of their subsidiaries."""
    told = ", ".join(map(dialect.column, ("signal_no", *EVENT_COLUMNS, "occurred_day")))
    listed = f"SELECT account_id FROM {scores} WHERE {condition}"
    key = dialect.column("account_id")
    return (
        f"SELECT {told} FROM {signals} WHERE {key} IN ({listed}) OR {key} IN"
        f" (SELECT a.{key} FROM {accounts} AS a WHERE a.{PARENT} IN ({listed}))"
    )
