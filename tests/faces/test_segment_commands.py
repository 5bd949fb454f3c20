"""`bullseye segment velocity`, `negative`, `value` and `lookalikes` as a user meets them."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from bullseye.faces.cli.main import code_of
from bullseye.faces.cli.segment_values import VALUE_COMMANDS
from bullseye.faces.cli.segments import SEGMENT_COMMANDS

DAY = "2026-04-10"


@pytest.fixture(scope="module")
def larkwell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "larkwell"
    assert code_of(["demo", str(folder), "--accounts", "700", "--today", DAY]) == 0
    return folder


@pytest.mark.parametrize("command", [*SEGMENT_COMMANDS, *VALUE_COMMANDS], ids=lambda c: c.name)
def test_the_example_works_and_so_does_its_json(command: Any, larkwell: Path, capfd: Any) -> None:
    words = shlex.split(str(command.epilog).removeprefix("Example: bullseye "))
    call = ["-w", str(larkwell), *words, "--as-of", DAY]
    capfd.readouterr()
    assert code_of(call) == 0, capfd.readouterr().err
    assert capfd.readouterr().out
    assert code_of([*call, "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["as_of"] == DAY


def test_a_recheck_answers_for_every_exclusion_with_figures(larkwell: Path, capfd: Any) -> None:
    call = ["-w", str(larkwell), "segment", "negative", "--recheck", "--as-of", DAY, "--json"]
    capfd.readouterr()
    assert code_of(call) in (0, 1)
    document = json.loads(capfd.readouterr().out)
    names = {each["claim"]["name"] for each in document["found"]}
    assert names == {"public-sector", "too-small", "very-large"}
    assert code_of([*call, "--outcome", "churned"]) == 2


def test_a_list_that_is_nothing_is_refused(larkwell: Path, capfd: Any) -> None:
    call = ["-w", str(larkwell), "segment", "lookalikes", "--of", "nothing.csv"]
    assert code_of(call) == 2
    assert "neither won, nor a tier, nor a file" in capfd.readouterr().err


def test_a_file_names_the_list(larkwell: Path, tmp_path: Path, capfd: Any) -> None:
    ids = tmp_path / "ours.csv"
    ids.write_text("name,account_id\n" + "".join(f"x,{9000000000 + at}\n" for at in range(60)))
    call = ["-w", str(larkwell), "segment", "lookalikes", "--of", str(ids), "--as-of", DAY]
    capfd.readouterr()
    assert code_of([*call, "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["of"] == "file"
    assert 20 <= document["listed"] <= 60
