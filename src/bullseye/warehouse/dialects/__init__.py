"""One file per engine: the only engine-specific lines there are."""

from collections.abc import Mapping

from bullseye.warehouse.dialects.base import Dialect
from bullseye.warehouse.dialects.bigquery import BIGQUERY
from bullseye.warehouse.dialects.databricks import DATABRICKS
from bullseye.warehouse.dialects.datafusion import DATAFUSION
from bullseye.warehouse.dialects.duckdb import DUCKDB
from bullseye.warehouse.dialects.postgres import POSTGRES
from bullseye.warehouse.dialects.snowflake import SNOWFLAKE
from bullseye.warehouse.dialects.spark import SPARK
from bullseye.warehouse.dialects.trino import TRINO

EXECUTED: tuple[Dialect, ...] = (DUCKDB, POSTGRES, SPARK, DATAFUSION)
"""Dialects whose statements the tests execute, on the engine itself."""

NOT_EXECUTED: tuple[Dialect, ...] = (DATABRICKS, SNOWFLAKE, BIGQUERY, TRINO)
"""Dialects whose statements the tests only compare with reviewed ones, and parse."""

DIALECTS: Mapping[str, Dialect] = {each.name: each for each in (*EXECUTED, *NOT_EXECUTED)}
"""Every dialect, by name."""
