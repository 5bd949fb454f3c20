"""400 damaged definitions: each loads, or every mistake has a place; nothing is ever executed."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PER_BATCH = 20
BATCHES = 20

WORDS = (
    "!!python/object/apply:os.system ['echo owned > owned.txt']",
    "&a [*a, *a]",
    "*nobody",
    "{{{{",
    "]]]]",
    "- - - -",
    "? ? ?",
    "%YAML 9.9",
    "---\n---",
    "!!binary aGVsbG8=",
    "!!timestamp 2024-99-99",
    "2024-02-31",
    "0o777",
    ".inf",
    ".nan",
    "1e400",
    "9" * 5000,
    "NO",
    "null",
    "~",
    "<<: {a: 1}",
    "\t",
    "\x07",
    "\ufeff",
    "\u202e",
    "😀" * 100,
    "=1+1",
    "<script>alert(1)</script>",
    "'; DROP TABLE accounts; --",
    "../../etc/passwd",
    "{any_of: [{any_of: [1]}]}",
    "{between: [500, 50]}",
    "{between: [1, 2, 3]}",
    "{over: 20%%}",
    "{within: -5 days}",
    "not: {not: {not: {}}}",
    "all: []",
    "[" * 300,
    "{a: " * 300,
    "x" * 20_000,
)


def mutated(chance: random.Random, text: str) -> str:
    """Return a definition with one to four of its parts damaged."""
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        match chance.randrange(8):
            case 0:
                lines[at] = re.sub(r":.*", lambda _: f": {chance.choice(WORDS)}", lines[at])
            case 1:
                del lines[at]
            case 2:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case 3:
                lines[at] = " " * chance.randint(1, 5) + lines[at]
            case 4:
                lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
            case 5:
                lines.insert(at, chance.choice(WORDS))
            case 6:
                lines[at] = lines[at].replace(":", chance.choice(("", "::", ": -", " ")))
            case _:
                lines[at] = re.sub(r"\w+", lambda _: chance.choice(WORDS[:20]), lines[at], count=1)
        text = "\n".join(lines)
    return text


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_definition_loads_or_says_where_it_is_wrong(
    batch: int, bullseye: Callable, workspace: Path
) -> None:
    files = sorted(path for path in workspace.rglob("*.yaml") if ".bullseye" not in path.parts)
    for number in range(PER_BATCH):
        chance = random.Random(1_000_000 + batch * PER_BATCH + number)
        file = chance.choice(files)
        before = file.read_bytes()
        text = mutated(chance, before.decode())
        encoding = "utf-16" if chance.random() < 0.1 else "utf-8"
        file.write_bytes(text.encode(encoding, "replace"))
        ran = bullseye("-w", workspace, "check")
        assert ran.code in {0, 1, 3}, ran.err
        if ran.code == 3:
            assert file.name in ran.err
        file.write_bytes(before)
    assert list(workspace.rglob("owned.txt")) == []
    assert not Path("owned.txt").exists()
    assert bullseye("-w", workspace, "check").code == 0


def test_fixing_damaged_definitions_leaves_files_that_load(
    bullseye: Callable, workspace: Path
) -> None:
    file = workspace / "icps" / "b2b-saas.yaml"
    text = file.read_text()
    for seed in range(20):
        chance = random.Random(2_000_000 + seed)
        file.write_text(mutated(chance, text), encoding="utf-8", errors="replace")
        if bullseye("-w", workspace, "check").code != 3:
            assert bullseye("-w", workspace, "check", "--fix").code != 3


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b]\n",
        "[" * 100_000,
        "a: " * 50_000,
        "x: " + "y" * 5_000_000,
        "\n".join(f"k{n}: {n}" for n in range(100_000)),
        "- " * 20_000,
        "? " * 20_000,
        "{" * 20_000,
    ],
    ids=["aliases", "brackets", "colons", "long", "keys", "dashes", "questions", "braces"],
)
def test_a_bomb_of_yaml_is_refused_with_its_place(
    bomb: str, bullseye: Callable, workspace: Path
) -> None:
    (workspace / "icps" / "bomb.yaml").write_text(bomb)
    ran = bullseye("-w", workspace, "check")
    assert ran.code == 3
    assert "icps/bomb.yaml" in ran.err


def test_a_definition_that_is_no_file_is_refused_in_words(
    bullseye: Callable, workspace: Path
) -> None:
    (workspace / "icps" / "folder.yaml").mkdir()
    assert bullseye("-w", workspace, "check").code in {0, 3}
    shutil.rmtree(workspace / "icps" / "folder.yaml")
    (workspace / "icps" / "gone.yaml").symlink_to(workspace / "nowhere.yaml")
    assert bullseye("-w", workspace, "check").code in {0, 3}
