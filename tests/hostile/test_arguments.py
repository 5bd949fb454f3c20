"""216 senseless calls: each is refused or answered with a documented exit code."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

PER_BATCH = 18
BATCHES = 12

COMMANDS = (
    "accounts",
    "explain",
    "worklist",
    "override",
    "history",
    "runs",
    "replay",
    "imports",
    "import",
    "markets",
    "export",
    "check",
    "inti",
    "",
    "\udcff",
    "run --dry-run",
)
OPTIONS = (
    "--tier",
    "--icp",
    "--as-of",
    "--json",
    "--why-now",
    "--limit",
    "--undo",
    "--reason",
    "--until",
    "--status",
    "--withdraw",
    "--map",
    "--set",
    "--source",
    "--dry-run",
    "--fix",
    "--nonsense",
)
VALUES = (
    "T1",
    "t9",
    "1",
    "2",
    "-1",
    "9" * 40,
    "2026-03-01",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "b2b-saas",
    "accounts",
    "Acme",
    "'; DROP TABLE accounts; --",
    "../../etc/passwd",
    "=1+1",
    "\u202eevil",
    "\x1b[31m",
    "\udcff\udcfe",
    "a" * 10_000,
    "name=x",
    "=",
    "x=",
    "",
    " ",
    "%s%n%p",
    "{0.__class__}",
    "*",
    "é",
)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_senseless_call_is_answered_in_words(
    batch: int, bullseye: Callable, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = bullseye("-w", workspace, "runs", "--json").document
    for number in range(PER_BATCH):
        chance = random.Random(3_000_000 + batch * PER_BATCH + number)
        words = chance.choice(COMMANDS).split(" ")
        for _ in range(chance.randint(0, 4)):
            words.append(chance.choice(OPTIONS if chance.random() < 0.5 else VALUES))
        ran = bullseye("-w", workspace, *words)
        assert ran.code == 0 or ran.err or words[0] in {"check", "replay"}, words
    assert bullseye("-w", workspace, "runs", "--json").document == before
    assert not Path("owned.txt").exists()
