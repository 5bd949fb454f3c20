"""Write a query's result to a file: whole or not at all; the one writer of the warehouse."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bullseye.warehouse.dialect import DUCKDB

ROW_GROUP = 250_000


def publish(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write the rows of `query` to the Parquet file `target`; return how many there are.

    The file appears under its name only when it is complete and on disk.
    """
    with _whole_or_not_at_all(target) as unfinished:
        written = connection.execute(
            f"COPY ({query}) TO {DUCKDB.literal(str(unfinished))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchone()
    return int(written[0]) if written else 0


def publish_rows(parts: Iterable[pa.Table], target: Path, *, varied: Collection[str] = ()) -> int:
    """Write parts of one result, one after the other, to a file; return how many rows there are.

    What is in memory is a part, and a row group. The bytes say the rows and their order alone:
    neither how the rows were computed nor how they were cut into parts.

    Parameters
    ----------
    parts
        At least one; all have the columns of the first.
    target
        The Parquet file; it appears only when it is complete and on disk.
    varied
        Columns of numbers that hardly repeat; texts are taken to lie in order, all else to
        repeat.
    """
    rows, writer = 0, None
    with _whole_or_not_at_all(target) as unfinished:
        try:
            for group in _row_groups(parts):
                writer = writer or _writer(unfinished, group.schema, varied)
                writer.write_table(group, row_group_size=ROW_GROUP)
                rows += group.num_rows
        finally:
            if writer:
                writer.close()
    return rows


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[Path]:
    """Yield where to write; what is there afterwards becomes `target`, unless writing failed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _writer(path: Path, schema: pa.Schema, varied: Collection[str]) -> pq.ParquetWriter:
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[n for n in schema.names if n not in {*texts, *varied}],  # type: ignore[arg-type]
        column_encoding=dict.fromkeys(texts, "DELTA_BYTE_ARRAY"),
        store_schema=False,
    )


def _row_groups(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows of all parts in tables of one row group each; one is empty if all are."""
    rest, is_first = None, True
    for part in parts:
        rest = part if rest is None else pa.concat_tables([rest, part])
        while rest.num_rows >= ROW_GROUP:
            yield rest.slice(0, ROW_GROUP).combine_chunks()
            rest, is_first = rest.slice(ROW_GROUP), False
    if rest is not None and (rest.num_rows or is_first):
        yield rest.combine_chunks()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reading(path: Path) -> str:
    """Return the table expression that reads a Parquet file."""
    return f"read_parquet({DUCKDB.literal(str(path))})"
