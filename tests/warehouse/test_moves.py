"""Job changes: who moved, when, what they were before, and what goes to review."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import World

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence
from bullseye.store import roles
from bullseye.synthesize.run.moves import Moves, moves

TODAY = date(2026, 11, 2)
THEN = date(2026, 5, 4)
ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann.lee@acme.com"}
PROFILE = "https://www.linkedin.com/in/ann-lee-7/"


@pytest.fixture
def known(world: World) -> World:
    """Two accounts since May; Ann was a champion at Acme in April."""
    accounts = [
        {"account_id": "a", "name": "Acme", "domain": "acme.com"},
        {"account_id": "b", "name": "Bolt", "domain": "bolt.io"},
    ]
    world.known(accounts, on=THEN)
    sold = {"opportunity_id": "o", "account_id": "a", "outcome": "open", "created_on": THEN}
    world.known([sold], on=THEN, table=TableName.OPPORTUNITIES)
    role = {"opportunity_id": "o", "contact_id": "1", "role": "Champion", "added_on": THEN}
    world.known([role], on=THEN, table=TableName.OPPORTUNITY_CONTACTS)
    return world


def people(world: World, *rows: dict[str, Any], on: date = TODAY) -> None:
    world.known([{**ANN, **row} for row in rows], on=on, table=TableName.CONTACTS)


def found(world: World, **asked: Any) -> Moves:
    return moves(world.workspace, **asked)


def test_a_record_with_a_new_account_moved_between_the_two_imports(known: World) -> None:
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "1", "account_id": "b", "email": "ann@bolt.io"})
    (move,) = found(known).sure
    assert (move.old_account, move.account) == ("Acme", "Bolt")
    assert (move.after, move.until, move.known_on) == (THEN, TODAY, TODAY)
    assert (move.was, move.rule) == ("champion", "same record")


def test_a_record_that_kept_its_mail_domain_was_corrected(known: World) -> None:
    people(known, {"contact_id": "1", "account_id": "b"}, on=THEN)
    people(known, {"contact_id": "1", "account_id": "a"})
    assert found(known).sure == ()
    assert found(known).review[0].review == "the mail domain stayed the same"


def test_another_record_of_the_same_profile_is_the_same_contact(known: World) -> None:
    old = {"contact_id": "1", "account_id": "a", "linkedin_url": PROFILE}
    people(known, old, on=THEN)
    created = TODAY - timedelta(days=20)
    new = {"contact_id": "9", "account_id": "b", "linkedin_url": "linkedin.com/in/Ann-Lee-7"}
    people(known, old, {**new, "email": "ann@bolt.io", "created_on": created})
    (move,) = found(known).sure
    assert (move.contact_id, move.old_contact_id, move.rule) == ("9", "1", "same profile")
    assert (move.after, move.until) == (THEN, created)
    assert move.known_on == TODAY


def test_three_records_of_one_profile_go_to_review(known: World) -> None:
    rows = [
        {"contact_id": f"{at}", "account_id": account, "linkedin_url": PROFILE}
        for at, account in enumerate("aba")
    ]
    people(known, *rows)
    assert found(known).sure == ()
    assert {each.review for each in found(known).review} == {"3 records have this profile"}


def test_two_records_without_an_order_go_to_review(known: World) -> None:
    rows = [{"contact_id": c, "account_id": c, "linkedin_url": PROFILE} for c in "ab"]
    people(known, *rows)
    assert found(known).sure == ()
    assert found(known).review[0].review == "nothing tells which account came first"


def test_name_and_mailbox_alone_go_to_review_and_namesakes_nowhere(known: World) -> None:
    old, new = {"contact_id": "1", "account_id": "a"}, {"contact_id": "9", "account_id": "b"}
    people(known, old, on=THEN)
    people(known, old, {**new, "email": "ann.lee@bolt.io"})
    assert found(known).sure == ()
    assert [each.rule for each in found(known).review] == ["same name and mailbox"]
    people(known, {"contact_id": "7", "account_id": "b", "email": "lee@bolt.io"})
    assert found(known).review == ()


def test_a_mailbox_that_is_for_everybody_tells_nothing(known: World) -> None:
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "9", "account_id": "b", "email": "ann.lee@gmail.com"})
    assert found(known).review == ()


def test_two_accounts_of_one_family_go_to_review(known: World) -> None:
    family = {"account_id": "b", "name": "Bolt", "domain": "bolt.io", "parent_account_id": "a"}
    known.known([{"account_id": "a", "name": "Acme"}, family])
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "1", "account_id": "b", "email": "ann@bolt.io"})
    assert found(known).sure == ()
    assert found(known).review[0].review == "both accounts are of one family"


def test_a_contact_of_a_customer_counts_and_one_of_nobody_does_not(known: World) -> None:
    people(known, {"contact_id": "2", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "2", "account_id": "b", "email": "ann@bolt.io"})
    assert found(known).sure[0].was is None
    paid = {"subscription_id": "s", "account_id": "a", "started_on": THEN}
    known.known([paid], on=THEN, table=TableName.SUBSCRIPTIONS)
    assert found(known).sure[0].was == "customer contact"


def test_a_champion_by_a_persons_word_is_said_and_makes_no_signal(known: World) -> None:
    known.signal("champion-moved")
    url = {"linkedin_url": PROFILE}
    people(known, {"contact_id": "2", "account_id": "a", **url}, on=THEN)
    new = {"contact_id": "9", "account_id": "b", "email": "ann@bolt.io", **url}
    people(known, {"contact_id": "2", "account_id": "a", **url}, new)
    workspace = known.workspace
    said = roles.NewRoleDecision(
        contact_id="2",
        opportunity_id=None,
        about=roles.About.ROLE,
        value="champion",
        holds=True,
        author="rita",
        reason="She carried it.",
        created_at=workspace.now(),
    )
    roles.add(workspace.store, said)
    assert found(known).sure[0].was == "champion, confirmed"
    assert signals(known) == []


def signals(world: World, as_of: date | None = None) -> list[dict[str, Any]]:
    return [
        row
        for row in world.state(TableName.SIGNALS, as_of=as_of)
        if row["type"] == "champion_moved"
    ]


def test_a_champion_who_moved_is_a_signal_at_the_new_account(known: World) -> None:
    known.signal("champion-moved")
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    assert signals(known) == []
    people(known, {"contact_id": "1", "account_id": "b", "email": "ann@bolt.io"})
    (event,) = signals(known)
    assert event["account_id"] == "b"
    assert event["subject"] == "champion"
    assert (event["occurred_on"], event["known_on"]) == (TODAY, TODAY)
    assert event["detail"] == (
        f"A champion at Acme moved here between {THEN} and {TODAY} (same record)"
    )
    assert event["match_method"] == "derived"


def test_the_signal_is_not_there_on_the_day_before(known: World) -> None:
    known.signal("champion-moved")
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "1", "account_id": "b", "email": "ann@bolt.io"})
    assert signals(known, as_of=TODAY - timedelta(days=1)) == []
    assert found(known, as_of=TODAY - timedelta(days=1)).sure == ()


def test_what_goes_to_review_and_what_no_definition_counts_is_no_signal(known: World) -> None:
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    people(known, {"contact_id": "1", "account_id": "b"})
    assert signals(known) == []
    known.signal("champion-moved")
    assert signals(known) == []


def test_who_is_left_alone_is_counted_and_not_named(known: World) -> None:
    people(known, {"contact_id": "1", "account_id": "a"}, on=THEN)
    new = {"contact_id": "1", "account_id": "b", "email": "ann@bolt.io", "do_not_contact": True}
    people(known, new)
    assert found(known).sure == ()
    assert found(known).left_alone == 1


def test_hostile_text_is_text(known: World) -> None:
    known.signal("champion-moved")
    role = {"opportunity_id": "o", "contact_id": "1'", "role": "Champion's'; --", "added_on": THEN}
    known.known([role], on=THEN, table=TableName.OPPORTUNITY_CONTACTS)
    people(known, {"contact_id": "1'", "account_id": "a", "title": "'; --"}, on=THEN)
    people(known, {"contact_id": "1'", "account_id": "b", "email": "x'@bolt.io"})
    assert found(known).sure[0].contact_id == "1'"
    assert signals(known) == []


def test_without_contacts_it_says_what_to_import(world: World) -> None:
    world.known([{"account_id": "a"}])
    with pytest.raises(NotEnoughEvidence, match="No contacts are known"):
        moves(world.workspace)
