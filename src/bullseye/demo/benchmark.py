"""Large tables in our own contract, written straight to Parquet: for benchmarks, without dirt.

Nothing here has an effect on anything; what matters is size, types and shares of values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bullseye.demo.cells import Text, joined, padded
from bullseye.demo.chance import Ints, Stream, drawn_codes, random_stream
from bullseye.demo.simulate import day_number
from bullseye.demo.story import (
    BANDS,
    COUNTRIES,
    FUNDING_SHARES,
    FUNDING_STAGES,
    INDUSTRIES,
    SIGNAL_KINDS,
    TECHNOLOGIES,
)
from bullseye.errors import UsageError

SIGNALS_PER_ACCOUNT = 3
SIGNAL_DAYS = 365

_CHUNK = 500_000
_MOST = 1_000_000_000
_UNKNOWN_SHARE = 0.1
_TEXT = pa.dictionary(pa.int32(), pa.string())
_ACCOUNTS = pa.schema(
    [
        ("account_id", pa.string()),
        ("industry", _TEXT),
        ("country", _TEXT),
        ("funding_stage", _TEXT),
        ("technologies", pa.list_(_TEXT)),
        ("employees", pa.int64()),
        ("revenue", pa.float64()),
        ("headcount_growth_6m", pa.float64()),
        ("founded_year", pa.int64()),
        ("is_hiring", pa.bool_()),
        ("is_customer", pa.bool_()),
    ]
)
_SIGNALS = pa.schema(
    [
        ("account_id", pa.string()),
        ("type", _TEXT),
        ("subject", _TEXT),
        ("occurred_on", pa.date32()),
    ]
)


@dataclass(frozen=True)
class BenchmarkTables:
    """Where the two Parquet files are, and how many rows they hold."""

    accounts: Path
    signals: Path
    account_rows: int
    signal_rows: int


def write_benchmark_tables(folder: Path, accounts: int, seed: int, today: date) -> BenchmarkTables:
    """Write `accounts.parquet` and `signals.parquet` into `folder`, a chunk at a time.

    Accounts: one row each; a tenth of every field but the id is unknown. `revenue` in the
    workspace's currency, `headcount_growth_6m` a share. Signals: three per account on average,
    over the year before `today`, ordered by type and day, as a warehouse would cluster them.

    Raises
    ------
    UsageError
        If `accounts` is not between one and a billion.
    """
    if not 1 <= accounts <= _MOST:
        raise UsageError(
            f"A benchmark cannot have {accounts:,} accounts.", hint=f"Ask for 1 to {_MOST:,}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    tables = BenchmarkTables(
        folder / "accounts.parquet",
        folder / "signals.parquet",
        accounts,
        sum(_signal_counts(accounts)),
    )
    with pq.ParquetWriter(tables.accounts, _ACCOUNTS, compression="zstd") as writer:
        for chunk, first in enumerate(range(0, accounts, _CHUNK)):
            random = random_stream(seed, chunk, Stream.BENCHMARK_ACCOUNTS)
            writer.write_table(_accounts(random, first, min(_CHUNK, accounts - first), today))
    with pq.ParquetWriter(tables.signals, _SIGNALS, compression="zstd") as writer:
        for table in _signals(accounts, seed, day_number(today)):
            writer.write_table(table)
    return tables


def _accounts(random: np.random.Generator, first: int, n: int, today: date) -> pa.Table:
    band = drawn_codes(random, [b.share for b in BANDS], n)
    lows, highs = np.array([b.low for b in BANDS]), np.array([b.high for b in BANDS])
    employees = (lows[band] * (highs / lows)[band] ** random.random(n)).astype(np.int64)
    stages = drawn_codes(random, FUNDING_SHARES[1], n)
    founded = today.year - np.floor(random.gamma(2.0, 8.0, n)).clip(0, 120).astype(np.int64)
    columns = [
        account_ids(np.arange(first, first + n)),
        _words(random, list(INDUSTRIES), drawn_codes(random, list(INDUSTRIES.values()), n)),
        _words(
            random,
            [c.code for c in COUNTRIES],
            drawn_codes(random, [c.share for c in COUNTRIES], n),
        ),
        _words(random, FUNDING_STAGES, stages),
        _technologies(random, n),
        _numbers(random, employees),
        _numbers(random, np.rint(employees * 150_000 * random.random(n))),
        _numbers(random, np.round(random.normal(0.06, 0.12, n), 4)),
        _numbers(random, founded),
        _numbers(random, random.random(n) < 0.3),
        _numbers(random, random.random(n) < 0.15),
    ]
    return pa.Table.from_arrays(columns, schema=_ACCOUNTS)


def account_ids(numbers: Ints) -> Text:
    """Return the identifiers of benchmark accounts, as in `a0000000042`."""
    return joined("a", padded(numbers, 10))


def _unknown(random: np.random.Generator, n: int) -> Any:
    return random.random(n, dtype=np.float32) < _UNKNOWN_SHARE


def _words(random: np.random.Generator, words: Any, codes: Ints) -> Any:
    indices = pa.array(codes, pa.int32(), mask=_unknown(random, len(codes)))
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _numbers(random: np.random.Generator, values: Any) -> Any:
    return pa.array(values, mask=_unknown(random, len(values)))


def _technologies(random: np.random.Generator, n: int) -> Any:
    limits = np.rint(np.array([t.share for t in TECHNOLOGIES]) * 256).astype(np.uint8)
    uses = random.integers(0, 256, (n, len(limits)), dtype=np.uint8) < limits
    uses &= ~_unknown(random, n)[:, None]
    counts = uses.sum(axis=1)
    codes = pa.array(np.nonzero(uses)[1], pa.int32())
    names = pa.array([t.name for t in TECHNOLOGIES])
    offsets = pa.array(np.r_[0, np.cumsum(counts)].astype(np.int32))
    return pa.ListArray.from_arrays(
        offsets,
        pa.DictionaryArray.from_arrays(codes, names),
        mask=pa.array(counts == 0),
    )


def _signal_counts(accounts: int) -> list[int]:
    rates = np.array([kind.per_year for kind in SIGNAL_KINDS])
    counts = np.floor(rates / rates.sum() * accounts * SIGNALS_PER_ACCOUNT).astype(np.int64)
    counts[0] += accounts * SIGNALS_PER_ACCOUNT - counts.sum()
    return [int(count) for count in counts]


def _signals(accounts: int, seed: int, today: int) -> Iterator[pa.Table]:
    for kind, count in enumerate(_signal_counts(accounts)):
        for chunk, first in enumerate(range(0, count, _CHUNK)):
            random = random_stream(seed, chunk, Stream.BENCHMARK_SIGNALS, kind)
            places = np.arange(first, min(first + _CHUNK, count))
            yield _signal_table(random, kind, accounts, today - _ages(places, count))


def _ages(places: Ints, count: int) -> Ints:
    ages: Ints = SIGNAL_DAYS - 1 - places * SIGNAL_DAYS // count
    return ages


def _signal_table(random: np.random.Generator, kind: int, accounts: int, days: Ints) -> pa.Table:
    n, subjects = len(days), SIGNAL_KINDS[kind].subjects
    types = pa.DictionaryArray.from_arrays(
        pa.array(np.full(n, kind), pa.int32()), pa.array([k.name for k in SIGNAL_KINDS])
    )
    subject = pa.DictionaryArray.from_arrays(
        pa.array(random.integers(0, len(subjects), n), pa.int32()), pa.array(subjects)
    )
    columns = [
        account_ids(random.integers(0, accounts, n)),
        types,
        subject,
        pa.array(days.astype(np.int32)).cast(pa.date32()),
    ]
    return pa.Table.from_arrays(columns, schema=_SIGNALS)
