"""The dialect of the embedded engine, and what every dialect is."""

from bullseye.warehouse.dialects.base import Dialect
from bullseye.warehouse.dialects.duckdb import DUCKDB

__all__ = ["DUCKDB", "Dialect"]
