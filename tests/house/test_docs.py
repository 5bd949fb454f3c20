"""The generated parts of the documentation are those that the code would generate now."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def generator():
    return runpy.run_path(str(ROOT / "docs/generate.py"))


def test_generated_pages_are_up_to_date(generator) -> None:
    assert generator["stale"]() == (), "rewrite them with: python -m docs.generate"


def test_generating_removes_pages_nothing_stands_behind(generator, tmp_path: Path) -> None:
    generator["generate"](tmp_path)
    (tmp_path / "rules/XXX999.md").write_text("a rule that is gone")
    assert generator["stale"](tmp_path) == ("rules/XXX999.md",)
    generator["generate"](tmp_path)
    assert generator["stale"](tmp_path) == ()
