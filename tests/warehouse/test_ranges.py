"""Accounts are read range by range: every one once, whatever their ids look like."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bullseye.warehouse.publish import reading
from bullseye.warehouse.ranges import EVERY_ACCOUNT, AccountRange, account_ranges, in_order

IDS = sorted(
    ["", " ", "'", "O'Brien'; DROP TABLE accounts; --", "\\", "é", "\N{PILE OF POO}", "a", "aa"]
    + [f"001Dn{n:05d}" for n in range(91)],
    key=str.encode,
)
"""In the engine's order, which is that of the bytes."""


def written(path: Path, ids: list[str], rows: int) -> Path:
    pq.write_table(pa.table({"account_id": pa.array(ids, pa.string())}), path, row_group_size=rows)
    return path


def read(accounts: Path, ranges: list[AccountRange]) -> list[list[str]]:
    with duckdb.connect() as connection:
        return [
            [row[0] for row in connection.execute(f"SELECT * FROM {part.of(table)}").fetchall()]
            for part in ranges
            if (table := reading(accounts))
        ]


def test_ranges_hold_every_account_once_and_in_order(tmp_path: Path) -> None:
    for group in (1, 7, 100):
        accounts = written(tmp_path / f"{group}.parquet", IDS, group)
        found = read(accounts, account_ranges(accounts, rows=10))
        assert [account for part in found for account in part] == IDS
        assert all(len(part) >= 10 for part in found[:-1])


def test_accounts_fewer_than_a_range_are_one_without_limits(tmp_path: Path) -> None:
    for ids in (IDS, []):
        accounts = written(tmp_path / f"{len(ids)}.parquet", ids, 7)
        assert account_ranges(accounts) == [EVERY_ACCOUNT]


def test_ids_outside_the_file_lie_in_the_first_and_the_last_range(tmp_path: Path) -> None:
    accounts = written(tmp_path / "accounts.parquet", IDS[5:-5], 10)
    ranges = account_ranges(accounts, rows=10)
    assert len(ranges) > 1
    others = written(tmp_path / "others.parquet", [*IDS[:5], *IDS[-5:]], 10)
    found = read(others, ranges)
    assert (found[0], found[-1]) == (IDS[:5], IDS[-5:])


def asked(threads: int, *statements: str) -> list[list[str]]:
    def prepared(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("CREATE TEMP TABLE own AS SELECT 1 AS one")

    with duckdb.connect(config={"threads": threads}) as connection:
        found = [
            table["account_id"].to_pylist() for table in in_order(connection, statements, prepared)
        ]
        kept = connection.execute("SELECT current_setting('threads')").fetchall()
    assert kept == [(threads,)]
    return found


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_results_come_in_the_order_of_their_statements(threads: int) -> None:
    statements = [
        f"SELECT printf('%02d-%07d', {n}, range) AS account_id FROM range({rows}), own"
        for n, rows in enumerate((200_000, 1, 0, 50_000, 3))
    ]
    found = asked(threads, *statements)
    assert [len(ids) for ids in found] == [200_000, 1, 0, 50_000, 3]
    every = [account for ids in found for account in ids]
    assert every == sorted(every)


def test_a_result_out_of_order_is_sorted() -> None:
    backwards = "SELECT printf('%06d', 9999 - range) AS account_id FROM range(10000)"
    (found,) = asked(2, backwards)
    assert found == sorted(found)
    (seams,) = asked(2, "SELECT unnest(['b', 'a', 'O''Brien', 'é']) AS account_id")
    assert seams == ["O'Brien", "a", "b", "é"]


def test_a_statement_that_fails_says_so_and_leaves_the_engine_usable() -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        broken = ["SELECT '1' AS account_id", "SELECT error('broken') AS account_id"]
        with pytest.raises(duckdb.Error, match="broken"):
            list(in_order(connection, broken, lambda _: None))
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(2,)]
