"""`bullseye duplicates`, `merge`, `unmerge` and `merges` as a user meets them."""

import json
from pathlib import Path
from typing import Any

import pytest

from bullseye.faces.cli.main import code_of


@pytest.fixture
def twice(world: Any) -> Path:
    """A workspace on disk with an account that stands twice, one with a hostile name."""
    world.known(
        [
            {"account_id": "1", "name": "Globex", "domain": "globex.fr"},
            {"account_id": "2", "name": "Globex\x1b[31m SA", "domain": "globex.fr", "city": "Lyon"},
            {"account_id": "3", "name": "Initech"},
        ]
    )
    world.write()
    folder: Path = world.folder
    return folder


def said(capfd: Any, folder: Path, *words: str, code: int = 0) -> str:
    capfd.readouterr()
    assert code_of(["-w", str(folder), *words]) == code
    out, err = capfd.readouterr()
    return str(out if code == 0 else err)


def test_a_duplicate_is_shown_with_its_evidence_and_the_command_that_merges_it(twice, capfd):
    text = said(capfd, twice, "duplicates", "accounts")
    assert "1 = 2: same domain, globex.fr (95% stated)" in text
    assert "bullseye merge accounts 2 1 --reason TEXT --dry-run" in text
    assert "\x1b[31m" not in text
    (found,) = json.loads(said(capfd, twice, "duplicates", "accounts", "--json"))
    assert found["links"][0]["rule"] == "same domain"


def test_a_merge_is_tried_made_listed_and_taken_back(twice, capfd):
    tried = said(capfd, twice, "merge", "accounts", "1", "2", "--dry-run")
    assert "Would merge 2 into 1" in tried
    assert "Lyon" in tried
    assert "Nothing is merged" in said(capfd, twice, "merges")
    done = said(capfd, twice, "merge", "accounts", "1", "2", "--reason", "one firm")
    assert "bullseye unmerge 1" in done
    assert "one firm" in said(capfd, twice, "merges")
    assert "No accounts stand more than once" in said(capfd, twice, "duplicates", "accounts")
    assert "Would take back" in said(capfd, twice, "unmerge", "1", "--dry-run")
    assert "Taken back: merge 1" in said(capfd, twice, "unmerge", "1")
    (old,) = json.loads(said(capfd, twice, "merges", "--all", "--json"))
    assert old["withdrawn_at"] is not None


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("merge", "accounts", "1", "2"), 2, "needs its reason"),
        (("merge", "accounts", "1", "33", "--reason", "x"), 3, "No account is named '33'"),
        (("unmerge", "7"), 3, "No merge is named '7'"),
        (("duplicates", "accounts", "--threshold", "0.9"), 2, "--with splink"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(twice, capfd, words, code, says):
    assert says in said(capfd, twice, *words, code=code)


def test_a_model_with_too_few_rows_says_so_beside_what_rules_find(twice, capfd):
    text = said(capfd, twice, "duplicates", "accounts", "--with", "splink")
    assert "cannot tell yet: 3 records, at least 100 needed" in text
    assert "1 = 2: same domain" in text
