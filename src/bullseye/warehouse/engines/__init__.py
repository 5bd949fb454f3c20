"""Engines of customers' warehouses: opened by URL, each in its own file, its driver an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from bullseye.errors import UsageError
from bullseye.warehouse.engines.address import scheme, shown
from bullseye.warehouse.engines.base import Column, Denied, Engine

__all__ = ["ENGINES", "Column", "Denied", "Engine", "open_engine", "shown"]

ENGINES = {
    "duckdb": ("duckdb_file", "DuckDBFile"),
    "postgresql": ("postgres", "Postgres"),
    "postgres": ("postgres", "Postgres"),
    "spark": ("spark", "Spark"),
    "sc": ("spark", "Spark"),
    "snowflake": ("snowflake", "Snowflake"),
    "bigquery": ("bigquery", "BigQuery"),
    "trino": ("trino", "Trino"),
}
"""The module and class of the engine each scheme of a URL names."""


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """Yield the engine a URL names, connected; close it afterwards.

    Raises
    ------
    UsageError
        If the URL names no engine we know, or its driver is not installed.
    ExternalError
        If it cannot be reached, or refuses us.
    """
    if scheme(url) not in ENGINES:
        known = ", ".join(f"{name}://" for name in ENGINES)
        raise UsageError(
            f"{shown(url)!r} names no warehouse we know.", hint=f"It begins with one of: {known}"
        )
    module, name = ENGINES[scheme(url)]
    engine: Engine = getattr(import_module(f"bullseye.warehouse.engines.{module}"), name)(url)
    try:
        yield engine
    finally:
        engine.close()
