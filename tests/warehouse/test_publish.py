"""A file appears whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bullseye.warehouse.publish import ROW_GROUP, file_hash, publish, publish_rows, reading


def test_a_query_becomes_a_file_that_reads_back(tmp_path):
    target = tmp_path / "it's" / "rows.parquet"
    with duckdb.connect() as connection:
        assert publish(connection, "SELECT * FROM range(5) ORDER BY 1", target) == 5
        assert connection.execute(f"SELECT sum(range) FROM {reading(target)}").fetchone() == (10,)
    assert [path.name for path in target.parent.iterdir()] == ["rows.parquet"]


def test_a_query_that_fails_leaves_the_earlier_file_and_no_rest(tmp_path):
    target = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        publish(connection, "SELECT 1 AS x", target)
        before = file_hash(target)
        with pytest.raises(duckdb.Error):
            publish(connection, "SELECT error('broken') FROM range(9)", target)
    assert file_hash(target) == before
    assert list(tmp_path.iterdir()) == [target]


def test_the_same_rows_give_the_same_bytes(tmp_path):
    query = "SELECT range AS n, range % 7 AS m FROM range(9999) ORDER BY n"
    hashes = set()
    for threads in (1, 2):
        with duckdb.connect(config={"threads": threads}) as connection:
            publish(connection, query, tmp_path / f"{threads}.parquet")
        hashes.add(file_hash(tmp_path / f"{threads}.parquet"))
    assert len(hashes) == 1


SCORES = pa.table(
    {
        "account_id": [f"a{n:07d}" for n in range(2 * ROW_GROUP + 5)],
        "strength": pa.array(range(2 * ROW_GROUP + 5), pa.int64()),
        "why": pa.array([None if n % 3 else n for n in range(2 * ROW_GROUP + 5)], pa.int64()),
        "tier": pa.array([n % 4 for n in range(2 * ROW_GROUP + 5)], pa.int16()),
    }
)


def parts_of(table: pa.Table, *rows: int) -> Iterator[pa.Table]:
    """Cut a table into parts that end after so many rows."""
    for start, end in zip((0, *rows), (*rows, table.num_rows), strict=True):
        yield pa.Table.from_batches(
            table.slice(start, end - start).to_batches(70_000), table.schema
        )


def test_rows_in_parts_read_back_in_order_and_in_row_groups_of_one_size(tmp_path: Path) -> None:
    target = tmp_path / "rows.parquet"
    assert publish_rows(parts_of(SCORES, 300_000), target, varied=["strength"]) == len(SCORES)
    assert pq.read_table(target).equals(SCORES)
    groups = pq.ParquetFile(target).metadata
    sizes = [groups.row_group(n).num_rows for n in range(groups.num_row_groups)]
    assert sizes == [ROW_GROUP, ROW_GROUP, 5]
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT sum(strength), sum(why) FROM {reading(target)}")
        assert found.fetchall() == [
            (sum(SCORES["strength"].to_pylist()), sum(filter(None, SCORES["why"].to_pylist())))
        ]


def test_how_rows_are_cut_into_parts_leaves_no_trace_in_the_bytes(tmp_path: Path) -> None:
    hashes = set()
    for cuts in ((), (1,), (ROW_GROUP,), (ROW_GROUP - 1, ROW_GROUP + 1), (9, 9, 400_000)):
        publish_rows(parts_of(SCORES, *cuts), tmp_path / "rows.parquet", varied=["why"])
        hashes.add(file_hash(tmp_path / "rows.parquet"))
    assert len(hashes) == 1


def test_no_rows_are_a_file_with_columns(tmp_path: Path) -> None:
    target = tmp_path / "rows.parquet"
    assert publish_rows(parts_of(SCORES.slice(0, 0), 0, 0), target) == 0
    assert pq.read_table(target).schema.names == SCORES.schema.names


def test_a_part_that_fails_leaves_the_earlier_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "rows.parquet"
    publish_rows(parts_of(SCORES), target)
    before = file_hash(target)

    def breaking() -> Iterator[pa.Table]:
        yield from parts_of(SCORES)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_rows(breaking(), target)
    assert file_hash(target) == before
    assert list(tmp_path.iterdir()) == [target]
