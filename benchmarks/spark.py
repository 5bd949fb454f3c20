"""Our own statement on Spark, started on this machine: what the engine alone makes of it."""

import os
import resource
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.beliefs import TODAY, project
from benchmarks.inputs import Inputs
from benchmarks.measuring import Cost, peak_memory
from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.prioritize.profiles import profiles, signals
from bullseye.warehouse.compile import Weight, score_sql, weights
from bullseye.warehouse.dialects.spark import SPARK

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "4g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.session.timeZone": "UTC",
}


def spark_local(inputs: Inputs, target: Path) -> Cost:
    """Score by the compiled statement in Spark's dialect; starting Java is not counted.

    A first, small query comes before the clock; the Java process is counted with its threads.
    """
    with _session() as session:
        java = Path("/proc") / str(session.sparkContext._gateway.proc.pid)
        tables = {"accounts": inputs.accounts(), "signals": inputs.signals}
        for name, path in tables.items():
            session.read.parquet(str(path)).createOrReplaceTempView(name)
            session.sql(f"SELECT * FROM {name} LIMIT 1").collect()
        beliefs = project()
        known = [tuple(row) for row in weights(signals(beliefs))]
        session.createDataFrame(known, ", ".join(_WEIGHTS)).createOrReplaceTempView("weights")
        cost, started, before = Cost(), time.perf_counter(), _cpu(java)
        sql = score_sql(
            profiles(beliefs, TODAY),
            signals(beliefs),
            readable_fields(beliefs, TableName.ACCOUNTS),
            TODAY,
            SPARK,
        )
        named = f"SELECT *, tier_0 AS tier, status_0 AS status FROM ({sql}) ORDER BY account_id"
        folder = target.with_suffix(".spark")
        session.sql(named).drop("tier_0", "status_0").coalesce(1).write.parquet(str(folder))
        cost.wall, cost.cpu = time.perf_counter() - started, _cpu(java) - before
        cost.parts["run"] = cost.cpu
        cost.memory = peak_memory() + _peak(java)
        next(folder.glob("part-*.parquet")).replace(target)
        shutil.rmtree(folder)
    return cost


_WEIGHTS = [f"{name} {'string' if name == 'type' else 'bigint'}" for name in Weight._fields]


@contextmanager
def _session() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the pandas it finds, which nothing here uses
        from pyspark.sql import SparkSession  # noqa: PLC0415

        builder = SparkSession.builder.master("local[2]")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield session
        finally:
            session.stop()


def _cpu(java: Path) -> float:
    """Return the processor seconds of this process and of the Java process it started."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    ticks = (java / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return own.ru_utime + own.ru_stime + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _peak(java: Path) -> float:
    """Return the most memory the Java process has held, in MB."""
    lines = (java / "status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
