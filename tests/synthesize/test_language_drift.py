"""Drift between teams: who says what otherwise, how sure that is, and when it cannot be told."""

import json
from pathlib import Path
from typing import Any

import pytest

from bullseye.errors import UsageError
from bullseye.faces.cli.main import code_of
from bullseye.synthesize.run.language import compare_language


@pytest.fixture
def words(world: Any) -> Any:
    said = {"concept": "An account that pays us.", "why": "Reports count one word."}
    wording = {"preferred": "customer", "allowed": ["account"], "forbidden": ["client"]}
    world.define("terms", "customer", wordings=[wording], **said)
    return world


def written(folder: Path, *texts: str) -> list[Path]:
    folder.mkdir()
    for at, text in enumerate(texts):
        (folder / f"{at}.md").write_text(text)
    return [folder]


def test_each_team_has_its_share_with_interval_and_words(words: Any, tmp_path: Path) -> None:
    product = written(tmp_path / "product", *["A customer.\n\nThe customer."] * 6)
    sales = written(tmp_path / "sales", *["Our client.", "A client and an account."] * 4)
    found = compare_language(words.workspace, {"product": product, "sales": sales}).drift
    mine, theirs = found.shares
    assert (mine.team, mine.otherwise.share, mine.otherwise.n, mine.forbidden) == (
        "product",
        0,
        12,
        0,
    )
    assert (theirs.otherwise.share, theirs.otherwise.n, theirs.forbidden) == (1, 12, 8)
    assert 0 < mine.otherwise.high < theirs.otherwise.low < 1
    assert [(said.phrase, said.n) for said in theirs.said] == [("client", 8), ("account", 4)]
    assert found.unit == "file"


def test_teams_with_few_files_are_compared_by_paragraph(words: Any, tmp_path: Path) -> None:
    product = written(tmp_path / "product", "A customer.\n\n" * 40)
    sales = written(tmp_path / "sales", "A client.\n\n" * 40)
    (pair,) = compare_language(words.workspace, {"p": product, "s": sales}).drift.pairs
    assert pair.divergence.is_told
    assert pair.divergence.low > 0.5


def test_few_uses_cannot_tell(words: Any, tmp_path: Path, capsys: Any) -> None:
    words.write()
    for team, text in (("product", "A customer."), ("sales", "A client.")):
        written(tmp_path / team, text)
    teams = [f"--team={team}={tmp_path / team}" for team in ("product", "sales")]
    assert code_of(["-w", str(words.folder), "language", "drift", *teams]) == 0
    assert "cannot tell yet (need 29 more)" in capsys.readouterr().out
    assert code_of(["-w", str(words.folder), "language", "drift", "--json", *teams]) == 0
    assert (
        json.loads(capsys.readouterr().out)["drift"]["pairs"][0]["divergence"]["estimate"] is None
    )


def test_one_team_and_one_text_of_two_teams_are_refused(words: Any, tmp_path: Path) -> None:
    product = written(tmp_path / "product", "A customer.")
    with pytest.raises(UsageError, match="two"):
        compare_language(words.workspace, {"product": product})
    with pytest.raises(UsageError, match="given for product and for sales"):
        compare_language(words.workspace, {"product": product, "sales": product})
