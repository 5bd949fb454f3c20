"""Engines start once per test run; one that is absent is skipped, and said to be."""

from collections.abc import Iterator

import pytest
from tests.engines.executing import ENGINES, Absent, Executing
from tests.presence import missing


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[Executing]:
    """An engine at work; with BULLSEYE_NOTHING_SKIPPED=1 an absent one is a failure."""
    try:
        started = ENGINES[request.param]()
    except Absent as absent:
        missing(f"{request.param} is not here: {absent}")
    yield started
    started.close()
