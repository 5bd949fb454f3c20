"""Cut a table that lies in order of account into ranges, and ask each by itself."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bullseye.warehouse.dialect import DUCKDB

RANGE_ROWS = 500_000
"""Rows of one range: what is scored of a range, signals included, takes some 100 MB."""

AT_ONCE = 4
"""Ranges that are asked side by side at most: each takes memory of its own."""


@dataclass(frozen=True)
class AccountRange:
    """The accounts whose id is not below `first`, but below `end`; None is without a limit."""

    first: str | None = None
    end: str | None = None

    def of(self, table: str) -> str:
        """Return the table expression of the rows of `table` whose `account_id` lies within."""
        tests = [
            f"account_id {comparison} {DUCKDB.quoted(bound)}"
            for comparison, bound in ((">=", self.first), ("<", self.end))
            if bound is not None
        ]
        return f"(SELECT * FROM {table} WHERE {' AND '.join(tests)})" if tests else table


EVERY_ACCOUNT = AccountRange()


def account_ranges(accounts: Path, rows: int = RANGE_ROWS) -> list[AccountRange]:
    """Return ranges that together hold every account, each but the last of at least `rows`.

    Parameters
    ----------
    accounts
        A Parquet file with an `account_id`, in its order. Ranges begin where its row groups
        do, so that a reader passes over what lies in other ranges.
    rows
        The fewest accounts of a range.
    """
    bounds: list[str] = []
    with pq.ParquetFile(accounts) as file:
        held = 0
        for group in range(file.num_row_groups):
            if held >= rows:
                bounds.append(_first_account(file, group))
                held = 0
            held += file.metadata.row_group(group).num_rows
    return [
        AccountRange(first, end)
        for first, end in zip([None, *bounds], [*bounds, None], strict=True)
    ]


def _first_account(file: pq.ParquetFile, group: int) -> str:
    """Return the first id of a row group: read, since statistics may be cut short."""
    found = file.iter_batches(batch_size=1, row_groups=[group], columns=["account_id"])
    return str(next(found)["account_id"][0].as_py())


def in_order(
    connection: duckdb.DuckDBPyConnection,
    statements: Sequence[str],
    prepared: Callable[[duckdb.DuckDBPyConnection], None],
) -> Iterator[pa.Table]:
    """Yield the result of each statement, in their order, its rows in order of `account_id`.

    Up to `AT_ONCE` statements run side by side, each on one thread: so it keeps the order of the
    accounts it reads, and need not sort. Where it did not (it had to spill, say), the statement is
    asked again, to sort. A statement that is alone has all threads, and sorts.

    Parameters
    ----------
    connection
        The engine; no statement of its own may be open meanwhile.
    statements
        Each gives an `account_id`, and is about ids above those of the one before.
    prepared
        Makes the temporary tables the statements read, in each connection they run on.
    """
    threads = int(connection.execute("SELECT current_setting('threads')").fetchall()[0][0])
    several = min(threads, len(statements), AT_ONCE)
    ask = _sorted_result if several > 1 or threads == 1 else _sorting_result
    connections: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    for _ in range(several):
        cursor = connection.cursor()
        prepared(cursor)
        connections.put(cursor)

    def result(statement: str) -> pa.Table:
        cursor = connections.get()
        try:
            return ask(cursor, statement)
        finally:
            connections.put(cursor)

    if several > 1:
        connection.execute("SET threads = 1")
    try:
        with ThreadPoolExecutor(several) as pool:
            waiting: deque[Future[pa.Table]] = deque()
            for statement in statements:
                waiting.append(pool.submit(result, statement))
                if len(waiting) > several:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        connection.execute(f"SET threads = {threads}")
        while not connections.empty():
            connections.get().close()


def _sorted_result(connection: duckdb.DuckDBPyConnection, statement: str) -> pa.Table:
    table: pa.Table = connection.sql(statement).to_arrow_table()
    return table if _is_sorted(table) else _sorting_result(connection, statement)


def _sorting_result(connection: duckdb.DuckDBPyConnection, statement: str) -> pa.Table:
    ordered = f"SELECT * FROM ({statement}) ORDER BY account_id"
    table: pa.Table = connection.sql(ordered).to_arrow_table()
    return table


def _is_sorted(table: pa.Table) -> bool:
    chunks = [chunk for chunk in table["account_id"].chunks if len(chunk)]
    within = all(pc.all(pc.less(c[:-1], c[1:]), min_count=0).as_py() for c in chunks)
    seams = ((a[-1].as_py(), b[0].as_py()) for a, b in pairwise(chunks))
    return within and all(a.encode() < b.encode() for a, b in seams)
