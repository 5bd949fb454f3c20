"""A file appears whole or not at all."""

import duckdb
import pytest

from bullseye.warehouse.publish import file_hash, publish, reading


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
