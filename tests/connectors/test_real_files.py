"""Real files, where they are at hand."""

import csv
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("BULLSEYE_TEST_DATA", ROOT.parent / "shared" / "data"))
FILES = sorted(
    path
    for path in (DATA.rglob("*") if DATA.is_dir() else ())
    if path.suffix in {".csv", ".tsv", ".xlsx", ".parquet", ".jsonl"}
)


@pytest.mark.skipif(not FILES, reason=f"no test data in {DATA}; set BULLSEYE_TEST_DATA")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_of_a_real_file_is_accounted_for(read, path: Path) -> None:
    reading = read(path).reading
    if reading.format == "csv":
        csv.field_size_limit(1 << 30)
        with path.open(encoding=reading.encoding, errors="replace", newline="") as file:
            rows = sum(bool(row) for row in csv.reader(file, delimiter=reading.delimiter or "\x1f"))
        assert reading.rows_read == rows - 1
    assert reading.rows_read > 0
