"""The size of a year of weekly runs: ``python -m benchmarks.history --help``."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.beliefs import CODES, TECHNOLOGIES, TODAY, project
from benchmarks.inputs import SEED
from benchmarks.measuring import Cost, Spread, number, table
from bullseye.demo.benchmark import SIGNALS_PER_ACCOUNT, write_benchmark_tables
from bullseye.prioritize.scores import (
    NOTED,
    Scoring,
    delta_sql,
    joined_deltas,
    load_weights,
    previous_tiers,
)
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading

WEEK = timedelta(days=7)
WEEKS_OF_A_YEAR = 52


@dataclass(frozen=True)
class Week:
    """What one weekly run left behind: rows and bytes, and what scoring and comparing took."""

    accounts: int
    changed: int
    delta_bytes: int
    scores_bytes: int
    accounts_bytes: int
    cost: Cost


@dataclass(frozen=True)
class Pace:
    """How fast the world changes: shares of accounts per week.

    `scattered_ids` gives accounts identifiers of 18 characters that do not compress.
    """

    changed_accounts: float = 0.02
    new_signals: float = 0.01
    scattered_ids: bool = False

    def named(self, table: str) -> str:
        """Return the rows of `table` under the identifiers of this world."""
        if not self.scattered_ids:
            return f"SELECT * FROM {table}"
        return f"SELECT * REPLACE (left(md5(account_id), 18) AS account_id) FROM {table}"


def weekly_runs(folder: Path, accounts: int, weeks: int, pace: Pace) -> Iterator[Week]:
    """Yield the weekly runs of a world of so many accounts, the first one whole.

    A share of the accounts changes one field every week, a share has a new signal, and the
    signals of all decay. A run is compared with the one before as the product does it.
    """
    connection = connect(folder / "scratch")
    signals = _signals(connection, folder, accounts, pace)
    load_weights(connection, project())
    for week in range(weeks):
        day = TODAY - (weeks - 1 - week) * WEEK
        state = _state(connection, folder, week, pace)
        yield _run(connection, folder, week, day, state, signals)
        _forget(folder, week)
    connection.close()


def kept_files(folder: Path) -> list[Path]:
    """Return the deltas of all runs, oldest first: what the product keeps for ever."""
    return sorted(folder.glob("delta-*.parquet"))


def last_scores(folder: Path) -> Path:
    """Return the whole scores of the newest run."""
    return max(folder.glob("scores-*.parquet"))


def differing(folder: Path) -> int:
    """Return how many accounts the deltas give other noted values than the newest scores."""
    noted = [f"{name}_0" for name in NOTED]
    other = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in noted)
    return number(
        f"SELECT count(*) FROM {joined_deltas(kept_files(folder))} AS a"
        f" FULL JOIN {reading(last_scores(folder))} AS b USING (account_id) WHERE {other}"
    )


def _signals(connection: duckdb.DuckDBPyConnection, folder: Path, accounts: int, pace: Pace) -> str:
    """Write two years of signals, thinned to the pace, and the accounts of the first week."""
    years = []
    for ago in (0, 1):
        raw = folder / f"raw-{ago}"
        tables = write_benchmark_tables(raw, accounts, SEED + ago, TODAY - ago * timedelta(365))
        years.append(pace.named(reading(tables.signals)))
    first = pace.named(reading(folder / "raw-0" / "accounts.parquet"))
    publish(connection, f"{first} ORDER BY account_id", folder / "accounts-000.parquet")
    kept = pace.new_signals * WEEKS_OF_A_YEAR / SIGNALS_PER_ACCOUNT
    query = (
        "SELECT row_number() OVER (ORDER BY account_id, occurred_on, type, subject) AS signal_no,"
        " *, CAST(occurred_on - DATE '1970-01-01' AS INTEGER) AS occurred_day"
        f" FROM ({' UNION ALL '.join(years)})"
        f" WHERE hash(account_id, type, subject, occurred_on) % 1000000 < {round(kept * 1e6)}"
        " ORDER BY signal_no"
    )
    publish(connection, query, folder / "signals.parquet")
    return reading(folder / "signals.parquet")


def _state(connection: duckdb.DuckDBPyConnection, folder: Path, number: int, pace: Pace) -> Path:
    """Write the accounts of a week: those of the week before, some with one field changed."""
    target = folder / f"accounts-{number:03}.parquet"
    if number == 0:
        return target
    tools = ", ".join(map(DUCKDB.literal, TECHNOLOGIES))
    stages = ", ".join(map(DUCKDB.literal, CODES["funding_stage"]))
    tool = f"[{tools}][1 + draw % {len(TECHNOLOGIES)}]"
    query = f"""SELECT * EXCLUDE (draw, what) REPLACE (
  CASE WHEN what = 0 THEN COALESCE(employees * (90 + draw % 26) // 100, 20 + draw % 480)
    ELSE employees END AS employees,
  CASE WHEN what = 1 THEN (draw % 60 - 20) / 100.0 ELSE headcount_growth_6m END
    AS headcount_growth_6m,
  CASE WHEN what = 2 THEN list_distinct(list_append(COALESCE(technologies, []), {tool}))
    ELSE technologies END AS technologies,
  CASE WHEN what = 3 THEN [{stages}][1 + draw % 3] ELSE funding_stage END AS funding_stage)
FROM (SELECT *,
    CASE WHEN hash(account_id, {number}) % 1000000 < {round(pace.changed_accounts * 1e6)}
      THEN hash(account_id, {number}, 'what') % 4 END AS what,
    CAST(hash(account_id, {number}, 'draw') % 1000003 AS BIGINT) AS draw
  FROM {reading(folder / f"accounts-{number - 1:03}.parquet")})
ORDER BY account_id"""
    publish(connection, query, target)
    return target


def _run(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    number: int,
    day: date,
    state: Path,
    signals: str,
) -> Week:
    scoring, cost = Scoring.of(project(), day), Cost()
    scores, delta = folder / f"scores-{number:03}.parquet", folder / f"delta-{number:03}.parquet"
    earlier = folder / f"scores-{number - 1:03}.parquet"
    previous = previous_tiers(reading(earlier), scoring.icps, scoring.icps) if number else None
    before = f"(SELECT *, FALSE AS gone FROM {reading(earlier)})"
    with cost.part("score"):
        sql = scoring.sql(accounts=reading(state), events=signals, previous=previous)
        rows = publish(connection, sql, scores)
    with cost.part("delta"):
        everything = f"SELECT *, FALSE AS gone FROM {reading(scores)}"
        changes = delta_sql(scores, before, len(scoring.icps)) if number else everything
        changed = publish(connection, changes, delta)
    written, whole, known = (path.stat().st_size for path in (delta, scores, state))
    return Week(rows, changed, written, whole, known, cost)


def _forget(folder: Path, number: int) -> None:
    """Delete what a later run no longer needs; the deltas stay."""
    for kind in ("accounts", "scores"):
        (folder / f"{kind}-{number - 1:03}.parquet").unlink(missing_ok=True)


def summary(weeks: Sequence[Week]) -> str:
    """Return the table of a history, per run and for a year of 52 runs."""
    first, *later = weeks
    sizes = Spread.of([week.delta_bytes / 1e6 for week in later])
    changed = Spread.of([100 * week.changed / week.accounts for week in later])
    spent = Spread.of([week.cost.cpu for week in later])
    year = first.delta_bytes + sizes.middle * 1e6 * (WEEKS_OF_A_YEAR - 1)
    whole = Spread.of([week.scores_bytes for week in weeks]).middle * WEEKS_OF_A_YEAR
    rows = (
        ("accounts", f"{first.accounts:,}"),
        ("first run, whole, MB", f"{first.delta_bytes / 1e6:,.1f}"),
        ("rows that change per run, %", changed.text()),
        ("delta per run, MB", sizes.text()),
        ("delta per changed row, bytes", f"{_bytes_per_row(later):,.1f}"),
        ("**a year of weekly runs, MB**", f"**{year / 1e6:,.1f}**"),
        ("the same year, every run whole, MB", f"{whole / 1e6:,.1f}"),
        ("scoring and comparing, CPU s per run", spent.text()),
        ("accounts as they stand, one week, MB", f"{weeks[-1].accounts_bytes / 1e6:,.1f}"),
    )
    return table(("", f"{len(weeks)} weeks"), rows)


def _bytes_per_row(weeks: Sequence[Week]) -> float:
    return sum(week.delta_bytes for week in weeks) / max(1, sum(week.changed for week in weeks))


def main() -> None:
    """Read the command line and measure; exit 1 where the deltas do not add up to the scores."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000, help="accounts in the world")
    parser.add_argument("--weeks", type=int, default=WEEKS_OF_A_YEAR, help="runs, at least 2")
    parser.add_argument("--changed", type=float, default=0.02, help="accounts changed per week")
    parser.add_argument("--signals", type=float, default=0.01, help="new signals per account, week")
    parser.add_argument("--scattered-ids", action="store_true", help="ids that do not compress")
    parser.add_argument("--folder", type=Path, help="where the tables are made")
    given = parser.parse_args()
    if given.weeks < 2:
        parser.error("a history has at least 2 weeks")
    with TemporaryDirectory(dir=given.folder, prefix="bullseye-benchmark-") as name:
        pace = Pace(given.changed, given.signals, given.scattered_ids)
        weeks = list(weekly_runs(Path(name), given.accounts, given.weeks, pace))
        print(summary(weeks))
        cost = Cost()
        with cost.part("read"):
            wrong = differing(Path(name))
        print(f"\nAdding up {len(weeks)} deltas and comparing: {cost.cpu:.2f} CPU s")
    if wrong:
        raise SystemExit(f"The deltas give {wrong:,} accounts other values than the last run.")
    print("The deltas add up to the last run.")


if __name__ == "__main__":
    main()
