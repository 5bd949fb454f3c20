"""The reference of the command line is complete, and is what the commands say of themselves."""

from pathlib import Path

import pytest

from bullseye.faces.cli.main import COMMANDS
from bullseye.faces.cli.reference import reference_pages

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli" / "index.md"


def test_the_page_is_what_the_commands_say_now() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == reference_pages()["index.md"], "rewrite it with: python -m docs.generate"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_usage_options_and_example(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"### {name}\n" in text
    section = text.split(f"### {name}\n")[1].split("\n### ")[0]
    assert f"bullseye {name} [OPTIONS]" in section
    assert "Example:" in section
    assert "`--json`" in section


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 6, 7, 130])
def test_every_exit_code_is_explained(code: int) -> None:
    assert f"\n| {code} | " in PAGE.read_text(encoding="utf-8")
