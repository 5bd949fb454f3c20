"""What nothing settles is shown to a person with the accounts it may mean."""

from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.segment.run import matching
from bullseye.store import audit


@pytest.fixture
def namesakes(world: Any) -> Any:
    """Two accounts of one name, and contacts and signals that speak of it."""
    world.known(
        [
            {"account_id": "1", "name": "Globex SA", "domain": "globex.fr", "country": "FR"},
            {"account_id": "2", "name": "Globex Ltd", "domain": "globex.co.uk", "country": "GB"},
            {"account_id": "3", "name": "Initech", "domain": "initech.com"},
        ]
    )
    people = [
        {"contact_id": "a", "account_name": "Globex", "email": "a@gmail.com"},
        {"contact_id": "b", "account_name": "Globex"},
        {"contact_id": "c", "email": "c@initech.com"},
        {"contact_id": "d", "account_name": "Nobody Known"},
    ]
    world.known(people, table=TableName.CONTACTS, source="people")
    world.happened([{"type": "funding_round", "account_name": "Globex"}])
    return world


def test_a_reference_is_shown_once_with_its_rows_and_candidates(namesakes):
    (found,) = matching.to_review(namesakes.workspace)
    assert (found.name, found.domain, found.rows) == ("Globex", None, 3)
    assert found.tables == ("contacts", "signals")
    assert [(each.account_id, each.rule) for each in found.candidates] == [
        ("1", "name"),
        ("2", "name"),
    ]
    assert found.is_ambiguous


def test_every_method_has_its_rows_and_a_stated_confidence(namesakes):
    found = {
        (each.table, each.method): (each.rows, each.confidence)
        for each in matching.matches(namesakes.workspace).matched
    }
    assert found["contacts", "domain"] == (1, 0.99)
    assert found["contacts", "ambiguous"] == (2, None)
    assert found["signals", "ambiguous"] == (1, None)


def test_a_decision_leaves_the_list_is_used_and_is_in_the_audit_trail(namesakes):
    workspace = namesakes.workspace
    (waiting,) = matching.to_review(workspace)
    matching.decide(workspace, waiting.reference, "2", reason="the London office")
    assert matching.to_review(workspace) == []
    accounts = {row["contact_id"]: row["account_id"] for row in namesakes.state(TableName.CONTACTS)}
    assert accounts == {"a": "2", "b": "2", "c": "3", "d": None}
    (entry,) = audit.entries(workspace.store, subject=f"reference {waiting.reference}")
    assert (entry.action, entry.actor) == ("match.decide", "rita")


def test_what_means_no_account_is_not_asked_again(namesakes):
    workspace = namesakes.workspace
    (waiting,) = matching.to_review(workspace)
    matching.decide(workspace, waiting.reference, None, reason="a shop of that name")
    assert matching.to_review(workspace) == []
    matching.withdraw(workspace, waiting.reference)
    assert len(matching.to_review(workspace)) == 1


def test_a_dry_run_decides_nothing(namesakes):
    workspace = namesakes.workspace
    (waiting,) = matching.to_review(workspace)
    matching.decide(workspace, waiting.reference, "2", reason="try", dry_run=True)
    assert len(matching.to_review(workspace)) == 1


def test_unknown_references_and_accounts_and_blank_reasons_are_refused(namesakes):
    workspace = namesakes.workspace
    (waiting,) = matching.to_review(workspace)
    with pytest.raises(UnknownName):
        matching.decide(workspace, "nothing", "2", reason="x")
    with pytest.raises(UnknownName):
        matching.decide(workspace, waiting.reference, "99", reason="x")
    with pytest.raises(UsageError):
        matching.decide(workspace, waiting.reference, "2", reason=" ")
