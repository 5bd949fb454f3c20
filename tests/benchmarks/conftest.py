"""A small world for the benchmarks, written once."""

from pathlib import Path

import pytest
from benchmarks.inputs import Inputs, written_inputs

ACCOUNTS = 3000


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return written_inputs(tmp_path_factory.mktemp("small_world"), ACCOUNTS)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "result.parquet"
