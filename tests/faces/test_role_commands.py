"""`bullseye roles` as a user meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.faces.cli.main import code_of


@pytest.fixture
def north(world: Any) -> Path:
    """A workspace on disk: two contacts of one account, one of them written down twice."""
    world.define("roles", "ours", serves=["operations"])
    world.known([{"account_id": "north", "name": "North", "domain": "north.example"}])
    people = [
        {"contact_id": "jan", "account_id": "north", "title": "Head of Operations"},
        {"contact_id": "kim\x1b[31m", "account_id": "north", "title": "Clerk"},
    ]
    world.known(people, table=TableName.CONTACTS)
    world.known([{"opportunity_id": "o1", "account_id": "north"}], table=TableName.OPPORTUNITIES)
    written = [
        {"opportunity_contact_id": f"w{at}", "opportunity_id": "o1", "contact_id": "jan"}
        | {"role": role}
        for at, role in enumerate(("Champion", "Grand Vizier"))
    ]
    world.known(written, table=TableName.OPPORTUNITY_CONTACTS)
    world.write()
    folder: Path = world.folder
    return folder


def said(capfd: Any, folder: Path, *words: str, code: int = 0) -> str:
    capfd.readouterr()
    assert code_of(["-w", str(folder), "roles", *words]) == code
    out, err = capfd.readouterr()
    return str(out if code == 0 else err)


def test_the_summary_names_few_and_says_of_how_many_nothing_can_be_said(
    north: Path, capfd: Any
) -> None:
    text = said(capfd, north)
    assert "champion" in text
    assert "2 contacts as of" in text
    assert "1 with too little to say" in text
    assert "\x1b[31m" not in text


def test_an_account_shows_each_role_with_its_reasons(north: Path, capfd: Any) -> None:
    text = said(capfd, north, "NORTH.example")
    assert "jan: champion (written in the CRM)" in text
    assert "97%" not in text
    assert "champion +4.0: Champion, set in the CRM (opportunity contact w0, " in text
    assert "too little to say · stance unknown" in text


def test_a_confirmation_shows_until_it_is_withdrawn(north: Path, capfd: Any) -> None:
    why = ("--reason", "asked for the contract")
    assert "Would record" in said(capfd, north, "confirm", "jan", "user", *why, "--dry-run")
    assert "Nobody decided" in said(capfd, north, "decisions")
    said(capfd, north, "confirm", "jan", "user", *why)
    said(capfd, north, "confirm", "jan", "supporter", *why)
    text = said(capfd, north, "north")
    assert "jan: user (confirmed) · stance supporter" in text
    assert "asked for the contract" in text
    assert "asked for the contract" in said(capfd, north, "decisions")
    said(capfd, north, "withdraw", "jan", "user")
    assert "jan: champion" in said(capfd, north, "north")
    assert "nothing" not in said(capfd, north, "withdraw", "jan", "user", code=3).lower()


def test_mistakes_are_named_with_the_next_step(north: Path, capfd: Any) -> None:
    why = ("--reason", "so")
    assert "bullseye roles ACCOUNT" in said(capfd, north, "reject", "nobody", "user", *why, code=3)
    assert "one of" in said(capfd, north, "reject", "jan", "boss", *why, code=2)
    assert "--reason" in said(capfd, north, "reject", "jan", "user", code=2)
    assert "bullseye accounts" in said(capfd, north, "south", code=3)


def test_a_check_without_enough_roles_says_what_is_missing(north: Path, capfd: Any) -> None:
    text = said(capfd, north, "check")
    assert "Cannot tell yet" in text
    assert "'Grand Vizier' (1)" in text
    document = json.loads(said(capfd, north, "check", "--json"))
    assert (document["labelled"], document["trials"], document["unknown_words"]) == (
        1,
        [],
        {"Grand Vizier": 1},
    )


def test_the_assumptions_are_shown_as_such(north: Path, capfd: Any) -> None:
    text = said(capfd, north, "prior")
    assert "roles/ours.yaml says that the product serves: operations." in text
    assert "economic buyer 90%" in text
    assert "log-odds, assumed" in text
    document = json.loads(said(capfd, north, "prior", "--json"))
    assert document["evidence"]["signed"]["log_odds"] == {"economic_buyer": 3.0}


def test_who_is_left_alone_is_counted_and_not_named(world: Any, north: Path, capfd: Any) -> None:
    row = {"contact_id": "jan", "account_id": "north", "do_not_contact": True}
    world.known([row], table=TableName.CONTACTS)
    for words in ((), ("north",), ("show", "--json")):
        assert "jan" not in said(capfd, north, *words)
    assert "Left alone, and so not named: 1 contact." in said(capfd, north)


def test_the_json_of_beliefs_has_every_role(north: Path, capfd: Any) -> None:
    document = json.loads(said(capfd, north, "show", "north", "--json"))
    first, _second = document["beliefs"]
    assert (document["left_alone"], len(document["as_of"])) == (0, 10)
    assert len(first["probabilities"]) == 5
    assert (first["role"], first["stance"], first["is_confirmed"]) == ("champion", None, False)
