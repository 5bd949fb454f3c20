"""Import is measured on a file both readers read whole, into the same rows."""

from pathlib import Path

import pyarrow.parquet as pq
from benchmarks.importing import imported, read_typed, sizes, written_file

ROWS = 500


def test_both_readers_keep_every_row(tmp_path: Path) -> None:
    file = written_file(tmp_path, ROWS)
    theirs = read_typed(file, tmp_path / "theirs.parquet")
    ours = imported(file, tmp_path / "ours")
    assert pq.read_table(tmp_path / "theirs.parquet").num_rows == ROWS
    (batch,) = (tmp_path / "ours").glob(".bullseye/warehouse/batches/**/*.parquet")
    assert pq.read_table(batch)["account_id"].to_pylist() == sorted(
        pq.read_table(tmp_path / "theirs.parquet")["account_id"].to_pylist()
    )
    assert set(theirs.parts) == {"read", "write"}
    assert set(ours.parts) == {"import", "state"}


def test_sizes_are_those_of_the_files(tmp_path: Path) -> None:
    file = written_file(tmp_path, ROWS)
    imported(file, tmp_path / "ours")
    found = sizes(file, tmp_path / "ours")
    assert found["file"] == file.stat().st_size
    assert all(size > 1000 for size in found.values())
