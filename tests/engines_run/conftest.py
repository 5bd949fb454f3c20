"""Warehouses to connect, and the same customers imported and as tables there."""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest
from tests.engines_run.houses import (
    DuckDBHouse,
    House,
    PostgresHouse,
    SparkHouse,
    server,
)
from tests.engines_run.worlds import (
    ACCOUNT_FIELDS,
    CUSTOMERS,
    HAPPENED,
    believe,
    distinct,
    filled,
    imported,
    related,
)
from tests.presence import missing

from bullseye.store.db import Store
from bullseye.workspace import PRIVATE


@pytest.fixture
def duckdb_house(tmp_path: Path) -> DuckDBHouse:
    """A DuckDB file with nothing in it."""
    duckdb.connect(str(tmp_path / "house.duckdb")).close()
    return DuckDBHouse(tmp_path / "house.duckdb")


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """A PostgreSQL server of our own, behind a socket; yields its folder."""
    yield from server()


@pytest.fixture
def postgres_house(pg_server: str) -> Iterator[PostgresHouse]:
    """A database of its own on the server."""
    database = f"t{uuid4().hex[:12]}"
    PostgresHouse(pg_server, "postgres").query(f"CREATE DATABASE {database}")
    yield PostgresHouse(pg_server, database)
    PostgresHouse(pg_server, "postgres").query(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One local Spark session for all tests."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError:
        missing("pyspark is missing")
    if shutil.which("java") is None:
        missing("Java is missing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spark's own, about the newest pandas
        return (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark")))
            .config("spark.driver.memory", "1g")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )


@pytest.fixture
def spark_house(spark: Any, tmp_path: Path) -> Iterator[SparkHouse]:
    """The session, with schemas that are gone afterwards."""
    house = SparkHouse(spark, tmp_path / "spark")
    house.schema("bullseye")
    yield house
    house.clear()


@pytest.fixture(params=["duckdb", "postgres", "spark"])
def every_house(request: pytest.FixtureRequest) -> House:
    """Each warehouse in turn: for what engines could disagree about."""
    found: House = request.getfixturevalue(f"{request.param}_house")
    return found


@pytest.fixture(params=["duckdb", "postgres"])
def house(request: pytest.FixtureRequest) -> House:
    """Each warehouse that answers in an instant: for all the rest."""
    found: House = request.getfixturevalue(f"{request.param}_house")
    return found


@pytest.fixture
def pushed(world: Any, house: House) -> Any:
    """A workspace that scores in the house, where the customers are."""
    believe(world)
    related(world, filled(house))
    return world


@pytest.fixture
def embedded(world: Any, tmp_path: Path) -> Iterator[Any]:
    """The same customers and definitions, imported."""
    folder = tmp_path / "embedded"
    with Store.open(folder / PRIVATE / "store.db") as store:
        made = type(world)(folder, store)
        believe(made)
        made.define("sources", "crm", table="accounts", columns=ACCOUNT_FIELDS)
        made.known(imported(CUSTOMERS))
        made.happened(
            [
                {
                    "account_id": row["account"],
                    "type": row["kind"],
                    "occurred_on": row["day"],
                    "subject": row["about"],
                }
                for row in distinct(HAPPENED)
            ]
        )
        yield made
