"""What forgetting does to runs and conversations: told where it cannot stay as it was."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.conftest import World

from bullseye.definitions.field import TableName
from bullseye.prioritize.run.replaying import replay
from bullseye.prioritize.run.scoring import score
from bullseye.segment.run.forgetting import forget
from bullseye.store import research
from bullseye.workspace import Workspace

THEN = date(2026, 5, 4)


def moved(world: World) -> World:
    """Return a world in which a champion moved to another account, and the signal counts."""
    world.icp("b2b", {"rule": {"employees": {"at_least": 10}}, "points": 10})
    world.signal("champion-moved")
    accounts = [
        {"account_id": "a", "name": "Acme", "domain": "acme.com", "employees": 50},
        {"account_id": "b", "name": "Bolt", "domain": "bolt.io", "employees": 50},
    ]
    world.known(accounts, on=THEN)
    sold = {"opportunity_id": "o", "account_id": "a", "outcome": "open", "created_on": THEN}
    world.known([sold], on=THEN, table=TableName.OPPORTUNITIES)
    role = {"opportunity_id": "o", "contact_id": "1", "role": "Champion", "added_on": THEN}
    world.known([role], on=THEN, table=TableName.OPPORTUNITY_CONTACTS)
    ann = {"contact_id": "1", "first_name": "Ann", "last_name": "Lee"}
    bob = {"contact_id": "2", "account_id": "a", "email": "bob@acme.com"}
    before = {**ann, "account_id": "a", "email": "ann@acme.com"}
    world.known([before, bob], on=THEN, table=TableName.CONTACTS)
    after = {**ann, "account_id": "b", "email": "ann@bolt.io"}
    world.known([after], table=TableName.CONTACTS)
    return world


def test_a_run_that_counted_their_job_change_is_named_and_others_replay(world: World) -> None:
    workspace = moved(world).workspace
    run = score(workspace).run
    tried = forget(workspace, ["bob@acme.com"], reason="asked", dry_run=True)
    assert tried.changed_runs == ()
    forget(workspace, ["bob@acme.com"], reason="asked")
    assert replay(workspace, run.id).identical
    assert forget(workspace, ["1"], reason="asked").changed_runs == (run.id,)
    assert not replay(workspace, run.id).identical


def test_words_of_who_was_forgotten_are_not_kept_by_a_later_import(
    north: Path, bullseye: Callable[..., Any], tmp_path: Path
) -> None:
    here = ("-w", north)
    accounts, people = tmp_path / "accounts.csv", tmp_path / "contacts.csv"
    accounts.write_text("Id,Name,Website,Employees\nA1,Acme,acme.example,50\n")
    people.write_text("Contact Id,Account Id,Full Name,Email\n1,A1,Ann Lee,ann@acme.example\n")
    assert bullseye(*here, "import", "accounts", accounts).code == 0
    assert bullseye(*here, "import", "contacts", people).code == 0
    assert bullseye(*here, "forget", "ann@acme.example", "--reason", "asked").code == 0
    note = tmp_path / "note.md"
    note.write_text(
        "---\naccount: A1\nparticipants:\n  - Ann Lee <ann@acme.example>\n---\n"
        "Rita: Hello Ann Lee, how long does it take?\n"
        "Ann Lee: Onboarding takes us nine weeks in every single case.\n"
    )
    ran = bullseye(*here, "research", "import", note)
    assert ran.code == 0, ran.err
    assert "asked to be forgotten" in ran.out + ran.err
    with Workspace.open(north).store as store:
        said = [turn for s in research.listed(store) for turn in research.turns(store, s.id)]
    assert said
    assert not any("weeks" in turn.text or "Ann" in turn.text for turn in said)
    assert {turn.email for turn in said} == {None}
