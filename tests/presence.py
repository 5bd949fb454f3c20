"""What a test needs beyond Python's packages: it fails where nothing may be skipped."""

import os
from typing import NoReturn

import pytest

ABSENT: set[str] = set()
"""What was missing on this machine, for the summary of the test run."""


def missing(what: str) -> NoReturn:
    """Skip loudly what this machine cannot run; with BULLSEYE_NOTHING_SKIPPED=1 fail."""
    ABSENT.add(what)
    if os.environ.get("BULLSEYE_NOTHING_SKIPPED") == "1":
        pytest.fail(f"{what}; and nothing may be skipped")
    pytest.skip(what)
