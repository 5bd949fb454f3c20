"""Open the embedded engine: DuckDB in memory over Parquet files, nothing to install."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

import duckdb

DEFAULT_MEMORY = "4GB"


def connect(
    scratch: Path, *, memory: str | None = None, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection that spills to `scratch` and reaches for nothing outside.

    Where `scratch` cannot be written it spills to the system's folder for temporary files.
    The limits may also be set by the environment: ``BULLSEYE_MEMORY`` (as in 2GB) and
    ``BULLSEYE_THREADS``.
    """
    with suppress(OSError):
        scratch.mkdir(parents=True, exist_ok=True)
    spill = scratch if os.access(scratch, os.W_OK) else Path(gettempdir())
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory or os.environ.get("BULLSEYE_MEMORY", DEFAULT_MEMORY),
            "temp_directory": str(spill),
        }
    )
    if count := threads or int(os.environ.get("BULLSEYE_THREADS", "0")):
        connection.execute(f"SET threads = {int(count)}")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection
