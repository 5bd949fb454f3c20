"""Scores as tables: the statements around the compiled one, for the embedded engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.prioritize.profiles import profiles, signals
from bullseye.warehouse.compile import SCALE, Profile, Weight, score_sql, signal_class, weights
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.ranges import (
    EVERY_ACCOUNT,
    RANGE_ROWS,
    AccountRange,
    account_ranges,
    in_order,
)
from bullseye.warehouse.rendering import rendered
from bullseye.warehouse.rows_in import make_table

NOTED = ("met", "unknown", "live", "tier", "status")
"""What counts as a change of a score; mere decay of a live signal does not."""


@dataclass(frozen=True)
class Scoring:
    """Everything that decides the scores of one day, apart from the data."""

    project: Project
    as_of: date
    profiles: tuple[Profile, ...]

    @classmethod
    def of(cls, project: Project, as_of: date) -> "Scoring":
        """Return the scoring of `project` on `as_of`."""
        return cls(project, as_of, profiles(project, as_of))

    @property
    def icps(self) -> tuple[str, ...]:
        """The names of the profiles, in the order of the columns."""
        return tuple(profile.icp.name for profile in self.profiles)

    @property
    def varied(self) -> list[str]:
        """The columns of scores whose values hardly repeat."""
        return [f"{name}_{n}" for n in range(len(self.profiles)) for name in ("strength", "why")]

    def ranges(self, accounts: Path, rows: int = RANGE_ROWS) -> list[AccountRange]:
        """Return the ranges of at least `rows` accounts that can be scored one after the other.

        There is only one where a profile asks for accounts beside the one it judges: its parent,
        or its subsidiaries.
        """
        hierarchies = [profile.icp.hierarchy for profile in self.profiles]
        if any(each.inherit or each.signals_from_subsidiaries for each in hierarchies):
            return [EVERY_ACCOUNT]
        return account_ranges(accounts, rows)

    def sql(
        self, *, accounts: str, events: str, previous: str | None, parents: str | None = None
    ) -> str:
        """Return the compiled statement over these table expressions.

        `parents` are all accounts, where `accounts` are only some.
        """
        return score_sql(
            self.profiles,
            signals(self.project),
            readable_fields(self.project, TableName.ACCOUNTS),
            self.as_of,
            DUCKDB,
            accounts=accounts,
            events=events,
            previous=previous,
            parents=parents,
        )

    def parts(
        self,
        connection: duckdb.DuckDBPyConnection,
        accounts: Path,
        events: Path,
        previous: str | None,
        rows: int = RANGE_ROWS,
    ) -> Iterator[pa.Table]:
        """Yield the scores of one range of accounts after the other, in order of account.

        The files lie in order of account, so that each range is read by itself: the memory needed
        does not grow with the accounts, but with the profiles, so ranges are then smaller.
        """
        statements = [
            self.sql(
                accounts=part.of(reading(accounts)),
                events=part.of(reading(events)),
                previous=previous and part.of(previous),
            )
            for part in self.ranges(accounts, rows // len(self.profiles))
        ]
        return in_order(connection, statements, lambda each: load_weights(each, self.project))

    def rendered(self, scores: str) -> str:
        """Return the readable form of `scores`: one row per account and profile."""
        return rendered(scores, self.profiles, signals(self.project), DUCKDB)

    def cube(self, scores: str, values: str) -> list[str]:
        """Return per profile the select of answers with how many accounts share each.

        `values` is a table expression of `account_id` and `value`; an account without a value
        has the usual one of the profile, where the ICP states one.
        """
        names = signals(self.project)
        return [
            f"SELECT met_{n}, unknown_{n}, {signal_class(n, profile, names)} AS signal_class,"
            f" count(*), COALESCE(CAST(sum({self._worth(n, 'v.value')}) AS DOUBLE), 0)"
            f" FROM {scores} AS s LEFT JOIN {values} AS v USING (account_id) GROUP BY ALL"
            " ORDER BY ALL"
            for n, profile in enumerate(self.profiles)
        ]

    def whole_cube(self, scores: str, accounts: str, number: int) -> str:
        """Return the select of the cube of one profile: its distinct answers, counted.

        Columns: met, unknown, whole points of strength, live, accounts, summed value, and how
        many values are known.
        """
        value = self._worth(number, "expected_acv")
        worth = f"(SELECT account_id, {value} AS value FROM {accounts})"
        return (
            f"SELECT met_{number} AS met, unknown_{number} AS unknown,"
            f" CAST((strength_{number} - strength_{number} % {SCALE}) / {SCALE} AS BIGINT)"
            f" AS strength, live_{number} AS live, count(*) AS accounts,"
            " COALESCE(CAST(sum(v.value) AS DOUBLE), 0) AS value, count(v.value) AS valued"
            f" FROM {scores} AS s LEFT JOIN {worth} AS v USING (account_id)"
            " GROUP BY ALL ORDER BY ALL"
        )

    def _worth(self, number: int, value: str) -> str:
        usual = self.profiles[number].icp.value
        return value if usual is None else f"COALESCE({value}, {DUCKDB.literal(usual)})"


def load_weights(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Make the temporary table `weights` the compiled statement joins."""
    kinds = dict.fromkeys(Weight._fields, "BIGINT") | {"type": "VARCHAR"}
    make_table(connection, "weights", kinds, weights(signals(project)))


def previous_tiers(scores: str, before: Sequence[str], now: Sequence[str]) -> str:
    """Return the tiers of an earlier run under the column numbers of this one."""
    columns = [
        f"tier_{before.index(name)} AS tier_{number}"
        if name in before
        else f"CAST(NULL AS SMALLINT) AS tier_{number}"
        for number, name in enumerate(now)
    ]
    return f"(SELECT account_id, {', '.join(columns)} FROM {scores})"


def delta_sql(scores: Path, before: str, icps: int) -> str:
    """Return the rows of `scores` that are new or changed since `before`, and those gone.

    `gone` tells the last apart. Both have the same profiles in the same order.
    """
    noted = [f"{name}_{n}" for n in range(icps) for name in NOTED]
    changed = " OR ".join(f"s.{c} <> b.{c}" for c in noted) or "FALSE"
    return f"""SELECT s.*, FALSE AS gone FROM {reading(scores)} AS s
LEFT JOIN {before} AS b USING (account_id) WHERE b.account_id IS NULL OR {changed}
UNION ALL
SELECT b.* EXCLUDE (gone), TRUE AS gone FROM {before} AS b
ANTI JOIN {reading(scores)} AS s USING (account_id)
ORDER BY account_id"""


def joined_deltas(deltas: Sequence[Path]) -> str:
    """Return the scores that a chain of deltas adds up to; the oldest is a whole table."""
    every = " UNION ALL ".join(
        f"SELECT *, {at} AS link FROM {reading(path)}" for at, path in enumerate(deltas)
    )
    return (
        f"(SELECT * EXCLUDE (link) FROM ({every}) QUALIFY row_number() OVER"
        " (PARTITION BY account_id ORDER BY link DESC) = 1 AND NOT gone)"
    )
