"""What the reader's tests share: a way to open bytes, and to see the rows that come out."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from bullseye.connectors.files import Reading, open_file


@dataclass(frozen=True)
class Opened:
    """A reading together with the rows its SQL gives, without row numbers in `cells`."""

    reading: Reading
    numbers: list[int]
    cells: list[tuple[str | None, ...]]


Opener = Callable[..., Opened]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Opener:
    """Open a path, or bytes written under `name`."""

    def opened(content: bytes | Path, name: str = "accounts.csv", **options: str) -> Opened:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        return rows_of(path, connection, tmp_path / "scratch", **options)

    return opened


@pytest.fixture(scope="session")
def opened() -> Opener:
    """Open bytes in a folder and a connection of their own, as property tests need it."""

    def once(content: bytes, **options: str) -> Opened:
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as own:
            path = Path(folder) / "accounts.csv"
            path.write_bytes(content)
            return rows_of(path, own, Path(folder) / "scratch", **options)

    return once


def rows_of(
    path: Path | str, connection: duckdb.DuckDBPyConnection, scratch: Path, **options: str
) -> Opened:
    reading = open_file(path, connection=connection, scratch=scratch, **options)
    rows = connection.execute(f"FROM {reading.table}").fetchall()
    assert len(rows) + reading.damaged_count == reading.rows_read
    assert len(reading.columns) == len(set(reading.columns))
    assert all(name.strip() for name in reading.columns)
    numbers = [int(row[0]) for row in rows]
    damaged = [each.row for each in reading.damaged]
    assert sorted(numbers + damaged) == list(range(1, reading.rows_read + 1))
    return Opened(reading, numbers, [tuple(row[1:]) for row in rows])
