"""Engines start once per test run; one that is absent is skipped, and said to be."""

import os
from collections.abc import Iterator

import pytest
from tests.engines.executing import ENGINES, Absent, Executing

_ABSENT: dict[str, str] = {}


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[Executing]:
    """An engine at work; with BULLSEYE_NOTHING_SKIPPED=1 an absent one is a failure."""
    try:
        started = ENGINES[request.param]()
    except Absent as absent:
        _ABSENT[request.param] = str(absent)
        if os.environ.get("BULLSEYE_NOTHING_SKIPPED") == "1":
            pytest.fail(f"{request.param} is not here: {absent}")
        pytest.skip(f"{request.param} is not here: {absent}")
    yield started
    started.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, why in _ABSENT.items():
        terminalreporter.write_line(f"NOT EXECUTED on {name}: {why}", yellow=True)
