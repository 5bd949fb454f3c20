"""The documented Spark job runs as it is."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from tests.engines_run.worlds import believe, filled, related

from bullseye.pipeline import connecting
from bullseye.warehouse.connection import Connection

JOB = Path(__file__).parents[2] / "docs" / "guides" / "pyspark_job.py"


def test_the_job_scores_the_sessions_tables_and_shows_the_best(
    world: Any, spark_house: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    believe(world)
    related(world, filled(spark_house))
    world.write()
    found = connecting.connect(world.workspace, Connection("bullseye", spark_house.url))
    assert found.is_usable
    assert found.engine.startswith("spark ")
    runpy.run_path(str(JOB))["main"](str(world.folder))
    said = capfd.readouterr().out
    assert "6 accounts scored" in said
    assert "mid-market" in said
