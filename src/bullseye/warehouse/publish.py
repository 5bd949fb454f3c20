"""Write a query's result to a file: whole or not at all; the one writer of the warehouse."""

import hashlib
import os
from pathlib import Path

import duckdb

from bullseye.warehouse.dialect import DUCKDB

ROW_GROUP = 250_000


def publish(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write the rows of `query` to the Parquet file `target`; return how many there are.

    The file appears under its name only when it is complete and on disk.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        written = connection.execute(
            f"COPY ({query}) TO {DUCKDB.literal(str(unfinished))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchone()
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return int(written[0]) if written else 0


def settle(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write a Parquet file again from its own rows, so that its bytes say its rows alone.

    The engine's writer keeps traces of how a result was computed (whether nulls were possible);
    files of equal rows, in equal order, are equal to the byte once both are settled.
    """
    publish(connection, f"SELECT * FROM {reading(path)}", path)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reading(path: Path) -> str:
    """Return the table expression that reads a Parquet file."""
    return f"read_parquet({DUCKDB.literal(str(path))})"
